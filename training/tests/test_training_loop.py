"""Training on the stand-in: loss falls, a run goes on where it stopped, a bad batch does no harm."""

import dataclasses
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from emoeditor.optimisation.loop import FINISH, Budget, Optimisation, Trainer
from emoeditor.phases.text_warmup import learn_texts
from emoeditor.phases.unet_task import UNetTask, window_of
from emoeditor.photographs.chunk_folder import ChunkFolder
from emoeditor.photographs.pool import Pairs, Pool, PoolSize
from tests.tiny import CPU, tiny_unet_task


def trainer(task: UNetTask, folder: Path, steps: int) -> Trainer:
    return Trainer(task, Optimisation(lr=1e-3, seed=3), Budget(steps=steps), folder, CPU, lambda _: None)


def test_a_resumed_run_repeats_an_uninterrupted_one_to_the_bit(tmp_path: Path) -> None:
    whole = trainer(tiny_unet_task(), tmp_path / "whole", 10)
    whole.run()
    trainer(tiny_unet_task(), tmp_path / "parts", 10).run(stop_at=6)
    resumed = trainer(tiny_unet_task(), tmp_path / "parts", 10)
    resumed.run()
    assert resumed.state.step == 10
    for name in whole.task.modules:
        states = (whole.task.modules[name].state_dict(), resumed.task.modules[name].state_dict())
        assert all(torch.equal(states[0][k], states[1][k]) for k in states[0]), name
    assert all(torch.equal(a, b) for a, b in zip(whole.averages.shadow, resumed.averages.shadow, strict=True))


def test_the_critic_teaches_the_unet_and_learns_nothing_itself() -> None:
    task = tiny_unet_task()
    task.phase = dataclasses.replace(task.phase, critic=0.5, critic_every=2, emotion_share=1.0, text_share=0.0)
    for network in (task.frozen.vae, task.frozen.predictor):
        network.requires_grad_(False)
    losses = task.loss(2, 0.0, torch.Generator().manual_seed(1))
    assert float(losses["critic"]) > 0
    losses["loss"].backward()
    assert task.unet.conv_out.weight.grad.abs().sum() > 0
    assert all(p.grad is None for p in task.frozen.predictor.parameters())
    assert float(task.loss(3, 0.0, torch.Generator().manual_seed(1))["critic"]) == 0


def test_a_module_may_learn_faster(tmp_path: Path) -> None:
    settings = Optimisation(lr=1e-3, warmup=0.0, rates=(("emotion_encoder", 3.0),))
    run = Trainer(tiny_unet_task(), settings, Budget(steps=2), tmp_path, CPU, lambda _: None)
    run.run(stop_at=1)
    rates = {id(p): group["lr"] for group in run.optimizer.param_groups for p in group["params"]}
    assert {rates[id(p)] for p in run.task.modules["unet"].parameters()} == {1e-3}
    assert {rates[id(p)] for p in run.task.modules["emotion_encoder"].parameters()} == {3e-3}
    with pytest.raises(ValueError, match="rates of"):
        Trainer(tiny_unet_task(), Optimisation(rates=(("vae", 1.0),)), Budget(steps=2), tmp_path, CPU, lambda _: None)


def test_untold_it_learns_to_leave_the_picture_alone() -> None:
    task = tiny_unet_task()
    task.phase = dataclasses.replace(task.phase, untold_keeps=True, emotion_share=0.0, text_share=0.0, window=4)
    # An untrained network leaves the picture alone: told nothing, it has nothing to learn.
    assert float(task.loss(3, 0.0, torch.Generator().manual_seed(1))["weighted"]) < 1e-6
    task.phase = dataclasses.replace(task.phase, emotion_share=1.0)
    assert float(task.loss(3, 0.0, torch.Generator().manual_seed(1))["weighted"]) > 1e-4


def test_windows_are_the_same_of_source_and_target() -> None:
    source = torch.arange(2 * 3 * 6 * 8).view(2, 3, 6, 8).float()
    rest = torch.zeros(2, 8), torch.zeros(2, 8), torch.zeros(2), torch.zeros(2)
    cut = window_of(Pairs(source, source + 1, *rest), 4, torch.Generator().manual_seed(3))
    assert cut.source.shape == (2, 3, 4, 4) and torch.equal(cut.target, cut.source + 1)
    assert window_of(Pairs(source, source, *rest), 7, torch.Generator()).source.shape == (2, 3, 6, 7)


def test_the_diffusion_loss_falls(tmp_path: Path) -> None:
    run = trainer(tiny_unet_task(), tmp_path, 60)
    run.run(log_every=1)
    losses = [row["weighted"] for row in run.state.history]
    assert sum(losses[-10:]) < 0.93 * sum(losses[:10])
    aligned = [row["align"] for row in run.state.history]
    assert aligned[-1] < 0.8 * aligned[0]


def test_a_finish_file_ends_a_run_early(tmp_path: Path) -> None:
    (tmp_path / FINISH).touch()
    run = trainer(tiny_unet_task(), tmp_path, 50)
    run.run(log_every=2)
    assert run.state.step == 1


class Broken:
    """A task whose second batch is not finite."""

    def __init__(self) -> None:
        self.layer = nn.Linear(2, 1)
        self.modules: dict[str, nn.Module] = {"layer": self.layer}

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        out = self.layer(torch.ones(1, 2)).sum()
        return {"loss": out * (float("nan") if step == 1 else 1.0)}


def test_a_batch_that_is_not_finite_leaves_the_weights_alone(tmp_path: Path) -> None:
    task = Broken()
    run = Trainer(task, Optimisation(), Budget(steps=4), tmp_path, CPU, lambda _: None)
    run.run()
    assert torch.isfinite(task.layer.weight).all()
    assert all(torch.isfinite(s).all() for s in run.averages.shadow)


def numbered(bucket: int, generator: torch.Generator) -> Pairs:
    value = torch.randint(0, 1 << 20, (2,), generator=generator)
    wide = value.view(2, 1, 1, 1).float()
    return Pairs(wide, wide, wide.view(2, 1), wide.view(2, 1), value, torch.full((2,), bucket))


def test_the_pool_at_a_step_does_not_depend_on_how_it_got_there() -> None:
    def pool() -> Pool[Pairs]:
        return Pool(numbered, 2, PoolSize(chunks=4, refresh_every=3), seed=1, device=CPU)

    walked, jumped = pool(), pool()
    for step in range(20):
        walked.advance(step)
    jumped.advance(19)
    for bucket in range(2):
        a, b = walked.store[bucket], jumped.store[bucket]
        assert a is not None and b is not None
        assert torch.equal(a.emotion, b.emotion)
        assert (a.instruction == bucket).all()


def test_finished_chunks_are_taken_from_the_folder_and_are_the_same(tmp_path: Path) -> None:
    made: list[int] = []

    def counting(bucket: int, generator: torch.Generator) -> Pairs:
        made.append(bucket)
        return numbered(bucket, generator)

    def pool() -> Pool[Pairs]:
        finished = ChunkFolder(tmp_path, Pairs, CPU)
        return Pool(counting, 2, PoolSize(chunks=4, refresh_every=3), seed=1, device=CPU, finished=finished)

    pool().chunk(2)
    first = pool()
    first.advance(0)
    assert len(made) == 4
    second = pool()
    second.advance(0)
    assert len(made) == 4
    plain = Pool(numbered, 2, PoolSize(chunks=4, refresh_every=3), seed=1, device=CPU)
    plain.advance(0)
    for bucket in range(2):
        a, b = second.store[bucket], plain.store[bucket]
        assert a is not None and b is not None and torch.equal(a.emotion, b.emotion)


def test_a_new_instruction_encoder_learns_what_the_emotion_encoder_says() -> None:
    task = tiny_unet_task()
    task.pool.advance(0)
    before = [p.clone() for p in task.emotions.parameters()]
    assert learn_texts(task, steps=1, batch=16) > 0.9
    assert learn_texts(task, steps=150, batch=16) < 0.7
    assert all(torch.equal(a, b) for a, b in zip(before, task.emotions.parameters(), strict=True))


def test_the_pool_refuses_uneven_buckets() -> None:
    with pytest.raises(ValueError, match="multiple"):
        Pool(numbered, 2, PoolSize(chunks=5, refresh_every=3), seed=1, device=CPU)
