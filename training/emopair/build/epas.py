"""EPAS: pairs of an instruction-editing dataset that happen to change the emotion, labelled by the predictor.

The dataset has InstructPix2Pix's layout: `seeds.json`, a list of `[name, [seed, ...]]`, and for each name a folder
with `prompt.json` (its `edit` is the instruction), `<seed>_0.jpg` and `<seed>_1.jpg`. Without `seeds.json` the folders
are searched. The pictures stay where they are.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from ..records import Record
from .labels import Labeller, PredictorAt, read_picture, shares_of
from .tally import Tally

STAGES = ("pairs", "readable", "another emotion", "sure of it")


@dataclass(frozen=True)
class EpasSettings:
    """Which pairs are kept."""

    least_share: float = 0.0
    """Least share of the target emotion in the edit."""
    keep_same: bool = False
    """Keep pairs whose strongest emotion stays the same."""


@dataclass(frozen=True)
class Pair:
    """Two pictures of the dataset, relative to it."""

    source: str
    target: str
    prompt: str


def find_pairs(dataset: Path) -> list[tuple[str, list[str]]]:
    """Folders of the dataset and their seeds; raises FileNotFoundError where there are none."""
    listed = dataset / "seeds.json"
    if listed.exists():
        named = json.loads(listed.read_text(encoding="utf-8"))
        return [(name, [str(seed) for seed in seeds]) for name, seeds in named]
    found = [
        (path.parent.relative_to(dataset).as_posix(), sorted(p.stem[:-2] for p in path.parent.glob("*_0.jpg")))
        for path in sorted(dataset.glob("**/prompt.json"))
    ]
    if not found:
        raise FileNotFoundError(f"expected seeds.json or folders with prompt.json in {dataset}, but there are none")
    return found


class EpasWorker:
    """Labels the pairs of some folders."""

    def __init__(self, dataset: Path, labeller: Labeller, settings: EpasSettings):
        self.dataset, self.labeller, self.settings = dataset, labeller, settings

    def make(self, number: int, unit: list[tuple[str, list[str]]]) -> tuple[list[Record], Tally]:
        """See Worker."""
        records: list[Record] = []
        tally = Tally(STAGES)
        for name, seeds in unit:
            for seed in seeds:
                pair = Pair(f"{name}/{seed}_0.jpg", f"{name}/{seed}_1.jpg", self._prompt(name))
                record, passed = self._label(pair)
                tally.add("unreadable" if record is None else record.class_target, passed)
                if record is not None and passed == len(STAGES) - 1:
                    records.append(record)
        return records, tally

    def _prompt(self, name: str) -> str:
        values = json.loads((self.dataset / name / "prompt.json").read_text(encoding="utf-8"))
        return str(values["edit"])

    def _label(self, pair: Pair) -> tuple[Record | None, int]:
        try:
            pictures = [read_picture(self.dataset / path) for path in (pair.source, pair.target)]
        except OSError:
            return None, 0
        seen = self.labeller.look(pictures)
        source, target = seen.top(0), seen.top(1)
        shares = shares_of(seen.shares[0]), shares_of(seen.shares[1])
        record = Record(source, target, pair.prompt, shares[0], pair.source, pair.target, shares[1])
        if source == target and not self.settings.keep_same:
            return record, 1
        return record, 3 if seen.shares[1].max() >= self.settings.least_share else 2


@dataclass(frozen=True)
class MakeEpas:
    """Makes a worker in its process."""

    dataset: Path
    predictor: PredictorAt
    settings: EpasSettings

    def __call__(self) -> EpasWorker:
        return EpasWorker(self.dataset, self.predictor.load(), self.settings)
