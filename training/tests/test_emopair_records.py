"""EmoPair's records: the authors' file as it is, in every shape it may have, and ours, without holding pictures."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emopair import record_stream
from emopair.records import Record, counts, load_pair, locate, read_records, record_of, write_published

SHARES = [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]


def published(number: int, **changes) -> dict:
    return {
        "class_source": "amusement",
        "class_target": "fear",
        "prompt": f'Make it "dark", [{number}] {{}}',
        "source_softmax": SHARES,
        "img_src_path": f"EPAS/{number}_0.jpg",
        "img_tgt_path": f"EPAS/{number}_1.jpg",
    } | changes


@pytest.mark.parametrize("wrap", [
    lambda rows: rows,
    lambda rows: {str(i): row for i, row in enumerate(rows)},
    lambda rows: {"data": rows},
], ids=["list", "by name", "list inside"])  # fmt: skip
@pytest.mark.parametrize("chunk", [1, 7, 1 << 16])
def test_records_are_read_from_every_shape_whatever_the_window(tmp_path: Path, monkeypatch, wrap, chunk) -> None:
    monkeypatch.setattr(record_stream, "CHUNK", chunk)
    rows = [published(i) for i in range(12)]
    (tmp_path / "data_EmoPair.json").write_text(json.dumps(wrap(rows), indent=1))
    found = list(read_records(tmp_path))
    assert [record.values() for record in found] == rows


def test_no_more_than_a_window_of_the_file_is_held(tmp_path: Path) -> None:
    path = tmp_path / "data_EmoPair.json"
    path.write_text(json.dumps([published(i) for i in range(3000)]))
    assert path.stat().st_size > 8 * record_stream.CHUNK
    with path.open() as file:
        buffer = record_stream._Buffer(file, path.name)
        longest = max(len(buffer.text) for _ in record_stream._items(buffer))
    assert longest <= 2 * record_stream.CHUNK


def test_what_we_write_the_authors_code_reads(tmp_path: Path) -> None:
    records = [record_of(published(i), "one") for i in range(3)]
    assert write_published(iter(records), tmp_path / "data_EmoPair.json") == 3
    values = json.loads((tmp_path / "data_EmoPair.json").read_text())
    assert values == [published(i) for i in range(3)]
    assert write_published([], tmp_path / "none.json") == 0
    assert list(read_records(tmp_path / "none.json")) == []


@pytest.mark.parametrize(("changes", "told"), [
    ({"class_target": "joy"}, "class_target of record 4"),
    ({"source_softmax": [0.5, 0.5]}, "eight shares"),
    ({"source_softmax": [0.5] * 8}, "sum to 1"),
])  # fmt: skip
def test_a_wrong_field_is_named(changes, told) -> None:
    with pytest.raises(ValueError, match=told):
        record_of(published(0, **changes), "record 4")


def test_a_missing_field_and_a_file_that_is_cut_short_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="img_tgt_path are missing"):
        record_of({k: v for k, v in published(0).items() if k != "img_tgt_path"}, "record 0")
    text = json.dumps([published(0), published(1)])
    (tmp_path / "a.json").write_text(text[:-20])
    with pytest.raises(ValueError, match=r"expected JSON in a\.json"):
        list(read_records(tmp_path / "a.json"))
    with pytest.raises(FileNotFoundError, match="expected index"):
        list(read_records(tmp_path / "nowhere"))


def test_classes_may_be_numbers() -> None:
    record = record_of(published(0, class_source=0, class_target=6), "one")
    assert (record.class_source, record.class_target) == ("amusement", "fear")


@pytest.mark.parametrize("root", [".", "EmoPair"])
def test_pictures_are_found_from_either_root(tmp_path: Path, root: str) -> None:
    folder = tmp_path / "EmoPair" / "EPAS"
    folder.mkdir(parents=True)
    Image.new("RGB", (32, 24), (10, 20, 30)).save(folder / "0_0.jpg")
    Image.new("RGB", (16, 12), (200, 20, 30)).save(folder / "0_1.jpg")
    for prefix in ("", "EmoPair/"):
        assert locate(tmp_path / root, f"{prefix}EPAS/0_0.jpg").samefile(folder / "0_0.jpg")
    source, target = load_pair(tmp_path / root, record_of(published(0), "one"))
    assert source.shape == target.shape == (24, 32, 3) and np.abs(target[..., 0].astype(int) - 200).max() < 6
    with pytest.raises(FileNotFoundError, match="in neither"):
        locate(tmp_path, "EPAS/9_0.jpg")


def test_pairs_are_counted_by_emotion() -> None:
    record = Record("awe", "fear", "", tuple(SHARES), "a", "b")
    assert counts([record, record])["awe"]["fear"] == 2
