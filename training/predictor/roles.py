"""Who learns from what: the predictor and the judge share no theme of OASIS, no photograph and no instruction.

Drawn by hashes of names, so that the same photographs fall to the same side on every machine. What `emopair.held_out`
keeps apart is seen by neither.
"""

import csv
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emopair.pack import GRAPHICS, TIERS, class_of, split_of

JUDGE_THEMES = 0.25
"""Share of the themes of OASIS that only the judge learns from."""
JUDGE_PHOTOGRAPHS = 0.3
ROLES = ("predictor", "judge")


def draw(text: str) -> float:
    """A number in 0..1 that hangs on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def role_of_theme(theme: str) -> str:
    """Who learns from photographs of a theme."""
    return "judge" if draw(f"theme {theme}") < JUDGE_THEMES else "predictor"


def role_of_photograph(path: Path) -> str:
    """Who learns from a photograph of the pool."""
    return "judge" if draw(f"judge {path.parent.name}/{path.name}") < JUDGE_PHOTOGRAPHS else "predictor"


def role_of_instruction(index: int) -> str:
    """Who learns from edits by an instruction of the bank: the predictor from even places, the judge from odd ones."""
    return "judge" if index % 2 else "predictor"


@dataclass(frozen=True)
class Rated:
    """Photographs of OASIS with the mean ratings of about a hundred people each, 1 to 7."""

    paths: list[Path]
    themes: np.ndarray
    """`[N]`, the number of a picture within its theme taken off."""
    ratings: np.ndarray
    """`[N,2]`: valence, arousal."""
    may_ship: np.ndarray
    """`[N]`: from Pixabay, once CC0; the others are for research and only measured on."""

    def role(self, role: str) -> np.ndarray:
        """`[N]`: shippable photographs of the role's themes."""
        return self.may_ship & np.array([role_of_theme(t) == role for t in self.themes])


def read_rated(folder: Path) -> Rated:
    """`norms.csv` of a folder; raises FileNotFoundError where it is not there."""
    with (folder / "norms.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Rated(
        [folder / row["file"] for row in rows],
        np.array([re.sub(r"\s*\d+$", "", row["theme"]) for row in rows]),
        np.array([[float(row["valence_mean"]), float(row["arousal_mean"])] for row in rows]),
        np.array([row["source"] == "Pixabay" for row in rows]),
    )


def pool(photos: Path, role: str, most: int) -> list[Path]:
    """Photographs of the allowed folders for one role, at most so many of a folder, in an order by hash."""
    found: list[Path] = []
    for folder in sorted(TIERS):
        names = [p for p in (photos / folder).glob("*.jpg") if _is_trained_on(p) and role_of_photograph(p) == role]
        found += sorted(names, key=lambda p: draw(f"order {p.parent.name}/{p.name}"))[:most]
    return found


def _is_trained_on(path: Path) -> bool:
    folder = path.parent.name
    if folder == "wallpaper" and any(word in path.name.lower() for word in GRAPHICS):
        return False
    return split_of(folder, class_of(folder, path.name), path.name) == "train"
