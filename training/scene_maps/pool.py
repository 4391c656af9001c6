"""Photographs without labels that the decoder may learn from: tiers 1 and 2, a seeded draw of every folder."""

from pathlib import Path

import numpy as np

from emopair.pack import GRAPHICS, TIERS, class_of, split_of
from scene_labels import LISTS
from scene_labels.format import read_list

SCENES = ("wallpaper", "weatherA", "weatherB", "caltech")
"""Folders with scenes; the others show one thing each and get a tenth of the places."""


def draw(data: Path, count: int) -> list[str]:
    """Paths relative to the data folder, never one of a labelled list."""
    rng = np.random.default_rng(0)
    labelled = {photo for name in LISTS for photo in read_list(name)}
    chosen: list[str] = []
    for folder in sorted(TIERS):
        paths = [f"photos/{folder}/{p.name}" for p in sorted((data / "photos" / folder).glob("*.*"))]
        paths = [
            p
            for p in paths
            if p not in labelled
            and split_of(folder, class_of(folder, Path(p).name), Path(p).name) == "train"
            and not any(word in p.lower() for word in GRAPHICS)
        ]
        places = round(count * (0.22 if folder in SCENES else 0.03))
        chosen += [paths[i] for i in rng.permutation(len(paths))[:places]]
    return chosen
