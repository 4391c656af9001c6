"""Figures of a bundle on photographs that training never saw, with a judge that the loop never sees.

    python -m emoeditor.figures --photos HELD_OUT --judge RUN/judge --predictor RUN/predictor --out FIGURES

The edits are the product's own: `npm run bench:starter` makes them with the bundle, this judges them. Targets are the
seven emotions that are not the photograph's own (the predictor's strongest). ESMI as defined by the official
`metric_ESMI.py`: half the share of change inside the region that decides the source's emotion (class activation map
over 0.5 of its peak), half the share of the way to the target, -ln P, that the edit went.
"""

import argparse
import json
import subprocess
from pathlib import Path
from statistics import mean, median
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from emopair import EMOTIONS
from emopair.ssim import ssim

from .models import EmotionPredictor
from .networks import read_final
from .pictures import save_grid

ROOT = Path(__file__).parents[2]
SIDE = 224
"""The official metric compares pictures squashed to this side."""


def read(path: Path) -> Tensor:
    """A picture `[1,3,H,W]` in 0..1."""
    return torch.from_numpy(np.asarray(Image.open(path).convert("RGB")).copy()).permute(2, 0, 1)[None].float() / 255


@torch.no_grad()
def deciding_region(network: EmotionPredictor, image: Tensor) -> Tensor:
    """Where the network's strongest emotion comes from: `[SIDE,SIDE]` booleans.

    With global pooling before the one linear layer, Grad-CAM is the class activation map: the last features weighted
    with the class's row (Selvaraju et al. 2017, section 3.1).
    """
    features = network.last_features(image)
    row = network._fc.weight[network(image).argmax(1)[0]]
    heat = F.relu((features[0].float() * row.float()[:, None, None]).sum(0))
    heat = F.interpolate(heat[None, None], (SIDE, SIDE), mode="bilinear", align_corners=False)[0, 0]
    return heat > 0.5 * heat.max().clamp(min=1e-6)


@torch.no_grad()
def esmi(network: EmotionPredictor, source: Tensor, edit: Tensor, target: int) -> float:
    """Emotion stimuli modification index of one edit, 0..100."""
    small = [F.interpolate(x, (SIDE, SIDE), mode="bilinear", antialias=True) for x in (source, edit)]
    change = (small[0] - small[1]).abs().sum(1)[0] * 255
    region = deciding_region(network, source)
    structure = float(change[region].sum() / change.sum().clamp(min=1e-6))
    before, after = (float(network.probabilities(x)[0, target].clamp(min=1e-8).log()) for x in (source, edit))
    emotion = max(0.0, 1 - after / min(before, -1e-6))
    return 50 * (structure + emotion)


def judge_edits(folder: Path, judge: EmotionPredictor, predictor: EmotionPredictor) -> list[dict]:
    """One row per photograph and target other than its own emotion."""
    rows = []
    edits = json.loads((folder / "edits.json").read_text(encoding="utf-8"))
    photos = list(dict.fromkeys(edit["photo"] for edit in edits))
    sources: dict[str, Tensor] = {}
    for edit in edits:
        number = photos.index(edit["photo"])
        source = sources.setdefault(edit["photo"], read(folder / f"{number:04d}-source.png"))
        target = EMOTIONS.index(edit["target"])
        if int(predictor.probabilities(source)[0].argmax()) == target:
            continue
        image = read(folder / f"{number:04d}-{edit['target']}.png")
        p_before, p_after = judge.probabilities(source)[0], judge.probabilities(image)[0]
        rows.append(
            edit
            | {
                "judge_before": float(p_before[target]),
                "judge_after": float(p_after[target]),
                "judge_top": int(p_after.argmax()) == target,
                "judge_top_before": int(p_before.argmax()) == target,
                "esmi_own": esmi(predictor, source, image, target),
                "esmi_judge": esmi(judge, source, image, target),
            }
        )
    return rows


def diversity(folder: Path, count: int) -> float:
    """1 - SSIM between two edits of one photograph for different targets, on average: 0 when all look the same."""
    found = []
    for number in range(count):
        images = [read(folder / f"{number:04d}-{emotion}.png") for emotion in EMOTIONS]
        found += [1 - float(ssim(a, b)) for i, a in enumerate(images) for b in images[:i]]
    return mean(found)


def summary(rows: list[dict]) -> dict[str, float]:
    """The figures by name."""
    accepted = [row for row in rows if row["isAccepted"]]
    inside = [0.5 < row["ssim"] < 0.8 for row in accepted]
    return {
        "edits": len(rows),
        "judge_top1_before": mean(row["judge_top_before"] for row in rows),
        "judge_top1": mean(row["judge_top"] for row in rows),
        "judge_median_rise": median(row["judge_after"] - row["judge_before"] for row in rows),
        "own_top1": mean(row["isTop"] for row in rows),
        "own_median_rise": median(row["after"] - row["before"] for row in rows),
        "esmi_own": mean(row["esmi_own"] for row in rows),
        "esmi_judge": mean(row["esmi_judge"] for row in rows),
        "accepted": len(accepted) / len(rows),
        "accepted_inside_window": mean(inside) if inside else 0.0,
        "unet_evaluations": mean(row["evaluations"] for row in rows),
        "seconds_median": median(row["seconds"] for row in rows),
    }


def make_edits(photos: Path, out: Path, bundle: Path, limit: int) -> None:
    """Runs the product over the photographs."""
    command = ["npx", "tsx", "bench/starter/main.mts", "--photos", photos, "--out", out, "--bundle", bundle]
    subprocess.run([*map(str, command), "--limit", str(limit)], cwd=ROOT, check=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, required=True, help="see emopair.held_out")
    parser.add_argument("--judge", type=Path, required=True, help="folder of judge.safetensors' network")
    parser.add_argument("--predictor", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, default=ROOT / "models" / "starter")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=100)
    args = parser.parse_args()
    out = args.out.resolve()
    make_edits(args.photos.resolve(), out, args.bundle.resolve(), args.limit)
    device = torch.device("cpu")
    networks = [cast(EmotionPredictor, read_final(folder, "predictor", device)) for folder in (args.judge, args.predictor)]
    rows = judge_edits(out, *networks)
    figures = summary(rows) | {"diversity": diversity(out, len({row["photo"] for row in rows}))}
    (out / "figures.json").write_text(json.dumps({"figures": figures, "edits": rows}, indent=1), encoding="utf-8")
    grid = [[read(out / f"{n:04d}-{name}.png")[0] for name in ("source", *EMOTIONS)] for n in range(min(8, args.limit))]
    save_grid(out / "grid.png", grid, ["source", *EMOTIONS], [[""] * 9 for _ in grid])
    for name, value in figures.items():
        print(f"{name:24} {value:.3f}")


if __name__ == "__main__":
    main()
