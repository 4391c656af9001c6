"""Averaged weights, accumulated gradients, conditioning dropout, mixed precision: each does what its name says."""

import dataclasses
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from emoeditor.optimisation.inference import autocast
from emoeditor.optimisation.loop import Averages, Budget, Optimisation, Trainer
from tests.tiny import CPU, tiny_unet_task


def test_averages_follow_the_weights_with_a_decay_that_grows() -> None:
    layer = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(layer.weight)
    averages = Averages({"layer": layer}, decay=0.9)
    nn.init.ones_(layer.weight)
    expected = 0.0
    for step in range(200):
        averages.update(step)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + 1 - decay
        assert float(averages.shadow[0]) == pytest.approx(expected, abs=1e-6)
    averages.swap()
    assert layer.weight.item() == pytest.approx(expected) and float(averages.shadow[0]) == 1


class Numbered:
    """The mean of batch n is n; remembers which batches it was asked for."""

    def __init__(self) -> None:
        self.layer = nn.Linear(1, 1, bias=False)
        nn.init.zeros_(self.layer.weight)
        self.modules: dict[str, nn.Module] = {"layer": self.layer}
        self.asked: list[int] = []

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        self.asked.append(step)
        return {"loss": self.layer.weight.sum() * step}


def test_a_steps_gradient_is_the_mean_over_its_batches(tmp_path: Path) -> None:
    task = Numbered()
    trainer = Trainer(task, Optimisation(accumulate=4, clip=1e9), Budget(steps=2), tmp_path, CPU, lambda _: None)
    trainer.run()
    assert task.asked == list(range(8))
    assert float(task.layer.weight.grad) == pytest.approx((4 + 5 + 6 + 7) / 4)
    assert trainer.state.step == 2


def test_a_part_of_the_samples_is_told_nothing() -> None:
    task = tiny_unet_task()
    task.phase = dataclasses.replace(task.phase, emotion_share=0.5, text_share=0.3, batch=512)
    task.pool.advance(0)
    pairs = task.pool.draw(0, 512, torch.Generator().manual_seed(1))
    tokens, _, knows = task._tokens(pairs, torch.Generator().manual_seed(2))
    silent = tokens.flatten(1).abs().sum(1) == 0
    assert torch.equal(silent, ~knows)
    assert 0.12 < float(silent.float().mean()) < 0.28


def test_mixed_precision_computes_in_bf16_and_keeps_weights_and_losses_in_fp32(monkeypatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: True)
    task = tiny_unet_task()
    seen: list[torch.dtype] = []
    task.unet.mid_block.resnets[0].conv1.register_forward_hook(lambda m, i, out: seen.append(out.dtype))
    losses = task.loss(0, 0.0, torch.Generator().manual_seed(1))
    losses["loss"].backward()
    assert seen == [torch.bfloat16]
    assert losses["loss"].dtype == torch.float32 and torch.isfinite(losses["loss"])
    gradients = [p.grad for p in task.unet.parameters() if p.grad is not None]
    assert all(g.dtype == torch.float32 and torch.isfinite(g).all() for g in gradients)


def test_without_bf16_hardware_everything_is_fp32(monkeypatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    with autocast(CPU):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
