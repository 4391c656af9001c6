"""Maps of the backbone for every view of the labelled photographs, written once: training takes seconds then.

    python -m scene_maps.extract DATA --weights weights --lists trainA trainB --out FEATURES [--share 1/2]

Writes `LIST.at4.npy` ... `LIST.at32.npy`, float16 `[photographs, views, C, S/s, S/s]`, in the lists' order.
Photographs of `pool:N` are N of the pool for self-training, one view each with and without another palette.
"""

import argparse
import os
from pathlib import Path

import numpy as np
from PIL import Image

from scene_labels.format import read_list

from . import pool
from .backbone import CHANNELS, SIZE, STRIDES, Eyes
from .views import VIEWS, show, view_of

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def photos_of(name: str, data: Path) -> tuple[str, list[str], int]:
    """A list's name on disk, its photographs, and how many views each gets; test photographs are seen as they are."""
    if name.startswith("pool:"):
        return "pool", pool.draw(data, int(name[5:])), 2
    return name, read_list(name), 1 if name == "test" else VIEWS


def open_maps(out: Path, name: str, photos: int, views: int) -> dict[int, np.ndarray]:
    """The files, made or opened for writing; several processes may write different rows."""
    maps = {}
    for stride in STRIDES:
        file = out / f"{name}.at{stride}.npy"
        shape = (photos, views, CHANNELS[stride], SIZE // stride, SIZE // stride)
        if not file.exists():
            np.lib.format.open_memmap(file, "w+", np.float16, shape).flush()
        maps[stride] = np.load(file, mmap_mode="r+")
    return maps


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, required=True, help="folder of the ImageNet checkpoints")
    parser.add_argument("--lists", nargs="+", default=["trainA", "trainB", "test"])
    parser.add_argument("--share", default="1/1", help="1/2 leaves every other photograph to another process")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    share, shares = (int(part) for part in args.share.split("/"))
    eyes = Eyes(args.weights, args.out / f"share{share}")
    for asked in args.lists:
        name, photos, views = photos_of(asked, args.data)
        maps = open_maps(args.out, name, len(photos), views)
        for row in range(share - 1, len(photos), shares):
            photo = Image.open(args.data / photos[row]).convert("RGB")
            for number in range(views):
                found = eyes.see(show(photo, view_of(photos[row], number)))
                for stride, values in zip(STRIDES, found, strict=True):
                    maps[stride][row, number] = values
            if row % 20 < shares:
                print(f"{name}: {row} of {len(photos)}", flush=True)


if __name__ == "__main__":
    main()
