"""Carries out instructions on a batch of photographs, at a strength that keeps the structure within the window."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .. import EMOTIONS
from ..instructions import INSTRUCTIONS, Instruction
from ..ssim import grey, moments
from .layers import Layer, stack
from .scene import build_scene, luma

SSIM_FLOOR = 0.53
"""The whole edit is faded down to this similarity where content alone breaks the structure; the loop wants > 0.5."""
STRIDE = 8
"""Every eighth window is enough to choose a strength."""
STEPS = 17


def _grade_strength(source: Tensor, start: Tensor, change: Tensor, aim: Tensor, bounds: tuple[float, float]) -> Tensor:
    """Strength `[B,1,1,1]` of the grade whose SSIM comes closest to `aim [B,1,1,1]`."""
    steps = torch.linspace(bounds[0], bounds[1], STEPS, device=source.device, dtype=source.dtype)
    curve = moments(grey(source), grey(start), grey(change), STRIDE).ssim(steps)
    best = (curve - aim.view(-1, 1)).abs().argmin(dim=1)
    return steps[best].view(-1, 1, 1, 1)


def _fade(source: Tensor, edited: Tensor, lowest: float) -> Tensor:
    """Largest opacity `[B,1,1,1]` of the whole edit that stays above SSIM_FLOOR, never under `lowest`."""
    steps = torch.linspace(1, lowest, STEPS, device=source.device, dtype=source.dtype)
    curve = moments(grey(source), grey(source), grey(edited - source), STRIDE).ssim(steps)
    good = (curve >= SSIM_FLOOR).float()
    first = torch.where(good.amax(1) > 0, good.argmax(dim=1), STEPS - 1)
    return steps[first].view(-1, 1, 1, 1)


def _mix(source: Tensor, graded: Tensor, strength: Tensor | float) -> Tensor:
    """The grade's colour in full, its brightness at `strength`: SSIM sees only brightness, the eye colour first."""
    was, now = luma(source), luma(graded)
    level = was + strength * (now - was)
    return level + (graded - now) * (level / (now + 0.02)).clamp(0.5, 1.6)


class ProceduralEditor:
    """Applies instructions. `texts` and `emotions` (class index) list the bank in order, one entry per instruction."""

    def __init__(self, instructions: Sequence[Instruction] = INSTRUCTIONS) -> None:
        self.instructions = tuple(instructions)
        self.texts = tuple(i.paraphrases[0] for i in self.instructions)
        self.emotions = tuple(EMOTIONS.index(i.emotion) for i in self.instructions)
        self._by_id = {i.id: i for i in self.instructions}

    def find(self, instruction: Instruction | str | int) -> Instruction:
        """The instruction itself, by its id or by its place in the bank."""
        if isinstance(instruction, Instruction):
            return instruction
        return self._by_id[instruction] if isinstance(instruction, str) else self.instructions[instruction]

    @torch.no_grad()
    def apply(
        self,
        images: Tensor,
        regions: Tensor,
        instruction: Instruction | str | int,
        generator: torch.Generator,
        intensity: float | Tensor | None = None,
    ) -> Tensor:
        """Edit `images [B,3,H,W]` in 0..1 with maps `regions [B,K,h,w]` in 0..1 (order of REGIONS); same shape back.

        Without `intensity` every picture gets the strength at which its SSIM falls into the window. With it (a number
        or `[B]`, 0 = source, 1 = that strength) the edit is blended further.
        """
        recipe = self.find(instruction).compose
        scene = build_scene(images, regions, generator)
        aim = scene.dice.uniform(*recipe.aim)
        graded = images
        for grade in recipe.grades:
            graded = grade(graded, scene).clamp(0, 1)
        top: Layer | None = stack(make(scene) for make in recipe.layers)
        start, push = _mix(images, graded, 0.0), (luma(graded) - luma(images)).expand_as(images)
        if top is not None:
            start, push = top.over(start), push * top.keep
        edited = _mix(images, graded, _grade_strength(images, start, push, aim, recipe.strength))
        if top is not None:
            edited = top.over(edited)
        edited = edited.clamp(0, 1)
        edited = torch.lerp(images, edited, _fade(images, edited, recipe.lowest_opacity))
        if intensity is not None:
            share = torch.as_tensor(intensity, device=images.device, dtype=images.dtype).view(-1, 1, 1, 1)
            edited = torch.lerp(images, edited, share)
        return edited.clamp(0, 1)
