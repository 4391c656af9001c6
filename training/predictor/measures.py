"""What a reader is held to: people's ratings of themes that it never saw, palettes, edits, calibration."""

from dataclasses import dataclass

import numpy as np

from emopair import EMOTIONS

from .palettes import FILTERS
from .recipe import CLEAR, NEUTRAL
from .rows import Table

POSITIVE = 4.0
"""Middle of the scale of valence."""


@dataclass(frozen=True)
class Held:
    """What was read of every row by readers that had not learnt its theme."""

    table: Table
    read: np.ndarray
    """`[R,10]`: valence, arousal, eight probabilities."""
    goal: np.ndarray
    """`[N,10]` by photograph."""
    unseen: str
    """The role whose instructions the readers did not learn."""

    def of(self, kind: str) -> np.ndarray:
        """What the photographs in a variant were read as, in the order of `goal`; each has one."""
        rows = np.flatnonzero(self.table.is_kind(kind))
        return self.read[rows[np.argsort(self.table.photo[rows])]]


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation; ties are shared."""

    def ranks(values: np.ndarray) -> np.ndarray:
        _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
        return (np.cumsum(counts) - (counts + 1) / 2)[inverse]

    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def calibration_error(shares: np.ndarray, target: np.ndarray, bins: int = 10) -> float:
    """Gap between the confidence in the first class and the target's share of it, over bins of equal count."""
    first, most = shares.argmax(1), shares.max(1)
    hit = target[np.arange(len(shares)), first]
    parts = np.array_split(np.argsort(most), bins)
    return float(sum(len(q) * abs(most[q].mean() - hit[q].mean()) for q in parts) / len(shares))


def figures(held: Held) -> dict[str, float]:
    """All figures, by one view of each picture."""
    one, goal, target = held.of("picture"), held.goal, held.goal[:, 2:]
    clear, neutral = target.max(1) > CLEAR, target.max(1) < NEUTRAL
    shares = np.bincount(one[neutral, 2:].argmax(1), minlength=len(EMOTIONS)) / max(1, neutral.sum())
    return {
        "photographs": len(goal),
        "valence_rho": spearman(one[:, 0], goal[:, 0]),
        "arousal_rho": spearman(one[:, 1], goal[:, 1]),
        "polarity": float(((one[:, 0] > POSITIVE) == (goal[:, 0] > POSITIVE)).mean()),
        "shares_valence_rho": spearman(one[:, 2:] @ valence_of_shares(), goal[:, 0]),
        "top1_clear": float((one[clear, 2:].argmax(1) == target[clear].argmax(1)).mean()),
        "ece": calibration_error(one[:, 2:], target),
        "median_of_largest": float(np.median(one[:, 2:].max(1))),
        "neutral_share": float(shares.max()),
        **palette_figures(held),
        **edit_figures(held),
    }


def valence_of_shares() -> np.ndarray:
    """+1 for the four pleasant emotions, -1 for the others."""
    return np.where(np.isin(EMOTIONS, ["amusement", "awe", "contentment", "excitement"]), 1.0, -1.0)


def palette_figures(held: Held) -> dict[str, float]:
    """How filters move what is read of the same photograph."""
    one, table = held.of("picture"), held.table
    filtered = table.is_kind("filter")
    before, after = one[table.photo[filtered]], held.read[filtered]
    flips = before[:, 2:].argmax(1) != after[:, 2:].argmax(1)
    by_filter = [float(flips[table.which[filtered] == n].mean()) for n in range(len(FILTERS))]
    return {
        "filter_changes_class": float(flips.mean()),
        "worst_filter": max(by_filter),
        "filter_shift": float((np.abs(after[:, :2] - before[:, :2]) / one[:, :2].std(0)).mean()),
        "filter_log_ratio": float((np.log(after[:, 2:]) - np.log(before[:, 2:])).std()),
        "filter_raises": float((after[:, 2:] > before[:, 2:]).mean()),
    }


def edit_figures(held: Held) -> dict[str, float]:
    """How edits by instructions that were not learnt move the share of their emotion."""
    table = held.table
    edits = table.instruction_of(held.unseen)
    emotion, rows = table.emotion[edits], np.arange(edits.sum())
    before, after = held.of("picture")[table.photo[edits], 2:], held.read[edits, 2:]
    ratio = np.log(after[rows, emotion]) - np.log(before[rows, emotion])
    return {
        "edits": int(edits.sum()),
        "edit_raises": float((ratio > 0).mean()),
        "edit_log_ratio": float(ratio.mean()),
        "edit_first": float((after.argmax(1) == emotion).mean()),
    }
