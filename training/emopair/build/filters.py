"""What a made pair must be to stay: like its source, felt as its target, of one structure."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch

from ..ssim import ssim

STRUCTURE_SIDE = 96
"""Edges are compared at this size: fine grain and texture may change."""


@dataclass(frozen=True)
class Filters:
    """Bounds; the defaults are those of the paper's inference and of EmoEdit's data (Yang et al. 2025)."""

    similarity: str = "ssim"
    """`ssim` as the product measures it, or `features`: the cosine of the predictor's pooled features."""
    window: tuple[float, float] = (0.5, 0.8)
    least_share: float = 0.3
    """Least P(target) in the edit."""
    least_structure: float = 0.3
    """Least correlation of the edge maps."""

    def __post_init__(self) -> None:
        if self.similarity not in ("ssim", "features"):
            raise ValueError(f"expected ssim or features as similarity, but got {self.similarity!r}")


STAGES = ("made", "similar", "felt", "structured")
"""Stages of a tally over these filters."""


@dataclass(frozen=True)
class Measured:
    """What the filters see of one pair."""

    similarity: float
    share: float
    structure: float


def edges(picture: np.ndarray) -> np.ndarray:
    """Centred map of gradient magnitudes of `[h,w,3]` uint8, of length 1, `[S*S]`."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (STRUCTURE_SIDE,) * 2, interpolation=cv2.INTER_AREA).astype(np.float32)
    small = cv2.GaussianBlur(small, (0, 0), 1.0)
    # The root keeps a few strong edges from deciding alone.
    size = np.sqrt(np.hypot(cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1))).ravel()
    size -= size.mean()
    return size / max(float(np.linalg.norm(size)), 1e-6)


def structure(source: np.ndarray, edit: np.ndarray) -> float:
    """Correlation of the edge maps: 1 where every edge stayed.

    Of 119 pairs of unrelated photographs 99 % lie below 0.31, procedural edits of photographs about 0.7.
    """
    return float(edges(source) @ edges(edit))


def similarity_ssim(source: np.ndarray, edit: np.ndarray) -> float:
    """SSIM of two pictures of one size."""
    both = [torch.from_numpy(np.array(p)).permute(2, 0, 1)[None].float() / 255 for p in (source, edit)]
    return float(ssim(*both))


def passed(found: Measured, filters: Filters) -> int:
    """How many filters in a row a pair passes."""
    tests = (
        filters.window[0] < found.similarity < filters.window[1],
        found.share >= filters.least_share,
        found.structure >= filters.least_structure,
    )
    return next((i for i, good in enumerate(tests) if not good), len(tests))
