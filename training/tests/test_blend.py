"""The mean of two exports."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from emoeditor.blend import PARTS, blend


def export(folder, value: float, vae: float = 1.0):
    for part in (*PARTS, "vae/diffusion_pytorch_model.safetensors"):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        filled = vae if part.startswith("vae") else value
        save_file({"a": torch.full((2, 2), filled, dtype=torch.float16)}, folder / part)
    card = {"name": "x", "figures": {"training": {"unet": {"steps": value}}}}
    (folder / "card.json").write_text(json.dumps(card))
    return folder


def test_weights_lie_between_and_the_card_tells_both_trainings(tmp_path):
    first, second = export(tmp_path / "a", 1.0), export(tmp_path / "b", 3.0)
    blend(first, second, tmp_path / "out", 0.25)
    for part in PARTS:
        assert torch.equal(load_file(tmp_path / "out" / part)["a"], torch.full((2, 2), 1.5, dtype=torch.float16))
    card = json.loads((tmp_path / "out" / "card.json").read_text())
    assert card["figures"]["training"] == {"unet": {"steps": 1.0}, "unet_critic": {"steps": 3.0}}
    assert card["blend"]["share"] == 0.25


def test_another_autoencoder_or_share_is_refused(tmp_path):
    first, second = export(tmp_path / "a", 1.0), export(tmp_path / "b", 3.0, vae=2.0)
    with pytest.raises(ValueError, match="same autoencoder"):
        blend(first, second, tmp_path / "out", 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        blend(first, first, tmp_path / "out", 1.5)
