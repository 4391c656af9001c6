"""How well two label files agree on the photographs that both have: IoU per class, and horizon.

    python -m scene_labels.compare FIRST.json SECOND.json --data DATA

Pixels that either file leaves undecided are not counted.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from . import CLASSES, UNDECIDED
from .format import read_labels
from .raster import rasterise


def agreement(first: np.ndarray, second: np.ndarray) -> tuple[float, dict[str, float]]:
    """Share of equal pixels, and IoU of each class that occurs in either; masks uint8 `[H,W]` of the same size."""
    decided = (first != UNDECIDED) & (second != UNDECIDED)
    ious = {}
    for k, name in enumerate(CLASSES):
        both, either = (first == k) & (second == k) & decided, ((first == k) | (second == k)) & decided
        if either.any():
            ious[name] = float(both.sum() / either.sum())
    return float((first == second)[decided].mean()) if decided.any() else 1.0, ious


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    first, second = read_labels(args.first), read_labels(args.second)
    equal, classes = [], {}
    for photo in [p for p in first if p in second]:
        rgb = np.asarray(Image.open(args.data / photo).convert("RGB"))
        share, ious = agreement(rasterise(first[photo], rgb), rasterise(second[photo], rgb))
        print(f"{photo}: {share:.3f} equal, " + ", ".join(f"{c} {v:.3f}" for c, v in ious.items()))
        equal.append(share)
        for name, value in ious.items():
            classes.setdefault(name, []).append(value)
    print(f"mean of {len(equal)}: {np.mean(equal):.3f} equal")
    print(", ".join(f"{c} {np.mean(v):.3f} ({len(v)})" for c, v in classes.items()))


if __name__ == "__main__":
    main()
