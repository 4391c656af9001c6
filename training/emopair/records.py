"""EmoPair's records, with the published fields: read from the authors' `data_EmoPair.json` or from our own shards.

A record says which picture was edited into which, what for, and what the predictor saw in the source. Pictures stay in
their files until they are asked for.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from . import EMOTIONS
from .record_stream import stream

PUBLISHED = "data_EmoPair.json"
INDEX = "index.json"
FOLDER = "EmoPair"
"""What the authors' code puts before every path."""
SUM_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Record:
    """One pair. `source_softmax` holds eight shares in the order of EMOTIONS; paths are relative to a root folder."""

    class_source: str
    class_target: str
    prompt: str
    source_softmax: tuple[float, ...]
    img_src_path: str
    img_tgt_path: str
    target_softmax: tuple[float, ...] | None = None
    """What the predictor sees in the edit: not one of the published fields, left out where it is not known."""

    def values(self) -> dict[str, Any]:
        """The record as a JSON object."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in found.items() if v is not None}


def _emotion(value: Any, field: str, where: str) -> str:
    name = EMOTIONS[value] if isinstance(value, int) and 0 <= value < len(EMOTIONS) else str(value).lower()
    if name not in EMOTIONS:
        raise ValueError(f"expected one of {', '.join(EMOTIONS)} as {field} of {where}, but found {value!r}")
    return name


def _shares(value: Any, field: str, where: str) -> tuple[float, ...]:
    shares = np.asarray(value, np.float64).reshape(-1)
    if shares.shape != (len(EMOTIONS),) or (shares < 0).any() or abs(shares.sum() - 1) > SUM_TOLERANCE:
        raise ValueError(f"expected eight shares that sum to 1 as {field} of {where}, but found {value!r}")
    return tuple(float(share) for share in shares)


def record_of(values: Any, where: str) -> Record:
    """A record from a JSON object, classes by name or number; raises ValueError naming the field that is wrong."""
    if not isinstance(values, dict):
        raise ValueError(f"expected an object as {where}, but found {type(values).__name__}")
    published = Record.__slots__[:-1]
    missing = [name for name in published if name not in values]
    if missing:
        raise ValueError(f"expected {', '.join(published)} in {where}, but {', '.join(missing)} are missing")
    target = values.get("target_softmax")
    return Record(
        _emotion(values["class_source"], "class_source", where),
        _emotion(values["class_target"], "class_target", where),
        str(values["prompt"]),
        _shares(values["source_softmax"], "source_softmax", where),
        str(values["img_src_path"]).replace("\\", "/"),
        str(values["img_tgt_path"]).replace("\\", "/"),
        None if target is None else _shares(target, "target_softmax", where),
    )


def record_files(path: Path) -> list[Path]:
    """The files that hold the records of a file or folder; raises FileNotFoundError where there are none."""
    if path.is_file():
        return [path]
    index = path / INDEX
    if index.exists():
        return [path / shard["file"] for shard in json.loads(index.read_text(encoding="utf-8"))["shards"]]
    found = sorted(path.glob("**/*.jsonl")) or sorted(path.glob(f"**/{PUBLISHED}"))
    if not found:
        raise FileNotFoundError(f"expected {INDEX}, {PUBLISHED} or *.jsonl in {path}, but there is none")
    return found


def read_records(path: Path) -> Iterator[Record]:
    """Records one after the other: of `data_EmoPair.json`, of a `.jsonl` file, or of a folder that a builder wrote."""
    for file in record_files(path):
        for number, values in enumerate(stream(file)):
            yield record_of(values, f"record {number} of {file.name}")


def write_published(records: Iterable[Record], path: Path) -> int:
    """Write the authors' format, a list of objects, record by record; returns how many. Whole or not at all."""
    partial, count = path.with_suffix(".partial"), 0
    with partial.open("w", encoding="utf-8") as file:
        file.write("[")
        for count, record in enumerate(records, 1):
            file.write((",\n" if count > 1 else "\n") + json.dumps(record.values()))
        file.write("\n]\n")
    partial.replace(path)
    return count


def root_of(path: Path) -> Path:
    """Where the pictures of a file or folder of records lie, as its index says; otherwise beside it."""
    folder = path if path.is_dir() else path.parent
    index = folder / INDEX
    told = json.loads(index.read_text(encoding="utf-8")).get("root") if index.exists() else None
    return folder if told is None else (folder / told)


def locate(root: Path, path: str) -> Path:
    """The file of a picture, whichever folder of the authors' layout `root` is; raises FileNotFoundError."""
    inner = path.removeprefix(f"{FOLDER}/")
    places = [Path(path), root / path, root / inner, root / FOLDER / inner, root.parent / path, root.parent / inner]
    for place in places:
        if (place.is_absolute() and place.is_file()) or (place.is_file() and place != Path(path)):
            return place
    raise FileNotFoundError(f"expected the picture {path} under {root} or {root / FOLDER}, but it is in neither")


def load_pair(root: Path, record: Record) -> tuple[np.ndarray, np.ndarray]:
    """Source and edit `[h,w,3]` uint8 RGB; the edit is brought to the source's size where they differ."""
    with Image.open(locate(root, record.img_src_path)) as file:
        source = file.convert("RGB")
    with Image.open(locate(root, record.img_tgt_path)) as file:
        target = file.convert("RGB")
    if target.size != source.size:
        target = target.resize(source.size, Image.Resampling.LANCZOS)
    return np.asarray(source), np.asarray(target)


def counts(records: Iterable[Record]) -> dict[str, dict[str, int]]:
    """Pairs by source emotion and target emotion."""
    found: dict[str, dict[str, int]] = {source: dict.fromkeys(EMOTIONS, 0) for source in EMOTIONS}
    for record in records:
        found[record.class_source][record.class_target] += 1
    return found


def dumps(records: Sequence[Record]) -> str:
    """Records as JSON lines."""
    return "".join(json.dumps(record.values()) + "\n" for record in records)
