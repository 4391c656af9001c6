"""How well class maps agree with masks."""

import numpy as np

from scene_labels import CLASSES, UNDECIDED

SKY = CLASSES.index("sky")
SIX = (0, 1, 2, 3, 4, 5, 5, None)
"""The six classes of the goals, by class: persons and other things are one; a studio's backdrop is none of them."""
LEAST_SKY = 0.01
"""Share of the decided picture from which on a photograph has sky, for its IoU."""


def sky_of(said: np.ndarray, mask: np.ndarray) -> tuple[float | None, float | None]:
    """IoU of the sky where there is more than 1 percent, and the share wrongly called sky where there is none.

    said: bool `[H,W]`; mask: uint8 `[H,W]`. A photograph with a trace of sky has neither.
    """
    decided = mask != UNDECIDED
    sky = (mask == SKY) & decided
    said = said & decided
    if sky.sum() > LEAST_SKY * decided.sum():
        return float((said & sky).sum() / (said | sky).sum()), None
    return None, None if sky.any() else float(said.sum() / max(1, decided.sum()))


def pixel_accuracy(said: np.ndarray, mask: np.ndarray) -> float:
    """Share of the decided pixels whose class is said right, all eight classes."""
    decided = mask != UNDECIDED
    return float((said == mask)[decided].mean()) if decided.any() else float("nan")


def points_of(mask: np.ndarray, photo: str, per_class: int = 6) -> list[tuple[int, int, int]]:
    """Points `(row, column, class)` by chance from the photograph's name: up to six in each class that has 1 percent.

    A point keeps 1 percent of the long side from other classes, as a labeller's finger does.
    """
    import zlib

    import cv2

    rng = np.random.default_rng(zlib.crc32(photo.encode()))
    reach = max(1, round(0.01 * max(mask.shape)))
    found = []
    for k in range(len(CLASSES)):
        inside = mask == k
        if inside.mean() < 0.01:
            continue
        inner = cv2.erode(inside.astype(np.uint8), np.ones((2 * reach + 1,) * 2)) > 0
        places = np.argwhere(inner)
        for row, column in places[rng.permutation(len(places))[:per_class]]:
            found.append((int(row), int(column), k))
    return found


def six_right(said: np.ndarray, points: list[tuple[int, int, int]]) -> list[bool]:
    """Whether each point of the six classes is said right; points of the backdrop are left out."""
    return [SIX[int(said[r, c])] == SIX[k] for r, c, k in points if SIX[k] is not None]
