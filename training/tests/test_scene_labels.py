"""Hand labels of scenes: format, rasterising, and the lists and labels that are committed."""

import json

import numpy as np
import pytest

from scene_labels import CLASSES, LISTS, UNDECIDED
from scene_labels.add import objects
from scene_labels.check import contradictions
from scene_labels.compare import agreement
from scene_labels.format import LabelError, check_label, label_path, points, read_labels, read_list, write_labels
from scene_labels.raster import rasterise

SKY, GROUND, BUILDING, OTHER = (CLASSES.index(c) for c in ("sky", "ground", "building", "other"))


def scene(height: int = 120, width: int = 200) -> np.ndarray:
    """Blue over brown with a soft grain; the border runs at row 60 with a step to row 50 in the right half."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:] = (120, 80, 40)
    rgb[:60, :100] = rgb[:50, 100:] = (90, 150, 230)
    grain = np.random.default_rng(0).integers(-6, 7, rgb.shape)
    return np.clip(rgb + grain, 0, 255).astype(np.uint8)


def test_ids_are_kept_for_ever():
    assert CLASSES == ("sky", "ground", "water", "vegetation", "building", "person", "other", "backdrop")
    assert UNDECIDED == 255


def test_a_later_area_covers_an_earlier_one_and_the_rest_is_undecided():
    label = {
        "areas": [["sky", "0,0 100,0 100,50 0,50", {"snap": 0}], ["building", "40,20 60,20 60,70 40,70", {"snap": 0}]],
        "horizon": None,
    }
    ids = rasterise(label, scene())
    assert ids.shape == (120, 200) and ids.dtype == np.uint8
    assert ids[10, 10] == SKY and ids[50, 100] == BUILDING and ids[100, 10] == UNDECIDED
    # Percent of width and height, to the pixel: 40..60 of 200, 20..70 of 120.
    assert np.argwhere(ids == BUILDING).min(0).tolist() == [24, 80]
    assert np.argwhere(ids == BUILDING).max(0).tolist() in ([83, 119], [84, 120])


def test_borders_move_to_the_edge_of_the_picture():
    truth = np.full((120, 200), GROUND)
    truth[:60, :100] = truth[:50, 100:] = SKY
    # Read off 3 to 4 rows wrong; the band of 2.5 percent of 200 pixels is 5 pixels.
    areas = [["ground", "all", {"snap": 2.5}], ["sky", "0,0 100,0 100,44 51,44 50,47 0,47", {"snap": 2.5}]]
    ids = rasterise({"areas": areas, "horizon": None}, scene())
    assert (ids != truth).mean() < 0.004
    rough = rasterise({"areas": [[*a[:2], {"snap": 0}] for a in areas], "horizon": None}, scene())
    assert (rough != truth).mean() > 0.02


def test_a_border_never_moves_farther_than_its_band():
    # The picture's edge lies 12 rows below the border in the left half, the band is 6 rows.
    areas = [["ground", "all", {"snap": 3}], ["sky", "0,0 100,0 100,40 0,40", {"snap": 3}]]
    ids = rasterise({"areas": areas, "horizon": None}, scene())
    assert (ids[:41] == SKY).all() and (ids[56:] == GROUND).all()


def test_undecided_areas_and_thin_lines_stay_as_drawn():
    areas = [
        ["sky", "all"],
        ["undecided", "0,50 100,50 100,100 0,100"],
        ["other", "20,10 80,10", {"line": 1}],
    ]
    ids = rasterise({"areas": areas, "horizon": None}, scene())
    assert (ids[61:] == UNDECIDED).all() and not (ids[:59] == UNDECIDED).any()
    assert (ids[12, 45:155] == OTHER).all() and (ids == OTHER).sum() < 4 * 125


def test_points_are_svg_points():
    assert points("0,0 12.5,40") == [(0, 0), (12.5, 40)]
    for wrong in ("1 2", "1,2,3", "a,b", "120,5"):
        with pytest.raises(LabelError, match="expected"):
            points(wrong)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"areas": [["cloud", "all"]]}, "class of sky"),
        ({"areas": [["sky", "0,0 1,1"]]}, "3 to 400 points, got 2"),
        ({"areas": [["sky", "all", {"snap": -1}]]}, "percent of the long side"),
        ({"areas": [["sky", "all", {"blur": 1}]]}, "options"),
        ({"areas": []}, "expected areas"),
        ({"horizon": "5,5"}, "2 to 2 points"),
        ({"lamps": [["5,5", "on"]]}, "lit"),
        ({"pairs": [["5,5", "5,5"]]}, "nearer"),
        ({"points": [["undecided", "5,5"]]}, "point"),
        ({"clouds": []}, "expected areas"),
    ],
)
def test_faults_are_named(change, message):
    label = {"areas": [["sky", "all"]], "horizon": None}
    check_label(label)
    with pytest.raises(LabelError, match=message):
        check_label(label | change)


def test_labels_are_written_and_read_again(tmp_path):
    labels = {
        "b.jpg": {"areas": [["sky", "all"]], "horizon": None},
        "a.jpg": {"areas": [["sky", "all"], ["person", "1,1 2,2 3,1"]], "horizon": "0,50 100,51", "note": "one"},
    }
    write_labels(tmp_path / "x.json", labels, ["a.jpg", "b.jpg"])
    again = read_labels(tmp_path / "x.json")
    assert again == labels and list(again) == ["a.jpg", "b.jpg"]
    assert objects('{"n": 1}\n\n {"n": 2}') == [{"n": 1}, {"n": 2}]


def test_points_and_pairs_that_contradict_the_areas_are_found():
    ids = np.full((100, 100), GROUND, np.uint8)
    ids[:50] = SKY
    right = {"points": [["sky", "50,20"]], "pairs": [["50,90", "50,10"]]}
    wrong = {"points": [["water", "50,20"]], "pairs": [["50,10", "50,90"]]}
    assert contradictions(right, ids) == [] and len(contradictions(wrong, ids)) == 2


def test_agreement_counts_only_what_both_have_decided():
    first = np.full((10, 10), SKY, np.uint8)
    second = first.copy()
    second[:2], second[2:4] = UNDECIDED, GROUND
    share, ious = agreement(first, second)
    assert share == 0.75 and ious == {"sky": 0.75, "ground": 0}


def test_committed_lists_do_not_overlap_and_labels_belong_to_them():
    listed = [p for name in LISTS for p in read_list(name)]
    assert [len(read_list(name)) for name in LISTS] == [60, 120, 120]
    assert len(set(listed)) == len(listed)
    for name in LISTS:
        assert set(read_labels(label_path(name))) <= set(read_list(name))
        # Research-only folders never train what ships.
        assert not [p for p in read_list(name) if any(t in p for t in ("yosemite", "imagenet", "bsds"))]


def test_a_list_is_plain_json():
    with pytest.raises(LabelError, match="test, trainA, trainB"):
        read_list("valid")
    assert all(isinstance(p, str) and not p.startswith("/") for p in json.loads(json.dumps(read_list("test"))))
