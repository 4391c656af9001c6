"""How well the product's scene maps agree with the test labels: what docs/scenes.md says.

    python -m scene_maps.figures DATA [--lists test] [--bundle FOLDER] [--keep FOLDER]

Runs `emoeditor scene` on the photographs of the lists and compares the maps, enlarged to the photographs' size, with
the labels. Nothing may be chosen by what this says of the list `test`.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from scene_labels.format import label_path, points, read_labels, read_list
from scene_labels.raster import rasterise

from .measures import SIX, points_of, sky_of

ROOT = Path(__file__).parents[2]
EMOEDITOR = ROOT / "companion-server" / "bin" / "emoeditor.mjs"
MAPS = ("sky", "ground", "water", "vegetation", "building", "subject")
"""The six classes, by map; the index is that of SIX."""
ALL = ("sky", "ground", "water", "vegetation", "building", "person", "face", "subject", "depth", "lights")
"""As the product has them."""
OFF = 0.02
"""How far a horizon may be off, in shares of the height."""


def look(photos: list[Path], bundle: Path | None, out: Path) -> list[dict[str, Any]]:
    """What the product says of each photograph; the maps go to `out/NAME.png`, one below the other."""
    command = ["node", str(EMOEDITOR), "scene", *map(str, photos), "--strip", str(out), "--json", "--overwrite"]
    command += [] if bundle is None else ["--bundle", str(bundle)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def read_maps(file: Path, shape: tuple[int, int]) -> dict[str, np.ndarray]:
    """Maps in 0..1, enlarged to `shape` `[H,W]`."""
    strip = np.asarray(Image.open(file).convert("L"), np.float32) / 255
    planes = strip.reshape(len(ALL), -1, strip.shape[1])
    return {n: cv2.resize(p, shape[::-1], interpolation=cv2.INTER_LINEAR) for n, p in zip(ALL, planes, strict=True)}


def at(plane: np.ndarray, text: str) -> float:
    """Mean around a point in percent: 1 percent of the sides each way."""
    x, y = points(text)[0]
    height, width = plane.shape
    row, column = min(height - 1, int(y / 100 * height)), min(width - 1, int(x / 100 * width))
    dy, dx = max(1, height // 100), max(1, width // 100)
    return float(plane[max(0, row - dy) : row + dy + 1, max(0, column - dx) : column + dx + 1].mean())


def horizon_error(said: dict[str, float] | None, text: str) -> float | None:
    """Mean distance of two lines over the picture's width, in shares of its height; None where none is said."""
    if said is None:
        return None
    (x0, y0), (x1, y1) = points(text)
    slope = (y1 - y0) / (x1 - x0)
    left, right = (y0 - slope * x0) / 100, (y0 + slope * (100 - x0)) / 100
    return abs((said["left"] + said["right"]) / 2 - (left + right) / 2)


def mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 3) if values else float("nan")


def read_labelled(lists: list[str], every: int) -> dict[str, Any]:
    """Labels by photograph, of every so manieth of what is labelled."""
    found = {}
    for name in lists:
        labels = read_labels(label_path(name))
        found |= {p: labels[p] for p in [p for p in read_list(name) if p in labels][::every]}
    return found


def judge(data: Path, labels: dict[str, Any], bundle: Path | None, out: Path) -> dict[str, Any]:
    photos = list(labels)
    told = look([data / p for p in photos], bundle, out)
    sky, wrong, sure = [], [], []
    six: list[tuple[int, int]] = []
    pairs: list[tuple[bool, bool]] = []
    horizons: list[tuple[float | None, bool, float]] = []
    invented = 0
    for photo, said in zip(photos, told, strict=True):
        label = labels[photo]
        mask = rasterise(label, np.asarray(Image.open(data / photo).convert("RGB")))
        maps = read_maps(out / f"{Path(photo).stem}.png", mask.shape)
        planes = np.stack([maps[m] for m in MAPS])
        iou, false = sky_of(planes[0] > 0.5, mask)
        if iou is not None:
            sky.append((round(iou, 3), photo))
            sure.append((said["confidence"]["sky"], iou))
        if false is not None:
            wrong.append((round(false, 4), photo))
        for row, column, k in points_of(mask, photo):
            if SIX[k] is not None:
                six.append((SIX[k], int(planes[:, row, column].argmax())))
        depth = maps["depth"]
        for near, far in label.get("pairs", []):
            lower = points(near)[0][1] - points(far)[0][1] > 5
            pairs.append((at(depth, near) < at(depth, far), lower))
        if label["horizon"] is not None:
            guessed = "guess" in label.get("note", "").lower()
            error = horizon_error(said["horizon"], label["horizon"])
            horizons.append((error, guessed, said["horizon"]["confidence"] if said["horizon"] else 0.0))
        elif said["horizon"] is not None:
            invented += 1
    read = [(e, c) for e, g, c in horizons if not g]
    close = [e is not None and e <= OFF for e, _ in read]
    confidences = np.array(sure)
    high = confidences[:, 0] >= np.median(confidences[:, 0])
    return {
        "photographs": len(photos),
        "sky IoU": mean([v for v, _ in sky]),
        "sky IoU, median": round(float(np.median([v for v, _ in sky])), 3),
        "with sky": len(sky),
        "worst skies": sorted(sky)[:6],
        "wrongly sky where there is none": mean([v for v, _ in wrong]),
        "without sky": len(wrong),
        "most wrongly sky": sorted(wrong)[-4:],
        "sky IoU of the surer half": mean(confidences[high, 1].tolist()),
        "sky IoU of the less sure half": mean(confidences[~high, 1].tolist()),
        "six classes at points": mean([a == b for a, b in six]),
        "points": len(six),
        "recall": {MAPS[k]: [mean([a == b for a, b in six if a == k]), sum(a == k for a, _ in six)] for k in range(6)},
        "precision": {MAPS[k]: mean([a == b for a, b in six if b == k]) for k in range(6)},
        "depth order": mean([r for r, _ in pairs]),
        "pairs": len(pairs),
        "depth order, nearer not lower": mean([r for r, lower in pairs if not lower]),
        "pairs, nearer not lower": sum(not lower for _, lower in pairs),
        "horizon within 2 percent": mean(close),
        "horizons": len(read),
        "horizons named": sum(e is not None for e, _ in read),
        "horizon error, median": round(float(np.median([e for e, _ in read if e is not None])), 3),
        "horizon within 2 percent, guessed ones too": mean([e is not None and e <= OFF for e, _, _ in horizons]),
        "horizon within 2 percent where sure to .7": mean(
            [r for r, (_, c) in zip(close, read, strict=True) if c >= 0.7]
        ),
        "horizons sure to .7": sum(c >= 0.7 for _, c in read),
        "horizon said where none was labelled": invented,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--lists", nargs="+", default=["test"])
    parser.add_argument("--every", type=int, default=1, help="4: what training with --fold 0/4 leaves out of each list")
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--keep", type=Path, help="where the maps stay")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found = judge(args.data, read_labelled(args.lists, args.every), args.bundle, args.keep or Path(scratch))
    for name, value in found.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
