"""Correlations with human ratings: halves that do not mix, ranks with ties, a line that is fitted on one half only."""

from pathlib import Path

import numpy as np
import pytest
import torch

from emoeditor.models import EmotionPredictor, PredictorConfig
from emoeditor.norms import Norms, compare, fitted, halves, look, read_norms, spearman, table


def test_ranks_share_ties() -> None:
    assert spearman(np.array([1.0, 2, 2, 9]), np.array([0.0, 5, 5, 6])) == pytest.approx(1)
    assert spearman(np.array([1.0, 2, 3]), np.array([9.0, 4, 1])) == pytest.approx(-1)


def test_themes_stay_on_one_side() -> None:
    themes = [name for name, count in (("a", 5), ("b", 3), ("c", 4), ("d", 4)) for _ in range(count)]
    for seed in range(8):
        half = halves(themes, seed)
        assert 8 <= half.sum() <= 12
        assert not {t for t, h in zip(themes, half, strict=True) if h} & {
            t for t, h in zip(themes, half, strict=True) if not h
        }


def test_the_other_half_is_not_fitted() -> None:
    half = np.arange(8) < 4
    inputs = np.arange(8.0)[:, None]
    ratings = 2 * np.arange(8.0)
    found = fitted(inputs, ratings, half, 1e-9)
    np.testing.assert_allclose(found, ratings[4:], atol=1e-4)
    ratings[4:] = 0
    np.testing.assert_allclose(fitted(inputs, ratings, half, 1e-9), found)


def test_what_the_predictor_says_of_valence_is_found_and_noise_is_not() -> None:
    draw = np.random.default_rng(0)
    shares = draw.dirichlet(np.ones(8), 120)
    good = shares[:, [0, 2, 3, 5]].sum(1)
    norms = Norms(
        [str(i) for i in range(120)], [str(i // 4) for i in range(120)], {"valence": good, "arousal": draw.random(120)}
    )
    found = compare(norms, {"probabilities": shares, "features": draw.random((120, 16))})
    assert found["valence, unfitted, P(positive)"]["rho"] == pytest.approx(1)
    assert found["valence, themes, probabilities"]["rho"] > 0.7
    assert abs(found["arousal, themes, probabilities"]["rho"]) < 0.3
    assert "| valence, themes, probabilities |" in table(found, 120)


def test_norms_are_read_with_their_themes(tmp_path: Path) -> None:
    head = "file,theme,category,source,valence_mean,valence_sd,arousal_mean,arousal_sd,raters\n"
    (tmp_path / "norms.csv").write_text(head + "Acorns_1.jpg,Acorns 1,Object,Pixabay,4.7,0.9,2.3,1.6,102\n")
    norms = read_norms(tmp_path)
    assert (norms.files, norms.themes, norms.ratings["valence"][0]) == (["Acorns_1.jpg"], ["Acorns"], 4.7)


def test_looking_at_a_picture_gives_the_predictors_own_distribution(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), (200, 90, 10)).save(tmp_path / "a.png")
    network = EmotionPredictor(PredictorConfig(input_size=64, temperature=0.7)).eval()
    seen = look(network, [tmp_path / "a.png"])
    colour = torch.tensor([200, 90, 10]).view(1, 3, 1, 1) / 255
    expected = network.probabilities(colour.expand(1, 3, 30, 40))[0]
    np.testing.assert_allclose(seen["probabilities"][0], expected.detach().numpy(), atol=1e-5)
