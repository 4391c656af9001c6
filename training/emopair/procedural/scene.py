"""What an operation knows of the pictures it edits: regions, coordinates, and a seeded source of variety."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import REGIONS

LUMA = (0.299, 0.587, 0.114)
"""Rec. 601 weights."""


def luma(images: Tensor) -> Tensor:
    """Brightness `[B,1,H,W]` of `[B,3,H,W]`."""
    return images[:, :1] * LUMA[0] + images[:, 1:2] * LUMA[1] + images[:, 2:] * LUMA[2]


def smoothstep(low: float | Tensor, high: float | Tensor, x: Tensor) -> Tensor:
    """0 below `low`, 1 above `high`, smooth between; `low > high` turns it round."""
    t = ((x - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def resize(maps: Tensor, size: tuple[int, int]) -> Tensor:
    """Bilinear resize of `[B,C,h,w]`, antialiased by area when it shrinks by whole steps elsewhere."""
    return F.interpolate(maps, size=size, mode="bilinear", align_corners=False)


def soften(maps: Tensor, radius: float) -> Tensor:
    """Wide, cheap blur of `[B,C,H,W]`: `radius` as a share of the short side (shrink, smooth, enlarge)."""
    h, w = maps.shape[-2:]
    step = max(1, int(min(h, w) * radius / 2))
    small = F.interpolate(maps, size=(max(2, h // step), max(2, w // step)), mode="area")
    small = F.avg_pool2d(F.pad(small, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    return F.interpolate(small, size=(h, w), mode="bicubic", align_corners=False)


class Dice:
    """Random numbers of one batch, drawn on the generator's device and moved to where the pictures are."""

    def __init__(self, generator: torch.Generator, count: int, device: torch.device) -> None:
        self.generator, self.count, self.device = generator, count, device

    def rand(self, *shape: int) -> Tensor:
        """Uniform numbers in 0..1 of `[B, *shape]`."""
        made = torch.rand(self.count, *shape, generator=self.generator, device=self.generator.device)
        return made.to(self.device)

    def uniform(self, low: float, high: float) -> Tensor:
        """One number per picture `[B,1,1,1]` between the bounds."""
        return low + (high - low) * self.rand(1, 1, 1)

    def sign(self) -> Tensor:
        """−1 or 1 per picture `[B,1,1,1]`."""
        return (self.rand(1, 1, 1) < 0.5).float() * 2 - 1

    def chance(self, share: float) -> Tensor:
        """1 in the given share of pictures, else 0, `[B,1,1,1]`."""
        return (self.rand(1, 1, 1) < share).float()

    def colour(self, choices: Sequence[tuple[float, float, float]]) -> Tensor:
        """One RGB per picture `[B,3,1,1]`, a random mix of two neighbours of the list."""
        table = torch.tensor(choices, device=self.device, dtype=torch.float32)
        at = self.rand() * (len(choices) - 1)
        low = at.floor().long().clamp(max=max(0, len(choices) - 2))
        high = (low + 1).clamp(max=len(choices) - 1)
        return torch.lerp(table[low], table[high], (at - low).unsqueeze(1))[:, :, None, None]


@dataclass(frozen=True)
class Scene:
    """One batch under edit. All maps are `[B,1,H,W]`; lengths are in short sides, `x` to the right, `y` down."""

    source: Tensor
    sky: Tensor
    ground: Tensor
    subject: Tensor
    depth: Tensor
    lights: Tensor
    luma: Tensor
    backdrop: Tensor
    """Where things in the air may appear: the sky, or the far upper background where there is no sky."""
    x: Tensor
    y: Tensor
    width: float
    height: float
    dice: Dice

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.source.shape[-2], self.source.shape[-1]

    @property
    def down(self) -> Tensor:
        """0 at the top edge, 1 at the bottom edge."""
        return self.y / self.height

    @property
    def centred(self) -> tuple[Tensor, Tensor]:
        """Coordinates from the middle of the picture, in short sides."""
        return self.x - self.width / 2, self.y - self.height / 2


def build_scene(images: Tensor, regions: Tensor, generator: torch.Generator) -> Scene:
    """Prepare a batch: `images [B,3,H,W]` 0..1, `regions [B,K,h,w]` 0..1 in the order of REGIONS, any map size."""
    count, _, h, w = images.shape
    if regions.shape[0] != count or regions.shape[1] != len(REGIONS):
        raise ValueError(f"regions: expected [{count},{len(REGIONS)},h,w], got {tuple(regions.shape)}")
    maps = regions.to(images.dtype)
    if maps.shape[-2:] != (h, w):
        maps = resize(maps, (h, w))
    sky, ground, subject, depth, lights = maps.clamp(0, 1).split(1, dim=1)
    short = min(h, w)
    ys = (torch.arange(h, device=images.device, dtype=images.dtype) + 0.5).view(1, 1, h, 1) / short
    xs = (torch.arange(w, device=images.device, dtype=images.dtype) + 0.5).view(1, 1, 1, w) / short
    y, x = ys.expand(count, 1, h, w), xs.expand(count, 1, h, w)
    upper = smoothstep(0.75, 0.25, y * short / h)
    skyless = 1 - smoothstep(0.03, 0.12, sky.mean((2, 3), keepdim=True))
    middle = torch.exp(-(((x - w / short / 2) / 0.3) ** 2 + ((y - 0.52 * h / short) / 0.36) ** 2))
    backdrop = torch.maximum(sky, skyless * upper * (1 - subject) * (0.35 + 0.65 * depth) * (1 - 0.8 * middle))
    bright = luma(images)
    dice = Dice(generator, count, images.device)
    return Scene(images, sky, ground, subject, depth, lights, bright, backdrop, x, y, w / short, h / short, dice)


TAU = 2 * math.pi
