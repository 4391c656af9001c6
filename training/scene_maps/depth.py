"""Weights of the cues of nearness, fitted on the hand-labelled pairs of points: what the product's depth is made of.

    python -m scene_maps.depth DATA FEATURES --selfie ../models/starter/selfie.onnx

Cues are those of companion-server/src/scene/maps/depthPlane.ts; the classes are the labels' own here (FEATURES holds
the masks that `scene_maps.targets` writes). Says how many pairs are in order, photographs held out, and the weights.
"""

import argparse
import os
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression

from scene_labels import CLASSES
from scene_labels.format import label_path, points, read_labels, read_list

from .targets import read_masks

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
AREA = 320 * 320
MEASURED_AT = 256
"""Windows are said in pixels of a picture of this side."""
STANDING = [CLASSES.index(name) for name in ("building", "person", "other")]
CUES = ("lower", "foot lower", "hazy", "sharp", "sky", "person", "thing", "foreground")
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
FOLDS = 10


def foot(mask: np.ndarray) -> np.ndarray:
    """How low each pixel's foot lies in shares of the height: of what stands, where its class ends below it."""
    height = len(mask)
    feet = np.empty(mask.shape, np.float32)
    feet[-1] = 1
    for y in range(height - 2, -1, -1):
        on = (mask[y] == mask[y + 1]) & np.isin(mask[y], STANDING)
        feet[y] = np.where(on, feet[y + 1], (y + 1) / height)
    return feet


def cues_of(photo: Image.Image, mask: np.ndarray, selfie) -> np.ndarray:
    """`[8,h,w]` at working size, in the order of CUES; `selfie`: the network's session."""
    scale = (AREA / (photo.width * photo.height)) ** 0.5
    width, height = (max(8, round(side * scale)) for side in photo.size)
    x = np.asarray(photo.resize((width, height), Image.Resampling.BILINEAR), np.float32) / 255
    mask = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
    unit = (width * height) ** 0.5 / MEASURED_AT
    window = np.ones((2 * round(4 * unit) + 1,) * 2)
    hazy = cv2.GaussianBlur(cv2.erode(x.min(2), window), (0, 0), 6 * unit)
    luma = x @ LUMA
    detail = cv2.GaussianBlur(np.abs(luma - cv2.GaussianBlur(luma, (0, 0), 1.5 * unit)), (0, 0), 8 * unit)
    squashed = cv2.resize(x, (256, 256), interpolation=cv2.INTER_AREA).transpose(2, 0, 1)[None]
    cut = cv2.resize(selfie.run(None, {"x": squashed})[0].squeeze(), (width, height))
    lower = np.repeat(np.arange(height)[:, None] / height, width, 1)
    shown = [(mask == CLASSES.index(name)) for name in ("sky", "person", "other")]
    return np.stack([lower, foot(mask), hazy, np.log(detail + 0.003), *shown, cut]).astype(np.float32)


def at(cues: np.ndarray, text: str) -> np.ndarray:
    """Means around a point in percent: 1 percent of the sides each way."""
    (x, y), (height, width) = points(text)[0], cues.shape[1:]
    row, column = min(height - 1, int(y / 100 * height)), min(width - 1, int(x / 100 * width))
    dy, dx = max(1, height // 100), max(1, width // 100)
    return cues[:, max(0, row - dy) : row + dy + 1, max(0, column - dx) : column + dx + 1].mean((1, 2))


def fit(difference: np.ndarray) -> np.ndarray:
    """Weights at which nearer minus farther is above 0, by logistic regression without a constant."""
    both = np.concatenate([difference, -difference])
    nearer = np.repeat([1, 0], len(difference))
    return LogisticRegression(C=1, fit_intercept=False, max_iter=1000).fit(both, nearer).coef_[0]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("features", type=Path)
    parser.add_argument("--lists", nargs="+", default=["trainA", "trainB"])
    parser.add_argument("--selfie", type=Path, required=True)
    args = parser.parse_args()
    import onnxruntime

    selfie = onnxruntime.InferenceSession(str(args.selfie))
    difference, of, lower = [], [], []
    for name in args.lists:
        labels, masks = read_labels(label_path(name)), read_masks(args.features, name)
        for photo in (p for p in read_list(name) if labels.get(p, {}).get("pairs")):
            cues = cues_of(Image.open(args.data / photo).convert("RGB"), masks[photo], selfie)
            for near, far in labels[photo]["pairs"]:
                difference.append(at(cues, near) - at(cues, far))
                lower.append(points(near)[0][1] - points(far)[0][1] > 5)
                of.append(photo)
    rows, low = np.stack(difference), np.array(lower)
    photo = np.unique(of, return_inverse=True)[1]
    fold = (np.random.default_rng(0).permutation(photo.max() + 1) % FOLDS)[photo]
    right = np.zeros(len(rows), bool)
    for k in range(FOLDS):
        right[fold == k] = rows[fold == k] @ fit(rows[fold != k]) > 0
    print(f"{len(rows)} pairs in order: {right.mean():.3f}; {(~low).sum()} whose nearer one is not lower: ", end="")
    print(f"{right[~low].mean():.3f}")
    print({name: round(float(w), 2) for name, w in zip(CUES, fit(rows), strict=True)})


if __name__ == "__main__":
    main()
