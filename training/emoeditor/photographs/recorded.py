"""EmoPair's records as training examples: drawn at random, read when they are drawn, cut alike."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from emopair import EMOTIONS
from emopair.records import Record, load_pair, read_records, root_of

from .data import uniform

READERS = 4
"""Threads that read pictures: decoding releases Python's lock."""


@dataclass(frozen=True)
class Drawn:
    """Pairs: `source, edited [n,3,H,W]` 0..1, `index [n]` of their records."""

    source: Tensor
    edited: Tensor
    index: Tensor


@dataclass(frozen=True)
class Window:
    """Where a pair is cut: `scale` of the largest window of the wanted aspect, at `x, y` of the room left; mirrored."""

    scale: float
    x: float
    y: float
    flip: bool


class RecordedPairs:
    """Records of one or several EmoPair folders or files; pictures stay on disk."""

    def __init__(self, paths: Sequence[Path]):
        self.roots = [root_of(path) for path in paths]
        found = [(i, record) for i, path in enumerate(paths) for record in read_records(path)]
        if not found:
            raise ValueError(f"expected pairs in {[str(p) for p in paths]}, but there are none")
        self.root_index = np.array([i for i, _ in found], np.int32)
        self.records: list[Record] = [record for _, record in found]
        self.emotions = [EMOTIONS.index(record.class_target) for record in self.records]
        self.targets = torch.tensor(self.emotions)
        self.phrasings = [(record.prompt,) for record in self.records]
        self.source_softmax = torch.tensor([r.source_softmax for r in self.records], dtype=torch.float32)
        self.readers = ThreadPoolExecutor(READERS)

    def __len__(self) -> int:
        return len(self.records)

    def apply(self, images: Tensor, regions: Tensor, instruction: int, generator: torch.Generator) -> Tensor:
        """See EditSource: recorded edits are drawn with their sources, not carried out on others."""
        raise TypeError("expected draw(): recorded edits belong to their own sources")

    def draw(
        self, count: int, size: tuple[int, int], generator: torch.Generator, zoom: tuple[float, float] = (0.8, 1.0)
    ) -> Drawn:
        """Random pairs in windows of height and width `size`, the same for source and edit."""
        index = torch.randint(0, len(self), (count,), generator=generator, device=generator.device)
        scale = uniform(generator, count, low=zoom[0], high=zoom[1])
        places = uniform(generator, count, 3)
        windows = [Window(s, x, y, f < 0.5) for s, (x, y, f) in zip(scale.tolist(), places.tolist(), strict=True)]
        pairs = list(self.readers.map(self._read, index.tolist(), [size] * count, windows))
        source, edited = (torch.from_numpy(np.stack(side)) for side in zip(*pairs, strict=True))
        device = generator.device
        return Drawn(*(side.to(device).permute(0, 3, 1, 2).float() / 255 for side in (source, edited)), index)

    def _read(self, number: int, size: tuple[int, int], window: Window) -> tuple[np.ndarray, np.ndarray]:
        pair = load_pair(self.roots[self.root_index[number]], self.records[number])
        first, second = (_cut(picture, size, window) for picture in pair)
        return first, second


def read_terms(records: Sequence[Path]) -> list[dict[str, Any]]:
    """Card entries of the data: each folder's `terms.json` with credit and licence; raises FileNotFoundError."""
    entries = []
    for path in records:
        folder = path if path.is_dir() else path.parent
        terms = folder / "terms.json"
        if not terms.exists():
            told = '{"credit": "...", "licence": "..."}'
            raise FileNotFoundError(f"expected {terms} with {told}: the model's card names what it was trained on")
        entries.append({"folder": folder.name, **json.loads(terms.read_text(encoding="utf-8"))})
    return entries


def _cut(picture: np.ndarray, size: tuple[int, int], window: Window) -> np.ndarray:
    """The window of `[h,w,3]`, resized to `size`."""
    (h, w), (height, width) = picture.shape[:2], size
    fit = min(h / height, w / width) * window.scale
    cut_h, cut_w = fit * height, fit * width
    left, top = window.x * (w - cut_w), window.y * (h - cut_h)
    box = (left, top, left + cut_w, top + cut_h)
    image = Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC, box=box)
    found = np.asarray(image)
    return np.ascontiguousarray(found[:, ::-1]) if window.flip else found
