"""Emotion stimuli modification index, as the official `metric_ESMI.py` computes it.

Half the share of all change that lies inside the region which decides the source's emotion, half the share of the way
to the target, -ln P(target), that the edit went; times 100. The region is the Grad-CAM of the source's strongest
class at the last convolutional block, stretched to 0..1, above 0.5; pictures are compared as 8-bit RGB squashed to
224 x 224. The index rises with any texture inside the region, and a judge that the edit was made for flatters it: give
it with an independent judge beside.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ..models import EmotionPredictor

SIDE = 224
THRESHOLD = 0.5
STRUCTURE_SHARE = 0.5
"""The official alpha."""


@dataclass(frozen=True)
class Reading:
    """One picture as a network sees it: distribution `[8]` and deciding region `[SIDE,SIDE]` booleans."""

    distribution: Tensor
    region: Tensor


def squash(image: Tensor) -> Tensor:
    """`[1,3,H,W]` in 0..1 to `[3,SIDE,SIDE]` in whole steps of 1/255, as float 0..255."""
    small = F.interpolate(image, (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)[0]
    return (small.clamp(0, 1) * 255).round()


def _stretched(heat: Tensor) -> Tensor:
    """To 0..1 between smallest and largest value, as `pytorch_grad_cam` scales its maps."""
    heat = heat - heat.min()
    return heat / (heat.max() + 1e-7)


@torch.no_grad()
def read(network: EmotionPredictor, image: Tensor) -> Reading:
    """Distribution and deciding region of a picture `[1,3,H,W]` in 0..1.

    With global pooling before the one linear layer, Grad-CAM is the class activation map: the last features weighted
    with the class's row (Selvaraju et al. 2017, section 3.1).
    """
    features = network.last_features(image)[0].float()
    distribution = network.probabilities(image)[0]
    row = network._fc.weight[distribution.argmax()].float()
    heat = _stretched(F.relu((features * row[:, None, None]).sum(0)))
    wide = F.interpolate(heat[None, None], (SIDE, SIDE), mode="bilinear", align_corners=False)[0, 0]
    return Reading(distribution, _stretched(wide) > THRESHOLD)


def esmi(before: Reading, source: Tensor, after: Tensor, edit: Tensor, target: int) -> float:
    """The index of one edit, 0..100: `source, edit` from `squash`, `after [8]` the edit's distribution."""
    change = (source - edit).abs().sum(0)
    structure = float(change[before.region].sum() / change.sum().clamp(min=1e-6))
    # The divergence of a distribution from the one-hot target is -ln of its share of the target.
    far = [-float(p[target].clamp(min=1e-8).log()) for p in (before.distribution, after)]
    emotion = max(0.0, far[0] - far[1]) / max(far[0], 1e-6)
    return 100 * (STRUCTURE_SHARE * structure + (1 - STRUCTURE_SHARE) * emotion)
