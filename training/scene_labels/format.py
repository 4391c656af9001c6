"""Reading, checking and writing label files.

A label file is a JSON object from a photograph's path (relative to the data folder) to its label:

    {"areas": [["sky", "0,0 100,0 100,40 0,45"], ["other", "50,20 50,60", {"line": 1}]],
     "lamps": [["12,30", "lit"]], "windows": [["40,50 45,50 45,58 40,58", "unlit"]],
     "horizon": "0,52 100,51", "pairs": [["20,90", "50,30"]], "points": [["water", "30,70"]], "note": "..."}

Coordinates are percent of width and height, `x,y` from the upper left corner, in the notation of SVG's `points`.
Areas are painted in order: a later one covers an earlier one. `"all"` stands for the whole picture.
"""

import json
from pathlib import Path
from typing import Any

from . import CLASSES, LISTS

FOLDER = Path(__file__).parent
KEYS = {"areas", "lamps", "windows", "horizon", "pairs", "points", "note"}
NAMES = (*CLASSES, "undecided")
LIT = ("lit", "unlit")

Points = list[tuple[float, float]]


class LabelError(ValueError):
    """A label that is not in the format; the message says where, what was expected and what came."""


def points(text: str) -> Points:
    """Percent coordinates of an SVG `points` string; `all` is the whole picture."""
    if not isinstance(text, str):
        raise LabelError(f"expected points as text like '0,0 100,0 50,40', got {text!r}")
    if text == "all":
        return [(0, 0), (100, 0), (100, 100), (0, 100)]
    result = []
    for pair in text.split():
        try:
            x, y = (float(v) for v in pair.split(","))
        except ValueError:
            raise LabelError(f"expected points like '12,34.5', got {pair!r}") from None
        if not (-1 <= x <= 101 and -1 <= y <= 101):
            raise LabelError(f"expected percent of width and height, 0 to 100, got {pair!r}")
        result.append((x, y))
    return result


def counted(text: str, least: int, most: int, what: str) -> None:
    n = len(points(text))
    if not least <= n <= most:
        raise LabelError(f"{what}: expected {least} to {most} points, got {n} in {text!r}")


def check_area(area: Any) -> None:
    if not isinstance(area, list) or len(area) not in (2, 3) or area[0] not in NAMES:
        raise LabelError(f"area: expected [class, points, options?] with a class of {', '.join(NAMES)}, got {area!r}")
    options = area[2] if len(area) == 3 else {}
    if not isinstance(options, dict) or any(k not in ("snap", "line") for k in options):
        raise LabelError(f"area: options are snap and line, got {options!r}")
    for key, value in options.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 20:
            raise LabelError(f"area: {key} is percent of the long side, 0 to 20, got {value!r}")
    counted(area[1], 2 if "line" in options else 3, 400, f"area {area[0]}")


def check_lights(kind: str, entries: list[Any]) -> None:
    for entry in entries:
        if not isinstance(entry, list) or len(entry) != 2 or entry[1] not in LIT:
            raise LabelError(f"{kind}: expected [points, 'lit' or 'unlit'], got {entry!r}")
        counted(entry[0], 1, 40, kind)


def check_label(label: Any) -> None:
    """Raise LabelError unless `label` is one photograph's label as the module's text describes it."""
    if not isinstance(label, dict) or not KEYS.issuperset(label) or not label.get("areas") or "horizon" not in label:
        raise LabelError(f"expected areas, horizon (may be null) and of {', '.join(sorted(KEYS))}, got {label!r:.200}")
    for area in label["areas"]:
        check_area(area)
    check_lights("lamps", label.get("lamps", []))
    check_lights("windows", label.get("windows", []))
    if label["horizon"] is not None:
        counted(label["horizon"], 2, 2, "horizon")
    for pair in label.get("pairs", []):
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
            raise LabelError(f"pairs: expected [nearer point, farther point], got {pair!r}")
        counted(pair[0], 1, 1, "pairs")
        counted(pair[1], 1, 1, "pairs")
    for entry in label.get("points", []):
        if not isinstance(entry, list) or len(entry) != 2 or entry[0] not in CLASSES:
            raise LabelError(f"points: expected [class, point], got {entry!r}")
        counted(entry[1], 1, 1, "points")


def read_list(name: str) -> list[str]:
    """Paths of the photographs of a list, in order; numbers in the tools count them from 1."""
    if name not in LISTS:
        raise LabelError(f"expected a list of {', '.join(LISTS)}, got {name!r}")
    return json.loads((FOLDER / "lists" / f"{name}.json").read_text())


def label_path(name: str) -> Path:
    return FOLDER / "labels" / f"{name}.json"


def read_labels(path: Path) -> dict[str, Any]:
    """Labels of a file by photograph, checked; an absent file has none."""
    if not path.exists():
        return {}
    labels = json.loads(path.read_text())
    for photo, label in labels.items():
        try:
            check_label(label)
        except LabelError as error:
            raise LabelError(f"{path.name}: {photo}: {error}") from None
    return labels


def write_labels(path: Path, labels: dict[str, Any], order: list[str]) -> None:
    """Write with one line per area, so that a mended label is a small diff. Photographs stand in the list's order."""

    def value(v: Any) -> str:
        if isinstance(v, list) and v and isinstance(v[0], list):
            return "[\n" + ",\n".join(f"   {json.dumps(e)}" for e in v) + "\n  ]"
        return json.dumps(v)

    def entry(photo: str) -> str:
        body = ",\n".join(f"  {json.dumps(k)}: {value(v)}" for k, v in labels[photo].items())
        return f" {json.dumps(photo)}: {{\n{body}\n }}"

    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + ",\n".join(entry(p) for p in sorted(labels, key=order.index)) + "\n}\n")
