"""What the decoder is to say of a view: shares of the classes per cell, from the hand labels.

    python -m scene_maps.targets DATA --lists trainA trainB test --out FEATURES

Rasterises the labels once, because their borders snap to the photographs' edges: `LIST.masks.npz`.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from scene_labels import CLASSES
from scene_labels.format import label_path, read_labels, read_list
from scene_labels.raster import rasterise

from .backbone import SIZE
from .views import View

GRID = SIZE // 4
"""Cells of the decoder's output, each way."""


def shares(mask: np.ndarray, view: View) -> tuple[np.ndarray, np.ndarray]:
    """Class shares `[K,G,G]` of what is decided in each cell of a view, and how much of the cell is decided `[G,G]`.

    mask: uint8 `[H,W]`, index into CLASSES or 255.
    """
    height, width = mask.shape
    left, top, right, bottom = view.box
    part = mask[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
    found = np.stack(
        [
            cv2.resize((part == k).astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA)
            for k in range(len(CLASSES))
        ]
    )
    decided = found.sum(0)
    return found / np.maximum(decided, 1e-6), decided


def read_masks(out: Path, name: str) -> dict[str, np.ndarray]:
    """Masks by photograph, only of those that are labelled."""
    with np.load(out / f"{name}.masks.npz") as file:
        return {photo: file[photo] for photo in file.files}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--lists", nargs="+", default=["trainA", "trainB"])
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    for name in args.lists:
        labels = read_labels(label_path(name))
        masks = {}
        for photo in read_list(name):
            if photo in labels:
                masks[photo] = rasterise(labels[photo], np.asarray(Image.open(args.data / photo).convert("RGB")))
        np.savez_compressed(args.out / f"{name}.masks.npz", **masks)
        print(f"{name}: {len(masks)} masks", flush=True)


if __name__ == "__main__":
    main()
