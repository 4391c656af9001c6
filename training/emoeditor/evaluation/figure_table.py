"""The starter's figures out of judged edits, as a Markdown table beside what they are to reach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from emopair import EMOTIONS

Row = dict[str, Any]
"""One edit: what `bench/starter` writes (Row in ledger.mts) and what `judge_edits` adds."""
WINDOW = (0.5, 0.8)
MOST_ITERATIONS = 6


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _two(value: float) -> str:
    return f"{value:.2f}"


def _one(value: float) -> str:
    return f"{value:.1f}"


@dataclass(frozen=True)
class Line:
    """A line of the table: key in `figures.json`, words, what to reach, how to print it."""

    key: str
    words: str
    goal: str = ""
    text: Callable[[float], str] = _two


LINES = (
    Line("judge_top1_before", "target is the judge's first, before editing", "", _percent),
    Line("judge_top1", "target is the judge's first", "≥ 60 %", _percent),
    Line("judge_median_rise", "median rise of the judge's P(target)", "≥ 0.35"),
    Line("own_top1", "target is the predictor's first", "", _percent),
    Line("own_median_rise", "median rise of the predictor's P(target)"),
    Line("esmi_own", "ESMI (CAM), our predictor", "≥ 51.56"),
    Line("esmi_judge", "ESMI (CAM), the judge"),
    Line("accepted", f"accepted by IEI within {MOST_ITERATIONS} iterations", "≥ 80 %", _percent),
    Line("accepted_inside_window", "SSIM within 0.5 and 0.8, of accepted edits", "≥ 85 %", _percent),
    Line("unet_evaluations", "UNet evaluations, mean", "≤ 60", _one),
    Line("iterations", "iterations, mean"),
    Line("seconds_accepted", "seconds per accepted edit, median", "≤ 5"),
    Line("distance_to_source", "distance to the source"),
    Line("distance_between_emotions", "distance between the edits of one photograph"),
    Line("distance_between_seeds", "distance between three seeds of one edit"),
)


def summary(rows: Sequence[Row]) -> dict[str, float]:
    """The figures by name; rows without a distance have none."""
    accepted = [row for row in rows if row["isAccepted"] and row["iterations"] <= MOST_ITERATIONS]
    figures = {
        "edits": float(len(rows)),
        "photographs": float(len({row["photo"] for row in rows})),
        "judge_top1_before": mean(row["judge_top_before"] for row in rows),
        "judge_top1": mean(row["judge_top"] for row in rows),
        "judge_median_rise": median(row["judge_after"] - row["judge_before"] for row in rows),
        "own_top1": mean(row["isTop"] for row in rows),
        "own_median_rise": median(row["after"] - row["before"] for row in rows),
        "esmi_own": mean(row["esmi_own"] for row in rows),
        "esmi_judge": mean(row["esmi_judge"] for row in rows),
        "accepted": len(accepted) / len(rows),
        "unet_evaluations": mean(row["evaluations"] for row in rows),
        "iterations": mean(row["iterations"] for row in rows),
    }
    if accepted:
        figures["accepted_inside_window"] = mean(WINDOW[0] < row["ssim"] < WINDOW[1] for row in accepted)
        figures["seconds_accepted"] = median(row["seconds"] for row in accepted)
    distances = [row["distance"] for row in rows if "distance" in row]
    return figures | ({"distance_to_source": mean(distances)} if distances else {})


def by_emotion(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """The same figures for each target."""
    parts = {emotion: [row for row in rows if row["target"] == emotion] for emotion in EMOTIONS}
    return {emotion: summary(part) for emotion, part in parts.items() if part}


def table(figures: dict[str, float], emotions: dict[str, dict[str, float]], distance: str | None) -> str:
    """Both tables in Markdown; `distance` names the measure of the distances."""
    head = f"{figures['edits']:.0f} edits of {figures['photographs']:.0f} photographs"
    lines = [f"| {head} | found | goal |", "|---|---|---|"]
    lines += [f"| {i.words} | {i.text(figures[i.key])} | {i.goal} |" for i in LINES if i.key in figures]
    measured = f"Distances: {distance}." if distance else "Distances are left out: no LPIPS and no --backbones."
    columns = ("judge_top1", "judge_median_rise", "esmi_own", "accepted", "unet_evaluations")
    known = {i.key: i for i in LINES}
    lines += ["", measured, "", "| target | " + " | ".join(known[c].words for c in columns) + " |"]
    lines.append("|---" * (len(columns) + 1) + "|")
    for emotion, part in emotions.items():
        lines.append(f"| {emotion} | " + " | ".join(known[c].text(part[c]) for c in columns) + " |")
    return "\n".join(lines)
