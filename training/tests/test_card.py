"""The card that travels with a bundle: what was measured, what was learnt before, and what it cannot do."""

from typing import Any

from emoeditor.card import complete, unrecognised


def card() -> dict[str, Any]:
    return {"name": "A", "limits": ["Small."], "figures": {"training": {"unet": {"steps": 5}}}}


def measured(**top1: float) -> dict[str, Any]:
    figures = {"edits": 70, "judge_top1": 0.71428571, "secondary": 3.0}
    return {"figures": figures, "emotions": {k: {"judge_top1": v} for k, v in top1.items()}, "distance": "LPIPS"}


def test_a_card_gets_what_was_measured_and_what_was_learnt_before() -> None:
    before = {"provenance": {"figures": {"training": {"vae": {"steps": 9}}}}}
    whole = complete(card(), measured(awe=0.75), {"ece": 0.030123, "accuracy": 0.88}, before)
    assert whole["figures"] == {
        "training": {"unet": {"steps": 5}, "before": {"vae": {"steps": 9}}},
        "held_out": {"edits": 70, "judge_top1": 0.7143, "judge_top1_by_emotion": {"awe": 0.75}, "distance": "LPIPS"},
        "judge": {"ece": 0.0301, "accuracy": 0.88},
    }
    assert whole["limits"] == ["Small."] and whole["name"] == "A"


def test_emotions_that_the_judge_misses_become_a_limit() -> None:
    whole = complete(card(), measured(awe=0.4, fear=0.9, sadness=0.1), {}, None)
    assert whole["limits"][1].startswith("Awe and sadness: ")
    assert unrecognised({"joy": {"judge_top1": 0.2}}).startswith("Joy: ")
    assert unrecognised({k: {"judge_top1": 0.0} for k in ("a", "b", "c")}).startswith("A, b and c: ")
    assert unrecognised({"joy": {"judge_top1": 0.5}}) is None


def test_a_card_that_is_completed_again_says_what_was_measured_last() -> None:
    once = complete(card(), measured(awe=0.4), {}, None)
    again = complete(once, measured(awe=0.9, fear=0.3), {}, None)
    assert again["limits"] == ["Small.", unrecognised({"fear": {"judge_top1": 0.3}})]
    assert complete(again, measured(awe=0.9), {}, None)["limits"] == ["Small."]
