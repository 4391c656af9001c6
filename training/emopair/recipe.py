"""What an instruction is: its words, its emotion and the operations that carry it out."""

from dataclasses import dataclass
from typing import Any

from .procedural.layers import Grade, LayerOf


@dataclass(frozen=True)
class Recipe:
    """Grades in order, then layers in order.

    `strength` bounds what calibration may make of the grades (above 1 overdrives them); `lowest_opacity` is how far
    the whole edit may be blended towards the source where the content alone breaks the structure. Each picture draws
    the SSIM it aims at from `aim`; the inference loop accepts 0.5 to 0.8.
    """

    grades: tuple[Grade, ...] = ()
    layers: tuple[LayerOf, ...] = ()
    strength: tuple[float, float] = (0.6, 1.3)
    lowest_opacity: float = 0.55
    aim: tuple[float, float] = (0.57, 0.71)


@dataclass(frozen=True)
class Instruction:
    """One way to bring a picture to an emotion, said in several ways."""

    id: str
    emotion: str
    paraphrases: tuple[str, ...]
    compose: Recipe


def instruct(
    emotion: str,
    name: str,
    words: tuple[str, ...],
    grades: tuple[Grade, ...],
    layers: tuple[LayerOf, ...] = (),
    **bounds: Any,
) -> Instruction:
    """An instruction with the id `emotion/name`."""
    return Instruction(f"{emotion}/{name}", emotion, words, Recipe(grades, layers, **bounds))
