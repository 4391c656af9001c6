"""All phases on the stand-in, two steps each, and what they leave behind."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from emoeditor.models.schedule import alphas_cumprod
from emoeditor.phases.run_phases import run_phase
from emoeditor.phases.run_state import Run
from emoeditor.run import ORDER
from emoeditor.settings import load


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    run = Run(
        settings=load(Path(__file__).parents[1] / "configs" / "tiny.json"),
        out=out,
        device=torch.device("cpu"),
        photo_folders=(),
        later_folders=(),
        samples=None,
        backbones=None,
        standin=True,
        workers=1,
        compile_unet=False,
        dtype=torch.float16,
        start_from=None,
        log=lambda _: None,
    )
    for name in ORDER:
        run_phase(run, name, None)
    return out


def test_the_export_has_every_part(finished: Path) -> None:
    export = finished / "export"
    for part in (
        "unet/diffusion_pytorch_model",
        "vae/diffusion_pytorch_model",
        "emotion_encoder/model",
        "predictor/model",
    ):
        tensors = load_file(export / f"{part}.safetensors")
        assert all(t.dtype == torch.float16 for t in tensors.values())
    card = json.loads((export / "card.json").read_text())
    assert card["class_order"][0] == "amusement" and len(card["class_order"]) == 8
    assert card["latents"]["scaling_factor"] == json.loads((export / "vae/config.json").read_text())["scaling_factor"]
    assert card["predictor"]["temperature"] > 0
    assert card["data"] and card["limits"] and card["backbones"]
    assert {"vae", "settings", "predictor", "judge"} <= set(card["figures"])


def test_latents_have_about_unit_spread_after_scaling(finished: Path) -> None:
    assert json.loads((finished / "export/vae/config.json").read_text())["scaling_factor"] != 1.0


def test_the_export_loads_in_diffusers_and_gives_the_same_numbers(finished: Path) -> None:
    diffusers = pytest.importorskip("diffusers")
    from emoeditor.weights.networks import read_final

    export = finished / "export"
    unet, found = diffusers.UNet2DConditionModel.from_pretrained(
        export / "unet", torch_dtype=torch.float32, output_loading_info=True
    )
    assert not found["missing_keys"] and not found["unexpected_keys"]
    diffusers.DDIMScheduler.from_pretrained(export / "scheduler")
    ours = read_final(finished / "unet", "unet", torch.device("cpu"))
    x, t, tokens = torch.randn(1, 16, 8, 8), torch.tensor([500]), torch.randn(1, 16, 32)
    with torch.no_grad():
        a = alphas_cumprod("cpu")[500]
        noise = (x[:, :8] - a.sqrt() * (x[:, 8:] + unet(x, t, tokens).sample)) / (1 - a).sqrt()
        torch.testing.assert_close(noise, ours(x, t, tokens), rtol=0.02, atol=0.02)


def test_pictures_and_curves_are_written(finished: Path) -> None:
    names = {p.name for p in (finished / "report").iterdir()}
    assert {"grid.jpg", "grid-iei.jpg", "figures.json", "curves-unet.png"} <= names


def test_finished_phases_are_not_trained_again(finished: Path) -> None:
    before = (finished / "vae" / "vae.safetensors").stat().st_mtime_ns
    log: list[str] = []
    settings = load(Path(__file__).parents[1] / "configs" / "tiny.json")
    cpu = torch.device("cpu")
    run = Run(settings, finished, cpu, (), (), None, None, True, 1, False, torch.float16, None, log.append)
    run_phase(run, "vae", None)
    assert (finished / "vae" / "vae.safetensors").stat().st_mtime_ns == before
    assert log == ["vae is finished already"]
