"""The bank: text instructions of the eight emotions and the operations that carry them out, in class order."""

from .bank import amusement, anger, awe, contentment, disgust, excitement, fear, sadness
from .recipe import Instruction, Recipe

__all__ = ["INSTRUCTIONS", "Instruction", "Recipe", "by_emotion"]

INSTRUCTIONS: tuple[Instruction, ...] = tuple(
    instruction
    for theme in (amusement, anger, awe, contentment, disgust, excitement, fear, sadness)
    for instruction in theme.INSTRUCTIONS
)


def by_emotion(name: str) -> tuple[Instruction, ...]:
    """The instructions of one emotion; ValueError for a name that is not one of the eight."""
    found = tuple(i for i in INSTRUCTIONS if i.emotion == name)
    if not found:
        raise ValueError(f"unknown emotion '{name}': expected one of {sorted({i.emotion for i in INSTRUCTIONS})}")
    return found
