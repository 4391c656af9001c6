"""Check lists and labels: format, lists that do not overlap, labels only of listed photographs.

    python -m scene_labels.check [--data DATA]

With --data every photograph must be there, areas are rasterised, and the share of each class is printed; points and
pairs must agree with the areas (a point lies in its class, the nearer end of a pair is not in the sky).
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from . import CLASSES, LISTS, UNDECIDED
from .format import LabelError, label_path, points, read_labels, read_list
from .raster import rasterise


def contradictions(label: dict[str, Any], ids: np.ndarray) -> list[str]:
    """What points and pairs say against the areas. A point is tested with its surroundings of 1 percent."""
    height, width = ids.shape
    around = max(1, round(0.01 * max(height, width)))

    def classes(text: str) -> set[int]:
        x, y = points(text)[0]
        px, py = min(width - 1, int(x / 100 * width)), min(height - 1, int(y / 100 * height))
        return set(ids[max(0, py - around) : py + around + 1, max(0, px - around) : px + around + 1].ravel().tolist())

    faults = []
    for name, text in label.get("points", []):
        if not {CLASSES.index(name), UNDECIDED} & classes(text):
            faults.append(f"point {name} at {text} lies in {[CLASSES[k] for k in classes(text)]}")
    for near, far in label.get("pairs", []):
        if classes(near) == {CLASSES.index("sky")}:
            faults.append(f"pair {near} / {far}: the nearer end lies in the sky")
    return faults


def check_list(name: str, data: Path | None) -> list[str]:
    photos = read_list(name)
    try:
        labels = read_labels(label_path(name))
    except (LabelError, ValueError) as error:
        return [f"{name}: {error}"]
    faults = [f"{name}: {p} is labelled but not in the list" for p in labels if p not in photos]
    pairs = sum(len(v.get("pairs", [])) for v in labels.values())
    print(f"{name}: {len(labels)} of {len(photos)} labelled, {pairs} pairs")
    if data is None:
        return faults
    faults += [f"{name}: {p} is not in the data folder" for p in photos if not (data / p).exists()]
    counts = np.zeros(256)
    for photo, label in labels.items():
        if (data / photo).exists():
            ids = rasterise(label, np.asarray(Image.open(data / photo).convert("RGB")))
            faults += [f"{name} {photos.index(photo) + 1} {photo}: {f}" for f in contradictions(label, ids)]
            counts += np.bincount(ids.ravel(), minlength=256) / ids.size
    if labels:
        shares = [f"{c} {counts[k] / len(labels):.3f}" for k, c in enumerate(CLASSES)]
        print(f"  mean share: {', '.join(shares)}, undecided {counts[UNDECIDED] / len(labels):.3f}")
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    faults = [f for name in LISTS for f in check_list(name, args.data)]
    listed = [p for name in LISTS for p in read_list(name)]
    faults += [f"{p} is in two lists or twice in one" for p in sorted({p for p in listed if listed.count(p) > 1})]
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
