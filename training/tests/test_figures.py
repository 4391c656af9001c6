"""The official metric on pictures whose answer is known."""

import json
import math

import pytest
import torch

from emoeditor.evaluation import esmi
from emoeditor.evaluation.distances import PictureDistance
from emoeditor.evaluation.figure_table import by_emotion, summary, table
from emoeditor.figures import between_seeds, judge_edits
from emoeditor.models import EmotionPredictor, PredictorConfig
from emoeditor.photographs.pictures import to_pixels

BRIGHTNESS = PictureDistance("brightness", lambda a, b: (a - b).mean((1, 2, 3)).abs())


class Halves(EmotionPredictor):
    """Class 0 is a bright left half, class 1 a bright right half; nothing is learnt."""

    def __init__(self):
        super().__init__(PredictorConfig())
        with torch.no_grad():
            self._fc.weight.zero_()
            self._fc.bias.zero_()
            self._fc.weight[0, 0] = self._fc.weight[1, 1] = 8.0

    def last_features(self, images):
        grey = torch.nn.functional.adaptive_avg_pool2d(images.mean(1, keepdim=True), (8, 8))
        left, right = grey.clone(), grey.clone()
        left[..., 4:], right[..., :4] = 0, 0
        return torch.cat([left, right, torch.zeros(len(images), 1278, 8, 8)], 1)


@pytest.fixture
def network():
    return Halves().eval()


def picture(left: float, right: float) -> torch.Tensor:
    image = torch.zeros(1, 3, 64, 64)
    image[..., :32], image[..., 32:] = left, right
    return image


def test_the_region_is_where_the_strongest_emotion_comes_from(network):
    region = esmi.read(network, picture(0.8, 0.1)).region
    assert region[:, :100].all() and not region[:, 130:].any()


def index_of(network, source: torch.Tensor, edit: torch.Tensor) -> float:
    before = esmi.read(network, source)
    return esmi.esmi(before, esmi.squash(source), network.probabilities(edit)[0], esmi.squash(edit), 1)


def test_esmi_counts_the_change_inside_the_region_and_the_way_to_the_target(network):
    source = picture(0.8, 0.1)
    inside, outside = picture(0.2, 0.1), picture(0.8, 0.9)
    p = lambda image: float(network.probabilities(image)[0, 1])  # noqa: E731
    way = 1 - math.log(p(inside)) / math.log(p(source))
    assert index_of(network, source, inside) == pytest.approx(50 * (1 + way), abs=1)
    moved = 1 - math.log(p(outside)) / math.log(p(source))
    assert index_of(network, source, outside) == pytest.approx(50 * moved, abs=2)
    assert index_of(network, source, source) == 0


def test_the_photographs_own_emotion_is_no_target(network, tmp_path):
    from PIL import Image

    Image.fromarray(to_pixels(picture(0.8, 0.1)[0])).save(tmp_path / "0000-source.png")
    edits = []
    for target in ("amusement", "anger"):
        Image.fromarray(to_pixels(picture(0.1, 0.9)[0])).save(tmp_path / f"0000-{target}.png")
        edits.append(
            dict(
                photo="a",
                target=target,
                before=0.1,
                after=0.7,
                isTop=True,
                ssim=0.6,
                isAccepted=True,
                iterations=1,
                evaluations=36,
                seconds=1,
            )
        )
    beyond = {**edits[0], "photo": "b"}  # without a picture: nobody may ask for it
    (tmp_path / "edits.jsonl").write_text("".join(json.dumps(edit) + "\n" for edit in [*edits, beyond]))
    rows = judge_edits(tmp_path, 1, network, network, BRIGHTNESS)
    assert [row["target"] for row in rows] == ["anger"]
    figures = summary(rows)
    assert figures["judge_top1"] == 1 and figures["judge_top1_before"] == 0
    assert figures["accepted_inside_window"] == 1
    assert figures["distance_to_source"] == pytest.approx(0.05, abs=0.01)
    text = table(figures, by_emotion(rows), BRIGHTNESS.name)
    assert "| target is the judge's first | 100.0 % | ≥ 60 % |" in text
    assert "Distances: brightness." in text and "| anger | 100.0 % |" in text


def test_late_acceptance_is_none():
    row = dict(
        photo="a", target="awe", before=0, after=1, isTop=True, ssim=0.6, isAccepted=True, evaluations=9, seconds=1
    )
    judged = dict(judge_top=1, judge_top_before=0, judge_before=0, judge_after=1, esmi_own=1, esmi_judge=1)
    assert [summary([row | judged | {"iterations": n}])["accepted"] for n in (6, 7)] == [1, 0]


def test_seeds_are_compared_edit_by_edit(tmp_path):
    from PIL import Image

    folders = [tmp_path / str(seed) for seed in range(3)]
    for folder, light in zip(folders, (0.0, 0.2, 0.6), strict=True):
        folder.mkdir()
        Image.fromarray(to_pixels(picture(light, light)[0])).save(folder / "0000-awe.png")
        (folder / "edits.jsonl").write_text(json.dumps({"photo": "a", "target": "awe"}) + "\n")
    assert between_seeds(folders, 1, BRIGHTNESS) == pytest.approx((0.2 + 0.6 + 0.4) / 3, abs=0.01)
