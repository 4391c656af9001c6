"""Figures of a bundle on photographs that were not trained on, by a judge that the edit loop does not use.

    python -m emoeditor.figures --photos HELD_OUT --judge RUN/judge --backbones WEIGHTS --out FIGURES

The edits are the product's own, in `fast` mode: `npm run bench:starter` makes them with the bundle, this judges them.
Targets are the seven emotions that are not the photograph's own (the predictor's strongest). A part of the photographs
is edited with two more seeds. Stopped, it goes on where it was; edits of another bundle in the same folder are refused.
"""

import argparse
import json
import subprocess
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from emopair import EMOTIONS

from .evaluation import esmi
from .evaluation.distances import PictureDistance, picture_distance
from .evaluation.figure_table import Row, by_emotion, summary, table
from .models import EmotionPredictor
from .photographs.pictures import save_grid
from .weights.networks import read_final, read_predictor

ROOT = Path(__file__).parents[2]
SEEDS = (42, 43, 44)
GRID_ROWS = 8


def read(path: Path) -> Tensor:
    """A picture `[1,3,H,W]` in 0..1."""
    return torch.from_numpy(np.asarray(Image.open(path).convert("RGB")).copy()).permute(2, 0, 1)[None].float() / 255


def read_rows(folder: Path, limit: int) -> list[Row]:
    """The edits that `bench/starter` wrote of the first photographs of a folder; there may be those of more."""
    rows: list[Row] = [json.loads(line) for line in (folder / "edits.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = list(dict.fromkeys(row["photo"] for row in rows))[:limit]
    return [row for row in rows if row["photo"] in wanted]


class Judged:
    """One photograph of a folder of edits as both networks see it."""

    def __init__(self, folder: Path, number: int, judge: EmotionPredictor, predictor: EmotionPredictor):
        self.folder, self.number = folder, number
        self.networks = {"judge": judge, "own": predictor}
        self.source = read(folder / f"{number:04d}-source.png")
        self.small = esmi.squash(self.source)
        self.readings = {name: esmi.read(network, self.source) for name, network in self.networks.items()}

    @property
    def own_emotion(self) -> int:
        """The predictor's strongest emotion: no target."""
        return int(self.readings["own"].distribution.argmax())

    @torch.no_grad()
    def row(self, edit: Row, distance: PictureDistance | None) -> Row:
        """What both networks say of one edit."""
        target = EMOTIONS.index(edit["target"])
        image = read(self.folder / f"{self.number:04d}-{edit['target']}.png")
        after = {name: network.probabilities(image)[0] for name, network in self.networks.items()}
        small = esmi.squash(image)
        before = self.readings["judge"].distribution
        indices = {
            f"esmi_{name}": esmi.esmi(self.readings[name], self.small, after[name], small, target) for name in after
        }
        far = {} if distance is None else {"distance": float(distance.measure(image, self.source)[0])}
        found = {
            "judge_before": float(before[target]),
            "judge_after": float(after["judge"][target]),
            "judge_top": int(after["judge"].argmax()) == target,
            "judge_top_before": int(before.argmax()) == target,
        }
        return edit | found | indices | far


def judge_edits(
    folder: Path,
    limit: int,
    judge: EmotionPredictor,
    predictor: EmotionPredictor,
    distance: PictureDistance | None = None,
) -> list[Row]:
    """One row per photograph and target other than its own emotion."""
    edits = read_rows(folder, limit)
    rows = []
    for number, photo in enumerate(dict.fromkeys(edit["photo"] for edit in edits)):
        judged = Judged(folder, number, judge, predictor)
        own = EMOTIONS[judged.own_emotion]
        rows += [judged.row(edit, distance) for edit in edits if edit["photo"] == photo and edit["target"] != own]
    return rows


def between_pictures(paths: Sequence[Path], distance: PictureDistance) -> float:
    """Mean distance of all pairs of some pictures of one size."""
    images = [read(path) for path in paths]
    return mean(float(distance.measure(a, b)[0]) for a, b in combinations(images, 2))


def between_emotions(folder: Path, count: int, distance: PictureDistance) -> float:
    """Mean distance between the eight edits of one photograph: near 0 when all look the same."""
    names = [[folder / f"{number:04d}-{emotion}.png" for emotion in EMOTIONS] for number in range(count)]
    return mean(between_pictures(paths, distance) for paths in names)


def between_seeds(folders: Sequence[Path], limit: int, distance: PictureDistance) -> float:
    """Mean distance between edits that differ in their seed alone; the second folder says which edits there are."""
    edits = read_rows(folders[1], limit)
    names = [f"{number:04d}-{edit['target']}.png" for number, edit in enumerate(edits)]
    return mean(between_pictures([folder / name for folder in folders], distance) for name in names)


def make_edits(photos: Path, out: Path, bundle: Path, limit: int, seed: int, in_turn: bool = False) -> None:
    """Runs the product over the photographs: every emotion, or one of them on each photograph in turn."""
    options = {"--photos": photos, "--out": out, "--bundle": bundle, "--limit": limit, "--seed": seed}
    command = ["npx", "tsx", "bench/starter/main.mts", *(str(x) for pair in options.items() for x in pair)]
    subprocess.run([*command, *(["--in-turn"] if in_turn else [])], cwd=ROOT, check=True)


def save_edit_grid(out: Path, edits: Path, count: int) -> None:
    """Source and eight edits of the first photographs."""
    names = ("source", *EMOTIONS)
    grid = [[read(edits / f"{n:04d}-{name}.png")[0] for name in names] for n in range(min(GRID_ROWS, count))]
    save_grid(out / "grid.png", grid, list(names), [[""] * len(names) for _ in grid])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, required=True, help="see emopair.held_out")
    parser.add_argument("--judge", type=Path, required=True, help="folder of the judge's predictor.safetensors")
    parser.add_argument("--predictor", type=Path, help="folder of the predictor; left out: the bundle's own")
    parser.add_argument("--backbones", type=Path, help="folder of the ImageNet checkpoints, for distances")
    parser.add_argument("--bundle", type=Path, default=ROOT / "models" / "starter")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=100, help="photographs")
    parser.add_argument("--seed-photos", type=int, default=24, help="photographs that are edited with three seeds")
    args = parser.parse_args()
    out, photos, bundle = args.out.resolve(), args.photos.resolve(), args.bundle.resolve()
    folders = [out / f"seed-{seed}" for seed in SEEDS]
    make_edits(photos, folders[0], bundle, args.limit, SEEDS[0])
    seed_photos = min(args.limit, args.seed_photos)
    if seed_photos > 0:
        for folder, seed in zip(folders[1:], SEEDS[1:], strict=True):
            make_edits(photos, folder, bundle, seed_photos, seed, in_turn=True)
    judge = cast(EmotionPredictor, read_final(args.judge, "predictor", torch.device("cpu")))
    distance = picture_distance(args.backbones)
    rows = judge_edits(folders[0], args.limit, judge, read_predictor(args.predictor, bundle), distance)
    count = len({row["photo"] for row in read_rows(folders[0], args.limit)})
    figures = summary(rows)
    if distance is not None:
        figures["distance_between_emotions"] = between_emotions(folders[0], count, distance)
        if seed_photos > 0:
            figures["distance_between_seeds"] = between_seeds(folders, seed_photos, distance)
    emotions, name = by_emotion(rows), None if distance is None else distance.name
    text = json.dumps({"figures": figures, "emotions": emotions, "distance": name, "edits": rows}, indent=1)
    (out / "figures.json").write_text(text, encoding="utf-8")
    (out / "figures.md").write_text(table(figures, emotions, name) + "\n", encoding="utf-8")
    save_edit_grid(out, folders[0], count)
    print(table(figures, emotions, name))


if __name__ == "__main__":
    main()
