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

    def __init__(self, ids: Sequence[str] = ()) -> None:
        """`ids` picks instructions of the bank, `emotion/name` each; none means all of them."""
        self.editor = ProceduralEditor()
        known = {i.id: i for i in INSTRUCTIONS}
        missing = [i for i in ids if i not in known]
        if missing:
            raise ValueError(f"expected ids of instructions such as {INSTRUCTIONS[0].id!r}, but got {missing}")
        self.instructions = [known[i] for i in ids] if ids else list(INSTRUCTIONS)
        self.phrasings = [i.paraphrases for i in self.instructions]
        self.emotions = [EMOTIONS.index(i.emotion) for i in self.instructions]

    def apply(self, images: Tensor, regions: Tensor, instruction: int, generator: torch.Generator) -> Tensor:
        """See EditSource."""
        return self.editor.apply(images, regions, self.instructions[instruction], generator)


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
