"""Add labels to a list's file, or replace them; reads JSON objects from standard input, one after another.

    python -m scene_labels.add LIST <<'EOF'
    {"n": 7, "areas": [["sky", "all"], ["ground", "0,60 100,55 100,100 0,100"]], "horizon": "0,60 100,55"}
    EOF

`n` is the photograph's number in the list. Other keys: format.py. A key that is left out is empty.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .format import LabelError, check_label, label_path, read_labels, read_list, write_labels


def objects(text: str) -> list[dict[str, Any]]:
    decoder, place, found = json.JSONDecoder(), 0, []
    while text[place:].strip():
        place += len(text[place:]) - len(text[place:].lstrip())
        value, place = decoder.raw_decode(text, place)
        found.append(value)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list")
    parser.add_argument("--file", type=Path, help="label file, when it is not the list's own")
    args = parser.parse_args()
    photos, path = read_list(args.list), args.file or label_path(args.list)
    labels = read_labels(path)
    # A label with a fault is named and left out; the others are kept.
    faults = []
    for label in objects(sys.stdin.read()):
        n = label.pop("n", None)
        try:
            if not isinstance(n, int) or not 1 <= n <= len(photos):
                raise LabelError(f"expected n from 1 to {len(photos)}")
            check_label(label)
            labels[photos[n - 1]] = label
        except LabelError as error:
            faults.append(f"{args.list} {n}: {error}")
    write_labels(path, labels, photos)
    print(f"{len(labels)} of {len(photos)} labelled in {path.name}")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
