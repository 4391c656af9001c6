"""Chooses and draws the light of an edit: towards an emotion, and away from what the source evokes.

The hint of an edit is that of an instruction of the target, less the mood that the source has: a sad, hazy, cold
picture is cleared and warmed on its way to contentment, a picture of harsh red light is cooled. So the change grows
with the distance, and two sources that differ in mood alone are changed differently.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .. import REGIONS
from ..procedural.scene import build_scene
from .grade import grade
from .hints import FIELDS, NAMES, Bank

SHARPEN = 2.0
"""A mood is told by what stands out of a distribution: probabilities to this power, normalised."""
AWAY = 1.0
"""How much of the source's mood is taken away."""
TOWARDS = 0.85
"""How much of the instruction's own light is taken: the rest of the way is leaving the source's mood."""
CHOICE = 1.5
"""How much more often an instruction is taken that leads away from the source's mood."""


@dataclass(frozen=True)
class Wish:
    """Edits: `images [B,3,H,W]` 0..1, `regions [B,K,h,w]`, `p_source [B,8]`, target classes `target [B]`."""

    images: Tensor
    regions: Tensor
    p_source: Tensor
    target: Tensor


class LightEditor:
    """Carries out the light of a bank's instructions."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        moods = bank.moods()
        self.moods = moods - moods.mean(0)
        bounds = torch.tensor([FIELDS[name] for name in NAMES])
        self.lowest, self.highest = bounds[:, 0], bounds[:, 1]
        self.scale = self.moods.std(0).clamp(min=1e-3)

    def away(self, p_source: Tensor) -> Tensor:
        """What leads away from a distribution `[B,8]`: a change of hints `[B,fields]`, none for a flat one."""
        sharp = p_source.clamp(min=1e-6) ** SHARPEN
        sharp = sharp / sharp.sum(1, keepdim=True)
        return -AWAY * (sharp - 1 / sharp.shape[1]) @ self.moods

    def choose(self, wish: Wish, generator: torch.Generator) -> Tensor:
        """An instruction of the target for each picture `[B]`, by what its scene has and by where it leads."""
        bank, away = self.bank, self.away(wish.p_source)
        middle = ((bank.low + bank.high) / 2 - bank.moods()[bank.emotions]) / self.scale
        leads = torch.nn.functional.cosine_similarity(middle[None], (away / self.scale)[:, None], dim=2)
        score = CHOICE * leads + torch.where(bank.emotions[None] == wish.target[:, None], 0.0, -1e9)
        score = score + self._lacks(wish) * -1e6
        return torch.multinomial(score.softmax(1), 1, generator=generator)[:, 0]

    def _lacks(self, wish: Wish) -> Tensor:
        """1 where a scene contradicts what an instruction needs of sky or brightness, `[B,instructions]`."""
        sky = wish.regions[:, REGIONS.index("sky")].mean((1, 2))
        measured = {"sky": sky, "brightness": wish.images.mean((1, 2, 3))}
        lacks = torch.zeros(len(sky), len(self.bank.instructions))
        for i, instruction in enumerate(self.bank.instructions):
            for name, value in measured.items():
                need = instruction.needs.get(name, {})
                out = (value < need.get("min", -1.0)) | (value > need.get("max", 2.0))
                lacks[:, i] = torch.maximum(lacks[:, i], out.float())
        return lacks

    def hints(self, instruction: Tensor, p_source: Tensor, generator: torch.Generator) -> Tensor:
        """Light `[B,fields]` of instructions `[B]` for pictures that evoke `p_source [B,8]`."""
        low, high = self.bank.low[instruction], self.bank.high[instruction]
        # One draw for all fields: a stronger version is stronger in all of them.
        share = torch.rand(len(instruction), 1, generator=generator)
        wanted = TOWARDS * (low + (high - low) * share) + self.away(p_source)
        return torch.minimum(torch.maximum(wanted, self.lowest), self.highest)

    @torch.no_grad()
    def apply(self, wish: Wish, instruction: Tensor, generator: torch.Generator) -> Tensor:
        """Edited pictures `[B,3,H,W]` in 0..1."""
        scene = build_scene(wish.images, wish.regions, generator)
        return grade(scene, self.hints(instruction, wish.p_source, generator))
