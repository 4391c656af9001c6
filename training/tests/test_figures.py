"""The official metric on pictures whose answer is known."""

import json
import math

import pytest
import torch

from emoeditor.figures import deciding_region, esmi, judge_edits, summary
from emoeditor.models import EmotionPredictor, PredictorConfig
from emoeditor.pictures import to_pixels


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
    region = deciding_region(network, picture(0.8, 0.1))
    assert region[:, :100].all() and not region[:, 130:].any()


def test_esmi_counts_the_change_inside_the_region_and_the_way_to_the_target(network):
    source = picture(0.8, 0.1)
    inside, outside = picture(0.2, 0.1), picture(0.8, 0.9)
    p = lambda image: float(network.probabilities(image)[0, 1])  # noqa: E731
    way = 1 - math.log(p(inside)) / math.log(p(source))
    assert esmi(network, source, inside, 1) == pytest.approx(50 * (1 + way), abs=1)
    moved = 1 - math.log(p(outside)) / math.log(p(source))
    assert esmi(network, source, outside, 1) == pytest.approx(50 * moved, abs=2)
    assert esmi(network, source, source, 1) == 0


def test_the_photographs_own_emotion_is_no_target(network, tmp_path):
    from PIL import Image

    Image.fromarray(to_pixels(picture(0.8, 0.1)[0])).save(tmp_path / "0000-source.png")
    edits = []
    for target in ("amusement", "anger"):
        Image.fromarray(to_pixels(picture(0.1, 0.9)[0])).save(tmp_path / f"0000-{target}.png")
        edits.append(
            dict(photo="a", target=target, before=0.1, after=0.7, isTop=True, ssim=0.6, isAccepted=True, evaluations=36, seconds=1)
        )
    (tmp_path / "edits.json").write_text(json.dumps(edits))
    rows = judge_edits(tmp_path, network, network)
    assert [row["target"] for row in rows] == ["anger"]
    figures = summary(rows)
    assert figures["judge_top1"] == 1 and figures["judge_top1_before"] == 0
    assert figures["accepted_inside_window"] == 1
