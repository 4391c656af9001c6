"""The starter's diffusion model learns from EmoPair's records as from the editor on the fly."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from emoeditor.models import (
    Vocabulary,
)
from emoeditor.optimisation.loop import Budget, Optimisation, Trainer
from emoeditor.phases import report
from emoeditor.phases.run_state import Run
from emoeditor.phases.unet_task import UNetTask
from emopair import EMOTIONS
from emopair.records import Record, write_published
from tests.tiny import CPU, TINY, tiny_unet_task


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = []
    for i in range(6):
        pixels = np.full((90, 120, 3), 40 * i, np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{i}_0.png")
        Image.fromarray(255 - pixels).save(tmp_path / f"{i}_1.png")
        shares = (0.3, *[0.1] * 7)
        made.append(Record("amusement", EMOTIONS[i + 1], f"prompt number{i}", shares, f"{i}_0.png", f"{i}_1.png"))
    write_published(made, tmp_path / "data_EmoPair.json")
    return tmp_path


def recorded_task(folder: Path) -> UNetTask:
    return tiny_unet_task(dataclasses.replace(TINY.unet, records=(str(folder),)))


def test_pairs_carry_their_records_emotion_and_words(folder: Path) -> None:
    task = recorded_task(folder)
    pairs = task.make_pairs(0, torch.Generator().manual_seed(1))
    assert torch.equal(pairs.emotion, pairs.instruction + 1)
    words = [task.vocabulary.words[i] for i in task.ids[3, 0].tolist() if i > 1]
    assert words == ["prompt", "number3"]
    assert not torch.equal(pairs.source, pairs.target)


def test_training_on_records_resumes_to_the_bit(folder: Path, tmp_path: Path) -> None:
    def trainer(name: str) -> Trainer:
        settings = Optimisation(lr=1e-3, seed=3)
        return Trainer(recorded_task(folder), settings, Budget(steps=6), tmp_path / name, CPU, lambda _: None)

    whole, resumed = trainer("whole"), trainer("parts")
    whole.run()
    trainer("parts").run(stop_at=3)
    resumed.run()
    for name, module in whole.task.modules.items():
        other = resumed.task.modules[name].state_dict()
        assert all(torch.equal(value, other[key]) for key, value in module.state_dict().items()), name


def test_only_the_most_frequent_words_are_learnt_where_room_is_short() -> None:
    vocabulary = Vocabulary.of_texts(["a b c", "b c", "c d"], 4)
    assert vocabulary.words == ["<pad>", "<unk>", "c", "b"]
    assert Vocabulary.of_texts(["a b", "c"]).words == ["<pad>", "<unk>", "a", "b", "c"]


def test_the_card_names_the_records_terms(folder: Path) -> None:
    settings = dataclasses.replace(TINY, unet=dataclasses.replace(TINY.unet, records=(str(folder),)))
    run = Run(settings, folder, CPU, (), (), None, None, True, 1, False, torch.float16, None, print)
    with pytest.raises(FileNotFoundError, match=r"terms\.json"):
        report._data(run)
    (folder / "terms.json").write_text(json.dumps({"credit": "us", "licence": "CC0"}))
    assert report._data(run)[0] == {"folder": folder.name, "credit": "us", "licence": "CC0"}
