"""Emotion predictor with a kernel head: a picture's emotions follow from its distance to labelled pictures.

Kernel ridge regression over pooled maps of EfficientNet-Lite; fitted by `predictor.recipe`, in closed form.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .predictor import EmotionPredictor, PredictorConfig

RATINGS = 2
"""Valence and arousal, on the scale of OASIS, 1 to 7."""


@dataclass(frozen=True)
class KernelPredictorConfig(PredictorConfig):
    """Architecture and preprocessing; `temperature` as in PredictorConfig."""

    directions: int = 320
    support_rows: int = 1024
    least_share: float = 0.005
    """Regressed shares are clamped to at least this: a regression may give negative values."""


def mean_and_spread(maps: Tensor) -> Tensor:
    """Means and standard deviations of maps `[B,C,h,w]`, `[B,2C]`."""
    mean = maps.mean((2, 3))
    variance = (maps * maps).mean((2, 3)) - mean * mean
    return torch.cat([mean, torch.sqrt(variance.clamp(min=0) + 1e-8)], 1)


class KernelEmotionPredictor(EmotionPredictor):
    """`images [B,3,H,W]` in [0,1] of any size -> `logits [B,8]`: logarithms of shares."""

    config: KernelPredictorConfig

    def __init__(self, config: KernelPredictorConfig):
        super().__init__(config)
        del self._fc
        pooled = config.head_channels + 2 * config.stage_channels[-1] + 2 * config.stage_channels[4]
        self.projection = nn.Linear(pooled, config.directions)
        self.support = nn.Parameter(torch.randn(config.support_rows, config.directions) / config.directions**0.5)
        self.regression = nn.Linear(config.support_rows, RATINGS + config.num_classes)
        self.log_factors = nn.Parameter(torch.zeros(config.num_classes))

    def pooled(self, images: Tensor) -> Tensor:
        """What the projection sees: means of the head, means and spreads at strides 32 and 16."""
        *_, at16, at32 = self.features(self.preprocess(images))
        top = F.relu6(self._bn1(self._conv_head(at32)))
        return torch.cat([top.mean((2, 3)), mean_and_spread(at32), mean_and_spread(at16)], 1)

    def regressed_of(self, pooled: Tensor) -> Tensor:
        """`[B,10]` from pooled maps: ratings, and shares before clamping."""
        x = self.projection(pooled)
        square = (x * x).sum(1, keepdim=True) + (self.support * self.support).sum(1) - 2 * x @ self.support.T
        return self.regression(torch.exp(-square.clamp(min=0)))

    def logits_of(self, regressed: Tensor) -> Tensor:
        """Logarithms of shares times class factors, `[B,8]`."""
        return torch.log(regressed[:, RATINGS:].clamp(min=self.config.least_share)) + self.log_factors

    def forward(self, images: Tensor) -> Tensor:
        return self.logits_of(self.regressed_of(self.pooled(images)))

    def ratings(self, images: Tensor) -> Tensor:
        """Valence and arousal, `[B,2]`."""
        return self.regressed_of(self.pooled(images))[:, :RATINGS]
