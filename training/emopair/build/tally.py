"""How many pairs every filter kept, by target emotion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .. import EMOTIONS


@dataclass
class Tally:
    """Counts of pairs that reached each stage, in order; the first stage counts all."""

    stages: tuple[str, ...]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, emotion: str, passed: int) -> None:
        """Count a pair that passed so many stages after the first."""
        row = self.counts.setdefault(emotion, dict.fromkeys(self.stages, 0))
        for stage in self.stages[: passed + 1]:
            row[stage] += 1

    def merge(self, others: Iterable["Tally"]) -> "Tally":
        """The sum with others of the same stages."""
        for other in others:
            for emotion, row in other.counts.items():
                mine = self.counts.setdefault(emotion, dict.fromkeys(self.stages, 0))
                for stage in self.stages:
                    mine[stage] += row[stage]
        return self

    def total(self) -> list[int]:
        """Pairs at each stage over all emotions."""
        return [sum(row[stage] for row in self.counts.values()) for stage in self.stages]

    def table(self) -> str:
        """In Markdown: pairs and, of those that came so far, the share that every filter kept."""
        head = ["target", self.stages[0], *self.stages[1:], "kept"]
        lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
        rows = [(name, [self.counts[name][stage] for stage in self.stages]) for name in EMOTIONS if name in self.counts]
        for name, numbers in [*rows, ("all", self.total())]:
            shares = [_share(after, before) for before, after in pairwise(numbers)]
            lines.append(f"| {name} | {numbers[0]} | " + " | ".join([*shares, _share(numbers[-1], numbers[0])]) + " |")
        return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def tally_of(stages: Sequence[str], counts: dict[str, dict[str, int]]) -> Tally:
    """A tally read back from JSON."""
    return Tally(tuple(stages), counts)
