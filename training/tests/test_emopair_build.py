"""EPAS and EPGS from end to end on made pictures, and that a build goes on where it stopped."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from emoeditor.models import EmotionPredictor, PredictorConfig
from emoeditor.weights.networks import write_final
from emopair import EMOTIONS
from emopair.build import epas
from emopair.build.__main__ import main
from emopair.build.editors import Engine, Order, read_ranked
from emopair.build.filters import Filters, Measured, passed, structure
from emopair.build.labels import PredictorAt, read_picture, shares_of
from emopair.build.tally import Tally
from emopair.records import load_pair, read_records, root_of

PRODUCT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(4)
    folder = tmp_path_factory.mktemp("predictor")
    network = EmotionPredictor(PredictorConfig(input_size=64)).eval()
    # An untrained network says the same of all pictures, but for small differences: those decide here.
    pictures = [torch.from_numpy(np.array(picture(i))).permute(2, 0, 1) / 255 for i in range(16)]
    with torch.no_grad():
        features = network.last_features(torch.stack(pictures)).mean((2, 3))
        network._fc.weight.normal_().div_((features - features.mean(0)).norm(dim=1).mean())
        network._fc.bias.copy_(-(network._fc.weight @ features.mean(0)))
    write_final(folder, "predictor", network)
    return folder


def picture(seed: int, width: int = 96, height: int = 72) -> Image.Image:
    draw = np.random.default_rng(seed)
    coarse = Image.fromarray(draw.integers(0, 255, (6, 8, 3), np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def edit_dataset(folder: Path, count: int, with_list: bool = True) -> Path:
    for i in range(count):
        place = folder / f"{i:07d}"
        place.mkdir(parents=True)
        (place / "prompt.json").write_text(json.dumps({"input": "a", "edit": f"edit {i}", "output": "b"}))
        for seed in (17, 40):
            picture(2 * i).save(place / f"{seed}_0.jpg", quality=95)
            picture(seed + 100 * i).save(place / f"{seed}_1.jpg", quality=95)
    if with_list:
        (folder / "seeds.json").write_text(json.dumps([[f"{i:07d}", [17, 40]] for i in range(count)]))
    return folder


def test_epas_labels_both_pictures_with_the_predictor(tmp_path: Path, predictor: Path) -> None:
    data = edit_dataset(tmp_path / "data", 4)
    (data / "0000003" / "40_1.jpg").write_bytes(b"no picture")
    out = tmp_path / "out"
    main(["epas", str(data), "--out", str(out), "--predictor", str(predictor), "--workers", "1", "--keep-same"])
    records = list(read_records(out))
    assert [r.prompt for r in records] == [f"edit {i}" for i in (0, 0, 1, 1, 2, 2, 3)]
    labeller = PredictorAt(predictor, Path()).load()
    for record in records:
        source, target = load_pair(root_of(out), record)
        seen = labeller.look([source, target])
        assert (record.class_source, record.class_target) == (seen.top(0), seen.top(1))
        np.testing.assert_allclose(record.source_softmax, seen.shares[0], atol=2e-5)
        np.testing.assert_allclose(record.target_softmax, seen.shares[1], atol=2e-5)
    published = json.loads((out / "data_EmoPair.json").read_text())
    assert published == [record.values() for record in records]
    filters = json.loads((out / "index.json").read_text())["filters"]
    reached = [sum(row[s] for row in filters["counts"].values()) for s in filters["stages"]]
    assert reached == [8, 7, 7, 7]


def test_pairs_that_keep_their_emotion_are_left_out_and_counted(tmp_path: Path, predictor: Path) -> None:
    data = edit_dataset(tmp_path / "data", 6, with_list=False)
    out = tmp_path / "out"
    main(["epas", str(data), "--out", str(out), "--predictor", str(predictor), "--workers", "1"])
    records = list(read_records(out))
    assert 0 < len(records) < 12
    assert all(r.class_source != r.class_target for r in records)
    assert f"| all | 12 | 100.0 % | {100 * len(records) / 12:.1f} % |" in (out / "filters.md").read_text()


def test_a_build_goes_on_where_it_stopped(tmp_path: Path, predictor: Path, monkeypatch) -> None:
    monkeypatch.setattr("emopair.build.__main__.FOLDERS_PER_UNIT", 2)
    data = edit_dataset(tmp_path / "data", 6)
    common = ["--predictor", str(predictor), "--workers", "1", "--keep-same"]
    main(["epas", str(data), "--out", str(tmp_path / "whole"), *common])
    make = epas.EpasWorker.make

    def breaks_at_2(self, number, unit):
        if number == 2:
            raise OSError("no space left")
        return make(self, number, unit)

    parts = tmp_path / "parts"
    with monkeypatch.context() as patched:
        patched.setattr(epas.EpasWorker, "make", breaks_at_2)
        with pytest.raises(OSError, match="no space"):
            main(["epas", str(data), "--out", str(parts), *common])
    first = (parts / "shards" / "00000.jsonl").stat().st_mtime_ns
    main(["epas", str(data), "--out", str(parts), *common])
    assert (parts / "shards" / "00000.jsonl").stat().st_mtime_ns == first
    assert (parts / "data_EmoPair.json").read_text() == (tmp_path / "whole" / "data_EmoPair.json").read_text()
    with pytest.raises(ValueError, match="expected another --out"):
        main(["epas", str(data), "--out", str(parts), *common[:-1]])


def test_processes_build_what_one_does(tmp_path: Path, predictor: Path, monkeypatch) -> None:
    monkeypatch.setattr("emopair.build.__main__.FOLDERS_PER_UNIT", 1)
    data = edit_dataset(tmp_path / "data", 3)
    for workers in ("1", "2"):
        main(["epas", str(data), "--out", str(tmp_path / workers), "--predictor", str(predictor), "--workers", workers])
    assert (tmp_path / "1/data_EmoPair.json").read_text() == (tmp_path / "2/data_EmoPair.json").read_text()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    for i in range(2):
        picture(50 + i, 160, 120).save(tmp_path / "photos" / f"{i}.jpg")
    return tmp_path / "photos"


def test_epgs_makes_pairs_for_every_other_emotion(tmp_path: Path, photos: Path, predictor: Path) -> None:
    out = tmp_path / "out"
    loose = ["--least-source", "0", "--window", "0", "1", "--least-share", "0", "--least-structure", "-1"]
    main(
        [
            "epgs",
            str(photos),
            "--out",
            str(out),
            "--predictor",
            str(predictor),
            "--workers",
            "1",
            "--side",
            "64",
            *loose,
        ]
    )
    records = list(read_records(out))
    assert len(records) == 14
    labeller = PredictorAt(predictor, Path()).load()
    for record in records:
        source, target = load_pair(root_of(out), record)
        assert source.shape == target.shape == (64, 64, 3)
        assert not np.array_equal(source, target)
        seen = labeller.look([source])
        # The files are JPEGs of what was looked at.
        np.testing.assert_allclose(record.source_softmax, seen.shares[0], atol=0.1)
    assert {r.class_target for r in records} <= set(EMOTIONS)
    assert {p.stem for p in (out / "sheets").iterdir()} == {r.class_target for r in records}
    ranked = read_ranked(out / "ranking.json", is_procedural=True)
    assert len(ranked["fear"]) == 13


def test_what_the_filters_refuse_leaves_no_picture(tmp_path: Path, photos: Path, predictor: Path) -> None:
    out = tmp_path / "out"
    strict = ["--least-source", "0", "--least-share", "1.1"]
    main(
        [
            "epgs",
            str(photos),
            "--out",
            str(out),
            "--predictor",
            str(predictor),
            "--workers",
            "1",
            "--side",
            "64",
            *strict,
        ]
    )
    assert list(read_records(out)) == []
    assert not list((out / "images").rglob("*.jpg"))
    assert (out / "filters.md").read_text().strip().endswith("| 0.0 % |")


def test_filters_are_asked_in_order() -> None:
    filters = Filters(window=(0.5, 0.8), least_share=0.3, least_structure=0.3)
    measured = [(0.9, 1, 1), (0.6, 0.2, 1), (0.6, 0.4, 0.1), (0.6, 0.4, 0.4)]
    assert [passed(Measured(*m), filters) for m in measured] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="ssim or features"):
        Filters(similarity="psnr")


def test_structure_sees_edges_not_light() -> None:
    one, other = (np.asarray(picture(seed, 128, 128)) for seed in (1, 2))
    assert structure(one, one // 2) > 0.95
    assert structure(one, other) < 0.3


def test_a_tally_tells_what_each_filter_kept_of_what_reached_it() -> None:
    tally = Tally(("all", "a", "b"))
    for count in (0, 1, 2, 2):
        tally.add("awe", count)
    assert "| awe | 4 | 75.0 % | 66.7 % | 50.0 % |" in tally.table()


def test_shares_for_a_record_sum_to_one() -> None:
    assert sum(shares_of(np.full(8, 1 / 8, np.float32) + np.linspace(-1e-4, 1e-4, 8))) == pytest.approx(1, abs=1e-9)


def test_lists_that_do_not_fit_the_editor_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="for the engine"):
        read_ranked(None, is_procedural=False)
    (tmp_path / "a.json").write_text(json.dumps({e: ["make it so"] for e in EMOTIONS}))
    assert read_ranked(tmp_path / "a.json", is_procedural=False)["awe"] == ["make it so"]
    with pytest.raises(ValueError, match="ids of the bank"):
        read_ranked(tmp_path / "a.json", is_procedural=True)


@pytest.mark.skipif(
    shutil.which("npx") is None or not (PRODUCT / "node_modules").is_dir(), reason="the product is not installed"
)
def test_a_bundle_that_follows_text_edits_through_the_engine(tmp_path: Path, photos: Path) -> None:
    bundle = tmp_path / "bundle"
    command = ["npx", "emoeditor", "import", "test/golden/instruct", "--out", str(bundle)]
    subprocess.run(command, cwd=PRODUCT, check=True, capture_output=True)
    engine = Engine(str(bundle), steps=2)
    try:
        source = read_picture(photos / "0.jpg")
        order = Order(source, "fear", "make it rain", 3, tmp_path / "a", tmp_path / "a-fear-0")
        made = engine.make(order)
        assert made is not None and made.prompt == "make it rain"
        assert made.source.shape == made.edit.shape and not np.array_equal(made.source, made.edit)
        assert sorted(p.name for p in tmp_path.glob("a*")) == ["a-fear-0.jpg", "a.jpg"]
        too_long = Order(source, "fear", "word " * 90, 3, tmp_path / "b", tmp_path / "b-fear-0")
        assert engine.make(too_long) is None
    finally:
        engine.close()
    assert engine.process.returncode == 0
