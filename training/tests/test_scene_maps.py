"""Scene maps: views and their targets, the decoder, what the figures count."""

import numpy as np
import pytest
import torch

from scene_labels import CLASSES, UNDECIDED
from scene_maps.decoder import Decoder, DecoderConfig
from scene_maps.depth import fit as fit_depth
from scene_maps.depth import foot
from scene_maps.figures import at, horizon_error
from scene_maps.horizon import ROWS, find, profile
from scene_maps.horizon import fit as fit_horizon
from scene_maps.measures import points_of, six_right, sky_of
from scene_maps.targets import GRID, shares
from scene_maps.train import loss_of
from scene_maps.views import VIEWS, View, other_palette, view_of

SKY, GROUND, PERSON, OTHER, BACKDROP = (CLASSES.index(c) for c in ("sky", "ground", "person", "other", "backdrop"))
SMALL = DecoderConfig(width=8, fine_width=8, channels={4: 3, 8: 4, 16: 5, 32: 6})


def mask(height: int = 80, width: int = 120) -> np.ndarray:
    """Sky above row 40, ground below, the lowest tenth undecided."""
    ids = np.full((height, width), GROUND, np.uint8)
    ids[:40] = SKY
    ids[72:] = UNDECIDED
    return ids


def test_a_view_is_the_same_for_everybody_and_lies_in_the_photograph():
    assert view_of("a.jpg", 0) == View((0, 0, 1, 1), None)
    assert view_of("a.jpg", 3) == view_of("a.jpg", 3) != view_of("b.jpg", 3)
    for number in range(VIEWS):
        left, top, right, bottom = view_of("a.jpg", number).box
        assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1


def test_another_palette_moves_colours_and_keeps_the_range():
    grey = np.full((4, 4, 3), 0.5, np.float32)
    moved = other_palette(grey, 7)
    assert moved.min() >= 0 and moved.max() <= 1 and np.abs(moved - grey).max() > 0.01
    assert np.array_equal(moved, other_palette(grey, 7))


def test_targets_are_shares_of_what_is_decided_in_the_view():
    whole, decided = shares(mask(), View((0, 0, 1, 1), None))
    assert whole.shape == (len(CLASSES), GRID, GRID)
    assert whole[SKY, 0, 0] == 1 and whole[GROUND, GRID // 2 + 1, 5] == 1
    assert decided[0, 0] == 1 and decided[-1, 0] == 0
    part, _ = shares(mask(), View((0, 0.5, 1, 1), None))
    assert part[SKY].max() == 0 and part[GROUND, 0, 0] == 1


def test_the_decoder_gives_logits_at_stride_4_and_knows_the_height():
    torch.manual_seed(0)
    decoder = Decoder(SMALL).eval()
    maps = {s: torch.ones(2, c, 64 // s, 64 // s) for s, c in SMALL.channels.items()}
    with torch.no_grad():
        flat = decoder(maps)
        assert flat.shape == (2, len(CLASSES), 16, 16)
        decoder.rows += 1
        assert (decoder(maps) - flat)[0, :, 2].abs().max() > 1e-3


def test_what_is_undecided_does_not_count_in_the_loss():
    target = torch.zeros(1, len(CLASSES), 2, 2)
    target[:, SKY] = 1
    logits = torch.zeros(1, len(CLASSES), 2, 2)
    decided = torch.tensor([[[1.0, 0.0], [0.0, 0.0]]])
    weights = torch.ones(len(CLASSES))
    before = loss_of(logits, target, decided, weights)
    logits[0, GROUND, 1, 1] = 9
    assert loss_of(logits, target, decided, weights) == before
    logits[0, SKY, 0, 0] = 9
    assert loss_of(logits, target, decided, weights) < 0.01


def test_sky_has_an_iou_where_there_is_some_and_a_wrong_share_where_there_is_none():
    said = np.zeros((80, 120), bool)
    said[:20] = True
    assert sky_of(said, mask()) == (0.5, None)
    bare = np.full((80, 120), GROUND, np.uint8)
    assert sky_of(said, bare) == (None, 0.25)
    bare[0, :5] = SKY  # a trace: neither
    assert sky_of(said, bare) == (None, None)


def test_points_keep_away_from_borders_and_persons_are_subjects():
    ids = mask()
    points = points_of(ids, "a.jpg")
    assert len(points) == 12 and points == points_of(ids, "a.jpg")
    assert all(ids[r, c] == k and abs(r - 40) > 1 for r, c, k in points)
    said = np.full((2, 2), PERSON, np.uint8)
    assert six_right(said, [(0, 0, OTHER), (0, 1, SKY), (1, 0, BACKDROP)]) == [True, False]


def test_a_horizon_is_off_by_its_mean_distance_in_shares_of_the_height():
    said = {"left": 0.5, "right": 0.54, "confidence": 1.0}
    assert horizon_error(said, "0,50 100,54") == pytest.approx(0)
    # Drawn over half the picture only: the line goes on.
    assert horizon_error(said, "0,50 50,55") == pytest.approx(0.03)
    assert horizon_error(None, "0,50 100,50") is None


def test_a_point_of_a_map_is_read_with_its_surroundings():
    plane = np.zeros((100, 100), np.float32)
    plane[50, 50] = 9
    assert at(plane, "50,50") == pytest.approx(1)
    assert at(plane, "100,100") == 0


def test_what_stands_is_as_low_as_its_foot():
    ids = np.full((10, 3), GROUND, np.uint8)
    ids[2:7, 1] = PERSON
    feet = foot(ids)
    assert (feet[2:7, 1] == 0.7).all() and feet[2, 0] == pytest.approx(0.3) and feet[8, 1] == pytest.approx(0.9)


def test_weights_of_nearness_follow_the_cue_that_decides():
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(60, 2))
    rows[:, 0] = np.abs(rows[:, 0])
    first, second = fit_depth(rows)
    assert first > 1 and abs(second) < first / 3


def test_the_horizon_is_found_where_sky_meets_ground_and_nowhere_in_a_wall():
    building = CLASSES.index("building")
    profiles, heights = [], []
    for row in range(16, 64, 2):
        ids = np.full((80, 10), GROUND, np.uint8)
        ids[:row] = SKY
        profiles += [profile(ids), profile(np.full((80, 10), building, np.uint8))]
        heights += [row / ROWS, None]
    model = fit_horizon(profiles, heights, parts=0)
    height, sure = find(model, profiles[10])
    assert height == pytest.approx(heights[10], abs=0.01) and sure > 0.6
    assert find(model, profiles[11])[1] < 0.3
