"""Photographs on the device and edited pairs made from them on the fly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

EMOTION_COUNT = 8


@dataclass(frozen=True)
class Photos:
    """A set of photographs held in device memory.

    `images [N,3,S,S]` uint8, `regions [N,K,s,s]` uint8 (0..255), `priors [N,8]` float (scene's soft label).
    """

    images: Tensor
    regions: Tensor
    priors: Tensor

    def __len__(self) -> int:
        return self.images.shape[0]

    def subset(self, index: Tensor) -> "Photos":
        """The photographs of an index."""
        return Photos(self.images[index], self.regions[index], self.priors[index])


class EditSource(Protocol):
    """A bank of text instructions and an editor that carries them out."""

    phrasings: Sequence[Sequence[str]]
    """Ways to say each instruction."""
    emotions: Sequence[int]
    """Class index of the emotion that each instruction works towards."""

    def apply(self, images: Tensor, regions: Tensor, instruction: int, generator: torch.Generator) -> Tensor:
        """Edit `images [B,3,H,W]` in 0..1 with soft region maps `[B,K,H,W]`."""
        ...


@dataclass(frozen=True)
class Crops:
    """Pictures cut from photographs: `images [B,3,H,W]` 0..1, `regions [B,K,H,W]` 0..1, `priors [B,8]`."""

    images: Tensor
    regions: Tensor
    priors: Tensor


@dataclass(frozen=True)
class Edits:
    """Sources with their edits. `amount [B]` is the share of the full edit that `edited` shows."""

    source: Tensor
    edited: Tensor
    priors: Tensor
    target: Tensor
    instruction: Tensor
    amount: Tensor


def halves(count: int, half: int, device: torch.device) -> Tensor:
    """Indices of every second photograph (`half` 0 or 1), or of all (-1)."""
    index = torch.arange(count, device=device)
    return index if half < 0 else index[index % 2 == half]


def uniform(generator: torch.Generator, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
    """Uniform numbers on the generator's device."""
    return low + (high - low) * torch.rand(*shape, generator=generator, device=generator.device)


def crop(
    photos: Photos,
    index: Tensor,
    size: tuple[int, int],
    generator: torch.Generator,
    zoom: tuple[float, float] = (0.8, 1.0),
) -> Crops:
    """Random windows of the given size and aspect, flipped half of the time.

    `zoom` is the share of the largest window of that aspect; equal bounds and 1 give a centred, repeatable cut only
    up to the flip.
    """
    n, (h, w) = len(index), size
    stored_h, stored_w = photos.images.shape[-2:]
    fit = min(stored_h / h, stored_w / w)
    scale = uniform(generator, n, low=zoom[0], high=zoom[1])
    half_h, half_w = scale * fit * h / stored_h, scale * fit * w / stored_w
    centre_y = uniform(generator, n, low=-1, high=1) * (1 - half_h)
    centre_x = uniform(generator, n, low=-1, high=1) * (1 - half_w)
    flip = torch.where(uniform(generator, n) < 0.5, -1.0, 1.0)
    zero = torch.zeros_like(scale)
    theta = torch.stack(
        [torch.stack([half_w * flip, zero, centre_x], 1), torch.stack([zero, half_h, centre_y], 1)], dim=1
    )
    grid = F.affine_grid(theta, [n, 1, h, w], align_corners=False)
    cut = [
        F.grid_sample(maps[index].float() / 255, grid, mode="bilinear", padding_mode="border", align_corners=False)
        for maps in (photos.images, photos.regions)
    ]
    return Crops(cut[0].clamp(0, 1), cut[1].clamp(0, 1), photos.priors[index])


def choose_instructions(editor: EditSource, groups: int, generator: torch.Generator) -> list[int]:
    """Instruction per group: emotions in turn from a random start, any instruction of the emotion."""
    by_emotion = [[i for i, e in enumerate(editor.emotions) if e == emotion] for emotion in range(EMOTION_COUNT)]
    draws = torch.randint(0, 1 << 30, (groups + 1,), generator=generator, device=generator.device).tolist()
    chosen = []
    for g in range(groups):
        bank = by_emotion[(draws[0] + g) % EMOTION_COUNT]
        chosen.append(bank[draws[g + 1] % len(bank)])
    return chosen


def make_edits(
    crops: Crops, editor: EditSource, groups: int, amount: tuple[float, float], generator: torch.Generator
) -> Edits:
    """Edit pictures in groups of one instruction each, blended towards the source by a random amount."""
    n = crops.images.shape[0]
    bounds = [round(n * g / groups) for g in range(groups + 1)]
    chosen = choose_instructions(editor, groups, generator)
    edited = torch.empty_like(crops.images)
    instruction = torch.empty(n, dtype=torch.long, device=crops.images.device)
    for g, number in enumerate(chosen):
        part = slice(bounds[g], bounds[g + 1])
        if bounds[g] < bounds[g + 1]:
            result = editor.apply(crops.images[part], crops.regions[part], number, generator)
            edited[part] = result.clamp(0, 1).to(edited.dtype)
            instruction[part] = number
    share = uniform(generator, n, low=amount[0], high=amount[1])
    edited = torch.lerp(crops.images, edited, share.view(-1, 1, 1, 1))
    emotions = torch.tensor(list(editor.emotions), device=instruction.device)
    return Edits(crops.images, edited, crops.priors, emotions[instruction], instruction, share)


def draw_photos(photos: Photos, count: int, generator: torch.Generator) -> Tensor:
    """Random indices of photographs, with replacement."""
    return torch.randint(0, len(photos), (count,), generator=generator, device=generator.device)
