"""The instruction bank of a bundle (`instructions.json`): its instructions and how each changes the light.

The same fields, with the same bounds, are in `companion-server/src/scene/bank/gradeHint.ts`, which checks the file.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from .. import EMOTIONS

FIELDS: dict[str, tuple[float, float]] = {
    "exposure": (-2.0, 1.0),
    "contrast": (-0.5, 0.5),
    "saturation": (-0.9, 0.5),
    "temperature": (-1.0, 1.0),
    "tint": (-1.0, 1.0),
    "split": (-1.0, 1.0),
    "fade": (0.0, 0.15),
    "shoulder": (0.0, 1.0),
    "haze": (0.0, 0.7),
    "glow": (0.0, 0.7),
    "skyLight": (-2.0, 1.0),
    "skyWarmth": (-1.0, 1.0),
    "sideLight": (0.0, 1.0),
    "subjectLight": (-0.5, 1.0),
}
"""Fields of a grade hint with their bounds; 0 changes nothing."""
NAMES = tuple(FIELDS)


@dataclass(frozen=True)
class HintedInstruction:
    """One instruction of the bank: `low` and `high` `[fields]` bound its light."""

    id: str
    emotion: str
    texts: tuple[str, ...]
    needs: dict[str, dict[str, float]]
    low: Tensor
    high: Tensor


@dataclass(frozen=True)
class Bank:
    """All instructions, `low` and `high` `[instructions, fields]`, `emotions [instructions]` as class indices."""

    instructions: tuple[HintedInstruction, ...]
    low: Tensor
    high: Tensor
    emotions: Tensor

    def moods(self) -> Tensor:
        """Mean light `[8, fields]` of each emotion's instructions."""
        middle = (self.low + self.high) / 2
        return torch.stack([middle[self.emotions == e].mean(0) for e in range(len(EMOTIONS))])


def read_bank(path: Path) -> Bank:
    """Read a bank; raises ValueError for a field or an emotion that is not known."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or found.get("format") != 1:
        raise ValueError(f'expected an instruction bank with "format": 1 in {path}')
    instructions = tuple(_instruction(entry) for entry in found["instructions"])
    emotions = torch.tensor([EMOTIONS.index(i.emotion) for i in instructions])
    if set(emotions.tolist()) != set(range(len(EMOTIONS))):
        raise ValueError(f"expected instructions of all of {', '.join(EMOTIONS)} in {path}")
    lows, highs = torch.stack([i.low for i in instructions]), torch.stack([i.high for i in instructions])
    return Bank(instructions, lows, highs, emotions)


def _instruction(entry: dict) -> HintedInstruction:
    unknown = set(entry["grade"]) - set(NAMES)
    if unknown or entry["emotion"] not in EMOTIONS:
        what = f"grade fields {sorted(unknown)}" if unknown else f"emotion {entry['emotion']!r}"
        raise ValueError(f"instruction {entry['id']!r}: {what} not known; expected of {NAMES} and of {EMOTIONS}")
    ranges = [entry["grade"].get(name, (0.0, 0.0)) for name in NAMES]
    low, high = (torch.tensor([float(r[i]) for r in ranges]) for i in (0, 1))
    return HintedInstruction(entry["id"], entry["emotion"], tuple(entry["texts"]), entry["needs"], low, high)
