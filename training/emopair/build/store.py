"""Where a builder's pairs go: one shard of JSON lines per unit of work, so that a build goes on where it stopped.

OUT/build.json            what is being built; another build is refused the folder
OUT/shards/00012.jsonl    records of unit 12, whole or not at all
OUT/shards/00012.json     its tally; written last, so a shard without one is made again
OUT/images/00012/         its pictures, where the builder makes any
OUT/index.json            root of the pictures, shards and counts; written by `finish`
OUT/data_EmoPair.json     all records in the published format; written by `finish`
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..records import INDEX, PUBLISHED, Record, counts, dumps, read_records, write_published
from .tally import Tally, tally_of

BUILD = "build.json"


class Store:
    """The folder of one build."""

    def __init__(self, out: Path, stages: Sequence[str]):
        self.out, self.stages = out, tuple(stages)

    def claim(self, made: dict[str, Any]) -> None:
        """Say what is built here; raises ValueError where something else is."""
        path = self.out / BUILD
        text = json.dumps(made, indent=1)
        if path.exists() and path.read_text(encoding="utf-8") != text:
            raise ValueError(f"expected another --out: {path} holds a build with other settings or sources")
        (self.out / "shards").mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _tally_path(self, unit: int) -> Path:
        return self.out / "shards" / f"{unit:05d}.json"

    def is_done(self, unit: int) -> bool:
        """Whether a unit's shard stands."""
        return self._tally_path(unit).exists()

    def images(self, unit: int) -> Path:
        """The folder of a unit's pictures."""
        folder = self.out / "images" / f"{unit:05d}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def write(self, unit: int, records: Sequence[Record], tally: Tally) -> None:
        """A unit's records and, when they are safe, its tally."""
        tally_path = self._tally_path(unit)
        _replace(tally_path.with_suffix(".jsonl"), dumps(records))
        _replace(tally_path, json.dumps(tally.counts))

    def tallies(self, units: int) -> Iterator[Tally]:
        """Tallies of the units that are done."""
        for unit in range(units):
            if self.is_done(unit):
                yield tally_of(self.stages, json.loads(self._tally_path(unit).read_text(encoding="utf-8")))

    def finish(self, units: int, root: str | None) -> tuple[int, Tally]:
        """Index and published file of all shards; returns the number of pairs and what the filters kept.

        `root` is where the pictures lie when that is not this folder.
        """
        tally = Tally(self.stages).merge(self.tallies(units))
        shards = [f"shards/{unit:05d}.jsonl" for unit in range(units) if self.is_done(unit)]
        index = {
            "root": root,
            "shards": [{"file": name, "pairs": _lines(self.out / name)} for name in shards],
            "filters": {"stages": self.stages, "counts": tally.counts},
        }
        _replace(self.out / INDEX, json.dumps(index, indent=1))
        pairs = write_published(read_records(self.out), self.out / PUBLISHED)
        (self.out / "filters.md").write_text(tally.table() + "\n", encoding="utf-8")
        table = counts(read_records(self.out))
        (self.out / "counts.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
        return pairs, tally


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _replace(path: Path, text: str) -> None:
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)
