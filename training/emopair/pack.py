"""Packs photographs with their region maps into shards: `shard-NN.bin` (WebP after WebP) and `shard-NN.json`.

    python -m emopair.pack PHOTOS_FOLDER OUT_FOLDER --parts 2 --quality 82

Only folders whose licence allows shipped weights are read: `TIERS` below, with terms in `emoeditor/report.py`.
"""

import argparse
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from . import REGIONS, regions
from .priors import prior

TIERS = dict(flowers=1, trash=1, clothing=1, wallpaper=1, caltech=2, pets=2, weatherA=2, weatherB=2)
SHORT_SIDE = 272
ASPECT = 1.5
"""Longer pictures are cut to this aspect around their subject."""
MAP_SIDE = 64
HELD_OUT_CLASSES = {
    "caltech": {"pagoda", "schooner", "llama", "lotus", "grand-piano"},
    "pets": {"beagle", "Birman"},
    "wallpaper": {"budgie"},
}
"""Never trained on, as whole classes; beside them a share of every other folder."""
HELD_OUT_SHARE = 0.03


GRAPHICS = (
    *("auto-", "jazz", "swirl", "splash", "scrawl", "logo", "materix", "maze", "silky", "wavey", "mate_waves"),
    *("bubble", "jelly", "standalone", "minotaur", "lunar-lobster", "webspresso-city", "spiral", "selassie"),
)
"""Parts of wallpaper names that are drawings or logos, not photographs."""


def class_of(folder: str, name: str) -> str:
    """Class of a photograph from its file name."""
    stem = name.rsplit(".", 1)[0]
    if folder == "caltech":
        return stem.split("_image_")[0]
    if folder == "pets":
        return stem.rsplit("_", 1)[0]
    if folder == "trash":
        return stem.rstrip("0123456789")
    return stem.split("_")[0]


def split_of(folder: str, cls: str, name: str) -> str:
    """'heldout' for whole classes and for a fixed share by hash, else 'train'."""
    if cls in HELD_OUT_CLASSES.get(folder, ()):
        return "heldout"
    draw = int.from_bytes(hashlib.sha256(f"{folder}/{name}".encode()).digest()[:4], "big") / 2**32
    return "heldout" if draw < HELD_OUT_SHARE else "train"


def fault(rgb: np.ndarray, folder: str) -> str | None:
    """Why a photograph is no use for editing, or None."""
    h, w = rgb.shape[:2]
    if min(h, w) < 160 or max(h, w) > 3.2 * min(h, w):
        return "size"
    small = cv2.resize(rgb, (96, 96), interpolation=cv2.INTER_AREA).astype(np.float32)
    flat = cv2.absdiff(small, cv2.blur(small, (5, 5))).max(axis=2) < 1.5
    white, black = small.min(axis=2) > 246, small.max(axis=2) < 8
    if ((white | black) & flat).mean() > (0.3 if folder == "caltech" else 0.55):
        return "cut-out"
    corners = [
        (white | black)[y, x].mean() > 0.9
        for y in (slice(0, 8), slice(-8, None))
        for x in (slice(0, 8), slice(-8, None))
    ]
    if folder == "caltech" and sum(corners) >= 3:
        return "turned"
    chroma = float((small.max(axis=2) - small.min(axis=2)).mean())
    if folder == "caltech" and chroma < 6:
        return "colourless"
    if small.std() < 9 or flat.mean() > 0.93:
        return "empty"
    return None


def fingerprint(rgb: np.ndarray) -> int:
    """64-bit difference hash."""
    small = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA).astype(int)
    return int("".join("1" if b else "0" for b in (small[:, 1:] > small[:, :-1]).ravel()), 2)


def _trim(rgb: np.ndarray) -> np.ndarray:
    """Cuts uniform frames away (borders of scans and web pictures)."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    rows = np.where(grey.std(axis=1) > 4)[0]
    columns = np.where(grey.std(axis=0) > 4)[0]
    if len(rows) < 0.6 * grey.shape[0] or len(columns) < 0.6 * grey.shape[1]:
        return rgb
    extreme = [grey[0].mean(), grey[-1].mean(), grey[:, 0].mean(), grey[:, -1].mean()]
    limits = [rows[0], rows[-1] + 1, columns[0], columns[-1] + 1]
    full = [0, grey.shape[0], 0, grey.shape[1]]
    y0, y1, x0, x1 = (a if e < 12 or e > 243 else b for a, b, e in zip(limits, full, extreme, strict=True))
    return rgb[y0:y1, x0:x1]


def _webp(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


def prepare(path: Path, quality: int) -> dict | str:
    """One photograph as a record with its bytes, or the reason to leave it out."""
    folder = path.parent.name
    if folder == "wallpaper" and any(word in path.name.lower() for word in GRAPHICS):
        return "drawing"
    cv2.setNumThreads(1)
    try:
        rgb = _trim(np.asarray(Image.open(path).convert("RGB")))
    except OSError:
        return "unreadable"
    wrong = fault(rgb, folder)
    if wrong:
        return wrong
    scale = min(1.0, SHORT_SIDE / min(rgb.shape[:2]))
    picture = Image.fromarray(rgb)
    picture = picture.resize((round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)), Image.Resampling.LANCZOS)
    maps = regions.compute(np.asarray(picture), 96)
    mass = maps[REGIONS.index("subject")].astype(float) + 20
    focus_x = float((mass.sum(0) * (np.arange(96) + 0.5)).sum() / mass.sum() / 96)
    focus_y = float((mass.sum(1) * (np.arange(96) + 0.5)).sum() / mass.sum() / 96)
    w, h = picture.size
    cut_w, cut_h = min(w, int(ASPECT * h)), min(h, int(ASPECT * w))
    left = min(max(0, round(focus_x * w - cut_w / 2)), w - cut_w)
    top = min(max(0, round(focus_y * h - cut_h / 2)), h - cut_h)
    box = (left, top, left + cut_w, top + cut_h)
    picture = picture.crop(box)
    cut = np.asarray(picture)
    maps = regions.compute(cut, MAP_SIDE) if picture.size != (w, h) else np.stack(
        [cv2.resize(m, (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_AREA) for m in maps]
    )  # fmt: skip
    cls = class_of(folder, path.name)
    return dict(
        name=path.name,
        folder=folder,
        cls=cls,
        tier=TIERS[folder],
        split=split_of(folder, cls, path.name),
        focus=[round((focus_x * w - left) / cut_w, 3), round((focus_y * h - top) / cut_h, 3)],
        prior=[round(float(v), 4) for v in prior(folder, cls)],
        size=list(picture.size),
        hash=fingerprint(cut),
        photo=_webp(picture, quality),
        strip=_webp(Image.fromarray(np.concatenate(list(maps), axis=1)), 50),
    )


def _unseen(record: dict, seen: dict[str, list[int]]) -> bool:
    mine = record["hash"]
    known = seen.setdefault(record["folder"], [])
    if any((mine ^ other).bit_count() <= 4 for other in known):
        return False
    known.append(mine)
    return True


def _write(index: Path, records: list[dict], quality: int) -> int:
    blob, photos = bytearray(), []
    for record in records:
        entry = {k: v for k, v in record.items() if k not in ("photo", "strip", "hash")}
        entry |= dict(offset=len(blob), bytes=len(record["photo"]), region_bytes=len(record["strip"]))
        blob += record["photo"] + record["strip"]
        photos.append(entry)
    index.parent.mkdir(parents=True, exist_ok=True)
    index.with_suffix(".bin").write_bytes(blob)
    header = dict(version=1, regions=list(REGIONS), map_side=MAP_SIDE, quality=quality, crc32=zlib.crc32(bytes(blob)))
    index.write_text(json.dumps(header | dict(photos=photos), separators=(",", ":")))
    return len(blob)


def _records(paths: list[Path], quality: int, workers: int, dropped: dict[str, int]) -> Iterator[dict]:
    seen: dict[str, list[int]] = {}
    with ProcessPoolExecutor(workers) as pool:
        for result in pool.map(partial(prepare, quality=quality), paths, chunksize=16):
            if isinstance(result, dict) and not _unseen(result, seen):
                result = "near-duplicate"
            if isinstance(result, str):
                dropped[result] = dropped.get(result, 0) + 1
            else:
                yield result


def pack(source: Path, out: Path, parts: int, quality: int, workers: int, shard_size: int = 500) -> dict:
    """Packs the allowed folders; photographs go to the parts in the order of a hash, so every part is a fair sample."""
    paths = [p for folder in TIERS for p in (source / folder).glob("*.jpg")]
    if not paths:
        raise FileNotFoundError(f"{source}: none of the folders {', '.join(TIERS)} holds a .jpg")
    paths.sort(key=lambda p: hashlib.sha256(f"{p.parent.name}/{p.name}".encode()).hexdigest()[8:])
    dropped: dict[str, int] = {}
    records = list(_records(paths, quality, workers, dropped))
    groups = [records[i : i + shard_size] for i in range(0, len(records), shard_size)]
    sizes = [0] * parts
    for number, group in enumerate(groups):
        part = number * parts // len(groups)
        sizes[part] += _write(out / f"part{part + 1}" / f"shard-{number:02d}.json", group, quality)
    held = sum(r["split"] == "heldout" for r in records)
    return dict(photos=len(records), heldout=held, bytes=sizes, dropped=dropped)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--parts", type=int, default=2)
    parser.add_argument("--quality", type=int, default=82)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    print(json.dumps(pack(given.source, given.out, given.parts, given.quality, given.workers)))


if __name__ == "__main__":
    main()
