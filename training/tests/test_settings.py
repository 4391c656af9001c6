"""Configs: what a file says beside its defaults, and what it goes on from."""

import json
from pathlib import Path

import pytest

from emoeditor.settings import RunSettings, load

CONFIGS = sorted((Path(__file__).parents[1] / "configs").glob("*.json"))


def written(folder: Path, name: str, values: dict[str, object]) -> Path:
    path = folder / name
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def test_a_config_goes_on_from_the_one_that_it_extends(tmp_path: Path) -> None:
    written(tmp_path, "first.json", {"photo_side": 96, "unet": {"batch": 8, "critic": 0.5, "optimisation": {"lr": 1}}})
    written(tmp_path, "second.json", {"extends": "first.json", "unet": {"batch": 4}})
    third = load(written(tmp_path, "third.json", {"extends": "second.json", "unet": {"optimisation": {"clip": 2}}}))
    assert (third.photo_side, third.unet.batch, third.unet.critic) == (96, 4, 0.5)
    assert (third.unet.optimisation.lr, third.unet.optimisation.clip) == (1, 2)
    assert third.vae == RunSettings().vae


def test_a_setting_that_nobody_knows_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown setting 'bach' for UNetPhase"):
        load(written(tmp_path, "config.json", {"unet": {"bach": 4}}))


@pytest.mark.parametrize("path", [p for p in CONFIGS if p.stem.startswith(("starter", "tiny"))], ids=lambda p: p.stem)
def test_every_config_of_a_run_is_understood(path: Path) -> None:
    settings = load(path)
    assert settings.unet.batch > 0
