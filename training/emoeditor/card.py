"""Completes a model's card before its import: what was measured of it, and what it had learnt before this run.

    python -m emoeditor.card runs/blend --figures figures --judge runs/critic/judge --before ../models/starter

Emotions that the judge recognises in less than half of their edits become one of the limits that the product shows.
"""

import argparse
import json
from pathlib import Path
from typing import Any

RECOGNISED = 0.5
UNRECOGNISED = ": an independent judge recognises less than half of the edits; often the colours alone change."
KEPT = (
    *("edits", "photographs", "judge_top1_before", "judge_top1", "judge_median_rise", "esmi_own", "esmi_judge"),
    *("accepted", "accepted_inside_window", "unet_evaluations", "distance_between_emotions", "distance_between_seeds"),
)
"""Of `figures.json`, by its own names."""

Json = dict[str, Any]


def _read(path: Path) -> Json:
    values: Json = json.loads(path.read_text(encoding="utf-8"))
    return values


def unrecognised(emotions: Json) -> str | None:
    """The limit that names the emotions which the judge misses more often than not; None without one."""
    names = [name for name, part in emotions.items() if part["judge_top1"] < RECOGNISED]
    if not names:
        return None
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names).capitalize()
    return listed + UNRECOGNISED


def complete(card: Json, measured: Json, judge: Json, before: Json | None) -> Json:
    """The card with figures and limits in place of earlier ones; `before`: the bundle that the run began with."""
    figures = dict(card["figures"])
    if before is not None:
        earlier = before["provenance"]["figures"]["training"]
        figures["training"] = {**figures["training"], "before": earlier}
    found = {key: round(measured["figures"][key], 4) for key in KEPT if key in measured["figures"]}
    recognised = {name: round(part["judge_top1"], 3) for name, part in measured["emotions"].items()}
    figures["held_out"] = {**found, "judge_top1_by_emotion": recognised, "distance": measured["distance"]}
    figures["judge"] = {key: round(value, 4) for key, value in judge.items()}
    limit = unrecognised(measured["emotions"])
    limits = [known for known in card["limits"] if not known.endswith(UNRECOGNISED)]
    return {**card, "figures": figures, "limits": limits if limit is None else [*limits, limit]}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("export", type=Path, help="folder with card.json, which is completed in place")
    parser.add_argument("--figures", type=Path, required=True, help="folder of emoeditor.figures")
    parser.add_argument("--judge", type=Path, required=True, help="folder of the judge with its figures.json")
    parser.add_argument("--before", type=Path, help="bundle that the run began with")
    args = parser.parse_args()
    before = None if args.before is None else _read(args.before / "bundle.json")
    path = args.export / "card.json"
    card = complete(_read(path), _read(args.figures / "figures.json"), _read(args.judge / "figures.json"), before)
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
