"""The predictor's recipe: roles that do not mix, closed forms that are what they say, one network for both steps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from emoeditor.models import EmotionPredictor, PredictorConfig
from emopair import EMOTIONS
from predictor import head as heads
from predictor import projection as projections
from predictor.acceptance import thresholds
from predictor.backbone import BLOCKS, config_of, fold_norms, last_stride, pooled, stride16
from predictor.export import network_of
from predictor.finetune import LastStage, lessons_of
from predictor.head import Reader, Rows
from predictor.measures import Held, calibration_error, figures, spearman
from predictor.palettes import FILTERS, jitter, tinted
from predictor.recipe import Recipe, edit_goals, steadied
from predictor.roles import ROLES, role_of_instruction, role_of_photograph, role_of_theme
from predictor.rows import KINDS, Table, join, load, save
from predictor.targets import PLACES, THEMES, soft_targets

WIDTHS = {"head": 12, "s32": 8, "s16": 6, "logits": 10}


def blocks_of(count: int, seed: int = 0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    return {name: draw.normal(size=(count, width)).astype(np.float32) for name, width in WIDTHS.items()}


def table_of(kinds: list[tuple[int, str, int, int]], seed: int = 0) -> Table:
    """Rows of `(photo, kind, which, emotion)` with random features."""
    columns = [np.array(c) for c in zip(*((p, KINDS.index(k), w, e) for p, k, w, e in kinds), strict=True)]
    return Table(*columns, blocks_of(len(kinds), seed))


def tiny_backbone() -> EmotionPredictor:
    torch.manual_seed(0)
    network = EmotionPredictor(
        PredictorConfig(
            num_classes=WIDTHS["logits"],
            input_size=64,
            stem_channels=8,
            stage_channels=(8, 8, 8, 8, 3, 8, 4),
            head_channels=12,
        )
    )
    return fold_norms(network.eval().requires_grad_(False))


def test_nobody_learns_what_the_other_learns() -> None:
    themes = {t for named in THEMES.values() for t in named.split(",")}
    shares = [role_of_theme(t) == "judge" for t in themes]
    assert 0.15 < np.mean(shares) < 0.35
    photographs = [Path(f"flowers/{n}.jpg") for n in range(400)]
    assert 0.2 < np.mean([role_of_photograph(p) == "judge" for p in photographs]) < 0.4
    assert {role_of_instruction(i) for i in (0, 2, 102)} == {"predictor"}
    assert {role_of_instruction(i) for i in (1, 3, 103)} == {"judge"}


def test_filters_leave_a_picture_a_picture_and_grey_has_no_colour() -> None:
    picture = np.random.default_rng(0).random((6, 5, 3)).astype(np.float32)
    for apply in (*FILTERS.values(), *(lambda x, f=f: f(x, np.random.default_rng(1)) for f in (jitter, tinted))):
        changed = apply(picture)
        assert changed.shape == picture.shape and changed.dtype == np.float32
        assert changed.min() >= 0 and changed.max() <= 1 and not np.allclose(changed, picture, atol=0.01)
    assert np.ptp(FILTERS["grey"](picture), axis=2).max() < 1e-6


def test_targets_follow_theme_and_ratings() -> None:
    found = soft_targets(["Snake", "Snake", "Lake"], np.array([2.9, 4.3, 5.4]), np.array([4.6, 2.5, 4.2]))
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-5)
    assert EMOTIONS[int(found[0].argmax())] == "fear" and EMOTIONS[int(found[2].argmax())] == "awe"
    np.testing.assert_allclose(found[1], 1 / 8, atol=1e-5)


def test_an_edits_goal_lies_between_its_source_and_its_emotion() -> None:
    told = np.concatenate([[[4.0, 3.0]], np.full((1, 8), 1 / 8)], 1)
    (goal,) = edit_goals(told, np.array([6]), Recipe(towards=0.5, lift=0.5))
    np.testing.assert_allclose(goal[:2], (np.array([4.0, 3.0]) + PLACES[6]) / 2, atol=1e-6)
    assert goal[2 + 6] == pytest.approx(0.5 + 1 / 16) and goal[2:].sum() == pytest.approx(1)


def test_principal_directions_are_those_of_the_covariance() -> None:
    draw = np.random.default_rng(0)
    x = draw.normal(size=(300, 30)) * np.geomspace(9, 0.01, 30)
    found = projections.principal((x - x.mean(0)).astype(np.float32), 4)
    _, _, exact = np.linalg.svd(x - x.mean(0), full_matrices=False)
    np.testing.assert_allclose(np.abs(np.sum(found.T * exact[:4], 1)), 1, atol=1e-3)


def test_what_differs_between_views_is_taken_out_of_the_directions() -> None:
    rows, changed = blocks_of(60), blocks_of(60)
    changed["head"][:, 0] += np.random.default_rng(2).normal(size=60) * 3
    plain = projections.fit(rows, rows, count=20)
    steady = projections.fit(rows, rows, projections.Steady(changed, rows, np.ones(60)), count=20)

    def moved(p: projections.Projection) -> float:
        return float(np.square(p(rows) - p(changed)).sum() / np.square(p(rows) - p(rows).mean(0)).sum())

    assert moved(steady) < 0.5 * moved(plain)


def test_rows_are_to_be_seen_as_the_mean_of_their_photographs_views() -> None:
    kinds = [(0, "edit", 2, 4), (0, "picture", 0, -1), (1, "jitter", 0, -1), (1, "picture", 0, -1), (1, "view", 0, -1)]
    table = table_of(kinds)
    found, seen = steadied(table, np.ones(5, bool)), table.blocks["head"]
    np.testing.assert_allclose(found.goal["head"][2:], np.repeat(seen[3:].mean(0)[None], 3, 0), atol=1e-6)
    np.testing.assert_allclose(found.goal["head"][:2], seen[:2], atol=1e-6)
    assert found.weight[0] > found.weight[1]


def test_a_heavy_head_repeats_what_it_was_told_and_far_away_it_says_the_mean() -> None:
    draw = np.random.default_rng(0)
    rows = Rows(draw.normal(size=(20, 5)), draw.random((20, 10)), np.ones(20))
    head = heads.fit(rows, ridge=1e-6, gamma=0.5)
    np.testing.assert_allclose(head.raw(rows.x), rows.goal, atol=1e-3)
    np.testing.assert_allclose(head.raw(rows.x + 100), np.broadcast_to(rows.goal.mean(0), (20, 10)), atol=1e-6)


def test_balance_and_temperature_do_what_they_promise() -> None:
    draw = np.random.default_rng(0)
    raw = np.concatenate([np.full((400, 2), 4.0), draw.dirichlet(np.ones(8) * 4, 400)], 1)
    raw[:, 5] += 0.1
    head = heads.fit(Rows(draw.normal(size=(4, 3)), draw.random((4, 10)), np.ones(4)))
    even = heads.balanced(head, raw, np.ones(400, bool))
    first = np.bincount(even.shares(raw).argmax(1), minlength=8) / 400
    assert first.max() < 0.23 and np.bincount(raw[:, 2:].argmax(1), minlength=8).max() / 400 > 0.3
    target = heads.calibrated(head, raw, replace(head, temperature=0.7).shares(raw))
    assert target.temperature == pytest.approx(0.7, abs=0.02)


def test_the_network_reads_as_features_and_reader_do() -> None:
    backbone = tiny_backbone()
    images = torch.rand(5, 3, 64, 64) * torch.linspace(0.2, 1, 5).view(5, 1, 1, 1)
    seen = {k: v.numpy() for k, v in pooled(backbone, stride16(backbone, images)).items()}
    assert tuple(seen) == BLOCKS
    many = {k: v + np.random.default_rng(1).normal(0, v.std(), (40, v.shape[1])) for k, v in blocks_of(40).items()}
    many = {k: (seen[k].mean(0) + seen[k].std() * m).astype(np.float32) for k, m in many.items()}
    projection = projections.fit(many, many, count=9)
    draw = np.random.default_rng(0)
    rows = Rows(projection(many), draw.random((40, 10)) * 0.3 + 0.02, np.ones(40))
    head = replace(heads.fit(rows), factors=draw.random(8) + 0.5, temperature=0.8)
    reader = Reader(projection, head)
    network = network_of(backbone, reader)
    expected = reader(seen)
    np.testing.assert_allclose(network.probabilities(images).numpy(), expected[:, 2:], atol=1e-4)
    np.testing.assert_allclose(network.ratings(images).numpy(), expected[:, :2], atol=1e-3)


def test_lite2_is_wider_and_deeper() -> None:
    assert config_of("lite2").stage_channels == (16, 24, 48, 88, 120, 208, 352)
    network = tiny_backbone()
    assert network._blocks[last_stride(network)]._depthwise_conv.stride[0] == 2


def held_of(read: np.ndarray, goal: np.ndarray) -> Held:
    kinds = []
    for photo in range(len(goal)):
        kinds += [(photo, "picture", 0, -1), (photo, "filter", 3, -1), (photo, "edit", 1, photo % 8)]
    return Held(table_of(kinds), read, goal, "judge")


def test_figures_of_a_reader_that_is_right() -> None:
    draw = np.random.default_rng(0)
    goal = np.concatenate([draw.random((48, 2)) * 4 + 2, draw.dirichlet(np.ones(8) * 0.5, 48)], 1)
    read = np.repeat(goal, 3, 0)
    emotion = np.arange(48) % 8
    read[2::3, 2:] = 0.02
    read[np.arange(48) * 3 + 2, 2 + emotion] = 0.86
    read[1::3][:24, 2:] = np.roll(read[1::3][:24, 2:], 1, axis=1)
    found = figures(held_of(np.clip(read, 1e-6, None), goal))
    assert found["valence_rho"] == pytest.approx(1) and found["top1_clear"] == 1
    assert found["filter_changes_class"] == pytest.approx(0.5, abs=0.05)
    assert found["edit_first"] == 1 and found["edit_raises"] > 0.9
    assert spearman(np.array([1.0, 2, 2, 9]), np.array([4.0, 3, 3, 1])) == pytest.approx(-1)


def test_calibration_error_is_the_gap_of_confidence() -> None:
    shares = np.tile([0.7, 0.3], (100, 1))
    assert calibration_error(shares, np.tile([0.7, 0.3], (100, 1))) == pytest.approx(0)
    assert calibration_error(shares, np.tile([0.5, 0.5], (100, 1))) == pytest.approx(0.2)


def test_few_pictures_of_other_emotions_reach_a_threshold() -> None:
    draw = np.random.default_rng(0)
    goal = np.concatenate([np.full((160, 2), 4.0), np.eye(8)[np.arange(160) % 8] * 0.6 + 0.05], 1)
    read = np.repeat(goal, 3, 0)
    read[:, 2:] += draw.random((480, 8)) * 0.3
    read[1::3, 2:] = 0.9
    found = thresholds(held_of(read, goal), others=0.1)
    assert set(found) == set(EMOTIONS)
    for reached in found.values():
        assert 0.3 < reached.share < 0.36 and reached.photographs == 1 and reached.edits == 1


def test_another_palette_shall_look_like_the_picture_itself() -> None:
    kinds = [(1, "picture", 0, -1), (1, "jitter", 0, -1), (0, "picture", 0, -1), (0, "edit", 2, 4)]
    table = table_of(kinds)
    lessons = lessons_of(table, np.zeros((4, 3, 2, 2), np.float16))
    both = table_of([(0, "picture", 0, -1), (0, "mirror", 0, -1), (1, "picture", 0, -1)])
    views = lessons_of(both, np.zeros((3, 3, 2, 2), np.float16))
    torch.testing.assert_close(views.goal[0], views.goal[1])
    torch.testing.assert_close(lessons.goal[1], lessons.goal[0])
    assert not torch.allclose(lessons.goal[3], lessons.goal[2])
    names = LastStage(tiny_backbone()).trained()
    assert "_conv_head.weight" in names and not any(n.startswith(("_blocks.0.", "_fc", "_conv_stem")) for n in names)


def test_tables_come_back_from_their_files(tmp_path: Path) -> None:
    first, second = table_of([(0, "picture", 0, -1)]), table_of([(1, "edit", 5, 2)], 1)
    save(join([first, second]), tmp_path / "rated.npz")
    found = load(tmp_path / "rated.npz")
    assert found.photo.tolist() == [0, 1] and found.instruction_of("judge").tolist() == [False, True]
    np.testing.assert_allclose(found.blocks["head"][1], second.blocks["head"][0], atol=2e-3)
    assert set(ROLES) == {"predictor", "judge"}


def test_int8_weights_compute_nearly_the_same(tmp_path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from predictor.judge import in_int8

    layer = torch.nn.Conv2d(16, 32, 3).eval()
    x = torch.rand(1, 16, 8, 8)
    file = tmp_path / "layer.onnx"
    torch.onnx.export(layer, (x,), str(file), input_names=["x"], opset_version=17, dynamo=False)
    before = file.stat().st_size
    in_int8(file)
    assert file.stat().st_size < 0.4 * before
    (found,) = onnxruntime.InferenceSession(str(file)).run(None, {"x": x.numpy()})
    np.testing.assert_allclose(found, layer(x).detach().numpy(), atol=0.02)


def test_ratings_that_also_follow_from_shares_stay_on_their_scale() -> None:
    draw = np.random.default_rng(0)
    rows = Rows(draw.normal(size=(30, 4)), draw.random((30, 10)), np.ones(30))
    head = heads.fit(rows)
    raw = head.raw(rows.x)
    found = heads.blended(head, raw, PLACES, (1.0, 0.0)).raw(rows.x)
    np.testing.assert_allclose(found[:, 1:], raw[:, 1:], atol=1e-5)
    said = raw[:, 2:] @ PLACES[:, 0]
    expected = (raw[:, 0] + raw[:, 0].mean() + (said - said.mean()) * raw[:, 0].std() / said.std()) / 2
    np.testing.assert_allclose(found[:, 0], expected, atol=1e-5)
