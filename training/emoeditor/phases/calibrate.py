"""Temperature scaling and calibration error on held-out photographs."""

import torch
import torch.nn.functional as F
from torch import Tensor

from ..models import EmotionPredictor, PatchAutoencoder
from ..optimisation.inference import autocast, decode_latents, encode_images
from ..optimisation.losses import expected_calibration_error
from ..photographs.data import EditSource, Photos, crop, make_edits
from ..settings import PredictorPhase
from .predictor_and_vae_tasks import soft_labels

EDITS = 1024
"""About so many edits are looked at."""
SHOWN = 0.6
"""An edit shown at this share or more counts as an example of its target emotion."""


@torch.no_grad()
def held_out_logits(
    predictor: EmotionPredictor,
    vae: PatchAutoencoder,
    photos: Photos,
    editor: EditSource,
    phase: PredictorPhase,
    seed: int,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Logits `[N,8]`, soft labels `[N,8]`, target classes `[N]` and edit amounts `[N]` on reconstructed edits."""
    size = phase.size
    generator = torch.Generator(photos.images.device).manual_seed(seed)
    index = torch.arange(len(photos), device=photos.images.device)
    found: list[tuple[Tensor, ...]] = []
    for _ in range(min(max(EDITS // max(len(photos), 1), 2), 12)):
        crops = crop(photos, index, (size, size), generator)
        edits = make_edits(crops, editor, 16, (0.0, 1.0), generator)
        shown = decode_latents(vae, encode_images(vae, edits.edited))
        with autocast(shown.device):
            logits = torch.cat([predictor(part) for part in shown.split(128)]).float()
        found.append((logits, soft_labels(edits, phase.smoothing), edits.target, edits.amount))
    logits, labels, target, amount = (torch.cat(x) for x in zip(*found, strict=True))
    return logits, labels, target, amount


def fit_temperature(logits: Tensor, target: Tensor) -> float:
    """Temperature with the least cross-entropy against classes `[N]`, by a search on a fine grid.

    Classes, not the soft labels of training: a probability of 0.7 shall mean right seven times in ten.
    """
    candidates = torch.logspace(-0.7, 0.7, 141, device=logits.device)
    losses = [F.cross_entropy(logits / t, target) for t in candidates]
    return float(candidates[int(torch.stack(losses).argmin())])


def calibrate(
    predictor: EmotionPredictor, vae: PatchAutoencoder, photos: Photos, editor: EditSource, phase: PredictorPhase
) -> tuple[float, dict[str, float]]:
    """Temperature from one half of the held-out photographs; accuracy and ECE from the other."""
    half = torch.arange(len(photos), device=photos.images.device) % 2 == 0
    logits, _, target, amount = held_out_logits(predictor, vae, photos.subset(half.nonzero()[:, 0]), editor, phase, 1)
    shown = amount >= SHOWN
    temperature = fit_temperature(logits[shown], target[shown])
    rest = photos.subset((~half).nonzero()[:, 0])
    logits, labels, target, amount = held_out_logits(predictor, vae, rest, editor, phase, 2)
    shown = amount >= SHOWN
    before, after = torch.softmax(logits, 1), torch.softmax(logits / temperature, 1)
    own = after.gather(1, target[:, None])[:, 0]
    figures = {
        "temperature": temperature,
        "accuracy": float((logits.argmax(1) == target)[shown].float().mean()),
        "ece_before": expected_calibration_error(before[shown], target[shown]),
        "ece": expected_calibration_error(after[shown], target[shown]),
        "soft_cross_entropy": float(-(labels * after.clamp(min=1e-8).log()).sum(1).mean()),
        "p_target_full": float(own[amount >= 0.9].mean()) if (amount >= 0.9).any() else float("nan"),
        "p_target_half": float(own[(amount - 0.5).abs() < 0.1].mean()),
        "p_target_slight": float(own[amount < 0.15].mean()) if (amount < 0.15).any() else float("nan"),
        "photos": float(len(photos)),
    }
    return temperature, figures
