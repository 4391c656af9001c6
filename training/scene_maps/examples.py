"""Views with their targets, as the training takes them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scene_labels.format import read_list

from .backbone import STRIDES
from .decoder import Decoder
from .targets import read_masks, shares
from .views import VIEWS, view_of

SURE = 0.8
POOL_WEIGHT = 0.5


@dataclass
class Examples:
    """Photographs that are labelled, each in all its views."""

    photos: list[str]
    maps: list[tuple[dict[int, np.ndarray], int]]
    """Where each photograph's maps are: a list's files `{stride: [N,V,C,h,w]}`, and the row."""
    targets: np.ndarray
    """`[N,V,8,G,G]` float16."""
    decided: np.ndarray
    """`[N,V,G,G]` float16."""
    masks: list[np.ndarray]

    def __len__(self) -> int:
        return len(self.photos)

    def at(self, row: int, stride: int, view: int) -> np.ndarray:
        """Maps `[C,h,w]`; photographs of the pool have two views, the same ones again and again."""
        files, place = self.maps[row]
        return files[stride][place, view % files[stride].shape[1]]

    def take(self, rows: list[int], views: list[int]) -> tuple[dict[int, Tensor], Tensor, Tensor]:
        """A batch of maps, targets and weights."""
        maps = {
            s: torch.from_numpy(np.stack([self.at(r, s, v) for r, v in zip(rows, views, strict=True)])).float()
            for s in STRIDES
        }
        targets = torch.from_numpy(self.targets[rows, views]).float()
        return maps, targets, torch.from_numpy(self.decided[rows, views]).float()


def with_pool(labelled: Examples, features: Path, decoder: Decoder) -> Examples:
    """The labelled photographs, and those of the pool with what a decoder says of them as they are.

    Cells of which it is not sure weigh nothing; the other view, in another palette, is to get the same answer.
    """
    files = {s: np.load(features / f"pool.at{s}.npy", mmap_mode="r") for s in STRIDES}
    photos = len(files[4])
    targets = np.zeros((photos, *labelled.targets.shape[1:]), np.float16)
    decided = np.zeros((photos, *labelled.decided.shape[1:]), np.float16)
    for row in range(photos):
        with torch.no_grad():
            maps = {s: torch.from_numpy(files[s][row, :1]).float() for s in STRIDES}
            said = torch.softmax(decoder(maps), 1)[0].numpy()
        targets[row], decided[row] = said, POOL_WEIGHT * (said.max(0) > SURE)
    return Examples(
        labelled.photos + [f"pool {row}" for row in range(photos)],
        labelled.maps + [(files, row) for row in range(photos)],
        np.concatenate([labelled.targets, targets]),
        np.concatenate([labelled.decided, decided]),
        labelled.masks,
    )


def read_examples(features: Path, lists: list[str], views: int = VIEWS) -> Examples:
    """The labelled photographs of some lists, from what `extract` and `targets` have written."""
    photos: list[str] = []
    maps, targets, decided, kept = [], [], [], []
    for name in lists:
        files = {s: np.load(features / f"{name}.at{s}.npy", mmap_mode="r") for s in STRIDES}
        masks = read_masks(features, name)
        for row, photo in enumerate(read_list(name)):
            if photo not in masks:
                continue
            found = [shares(masks[photo], view_of(photo, v)) for v in range(views)]
            photos.append(photo)
            maps.append((files, row))
            targets.append(np.stack([f[0] for f in found]).astype(np.float16))
            decided.append(np.stack([f[1] for f in found]).astype(np.float16))
            kept.append(masks[photo])
    return Examples(photos, maps, np.stack(targets), np.stack(decided), kept)
