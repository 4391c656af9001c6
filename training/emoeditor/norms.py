"""Correlation of the predictor's valence and arousal with the human ratings of OASIS.

    python -m emoeditor.norms OASIS                              the shipped starter's predictor
    python -m emoeditor.norms OASIS --predictor RUN/predictor    a training run's

OASIS (Kurdi, Lozano & Banaji 2017): 670 photographs, each rated by about a hundred people from 1 to 7. A straight
line through the eight log-probabilities is fitted on one half and its rank correlation (Spearman's rho) with the
ratings reported on the other, as the mean over twenty ways to halve; once with the photographs halved at random, once
with whole themes ("Alcohol 1" to "Alcohol 9") on one side, which tells what it makes of scenes it was not fitted on.
"""

import argparse
import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from emopair import EMOTIONS

from .figures import ROOT, read
from .models import EmotionPredictor
from .weights.networks import read_predictor

SPLITS = 20
RIDGE = {"probabilities": 1.0, "features": 300.0}
"""Weight of the squared coefficients: 8 standardised inputs, and 1280."""
POSITIVE = ("amusement", "awe", "contentment", "excitement")
MEASURES = ("valence", "arousal")
BASELINE = {
    ("valence", "random"): 0.63,
    ("valence", "themes"): 0.50,
    ("arousal", "random"): 0.67,
    ("arousal", "themes"): 0.57,
}
"""Pearson's r of a ridge regression on frozen ImageNet MobileNetV2 features of the same photographs."""


@dataclass(frozen=True)
class Norms:
    """Rated photographs: files, themes and `ratings [N]` per measure."""

    files: list[str]
    themes: list[str]
    ratings: dict[str, np.ndarray]


def read_norms(folder: Path) -> Norms:
    """`norms.csv` of the folder; raises FileNotFoundError where it is not there."""
    with (folder / "norms.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    themes = [re.sub(r"\s*\d+$", "", row["theme"]) for row in rows]
    ratings = {name: np.array([float(row[f"{name}_mean"]) for row in rows]) for name in MEASURES}
    return Norms([row["file"] for row in rows], themes, ratings)


@torch.no_grad()
def look(network: EmotionPredictor, paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """A network's outputs for photographs: `probabilities [N,8]` and pooled `features [N,1280]`."""
    seen, felt = [], []
    for path in paths:
        features = network.last_features(read(path)).mean((2, 3))
        seen.append(features[0])
        felt.append(torch.softmax(network._fc(features).float() / network.config.temperature, dim=1)[0])
    return {"probabilities": torch.stack(felt).numpy(), "features": torch.stack(seen).numpy()}


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 0, ties shared."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts + 1) / 2)[inverse]


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation of two series."""
    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def halves(groups: Sequence[str], seed: int) -> np.ndarray:
    """True for one half: whole groups, drawn in random order until half of all is reached."""
    order = np.random.default_rng(seed).permutation(sorted(set(groups)))
    sizes = np.cumsum([groups.count(name) for name in order])
    first = set(order[: int(np.searchsorted(sizes, len(groups) / 2)) + 1])
    return np.array([name in first for name in groups])


def fitted(inputs: np.ndarray, ratings: np.ndarray, half: np.ndarray, ridge: float) -> np.ndarray:
    """Ratings `[M]` of the other half by a ridge regression over standardised `inputs [N,D]` of one half."""
    mean, spread = inputs[half].mean(0), inputs[half].std(0) + 1e-8
    x = (inputs - mean) / spread
    y = ratings[half] - ratings[half].mean()
    weights = np.linalg.solve(x[half].T @ x[half] + ridge * np.eye(x.shape[1]), x[half].T @ y)
    return x[~half] @ weights + ratings[half].mean()


def held_out(inputs: np.ndarray, ratings: np.ndarray, groups: Sequence[str], ridge: float) -> dict[str, float]:
    """Mean correlations on the half that was not fitted, over SPLITS halvings, and how much rho varies."""
    rho, r = [], []
    for seed in range(SPLITS):
        half = halves(groups, seed)
        found = fitted(inputs, ratings, half, ridge)
        rho.append(spearman(found, ratings[~half]))
        r.append(float(np.corrcoef(found, ratings[~half])[0, 1]))
    return {"rho": float(np.mean(rho)), "rho_spread": float(np.std(rho)), "r": float(np.mean(r))}


def compare(norms: Norms, seen: dict[str, np.ndarray]) -> dict[str, dict[str, float]]:
    """Correlations by `measure, split, inputs`."""
    groups = {"random": norms.files, "themes": norms.themes}
    inputs = {"probabilities": np.log(seen["probabilities"] + 1e-4), "features": seen["features"]}
    found = {}
    for measure in MEASURES:
        for split, by in groups.items():
            for name, values in inputs.items():
                found[f"{measure}, {split}, {name}"] = held_out(values, norms.ratings[measure], by, RIDGE[name])
    positive = seen["probabilities"][:, [EMOTIONS.index(name) for name in POSITIVE]].sum(1)
    ratings = norms.ratings["valence"]
    unfitted = {"rho": spearman(positive, ratings), "rho_spread": 0.0, "r": float(np.corrcoef(positive, ratings)[0, 1])}
    return found | {"valence, unfitted, P(positive)": unfitted}


def table(found: dict[str, dict[str, float]], count: int) -> str:
    """In Markdown, the baseline's r beside ours."""
    lines = [
        f"| {count} photographs of OASIS | Spearman's rho | ± | Pearson's r | baseline r |",
        "|---|---|---|---|---|",
    ]
    for name, figures in found.items():
        measure, split, _ = name.split(", ")
        baseline = BASELINE.get((measure, split))
        told = "" if baseline is None else f"{baseline:.2f}"
        lines.append(f"| {name} | {figures['rho']:.2f} | {figures['rho_spread']:.2f} | {figures['r']:.2f} | {told} |")
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("oasis", type=Path, help="folder of the photographs and norms.csv")
    parser.add_argument("--predictor", type=Path, help="folder of predictor.safetensors; left out: the bundle's own")
    parser.add_argument("--bundle", type=Path, default=ROOT / "models" / "starter")
    parser.add_argument("--out", type=Path, help="file for the figures as JSON")
    args = parser.parse_args()
    norms = read_norms(args.oasis)
    network = read_predictor(args.predictor, args.bundle)
    found = compare(norms, look(network, [args.oasis / name for name in norms.files]))
    if args.out:
        args.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(table(found, len(norms.files)))


if __name__ == "__main__":
    main()
