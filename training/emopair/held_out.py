"""Copies photographs that training never sees into a folder, evenly from the source folders.

python -m emopair.held_out PHOTOS_FOLDER OUT_FOLDER --count 100
"""

import argparse
import shutil
from itertools import zip_longest
from pathlib import Path

from .pack import GRAPHICS, TIERS, class_of, prepare, split_of


def held_out(photos: Path) -> list[Path]:
    """Photographs of the held-out split, one of each folder after the other, in a fixed order."""
    columns = []
    for folder in sorted(TIERS):
        names = sorted((photos / folder).glob("*.*"))
        columns.append([p for p in names if split_of(folder, class_of(folder, p.name), p.name) == "heldout"])
    return [p for row in zip_longest(*columns) for p in row if p is not None]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=100)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    copied = 0
    for path in held_out(args.photos):
        drawn = path.parent.name == "wallpaper" and any(word in path.name.lower() for word in GRAPHICS)
        if copied == args.count or drawn or isinstance(prepare(path, 80), str):
            continue
        shutil.copyfile(path, args.out / f"{copied:03d}-{path.parent.name}-{path.name}")
        copied += 1
    print(f"{copied} photographs in {args.out}")


if __name__ == "__main__":
    main()
