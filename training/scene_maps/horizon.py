"""Where the horizon lies, from how much of each row of a picture every class takes: fitted on the hand labels.

    python -m scene_maps.horizon FEATURES --folds 5                 # what is held out, by photographs
    python -m scene_maps.horizon FEATURES --out ../companion-server/src/scene/maps/horizonWeights.ts

A row's score is linear in what lies just above and below it and in all that lies above and below; the rows' scores and
that of "none can be told" go into one softmax. FEATURES holds the masks that `scene_maps.targets` writes.
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch

from scene_labels.format import label_path, points, read_labels, read_list

from .targets import read_masks

ROWS = 80
CLASSES = 5
"""Sky, ground, water, vegetation, building: the first ones of `scene_labels.CLASSES`."""
WINDOWS = (2, 6, 20)
"""Rows above and below."""
MEETING = ((0, 2), (0, 1), (3, 2), (1, 2), (3, 1), (4, 1), (0, 3), (4, 2))
"""Classes that meet at a row: the one above, the one below."""
SPREAD = 0.008
"""How exactly a horizon is known, in shares of the height."""
NEAR = 2
"""Rows around the best one that belong to the same answer."""
PENALTY = 1e-4
HEADER = "/** Written by training/scene_maps/horizon.py, which says what they are; format it with Biome. */\n"


class Model(NamedTuple):
    """Weights of a row's cues `[50]`; of none: of the five classes' shares and their squares `[10]`, and a bias."""

    row: np.ndarray
    none: np.ndarray
    bias: float


def profile(mask: np.ndarray) -> np.ndarray:
    """Share of each row that a class takes, `[5,ROWS]` of a mask `[H,W]`."""
    shares = [(mask == k).mean(1, dtype=np.float32)[:, None] for k in range(CLASSES)]
    return np.stack([cv2.resize(s, (1, ROWS), interpolation=cv2.INTER_AREA)[:, 0] for s in shares])


def cues(shares: np.ndarray) -> np.ndarray:
    """`[ROWS,50]` of a profile: row r is the border between the rows r - 1 and r."""
    sums = np.concatenate([np.zeros((CLASSES, 1), np.float32), np.cumsum(shares, 1)], 1)
    r, found = np.arange(ROWS), []
    for window in WINDOWS:
        first, last = np.maximum(r - window, 0), np.minimum(r + window, ROWS)
        found += [(sums[:, r] - sums[:, first]) / np.maximum(r - first, 1), (sums[:, last] - sums[:, r]) / (last - r)]
    above, below = found[:2]
    found += [(sums[:, -1:] - sums[:, r]) / ROWS, sums[:, r] / ROWS]
    found += [np.stack([above[a] * below[b] for a, b in MEETING]), np.stack([r / ROWS, (r / ROWS) ** 2])]
    return np.concatenate(found).T.astype(np.float32)


def whole(found: np.ndarray) -> np.ndarray:
    """`[10]`: shares of the picture and their squares, of cues."""
    shares = found[0, 2 * CLASSES * len(WINDOWS) :][:CLASSES]
    return np.concatenate([shares, shares**2])


def target(height: float | None) -> np.ndarray:
    """`[ROWS + 1]`: where the horizon is, last none."""
    goal = np.zeros(ROWS + 1, np.float32)
    if height is None or not 0.01 < height < 0.99:
        goal[ROWS] = 1
        return goal
    near = np.exp(-0.5 * ((np.arange(ROWS) / ROWS - height) / SPREAD) ** 2)
    goal[:ROWS] = near / near.sum()
    return goal


def part(shares: np.ndarray, height: float | None, rng: np.random.Generator) -> tuple[np.ndarray, float | None]:
    """A profile as a random part of the picture's height has it."""
    top, bottom = rng.uniform(0, 0.25), rng.uniform(0.75, 1)
    rows = np.linspace(top * ROWS, bottom * ROWS - 1, ROWS)
    cut = np.stack([np.interp(rows, np.arange(ROWS), s) for s in shares]).astype(np.float32)
    return cut, None if height is None else (height - top) / (bottom - top)


def fit(profiles: list[np.ndarray], heights: list[float | None], parts: int = 3) -> Model:
    """Least cross entropy with a penalty on the weights' squares."""
    rng = np.random.default_rng(0)
    seen, goals = [], []
    for shares, height in zip(profiles, heights, strict=True):
        views = [(shares, height), *(part(shares, height, rng) for _ in range(parts))]
        seen += [cues(s) for s, _ in views]
        goals += [target(h) for _, h in views]
    x, goal = torch.from_numpy(np.stack(seen)), torch.from_numpy(np.stack(goals))
    shown = torch.from_numpy(np.stack([whole(s) for s in seen]))
    row, none = torch.zeros(x.shape[2], requires_grad=True), torch.zeros(shown.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([row, none, bias], max_iter=150, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        scores = torch.cat([x @ row, (shown @ none)[:, None] + bias], 1)
        loss = -(goal * scores.log_softmax(1)).sum(1).mean() + PENALTY * (row.square().sum() + none.square().sum())
        loss.backward()
        return loss

    optimiser.step(closure)
    return Model(row.detach().numpy(), none.detach().numpy(), float(bias.detach()))


def find(model: Model, shares: np.ndarray) -> tuple[float, float]:
    """Height in shares, and how sure: what lies within NEAR rows of it."""
    seen = cues(shares)
    scores = np.append(seen @ model.row, whole(seen) @ model.none + model.bias)
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    best = int(likely[:ROWS].argmax())
    rows = np.arange(max(0, best - NEAR), min(ROWS, best + NEAR + 1))
    sure = likely[rows].sum()
    return float((likely[rows] * rows).sum() / sure / ROWS), float(sure)


def read(features: Path, lists: list[str]) -> tuple[list[np.ndarray], list[float | None]]:
    """Profiles and horizons of all labelled photographs."""
    profiles, heights = [], []
    for name in lists:
        labels, masks = read_labels(label_path(name)), read_masks(features, name)
        for photo in (p for p in read_list(name) if p in masks):
            profiles.append(profile(masks[photo]))
            heights.append(level(labels[photo]["horizon"]))
    return profiles, heights


def level(text: str | None) -> float | None:
    """Height of a labelled line in the middle of the picture."""
    if text is None:
        return None
    (x0, y0), (x1, y1) = points(text)
    return (y0 + (y1 - y0) / (x1 - x0) * (50 - x0)) / 100


def held_out(profiles: list[np.ndarray], heights: list[float | None], folds: int) -> None:
    """Prints how far off it is for photographs that were not learnt."""
    fold = np.random.default_rng(1).permutation(len(profiles)) % folds
    said = np.zeros((len(profiles), 2))
    for k in range(folds):
        stay = [i for i in range(len(profiles)) if fold[i] != k]
        model = fit([profiles[i] for i in stay], [heights[i] for i in stay])
        for i in np.flatnonzero(fold == k):
            said[i] = find(model, profiles[i])
    has = np.array([h is not None for h in heights])
    off = np.abs(said[:, 0] - np.array([np.nan if h is None else h for h in heights]))
    for least in (0, 0.2, 0.35, 0.5, 0.7):
        sure = said[:, 1] >= least
        print(
            f"sure to {least}: {int((sure & has).sum())} of {int(has.sum())} horizons, "
            f"{(off[sure & has] <= 0.02).mean():.2f} within 2 percent; said of {int((sure & ~has).sum())} without"
        )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path)
    parser.add_argument("--lists", nargs="+", default=["trainA", "trainB"])
    parser.add_argument("--folds", type=int)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    profiles, heights = read(args.features, args.lists)
    if args.folds is not None:
        held_out(profiles, heights, args.folds)
    if args.out is not None:
        model = fit(profiles, heights)
        told = {"row": model.row.round(4).tolist(), "none": model.none.round(4).tolist(), "bias": round(model.bias, 4)}
        args.out.write_text(f"{HEADER}export const HORIZON_WEIGHTS = {json.dumps(told)};\n", encoding="utf-8")


if __name__ == "__main__":
    main()
