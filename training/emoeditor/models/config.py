"""Reading and writing of diffusers-style `config.json` files for frozen dataclass configs."""

import dataclasses
import json
from pathlib import Path
from typing import Any, TypeVar

C = TypeVar("C")


def from_dict(cls: type[C], values: dict[str, Any]) -> C:
    """Build a config from a dict; keys the dataclass does not know are ignored, lists become tuples."""
    known = {f.name for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    kept = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in known}
    return cls(**kept)


def read(cls: type[C], path: Path) -> C:
    """Read a config from a JSON file."""
    return from_dict(cls, json.loads(path.read_text(encoding="utf-8")))


def write(config: object, path: Path, class_name: str) -> None:
    """Write a config as diffusers does: `_class_name`, the format's version, then the keys."""
    values = {"_class_name": class_name, "_diffusers_version": "0.42.1", **dataclasses.asdict(config)}  # type: ignore[call-overload]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
