"""How different two pictures look: LPIPS where the package and its backbone are, otherwise our own feature distance."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ..models import PredictorConfig
from ..optimisation.losses import PerceptualLoss
from ..weights.networks import BACKBONES, frozen, imagenet_backbone

ARCHITECTURE = "efficientnet-lite0"


@dataclass(frozen=True)
class PictureDistance:
    """A distance of images `[B,3,H,W]` in 0..1, one number per pair `[B]`, and the name to report it under."""

    name: str
    measure: Callable[[Tensor, Tensor], Tensor]


def _lpips() -> PictureDistance | None:
    """LPIPS over AlexNet (Zhang et al. 2018); None where package or backbone are missing."""
    try:
        import lpips

        network = lpips.LPIPS(net="alex", verbose=False).eval()
    except (ImportError, OSError):  # no torchvision, or no way to its weights
        return None

    @torch.no_grad()
    def measure(a: Tensor, b: Tensor) -> Tensor:
        return network(a * 2 - 1, b * 2 - 1).flatten()

    return PictureDistance("LPIPS (AlexNet)", measure)


def picture_distance(backbones: Path | None) -> PictureDistance | None:
    """The best distance at hand; `backbones` is the folder of the EfficientNet-Lite checkpoints."""
    found = _lpips()
    if found is not None or backbones is None or not (backbones / BACKBONES[ARCHITECTURE]).exists():
        return found
    network = imagenet_backbone(PredictorConfig(), backbones)
    perceptual = PerceptualLoss(frozen(network, torch.device("cpu")))
    return PictureDistance("EfficientNet-Lite0 feature distance, not LPIPS", torch.no_grad()(perceptual.__call__))
