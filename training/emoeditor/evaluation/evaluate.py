"""Figures and pictures of a trained editor on photographs it never saw."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from emopair.ssim import ssim

from ..models import EmotionPredictor
from ..models.schedule import SamplerSettings
from ..optimisation.inference import decode_latents, encode_images, predict
from ..optimisation.losses import PerceptualLoss
from ..photographs.data import EMOTION_COUNT, Crops, EditSource, Photos, crop, make_edits
from ..photographs.pictures import save_grid
from ..settings import EvaluatePhase
from .editing import P_ACCEPT, SSIM_WINDOW, Editor, Outcome, Request, infer_iteratively, request

AREA, MULTIPLE = 256 * 256, 32
Log = Callable[[str], None]


def working_size(width: int, height: int) -> tuple[int, int]:
    """Height and width of about 256 x 256 pixels at a photograph's aspect, multiples of 32."""
    scale = (AREA / (width * height)) ** 0.5
    h, w = (max(MULTIPLE, round(side * scale / MULTIPLE) * MULTIPLE) for side in (height, width))
    return h, w


def read_sample(path: Path, device: torch.device) -> Tensor:
    """A photograph at its working size, `[1,3,H,W]` 0..1."""
    image = Image.open(path).convert("RGB")
    h, w = working_size(*image.size)
    pixels = np.asarray(image.resize((w, h), Image.Resampling.BICUBIC)).copy()
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].to(device).float() / 255


def all_targets(images: Tensor) -> tuple[Tensor, Tensor]:
    """Every photograph with every target: images repeated eight times, targets `[8 B]`."""
    target = torch.arange(EMOTION_COUNT, device=images.device).repeat(images.shape[0])
    return images.repeat_interleave(EMOTION_COUNT, 0), target


class Evaluation:
    """Measures an editor with its own predictor and with an independent judge."""

    def __init__(self, editor: Editor, judge: EmotionPredictor, perceptual: PerceptualLoss, phase: EvaluatePhase):
        self.editor, self.judge, self.perceptual, self.phase = editor, judge, perceptual, phase

    @torch.no_grad()
    def reconstruction(self, photos: Photos, source: EditSource, size: int) -> dict[str, float]:
        """VAE PSNR on photographs and on procedural edits of them, dB."""
        generator = torch.Generator(photos.images.device).manual_seed(3)
        index = torch.arange(len(photos), device=photos.images.device)
        crops = crop(photos, index, (size, size), generator, zoom=(1.0, 1.0))
        edits = make_edits(crops, source, 16, (1.0, 1.0), generator)
        figures = {}
        for name, images in (("photographs", crops.images), ("edits", edits.edited)):
            again = decode_latents(self.editor.vae, encode_images(self.editor.vae, images))
            mse = ((again - images) ** 2).mean((1, 2, 3))
            figures[f"psnr_{name}"] = float((10 * torch.log10(1 / mse)).mean())
        return figures

    def _figures(
        self, images: Tensor, edited: Tensor, target: Tensor, before: tuple[Tensor, Tensor]
    ) -> dict[str, float]:
        figures: dict[str, float] = {}
        for name, network, base in (("own", self.editor.predictor, before[0]), ("judge", self.judge, before[1])):
            p = predict(network, edited)
            rise = p.gather(1, target[:, None])[:, 0] - base.gather(1, target[:, None])[:, 0]
            figures[f"{name}_p_over_0.6"] = float((p.gather(1, target[:, None]) > P_ACCEPT).float().mean())
            figures[f"{name}_top1"] = float((p.argmax(1) == target).float().mean())
            figures[f"{name}_median_rise"] = float(rise.median())
        similar = ssim(images, edited)
        figures["ssim_mean"] = float(similar.mean())
        figures["ssim_inside"] = float(((similar > SSIM_WINDOW[0]) & (similar < SSIM_WINDOW[1])).float().mean())
        with torch.no_grad():
            figures["feature_distance"] = float(self.perceptual(edited, images).mean())
        return figures

    def procedural(self, crops: Crops, source: EditSource) -> dict[str, float]:
        """The same figures for full procedural edits: what the model learns from."""
        generator = torch.Generator(crops.images.device).manual_seed(4)
        index = torch.arange(crops.images.shape[0], device=crops.images.device).repeat(EMOTION_COUNT)
        repeated = Crops(crops.images[index], crops.regions[index], crops.priors[index])
        edits = make_edits(repeated, source, 4 * EMOTION_COUNT, (0.85, 1.0), generator)
        before = (predict(self.editor.predictor, edits.source), predict(self.judge, edits.source))
        return self._figures(edits.source, edits.edited, edits.target, before)

    def sweep(self, images: Tensor, log: Log) -> list[dict[str, Any]]:
        """Single passes and short IEI runs for every sampler setting of the phase."""
        repeated, target = all_targets(images)
        before = (predict(self.editor.predictor, repeated), predict(self.judge, repeated))
        rows = []
        for values in self.phase.settings:
            values = dict(values)
            iterations = values.pop("iterations", 1)
            settings = SamplerSettings(**values)
            outcome = self.run(repeated, target, settings, iterations)
            row = {**values, "iterations": iterations, **self._figures(repeated, outcome.images, target, before)}
            row["accepted"] = float((outcome.accepted_at > 0).float().mean())
            row["diversity"] = diversity(outcome.images, self.perceptual)
            by_target = (outcome.accepted_at > 0).float().view(-1, EMOTION_COUNT).mean(0)
            row["accepted_by_target"] = [round(share, 3) for share in by_target.tolist()]
            rows.append(row)
            log(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}))
        return rows

    def run(self, images: Tensor, target: Tensor, settings: SamplerSettings, iterations: int) -> Outcome:
        """IEI in batches."""
        parts = []
        for i, (part, wanted) in enumerate(
            zip(images.split(self.phase.batch), target.split(self.phase.batch), strict=True)
        ):
            job: Request = request(self.editor, part, wanted)
            parts.append(infer_iteratively(self.editor, job, settings, iterations, seed=1000 * i))
        return Outcome(
            *(torch.cat([getattr(p, f) for p in parts]) for f in ("images", "p_target", "ssim", "accepted_at"))
        )

    def grid(self, path: Path, pictures: Sequence[Tensor], emotions: Sequence[str], iterations: int) -> None:
        """Source, its reconstruction and the eight edits of each picture `[1,3,H,W]`."""
        settings = SamplerSettings(**self.phase.grid)
        rows, notes = [], []
        for image in pictures:
            repeated, target = all_targets(image)
            outcome = self.run(repeated, target, settings, iterations)
            judged = predict(self.judge, outcome.images).gather(1, target[:, None])[:, 0]
            again = decode_latents(self.editor.vae, encode_images(self.editor.vae, image))
            rows.append([image[0], again[0], *outcome.images])
            own = [
                f"P {p:.2f} J {j:.2f} S {s:.2f}" for p, j, s in zip(outcome.p_target, judged, outcome.ssim, strict=True)
            ]
            notes.append(["", "", *own])
        save_grid(path, rows, ["source", "decoded", *emotions], notes)


def diversity(images: Tensor, perceptual: PerceptualLoss) -> float:
    """Mean feature distance between edits of one photograph for different targets: 0 means that all look the same.

    `images` holds the eight edits of each photograph in a row; each is compared with the next three.
    """
    groups = images.view(-1, EMOTION_COUNT, *images.shape[1:])
    with torch.no_grad():
        found = [perceptual(images, groups.roll(k, 1).flatten(0, 1)) for k in (1, 2, 3)]
    return float(torch.stack(found).mean())
