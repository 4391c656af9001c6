"""How different pictures look from a photograph: LPIPS where the `lpips` package and its backbone are.

    python distance_of.py FOLDER [BACKBONES]

FOLDER holds `photograph-<n>.png` and `<method>-<n>.png` of the same sizes. BACKBONES holds the EfficientNet-Lite
checkpoints of training/README.md, for the distance that stands in, under its own name, where LPIPS is not to be had.
Prints JSON: the name of the distance and the mean per method.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))

from emoeditor.distances import picture_distance  # noqa: E402


def read(path: Path) -> Tensor:
    """`[1,3,H,W]` in 0..1."""
    pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)[None]


def main() -> None:
    folder = Path(sys.argv[1])
    distance = picture_distance(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    if distance is None:
        sys.exit(
            "Expected the package lpips with its AlexNet, or the folder of EfficientNet-Lite checkpoints "
            "(training/README.md), but found neither."
        )
    found: dict[str, list[float]] = defaultdict(list)
    for path in sorted(folder.glob("*.png")):
        method, place = path.stem.rsplit("-", 1)
        if method != "photograph":
            found[method].append(float(distance.measure(read(path), read(folder / f"photograph-{place}.png"))))
    print(json.dumps({"name": distance.name, "means": {key: sum(v) / len(v) for key, v in found.items()}}))


main()
