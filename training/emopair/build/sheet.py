"""A contact sheet for each target emotion: sources, their edits, and what was asked for."""

import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .. import EMOTIONS
from ..contact_sheet import grid
from ..records import Record, load_pair, read_records, root_of

PAIRS = 24
"""On a sheet, drawn evenly from all records of the emotion."""
COLUMNS = 8
"""Four pairs beside each other."""


def draw(path: Path, seed: int = 1) -> dict[str, list[Record]]:
    """A uniform sample of records of each target emotion, read in one pass over the file."""
    generator, drawn, seen = random.Random(seed), {e: [] for e in EMOTIONS}, dict.fromkeys(EMOTIONS, 0)
    for record in read_records(path):
        emotion = record.class_target
        seen[emotion] += 1
        kept = drawn[emotion]
        if len(kept) < PAIRS:
            kept.append(record)
        elif (place := generator.randrange(seen[emotion])) < PAIRS:
            kept[place] = record
    return drawn


def _square(picture: np.ndarray, side: int) -> torch.Tensor:
    image = Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).float() / 255


def write_sheets(path: Path, out: Path, cell: int = 160) -> list[Path]:
    """Write `<emotion>.jpg` for each emotion that has pairs; returns the files."""
    root, files = root_of(path), []
    out.mkdir(parents=True, exist_ok=True)
    for emotion, records in draw(path).items():
        if not records:
            continue
        cells = [(_square(p, cell), t) for r in records for p, t in zip(load_pair(root, r), _texts(r), strict=True)]
        rows = [cells[i : i + COLUMNS] for i in range(0, len(cells), COLUMNS)]
        pictures = [torch.stack([image for image, _ in row]) for row in rows]
        file = out / f"{emotion}.jpg"
        grid(pictures, [[text for _, text in row] for row in rows], cell).save(file, quality=88)
        files.append(file)
    return files


def _texts(record: Record) -> tuple[str, str]:
    return record.class_source, record.prompt
