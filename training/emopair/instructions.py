"""The bank: text instructions of the eight emotions and the operations that carry them out."""

from dataclasses import dataclass

from .procedural.layers import Grade, LayerOf


@dataclass(frozen=True)
class Recipe:
    """Grades in order, then layers in order. `strength` bounds what calibration may make of the grades."""

    grades: tuple[Grade, ...] = ()
    layers: tuple[LayerOf, ...] = ()
    strength: tuple[float, float] = (0.55, 1.3)
    lowest_opacity: float = 0.55


@dataclass(frozen=True)
class Instruction:
    """One way to bring a picture to an emotion, said in several ways."""

    id: str
    emotion: str
    paraphrases: tuple[str, ...]
    compose: Recipe


INSTRUCTIONS: tuple[Instruction, ...] = ()


def by_emotion(name: str) -> tuple[Instruction, ...]:
    """The instructions of one emotion."""
    return tuple(i for i in INSTRUCTIONS if i.emotion == name)
