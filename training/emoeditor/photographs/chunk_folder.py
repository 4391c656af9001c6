"""A folder of finished chunks of training examples, which several runs and processes may share and fill.

Making a pair (crop, edit, encode, judge) costs a CPU as much as five UNet evaluations of the starter on it.
"""

import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch

T = TypeVar("T", bound=Any)


class ChunkFolder(Generic[T]):
    """Chunks (dataclasses of tensors) by their seed, each in a file of its own that is there whole or not at all."""

    def __init__(self, folder: Path, kind: type[T], device: torch.device):
        self.folder, self.kind, self.device = folder, kind, device

    def get(self, seed: int, make: Callable[[], T]) -> T:
        """A finished chunk, or one that is made now and left for the next who asks."""
        path = self.folder / f"chunk-{seed}.pt"
        if path.exists():
            return self.kind(**torch.load(path, map_location=self.device, weights_only=True))
        made = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        torch.save({f.name: getattr(made, f.name) for f in fields(made)}, partial)
        os.replace(partial, path)
        return made
