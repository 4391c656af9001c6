"""A tiny stand-in for photographs and instructions: gradients, discs, and tints per emotion (for tests)."""

import torch
from torch import Tensor

from .data import EMOTION_COUNT, Photos

TINTS = (
    (1.2, 1.1, 0.7),
    (1.4, 0.6, 0.5),
    (0.8, 0.9, 1.4),
    (1.1, 1.1, 1.0),
    (0.8, 1.0, 0.5),
    (1.3, 0.9, 1.2),
    (0.4, 0.5, 0.6),
    (0.7, 0.75, 0.8),
)


def photos(count: int = 24, side: int = 80, seed: int = 0) -> Photos:
    """Random gradients with a disc; region 0 is the top, region 1 the disc."""
    g = torch.Generator().manual_seed(seed)
    y, x = torch.meshgrid(torch.linspace(0, 1, side), torch.linspace(0, 1, side), indexing="ij")
    a, b = torch.rand(2, count, 3, 1, 1, generator=g)
    cx, cy, r = (torch.rand(count, 1, 1, 1, generator=g) * 0.4 + 0.3 for _ in range(3))
    disc = ((x - cx) ** 2 + (y - cy) ** 2 < (r / 2) ** 2).float()
    images = (a * y + b * (1 - y)) * (1 - disc) + disc * torch.rand(count, 3, 1, 1, generator=g)
    regions = torch.cat([(y < 0.5).float().expand(count, 1, side, side), disc], 1)
    priors = torch.full((count, EMOTION_COUNT), 1 / EMOTION_COUNT)
    return Photos((images * 255).byte(), (regions * 255).byte(), priors)


class Tints:
    """Two instructions per emotion: tint everything, or the top half more."""

    def __init__(self) -> None:
        where = ("all of it", "the top")
        self.phrasings = [(f"tint {where[i // EMOTION_COUNT]} with {i % EMOTION_COUNT}",) for i in range(16)]
        self.emotions = [i % EMOTION_COUNT for i in range(16)]

    def apply(self, images: Tensor, regions: Tensor, instruction: int, generator: torch.Generator) -> Tensor:
        """See EditSource."""
        tint = torch.tensor(TINTS[instruction % EMOTION_COUNT], device=images.device).view(1, 3, 1, 1)
        where = regions[:, :1] if instruction >= EMOTION_COUNT else 1.0
        jitter = torch.randn((1,), generator=generator, device=images.device) * 0.02
        return (images * (1 + (tint - 1) * where) + jitter).clamp(0, 1)
