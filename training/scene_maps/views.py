"""Views of a photograph that the decoder learns from: the whole and parts of it, under its own palette and others.

A view is the same for everybody who asks: it hangs on the photograph's path and the view's number alone.
"""

import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image

from .backbone import SIZE

VIEWS = 6
"""Views of a photograph that is learnt from. View 0 is the photograph as it is."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class View:
    box: tuple[float, float, float, float]
    """Left, top, right, bottom in shares of width and height."""
    palette: int | None
    """Seed of the palette; None is the photograph's own."""


def view_of(photo: str, number: int) -> View:
    """Odd views have another palette; of the last four each shows a part of 50 to 90 percent of the sides."""
    seed = zlib.crc32(f"{photo} {number}".encode())
    rng = np.random.default_rng(seed)
    palette = seed if number % 2 else None
    if number < 2:
        return View((0, 0, 1, 1), palette)
    width, height = rng.uniform(0.5, 0.9, 2)
    left, top = rng.uniform(0, 1 - width), rng.uniform(0, 1 - height)
    return View((left, top, left + width, top + height), palette)


def other_palette(x: np.ndarray, seed: int) -> np.ndarray:
    """Gains, gamma, saturation, contrast and split tone by chance, at times grey. `[H,W,3]` in [0,1]."""
    rng = np.random.default_rng(seed)
    gains = np.exp(rng.normal(0, 0.16, 3)).astype(np.float32)
    x = np.clip(x * gains / gains.mean() ** 0.5, 0, 1) ** float(np.exp(rng.normal(0, 0.3)))
    grey = (x * LUMA).sum(-1, keepdims=True)
    saturation = float(rng.choice([0.0, rng.uniform(0.2, 0.7), rng.uniform(0.7, 1.8)], p=[0.1, 0.3, 0.6]))
    x = grey + (x - grey) * saturation
    x = (x - 0.5) * float(np.exp(rng.normal(0, 0.15))) + 0.5
    x = x + (grey - 0.5) * rng.normal(0, 0.16, 3).astype(np.float32)
    return np.clip(x + rng.normal(0, 0.03), 0, 1).astype(np.float32)


def show(photo: Image.Image, view: View) -> np.ndarray:
    """What the backbone sees of an RGB photograph: `[S,S,3]` float32 in [0,1]. Bilinear, antialiased."""
    box = tuple(v * s for v, s in zip(view.box, photo.size * 2, strict=True))
    squashed = np.asarray(photo.resize((SIZE, SIZE), Image.Resampling.BILINEAR, box=box), np.float32) / 255
    return squashed if view.palette is None else other_palette(squashed, view.palette)
