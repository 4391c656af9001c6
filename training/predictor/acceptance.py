"""The share from which a picture counts as one of an emotion: what few pictures of other emotions reach."""

from dataclasses import dataclass

import numpy as np

from emopair import EMOTIONS

from .measures import Held
from .recipe import CLEAR

OTHERS = 0.1
"""
At most so many held-out pictures that are clearly of another emotion reach the threshold. With half as many, two thirds
of the photographs that people call sad, fearful or content would not reach it themselves.
"""


@dataclass(frozen=True)
class Threshold:
    """For one emotion; shares of held-out pictures of it that reach the threshold."""

    share: float
    photographs: float
    edits: float
    precision: float
    """Of those that reach it, how many are of the emotion, were all emotions equally frequent."""


def thresholds(held: Held, others: float = OTHERS) -> dict[str, Threshold]:
    """One for each emotion, from clear photographs and edits by instructions that were not learnt."""
    target = held.goal[:, 2:]
    clear = target.max(1) > CLEAR
    photographs, of = held.of("picture")[clear, 2:], target[clear].argmax(1)
    rows = held.table.instruction_of(held.unseen)
    edits, to = held.read[rows, 2:], held.table.emotion[rows]
    found = {}
    for number, emotion in enumerate(EMOTIONS):
        apart = np.concatenate([photographs[of != number, number], edits[to != number, number]])
        share = float(np.quantile(apart, 1 - others))
        reached = [float((p[q == number, number] >= share).mean()) for p, q in ((photographs, of), (edits, to))]
        hit = float(np.mean(reached))
        wrong = (len(EMOTIONS) - 1) * float((apart >= share).mean())
        found[emotion] = Threshold(share, *reached, precision=hit / max(hit + wrong, 1e-9))
    return found
