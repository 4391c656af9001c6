"""Labels as masks: polygons painted in order, their borders moved to the picture's own edges inside a narrow band."""

from typing import Any

import cv2
import numpy as np
from scipy.spatial import cKDTree

from . import CLASSES, UNDECIDED
from .format import points

# Half width of the band in which a border may move, percent of the long side: how well a polygon is read off a grid.
SNAP = 1.2
NEIGHBOURS = 12
# One unit of Lab (0..255 scale of OpenCV) weighs as much as this share of the long side.
SHARE_PER_LAB = 0.0016
OVERSAMPLE = 8  # cv2's polygons take fixed-point coordinates: 3 fractional bits

Mask = np.ndarray


def paint_area(area: list[Any], height: int, width: int) -> Mask:
    """Boolean `[H,W]`: the pixels of one polygon, or of one line of the given thickness."""
    options = area[2] if len(area) == 3 else {}
    scale = np.array([width, height]) / 100 * OVERSAMPLE
    corners = np.round(np.array(points(area[1])) * scale - OVERSAMPLE / 2).astype(np.int32)[None]
    mask = np.zeros((height, width), np.uint8)
    if "line" in options:
        thickness = max(1, round(options["line"] / 100 * max(height, width)))
        cv2.polylines(mask, corners, False, 1, thickness, shift=3)
    else:
        cv2.fillPoly(mask, corners, 1, shift=3)
    return mask > 0


def paint(label: dict[str, Any], height: int, width: int) -> tuple[Mask, Mask]:
    """Class ids `[H,W]` as painted, and the half width in pixels `[H,W]` by which each area's border may move."""
    ids = np.full((height, width), UNDECIDED, np.uint8)
    snap = np.zeros((height, width), np.float32)
    for area in label["areas"]:
        mask = paint_area(area, height, width)
        options = area[2] if len(area) == 3 else {}
        ids[mask] = UNDECIDED if area[0] == "undecided" else CLASSES.index(area[0])
        given = options.get("snap", 0 if "line" in options else SNAP)
        snap[mask] = given / 100 * max(height, width)
    return ids, snap


def borders(ids: Mask) -> Mask:
    """Pixels that have a right, left, lower or upper neighbour of another class."""
    edge = np.zeros(ids.shape, bool)
    across, down = ids[:, 1:] != ids[:, :-1], ids[1:] != ids[:-1]
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    edge[1:] |= down
    edge[:-1] |= down
    return edge


def band_of(ids: Mask, snap: Mask) -> Mask:
    """Pixels whose class the picture decides. A border moves by the larger width of its two sides, not at all if either
    side has none; undecided pixels are not the picture's to decide."""
    edge = borders(ids) & (ids != UNDECIDED)
    near = cv2.dilate(snap, np.ones((3, 3)))
    fixed = edge & (cv2.erode(snap, np.ones((3, 3))) == 0)
    band = np.zeros(ids.shape, bool)
    for width in np.unique(near[edge]):
        if width > 0:
            away = cv2.distanceTransform((~(edge & (near == width) & ~fixed)).astype(np.uint8), cv2.DIST_L2, 5)
            band |= away <= width
    if fixed.any():
        band &= cv2.distanceTransform((~fixed).astype(np.uint8), cv2.DIST_L2, 5) > 1.5
    return band & (ids != UNDECIDED) & (snap > 0)


def snap_to_edges(rgb: np.ndarray, ids: Mask, snap: Mask) -> Mask:
    """Class ids `[H,W]` with each pixel of the band given to the class of its nearest neighbours outside the band, near
    in colour (Lab) and position: KNN matting's affinity (Chen, Li & Tang, CVPR 2012) as a vote, then smoothed."""
    band = band_of(ids, snap)
    known = ~band & (ids != UNDECIDED)
    reach = cv2.dilate(band.astype(np.uint8), np.ones((3, 3)), iterations=max(2, round(2 * float(snap.max()))))
    seeds = known & (reach > 0)
    if not band.any() or not seeds.any():
        return ids
    height, width = ids.shape
    lab = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), (3, 3), 0).astype(np.float32)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    features = np.dstack([lab * SHARE_PER_LAB, x / max(height, width), y / max(height, width)])
    distances, found = cKDTree(features[seeds]).query(features[band], k=NEIGHBOURS)
    weights = 1 / (distances + 1e-3)
    found = np.minimum(found, seeds.sum() - 1)
    votes = np.zeros((len(CLASSES), height, width), np.float32)
    for k in range(len(CLASSES)):
        votes[k][known] = ids[known] == k
        votes[k][band] = (weights * (ids[seeds][found] == k)).sum(1) / weights.sum(1)
        # A pixel's own colour is noisy: neighbours within a pixel or two have a say.
        votes[k] = cv2.GaussianBlur(votes[k], (0, 0), 0.8)
    result = ids.copy()
    result[band] = votes.argmax(0)[band]
    return result


def rasterise(label: dict[str, Any], rgb: np.ndarray) -> Mask:
    """A photograph's label as class ids.

    label: one entry of a label file; rgb: the photograph, uint8 `[H,W,3]`.
    Returns uint8 `[H,W]`: index into CLASSES, 255 where no area lies or the labeller could not decide.
    """
    height, width = rgb.shape[:2]
    ids, snap = paint(label, height, width)
    snapped = snap_to_edges(rgb, ids, snap)
    # Lines are thinner than the band: they are drawn again where the picture's edges swallowed them.
    for area in label["areas"]:
        if len(area) == 3 and "line" in area[2] and area[0] != "undecided":
            mask = paint_area(area, height, width) & (ids == CLASSES.index(area[0]))
            snapped[mask] = CLASSES.index(area[0])
    return snapped
