"""Pairs for the diffusion model from the light of an instruction bank, for sources that evoke this or that.

What an edit takes away depends on what its source is said to evoke. A predictor says one thing of one photograph, so
a network trained on that alone may read the mood off the picture and need not listen to the direction. Here the same
kinds of photographs come with what the predictor says, with less certain words, with none, with the opposite and with
any distribution at all, and the edit to learn follows what was said.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from emopair.light.editor import LightEditor, Wish
from emopair.light.hints import read_bank

from .data import EMOTION_COUNT, Crops, uniform

SHARES = (0.40, 0.12, 0.08, 0.25, 0.15)
"""How often a source is said to evoke: what the predictor says, that half as certain, nothing, the opposite, any."""


def opposite(p: Tensor) -> Tensor:
    """Distributions `[B,8]` with the ranks turned round: the likeliest class gets the least likely one's share."""
    order = p.argsort(1)
    return torch.zeros_like(p).scatter(1, order, p.gather(1, order.flip(1)))


def any_of(count: int, generator: torch.Generator) -> Tensor:
    """Random distributions `[count,8]`, from nearly flat to nearly one class: normalised exponentials to a power."""
    power = uniform(generator, count, 1, low=0.5, high=4.0)
    drawn = (-uniform(generator, count, EMOTION_COUNT, low=1e-6, high=1.0).log()) ** power
    return drawn / drawn.sum(1, keepdim=True)


def said_of(p: Tensor, generator: torch.Generator) -> Tensor:
    """What is said of sources of which the predictor says `p [B,8]`: see SHARES."""
    n = len(p)
    soft = p.clamp(min=1e-6).sqrt()
    flat = torch.full_like(p, 1 / EMOTION_COUNT)
    kinds = torch.stack([p, soft / soft.sum(1, keepdim=True), flat, opposite(p), any_of(n, generator)])
    which = torch.multinomial(torch.tensor(SHARES), n, replacement=True, generator=generator)
    return kinds[which, torch.arange(n)]


@dataclass(frozen=True)
class LitEdits:
    """`edited [n,3,H,W]` with what was said of the source, `p_source [n,8]`, target class and instruction `[n]`."""

    edited: Tensor
    p_source: Tensor
    target: Tensor
    instruction: Tensor


class LightEdits:
    """The instructions of a bank whose light is carried out. See EditSource; `draw` is what the UNet's task calls."""

    def __init__(self, bank: Path) -> None:
        self.editor = LightEditor(read_bank(bank))
        self.phrasings = [i.texts for i in self.editor.bank.instructions]
        self.emotions = self.editor.bank.emotions.tolist()

    def draw(self, crops: Crops, p: Tensor, generator: torch.Generator) -> LitEdits:
        """Edits of pictures of which the predictor says `p [n,8]`, towards any emotion."""
        said = said_of(p, generator)
        target = torch.randint(0, EMOTION_COUNT, (len(p),), generator=generator)
        wish = Wish(crops.images, crops.regions, said, target)
        instruction = self.editor.choose(wish, generator)
        return LitEdits(self.editor.apply(wish, instruction, generator), said, target, instruction)

    def apply(self, images: Tensor, regions: Tensor, instruction: int, generator: torch.Generator) -> Tensor:
        """See EditSource: the light of one instruction, whatever the sources evoke."""
        n = len(images)
        flat = torch.full((n, EMOTION_COUNT), 1 / EMOTION_COUNT)
        chosen = torch.full((n,), instruction)
        wish = Wish(images, regions, flat, torch.full((n,), self.emotions[instruction]))
        return self.editor.apply(wish, chosen, generator)
