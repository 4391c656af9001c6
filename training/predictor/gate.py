"""Whether the predictor may ship: measured on themes that it never saw, in the product's one view.

    python -m predictor.gate OASIS PHOTOS --features features

For each of five folds a reader is trained anew without the fold's themes of OASIS and reads them. Fails (exit code 1)
when a floor is missed. `--recipe '{"steady": 0}'` turns what `recipe.Recipe` names; left out: the shipped one.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from .extract import MOST
from .folds import held_out
from .measures import figures
from .recipe import Data, Recipe, data_of
from .roles import ROLES
from .rows import join, load

FOLDS = 5


@dataclass(frozen=True)
class Line:
    """One line of the gate: floors are reached from above, ceilings from below."""

    name: str
    told: str
    floor: float
    aim: float
    at_most: bool = False

    def passes(self, value: float) -> bool:
        """Whether the product may ship with it."""
        return value <= self.floor if self.at_most else value >= self.floor


LINES = (
    Line("valence_rho", "valence against people, Spearman", 0.59, 0.62),
    Line("arousal_rho", "arousal against people, Spearman", 0.59, 0.60),
    Line("ece", "calibration error of the first class", 0.03, 0.02, at_most=True),
    Line("filter_changes_class", "filters change the first class", 0.21, 0.10, at_most=True),
    Line("neutral_share", "largest class among neutral photographs", 0.25, 0.20, at_most=True),
    Line("edit_raises", "edits of unseen instructions raise their emotion", 0.95, 0.97),
)


def read_features(folder: Path, name: str):
    """A table from one file or from those of several shares."""
    files = sorted(folder.glob(f"{name}.npz")) or sorted(folder.glob(f"{name}-*.npz"))
    if not files:
        raise FileNotFoundError(f"expected {name}.npz in {folder}: run predictor.extract first")
    return join([load(file) for file in files])


def read_data(oasis: Path, photos: Path, features: Path, role: str, most: int) -> Data:
    """What `predictor.extract` left behind, with its goals."""
    return data_of(oasis, photos, read_features(features, "rated"), read_features(features, "pool"), role, most)


def table(found: dict[str, float]) -> str:
    """In Markdown: the gate, then everything else that was measured."""
    lines = ["| | measured | floor | aim | |", "|---|---|---|---|---|"]
    for line in LINES:
        sign, passed = "<=" if line.at_most else ">=", line.passes(found[line.name])
        verdict = "passes" if passed else "MISSED"
        lines.append(f"| {line.told} | {found[line.name]:.3f} | {sign} {line.floor} | {sign} {line.aim} | {verdict} |")
    rest = {k: v for k, v in found.items() if k not in {line.name for line in LINES}}
    lines += ["", *(f"- {name}: {value:.3f}" if value < 100 else f"- {name}: {value}" for name, value in rest.items())]
    return "\n".join(lines)


def arguments(description: str) -> argparse.ArgumentParser:
    """What every command over features takes."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("oasis", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--most", type=int, default=MOST, help="photographs of each folder of the pool, as extracted")
    parser.add_argument("--recipe", type=json.loads, default={})
    return parser


def main() -> None:
    """Command line."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--role", choices=ROLES, default="predictor")
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="file for the figures as JSON")
    args = parser.parse_args()
    data = read_data(args.oasis, args.photos, args.features, args.role, args.most)
    recipe = Recipe(**args.recipe)
    found = figures(held_out(data, recipe, args.folds, args.seed))
    print(table(found))
    if args.out:
        args.out.write_text(json.dumps({"recipe": asdict(recipe), "figures": found}, indent=1) + "\n", encoding="utf-8")
    sys.exit(0 if all(line.passes(found[line.name]) for line in LINES) else 1)


if __name__ == "__main__":
    main()
