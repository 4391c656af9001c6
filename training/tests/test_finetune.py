"""Fine-tuning a tiny InstructPix2Pix: the official code's defects stay away, and the product takes the result."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from emoeditor.models import EmotionEncoder, EmotionEncoderConfig, EmotionPredictor, PredictorConfig
from emoeditor.optimisation.loop import Budget, Optimisation, Trainer
from emoeditor.photographs.data import uniform
from emoeditor.photographs.recorded import RecordedPairs, read_terms
from emoeditor.weights.networks import write_final
from emopair.records import Record, write_published

pytest.importorskip("diffusers", reason="pip install diffusers")
pytest.importorskip("transformers", reason="pip install transformers")

from emoeditor import finetune
from emoeditor.phases import finetune_task
from emoeditor.phases.finetune_task import FineTunePhase, FineTuneTask, emotion_encoder_for, read_base

PRODUCT = Path(__file__).parents[2]
BASE = PRODUCT / "test" / "golden" / "instruct"
CPU = torch.device("cpu")
PHASE = FineTunePhase(batch=3, size=(64, 64), hidden_dims=(16, 24), checkpointing=False)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("EmoPair")
    draw = np.random.default_rng(0)
    made = []
    for i, target in enumerate(("fear", "awe", "sadness", "fear")):
        pixels = np.asarray(Image.fromarray(draw.integers(0, 255, (5, 7, 3), np.uint8)).resize((112, 80)))
        Image.fromarray(pixels).save(folder / f"{i}_0.png")
        Image.fromarray(255 - pixels).save(folder / f"{i}_1.png")
        shares = tuple(float(v) for v in np.eye(8)[i] * 0.6 + 0.05)
        made.append(Record("amusement", target, "make it rain", shares, f"{i}_0.png", f"{i}_1.png"))
    write_published(made, folder / "data_EmoPair.json")
    (folder / "terms.json").write_text(json.dumps({"credit": "made for a test", "licence": "none"}))
    return folder


def make_task(records: Path, phase: FineTunePhase = PHASE) -> FineTuneTask:
    torch.manual_seed(1)
    base = read_base(BASE, CPU)
    return FineTuneTask(phase, base, emotion_encoder_for(base, phase.hidden_dims), RecordedPairs([records]), CPU)


def test_source_and_edit_are_cut_alike(records: Path) -> None:
    drawn = RecordedPairs([records]).draw(8, (48, 64), torch.Generator().manual_seed(3))
    assert drawn.source.shape == (8, 3, 48, 64)
    torch.testing.assert_close(drawn.edited, 1 - drawn.source, atol=0.02, rtol=0)
    again = RecordedPairs([records]).draw(8, (48, 64), torch.Generator().manual_seed(3))
    assert torch.equal(drawn.source, again.source)


def test_the_encoder_has_the_papers_size() -> None:
    encoder = EmotionEncoder(EmotionEncoderConfig(8, FineTunePhase().hidden_dims, 77, 768))
    assert round(sum(p.numel() for p in encoder.parameters()) / 1e6, 1) == 46.0


def test_pictures_reach_the_autoencoder_between_minus_one_and_one(records: Path, monkeypatch) -> None:
    task, seen = make_task(records), []
    encode = task.base.vae.encode
    monkeypatch.setattr(task.base.vae, "encode", lambda x: (seen.append((x.min(), x.max())), encode(x))[1])
    task.loss(0, 0.0, torch.Generator().manual_seed(0))
    assert len(seen) == 2
    assert min(float(low) for low, _ in seen) < -0.7 and max(float(high) for _, high in seen) > 0.7


def test_timesteps_come_from_all_thousand_in_whole_batches(records: Path, monkeypatch) -> None:
    task, seen = make_task(records), []
    add_noise = task.schedule.add_noise
    monkeypatch.setattr(task.schedule, "add_noise", lambda x, n, t: (seen.append(t), add_noise(x, n, t))[1])
    with torch.no_grad():
        for step in range(60):
            task.loss(step, 0.0, torch.Generator().manual_seed(step))
    assert {len(t) for t in seen} == {PHASE.batch}
    found = torch.cat(seen)
    assert found.min() < 50 and found.max() >= 950


def test_the_alignment_compares_whole_samples_with_clips_embedding(records: Path, monkeypatch) -> None:
    task, seen = make_task(records), []
    loss = finetune_task.alignment_loss
    monkeypatch.setattr(finetune_task, "alignment_loss", lambda a, b: (seen.append((a, b)), loss(a, b))[1])
    losses = task.loss(0, 0.0, torch.Generator().manual_seed(0))
    ((emotion, text),) = seen
    config = task.base.text_encoder.config
    assert emotion.shape == text.shape == (PHASE.batch, config.max_position_embeddings, config.hidden_size)
    assert torch.equal(text[0], text[1]) and not text.requires_grad
    assert losses["loss"].item() == pytest.approx(float((losses["mse"] + 0.5 * losses["align"]).detach()), rel=1e-6)


def test_both_conditions_are_dropped_for_a_part(records: Path, monkeypatch) -> None:
    phase = FineTunePhase(
        batch=64, size=(32, 32), hidden_dims=(16,), drop_emotion=0.5, drop_source=0.25, checkpointing=False
    )
    task, seen = make_task(records, phase), []
    forward = task.base.unet.forward
    monkeypatch.setattr(task.base.unet, "forward", lambda x, t, c: (seen.append((x, c)), forward(x, t, c))[1])
    with torch.no_grad():
        task.loss(0, 0.0, torch.Generator().manual_seed(0))
    ((x, tokens),) = seen
    silent = (tokens.flatten(1).abs().sum(1) == 0).float().mean()
    blind = (x[:, 4:].flatten(1).abs().sum(1) == 0).float().mean()
    assert 0.35 < silent < 0.65 and 0.1 < blind < 0.4
    assert uniform(torch.Generator(), 2, low=1, high=1).tolist() == [1, 1]


def test_it_resumes_to_the_bit_and_trains_both_networks(records: Path, tmp_path: Path) -> None:
    def trainer(folder: str) -> Trainer:
        return Trainer(
            make_task(records), Optimisation(lr=1e-3), Budget(steps=4), tmp_path / folder, CPU, lambda _: None
        )

    before = {k: v.clone() for k, v in make_task(records).base.unet.state_dict().items()}
    whole = trainer("whole")
    whole.run()
    trainer("parts").run(stop_at=2)
    resumed = trainer("parts")
    resumed.run()
    for name, module in whole.task.modules.items():
        other = resumed.task.modules[name].state_dict()
        assert all(torch.equal(value, other[key]) for key, value in module.state_dict().items()), name
    assert not torch.equal(before["conv_out.weight"], whole.task.modules["unet"].state_dict()["conv_out.weight"])


@pytest.fixture(scope="module")
def finished(records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    write_final(out / "predictor", "predictor", EmotionPredictor(PredictorConfig(input_size=64)))
    phase = {"batch": 2, "size": [64, 64], "hidden_dims": [16, 24], "checkpointing": True}
    (out / "config.json").write_text(
        json.dumps({"phase": phase, "sampler": {"solver": "ddim", "spacing": "leading", "steps": 2}})
    )
    options = ["--config", str(out / "config.json"), "--base", str(BASE), "--records", str(records), "--steps", "3"]
    command = [*options, "--predictor", str(out / "predictor"), "--out", str(out), "--device", "cpu"]
    previous, sys.argv = sys.argv, ["finetune", *command]
    try:
        finetune.main()
    finally:
        sys.argv = previous
    return out


def test_it_leaves_curves_samples_and_a_card(finished: Path) -> None:
    assert {p.name for p in (finished / "report").iterdir()} == {"curves-unet.png", "grid.jpg"}
    card = json.loads((finished / "export" / "card.json").read_text())
    assert card["data"][0]["credit"] == "made for a test" and "OpenRAIL" not in card["name"]
    assert card["latents"]["source_scale"] == pytest.approx(1 / 0.18215)


def test_without_terms_nothing_is_trained(records: Path, tmp_path: Path) -> None:
    shutil.copy(records / "data_EmoPair.json", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"terms\.json"):
        read_terms([tmp_path])


@pytest.mark.skipif(
    shutil.which("npx") is None or not (PRODUCT / "node_modules").is_dir(), reason="the product is not installed"
)
def test_the_product_imports_the_export_and_edits_with_it(finished: Path, records: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    command = ["npx", "emoeditor", "import", str(finished / "export"), "--out", str(bundle), "--precision", "float32"]
    subprocess.run(command, cwd=PRODUCT, check=True, capture_output=True)
    manifest = json.loads((bundle / "bundle.json").read_text())
    assert manifest["kind"] == "emotion-direction"
    assert manifest["latents"]["sourceScale"] == pytest.approx(1 / 0.18215)
    assert manifest["workingSize"] == {"area": 64 * 64, "multiple": 32}
    job = {"input": str(records / "0_0.png"), "output": str(tmp_path / "out.png"), "emotion": "fear", "steps": 2}
    made = subprocess.run(
        ["npx", "emoeditor", "batch", "--bundle", str(bundle), "--no-iei"],
        cwd=PRODUCT, check=True, capture_output=True, text=True, input=json.dumps(job) + "\n",
    )  # fmt: skip
    assert "error" not in json.loads(made.stdout) and (tmp_path / "out.png").exists()


def test_the_exported_weights_are_the_averages_in_fp16(finished: Path) -> None:
    tensors = load_file(finished / "export" / "unet" / "diffusion_pytorch_model.safetensors")
    assert all(t.dtype == torch.float16 for t in tensors.values())
    averages = torch.load(finished / "unet" / "checkpoint.pt", weights_only=True)["averages"]
    assert any(torch.equal(averages[0].half(), t) for t in tensors.values() if t.shape == averages[0].shape)
