"""SSIM as the product measures it: greyscale, uniform window, sample covariance (skimage's defaults)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

WINDOW_SHARE = 51 / 224
"""Side of the window as a share of the short side: 51 px at 224 px, as in the official code."""
C1 = 0.01**2
C2 = 0.03**2


def window_side(height: int, width: int) -> int:
    """Odd side of the uniform window for a picture of this size."""
    side = round(min(height, width) * WINDOW_SHARE)
    return max(3, side + 1 - side % 2)


def grey(images: Tensor) -> Tensor:
    """Rec. 601 grey `[B,1,H,W]` of `[B,3,H,W]`."""
    weights = torch.tensor((0.299, 0.587, 0.114), device=images.device, dtype=images.dtype)
    return (images * weights.view(1, 3, 1, 1)).sum(1, keepdim=True)


def window_mean(maps: Tensor, side: int, stride: int = 1) -> Tensor:
    """Mean in each full window (no padding: skimage crops the border too)."""
    rows = F.avg_pool2d(maps, (side, 1), stride=(stride, 1))
    return F.avg_pool2d(rows, (1, side), stride=(1, stride))


@dataclass(frozen=True)
class Moments:
    """Windowed moments of a source x and of an edit family y(a) = p + a·q, so that SSIM(a) needs no more filtering."""

    x: Tensor
    p: Tensor
    q: Tensor
    xx: Tensor
    pp: Tensor
    qq: Tensor
    xp: Tensor
    xq: Tensor
    pq: Tensor

    def ssim(self, a: Tensor) -> Tensor:
        """Mean SSIM `[B,A]` at strengths `a`, `[A]` for all pictures or `[B,A]` one row each."""
        a = a.view(-1 if a.ndim == 2 else 1, a.shape[-1], 1, 1)
        mean = self.p + a * self.q
        variance = self.pp + 2 * a * self.pq + a * a * self.qq
        covariance = self.xp + a * self.xq
        luminance = (2 * self.x * mean + C1) / (self.x**2 + mean**2 + C1)
        structure = (2 * covariance + C2) / (self.xx + variance + C2)
        return (luminance * structure).mean((2, 3))


def moments(source: Tensor, start: Tensor, change: Tensor, stride: int = 1) -> Moments:
    """Moments of grey pictures `[B,1,H,W]` for the family start + a·change against source."""
    side = window_side(*source.shape[-2:])
    n = side * side
    stacked = torch.cat(
        [source, start, change, source**2, start**2, change**2, source * start, source * change, start * change], dim=1
    )
    x, p, q, xx, pp, qq, xp, xq, pq = window_mean(stacked, side, stride).split(1, dim=1)
    sample = n / (n - 1)
    return Moments(
        x, p, q,
        sample * (xx - x * x), sample * (pp - p * p), sample * (qq - q * q),
        sample * (xp - x * p), sample * (xq - x * q), sample * (pq - p * q),
    )  # fmt: skip


def ssim(source: Tensor, edited: Tensor) -> Tensor:
    """SSIM `[B]` between `[B,3,H,W]` pictures in 0..1, data range 1. Golden numbers: skimage structural_similarity."""
    x, y = grey(source).double(), grey(edited).double()
    found = moments(x, y, torch.zeros_like(y))
    return found.ssim(torch.zeros(1, device=x.device, dtype=x.dtype))[:, 0].to(source.dtype)
