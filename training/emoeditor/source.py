"""EmoPair's photographs and procedural editor as the training loops want them."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from emopair import EMOTIONS, shards
from emopair.instructions import INSTRUCTIONS
from emopair.procedural.editor import ProceduralEditor

from .data import Photos


class ProceduralEdits:
    """The instruction bank of EmoPair carried out by its procedural editor. See EditSource."""

    def __init__(self) -> None:
        self.editor = ProceduralEditor()
        self.phrasings = [i.paraphrases for i in INSTRUCTIONS]
        self.emotions = [EMOTIONS.index(i.emotion) for i in INSTRUCTIONS]

    def apply(self, images: Tensor, regions: Tensor, instruction: int, generator: torch.Generator) -> Tensor:
        """See EditSource."""
        return self.editor.apply(images, regions, INSTRUCTIONS[instruction], generator)


def load_photos(
    folders: Sequence[Path], split: str, device: torch.device, workers: int, side: int, limit: int | None
) -> tuple[Photos, dict[str, int]]:
    """Photographs of a split on the device, and how many came from which folder (with its tier)."""
    found = shards.load(folders, split=split, workers=workers, size=side, limit=limit)
    images = torch.from_numpy(found.images).permute(0, 3, 1, 2).contiguous()
    counts: dict[str, int] = {}
    for record in found.meta:
        key = f"{record['folder']} (tier {record['tier']})"
        counts[key] = counts.get(key, 0) + 1
    photos = Photos(
        images.to(device), torch.from_numpy(found.regions).to(device), torch.from_numpy(found.priors).to(device)
    )
    return photos, counts
