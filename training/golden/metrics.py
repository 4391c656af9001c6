"""Write `test/golden/metrics/metrics.json`: what published references compute on fixed pictures.

Run from `training/`: `python -m golden.metrics`. SSIM and PSNR are scikit-image's formulas in numpy (the package is not
needed), Canny and luma OpenCV's, the squashed picture Pillow's.
"""

import json
from pathlib import Path

import cv2
import numpy as np
import PIL
from PIL import Image

OUT = Path(__file__).parents[2] / "test" / "golden" / "metrics" / "metrics.json"
SIDE = 224
WINDOW = 51
RGB_TO_LMS = np.array([[0.3811, 0.5783, 0.0402], [0.1967, 0.7244, 0.0782], [0.0241, 0.1288, 0.8444]])
LMS_TO_RGB = np.array([[4.4679, -3.5873, 0.1193], [-1.2186, 2.3809, -0.1624], [0.0497, -0.2439, 1.2045]])
TO_LAB = np.diag([3**-0.5, 6**-0.5, 2**-0.5]) @ np.array([[1, 1, 1], [1, 1, -2], [1, -1, 0]])


def picture(width: int, height: int, k: int) -> np.ndarray:
    """`[height,width,3]` bytes: waves, a sharp disc and some noise of a linear congruential generator."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    planes = [127 + 60 * np.sin(x / (9 + 3 * c + k) + k) + 50 * np.cos(y / (7 + 2 * c) - c) for c in range(3)]
    out = np.stack(planes, 2)
    out[(x - width * 0.4) ** 2 + (y - height * 0.5) ** 2 < (height * 0.2) ** 2] += 150 - 40 * k
    state, noise = 1 + k, np.empty(width * height * 3)
    for i in range(noise.size):
        state = (state * 1103515245 + 12345) % 2**31
        noise[i] = state / 2**31 - 0.5
    return np.clip(np.floor(out + 16 * noise.reshape(out.shape) + 0.5), 0, 255).astype(np.uint8)


def window_means(values: np.ndarray, side: int) -> np.ndarray:
    """Means over all whole windows."""
    sums = np.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return (sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]) / side**2


def ssim(a: np.ndarray, b: np.ndarray, side: int) -> float:
    """`skimage.metrics.structural_similarity(a, b, win_size=side)` of uint8: sample covariance, data range 255."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    ua, ub = window_means(a, side), window_means(b, side)
    norm = side**2 / (side**2 - 1)
    va = norm * (window_means(a * a, side) - ua * ua)
    vb = norm * (window_means(b * b, side) - ub * ub)
    vab = norm * (window_means(a * b, side) - ua * ub)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(((2 * ua * ub + c1) * (2 * vab + c2) / ((ua**2 + ub**2 + c1) * (va + vb + c2))).mean())


def transferred(source: np.ndarray, exemplar: np.ndarray) -> np.ndarray:
    """Reinhard et al. 2001."""

    def lab(rgb: np.ndarray) -> np.ndarray:
        lms = np.maximum(rgb / 255, 0.5 / 255).reshape(-1, 3) @ RGB_TO_LMS.T
        return np.log10(lms) @ TO_LAB.T

    a, b = lab(source), lab(exemplar)
    moved = (a - a.mean(0)) * b.std(0) / a.std(0) + b.mean(0)
    rgb = 10 ** (moved @ np.linalg.inv(TO_LAB).T) @ LMS_TO_RGB.T
    return np.clip(np.floor(255 * rgb + 0.5), 0, 255).astype(np.uint8).reshape(source.shape)


def esmi(source: np.ndarray, edit: np.ndarray, region: np.ndarray, before: list, after: list, target: int) -> float:
    """As `metric_ESMI.py` combines its parts."""
    difference = np.abs(source.astype(np.float64) - edit)
    structure = (difference * region[..., None]).mean() / (difference.mean() + 1e-10)
    far, near = -np.log(before[target]), -np.log(after[target])
    return float(100 * (0.5 * structure + 0.5 * max(0, far - near) / (far + 1e-10)))


def main() -> None:
    """Command line."""
    source, edit = picture(SIDE, SIDE, 0), picture(SIDE, SIDE, 1)
    grey = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in (source, edit)]
    edges = [cv2.Canny(one, 200, 500) for one in grey]
    wide = picture(503, 331, 0)
    squashed = np.array(Image.fromarray(wide).resize((SIDE, SIDE)))
    y, x = np.mgrid[:SIDE, :SIDE]
    region = ((x - 90) ** 2 + (y - 112) ** 2 < 60**2).astype(np.float64)
    before, after = [0.3, 0.1, 0.05, 0.15, 0.1, 0.1, 0.12, 0.08], [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 0.1]
    difference = np.abs(source.astype(np.float64) - edit)
    moved = transferred(source, edit)
    golden = {
        "provenance": {
            "generator": "training/golden/metrics.py",
            "opencv": cv2.__version__,
            "numpy": np.__version__,
            "pillow": PIL.__version__,
        },
        "pictures": {"source": int(source.sum()), "edit": int(edit.sum()), "wide": int(wide.sum())},
        "ssim": ssim(*grey, WINDOW),
        "psnr": float(10 * np.log10(255**2 / ((source.astype(np.float64) - edit) ** 2).mean())),
        "grey": int(grey[0].astype(np.int64).sum()),
        "edges": {"source": int((edges[0] > 0).sum()), "rows": [int(n) for n in (edges[0] > 0).sum(1)]},
        "ess": float(np.abs(edges[0].astype(np.float64) - edges[1]).mean()),
        "squashed": {"sum": int(squashed.astype(np.int64).sum()), "row": squashed[100].flatten().tolist()},
        "esmi": esmi(source, edit, region, before, after, 6),
        "enrd": float((difference * (1 - region)[..., None]).mean()),
        "transfer": {"row": moved[77].flatten().tolist(), "sum": int(moved.astype(np.int64).sum())},
    }
    OUT.write_text(json.dumps(golden) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
