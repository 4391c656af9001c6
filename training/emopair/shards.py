"""Reads packed photographs (see pack.py) into memory as squares of one size, decoding in parallel processes."""

import io
import json
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from . import REGIONS


@dataclass(frozen=True)
class PhotoSet:
    """Photographs in memory, one row each.

    `images [N,S,S,3]` uint8 RGB; `regions [N,K,s,s]` uint8 in the order of REGIONS; `priors [N,8]` float32;
    `meta` holds folder, class, tier, name and split of each.
    """

    images: np.ndarray
    regions: np.ndarray
    priors: np.ndarray
    meta: list[dict]

    def __len__(self) -> int:
        return len(self.meta)


def find_shards(paths: Sequence[str | Path]) -> list[Path]:
    """Index files of all shards under the given folders (or the index files themselves), in order."""
    found: list[Path] = []
    for path in map(Path, paths):
        found += sorted(path.glob("**/shard-*.json")) if path.is_dir() else [path]
    if not found:
        raise FileNotFoundError(f"no shard-*.json under {[str(p) for p in paths]}: run `python -m emopair.pack` first")
    return found


def square_window(width: int, height: int, focus: tuple[float, float]) -> tuple[int, int, int]:
    """Left, top and side of the largest square, moved towards the focus (shares of width and height)."""
    side = min(width, height)
    left = min(max(0, round(focus[0] * width - side / 2)), width - side)
    top = min(max(0, round(focus[1] * height - side / 2)), height - side)
    return left, top, side


def _decode(job: tuple[str, list[dict], int, int]) -> tuple[np.ndarray, np.ndarray]:
    blob, records, size, map_size = job
    images = np.empty((len(records), size, size, 3), np.uint8)
    regions = np.empty((len(records), len(REGIONS), map_size, map_size), np.uint8)
    with open(blob, "rb") as file:
        for i, record in enumerate(records):
            file.seek(record["offset"])
            photo = Image.open(io.BytesIO(file.read(record["bytes"]))).convert("RGB")
            strip = Image.open(io.BytesIO(file.read(record["region_bytes"]))).convert("L")
            left, top, side = square_window(*photo.size, record["focus"])
            box = (left, top, left + side, top + side)
            images[i] = np.asarray(photo.resize((size, size), Image.Resampling.BICUBIC, box=box))
            across = strip.height / photo.width, strip.height / photo.height
            for k in range(len(REGIONS)):
                cut = (
                    k * strip.height + box[0] * across[0],
                    box[1] * across[1],
                    k * strip.height + box[2] * across[0],
                    box[3] * across[1],
                )
                regions[i, k] = np.asarray(strip.resize((map_size, map_size), Image.Resampling.BILINEAR, box=cut))
    return images, regions


def load(
    paths: Sequence[str | Path],
    split: str = "train",
    workers: int = 2,
    size: int = 272,
    map_size: int = 64,
    limit: int | None = None,
) -> PhotoSet:
    """Read the photographs of one split ('train', 'heldout' or 'all') as squares around their subject.

    `limit` keeps an evenly spread part. Raises FileNotFoundError without shards, ValueError for a damaged one.
    """
    chosen: list[tuple[Path, dict]] = []
    for index in find_shards(paths):
        content = json.loads(index.read_text())
        blob = index.with_suffix(".bin")
        if zlib.crc32(blob.read_bytes()) != content["crc32"]:
            raise ValueError(f"{blob.name}: checksum differs from {index.name}; copy the shard again")
        chosen += [(blob, r) for r in content["photos"] if split in ("all", r["split"])]
    if limit is not None and limit < len(chosen):
        chosen = [chosen[int(i)] for i in np.linspace(0, len(chosen) - 1, limit)]
    jobs = [
        (str(blob), part, size, map_size)
        for blob in dict.fromkeys(b for b, _ in chosen)
        for mine in [[r for b, r in chosen if b == blob]]
        for part in [mine[i : i + 64] for i in range(0, len(mine), 64)]
    ]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_decode, jobs))
    else:
        parts = [_decode(job) for job in jobs]
    meta = [r for job in jobs for r in job[1]]
    return PhotoSet(
        np.concatenate([p[0] for p in parts]),
        np.concatenate([p[1] for p in parts]),
        np.array([r["prior"] for r in meta], np.float32),
        meta,
    )
