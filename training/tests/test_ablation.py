"""The ablation on the stand-in: what each model is told, and the table from end to end."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from emoeditor.ablation import ROWS, ablate
from emoeditor.evaluation.editing import Request, by_direction, by_one_hot, by_text
from emoeditor.models import (
    EmotionEncoder,
    EmotionPredictor,
    PatchAutoencoder,
)
from emoeditor.optimisation.loop import Budget
from emoeditor.phases.ablation_training import FIRST, VARIANTS, AblationTask, Workshop, phase_of
from emoeditor.phases.run_state import Run
from emoeditor.phases.unet_task import Frozen
from emoeditor.weights.networks import frozen, write_final
from tests.tiny import CPU, TINY, tiny_networks


def base_run(folder: Path, log: list[str]) -> Run:
    torch.manual_seed(0)
    write_final(folder / "vae", "vae", PatchAutoencoder(TINY.vae.model))
    write_final(folder / "predictor", "predictor", EmotionPredictor(TINY.predictor.model))
    return Run(TINY, folder, CPU, (), (), None, None, True, 1, False, torch.float32, None, log.append)


def test_the_table_has_the_papers_six_rows_and_is_not_made_twice(tmp_path: Path) -> None:
    log: list[str] = []
    run = base_run(tmp_path / "base", log)
    judge = EmotionPredictor(TINY.judge.model).eval()
    made = [ablate(run, judge, tmp_path / "out", Budget(steps=2), 1, 2) for _ in range(2)]
    assert made[0] == made[1] and made[0].count("\n") == 1 + len(ROWS)
    rows = json.loads((tmp_path / "out" / "rows.json").read_text())
    assert all(row["edits"] == 7 for row in rows.values())
    trained = [name for name in (FIRST, *VARIANTS) if any(line.startswith(f"{name}: 2 steps") for line in log)]
    assert trained == [FIRST, *VARIANTS]
    assert sum(line.endswith("is finished already") for line in log) == 5
    assert len(list((tmp_path / "out" / "pairs").iterdir())) == TINY.unet.pool.chunks


def test_models_share_their_pairs_and_may_take_those_of_another_run(tmp_path: Path) -> None:
    log: list[str] = []
    run = base_run(tmp_path / "base", log)
    judge = EmotionPredictor(TINY.judge.model).eval()
    ablate(run, judge, tmp_path / "one", Budget(steps=1), 1, 1)
    ablate(run, judge, tmp_path / "two", Budget(steps=1), 1, 1, tmp_path / "one" / "pairs")
    assert not (tmp_path / "two" / "pairs").exists()
    one, two = (load_file(tmp_path / name / FIRST / "unet.safetensors") for name in ("one", "two"))
    assert all(torch.equal(one[key], two[key]) for key in one)


@pytest.fixture
def task_of(tmp_path: Path):
    run = base_run(tmp_path, [])
    fixed = Frozen(*(frozen(run.network(kind, kind), CPU) for kind in ("vae", "predictor")))
    photos, editor = run.photos("train")[0], run.editor()
    workshop = Workshop(TINY.unet, fixed, photos, editor, CPU, tmp_path, None, print)

    def make(name: str) -> AblationTask:
        return AblationTask(VARIANTS[name], TINY.unet, tiny_networks(), workshop)

    return make


def test_only_what_a_model_uses_is_trained(task_of) -> None:
    assert set(task_of("text").modules) == {"unet", "text_encoder"}
    assert set(task_of("direction").modules) == {"unet", "emotion_encoder"}


def test_a_one_hot_model_is_not_told_what_the_source_evokes(task_of) -> None:
    tokens = {}
    for name in ("one-hot", "direction"):
        task = task_of(name)
        task.pool.advance(0)
        pairs = task.pool.draw(0, 8, torch.Generator().manual_seed(1))
        pairs.p_source = torch.rand(8, 8, generator=torch.Generator().manual_seed(2))
        other = torch.rand(8, 8, generator=torch.Generator().manual_seed(3))
        first, _, _ = task._tokens(pairs, torch.Generator().manual_seed(5))
        pairs.p_source = other
        second, _, _ = task._tokens(pairs, torch.Generator().manual_seed(5))
        tokens[name] = torch.equal(first, second)
    assert tokens == {"one-hot": True, "direction": False}


def test_the_alignment_loss_is_in_where_it_is_said() -> None:
    assert {name: phase_of(TINY.unet, v).alignment > 0 for name, v in VARIANTS.items()} == {
        "one-hot": True,
        "direction": True,
        "direction-unaligned": False,
        "text": False,
    }


def test_text_gives_each_edit_an_instruction_of_its_emotion() -> None:
    tokens = torch.arange(4.0).view(4, 1, 1)
    wanted = Request(*(torch.zeros(3),) * 2, target=torch.tensor([0, 1, 1]), number=torch.tensor([0, 1, 2]))
    assert by_text(tokens, [1, 0, 1, 2])(wanted, torch.zeros(3, 8)).flatten().tolist() == [1, 2, 0]


def test_a_direction_depends_on_the_state_and_one_hot_does_not() -> None:
    encoder = EmotionEncoder(TINY.unet.emotion_encoder)
    wanted = Request(*(torch.zeros(1),) * 2, target=torch.tensor([3]), number=torch.tensor([0]))
    states = torch.eye(8)[:1], torch.eye(8)[1:2]
    for conditioning, same in ((by_direction(encoder), False), (by_one_hot(encoder), True)):
        assert torch.equal(*(conditioning(wanted, state) for state in states)) is same
