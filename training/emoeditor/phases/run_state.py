"""State of a run: its settings, its folders, its photographs, and the networks that earlier phases finished."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from ..optimisation.losses import PerceptualLoss
from ..photographs import standin
from ..photographs.data import EditSource, Photos
from ..settings import RunSettings
from ..weights.networks import frozen, imagenet_backbone, read_final

LATER_PATIENCE = 240.0
"""Seconds to wait for photographs that are still being copied."""


@dataclass
class Run:
    """Everything the phases share."""

    settings: RunSettings
    out: Path
    device: torch.device
    photo_folders: tuple[Path, ...]
    later_folders: tuple[Path, ...]
    samples: Path | None
    backbones: Path | None
    standin: bool
    workers: int
    compile_unet: bool
    dtype: torch.dtype
    start_from: Path | None
    log: Callable[[str], None]
    pairs: Path | None = None
    """Folder of encoded pairs that several runs share; None keeps them in memory alone."""
    pairs_chunks: int = 0
    pairs_share: tuple[int, int] = (1, 1)
    """Which part of how many the phase `pairs` fills: (1, 2) is the first half."""
    loaded: dict[tuple[str, int], tuple[Photos, dict[str, int]]] = field(default_factory=dict)

    def editor(self, instructions: Sequence[str] = ()) -> EditSource:
        """The instruction bank (all of it, or the named part) and its editor."""
        if self.standin:
            return standin.Tints()
        from ..photographs.source import ProceduralEdits

        return ProceduralEdits(instructions)

    def photos(self, split: str, later: bool = True) -> tuple[Photos, dict[str, int]]:
        """Photographs of a split and how many came from where; `later` waits for the folders on their way."""
        if self.standin:
            made = standin.photos(24 if split == "train" else 8, seed=0 if split == "train" else 1)
            return Photos(*(getattr(made, k).to(self.device) for k in ("images", "regions", "priors"))), {
                "stand-in": 24
            }
        from ..photographs.source import load_photos

        folders = list(self.photo_folders)
        if later:
            deadline = time.monotonic() + LATER_PATIENCE
            while not all(f.is_dir() for f in self.later_folders) and time.monotonic() < deadline:
                time.sleep(1.0)
            folders += [f for f in self.later_folders if f.is_dir()]
        key = (split, len(folders))
        if key not in self.loaded:
            limit = self.settings.photo_limit if split == "train" else self.settings.held_out_limit
            begun = time.monotonic()
            self.loaded[key] = load_photos(folders, split, self.device, self.workers, self.settings.photo_side, limit)
            self.log(f"{len(self.loaded[key][0])} {split} photographs in {time.monotonic() - begun:.1f} s")
        return self.loaded[key]

    def network(self, phase: str, kind: str) -> nn.Module:
        """A finished network."""
        return read_final(self.out / phase, kind, self.device)

    def imagenet(self) -> PerceptualLoss:
        """The frozen ImageNet features for perceptual distances."""
        settings = dataclasses.replace(self.settings.predictor.model, temperature=1.0)
        return PerceptualLoss(frozen(imagenet_backbone(settings, self.backbones), self.device))
