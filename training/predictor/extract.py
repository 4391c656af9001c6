"""Features of all variants of the photographs, for one role and its backbone.

    python -m predictor.extract OASIS PHOTOS --weights weights --backbone lite2 --size 224 --out features

Writes `rated.npz` and `pool.npz`, with `--maps` also `rated.npy` and `pool.npy` (float16 maps at stride 16, a row each,
for finetuning). `--share 1/2` leaves the other half of the photographs to another process; its files carry a number.
"""

import argparse
import os
from pathlib import Path

import numpy as np

from . import backbone
from .roles import ROLES, pool, read_rated
from .rows import KINDS, Table, Variants, Wanted, of_pool, of_rated, save

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
MOST = 60


class Eyes:
    """A backbone in ONNX Runtime, one thread."""

    def __init__(self, onnx: Path):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(onnx), options)

    def see(self, pictures: list[np.ndarray]) -> list[np.ndarray]:
        """Outputs of the graph for pictures `[S,S,3]`."""
        x = np.ascontiguousarray(np.stack(pictures).transpose(0, 3, 1, 2), dtype=np.float32)
        return self.session.run(None, {"images": x})


Photos = list[tuple[int, Path, Wanted]]
"""Number, file and wanted variants of each."""


def look(eyes: Eyes, variants: Variants, photos: Photos) -> tuple[Table, np.ndarray]:
    """Table and maps `[R,C,h,w]` float16 of some photographs, numbered as given."""
    columns: list[tuple[int, int, int, int]] = []
    blocks: dict[str, list[np.ndarray]] = {name: [] for name in backbone.BLOCKS}
    maps: list[np.ndarray] = []
    for done, (number, path, wanted) in enumerate(photos):
        made = list(variants.of(path, wanted))
        *found, stride16 = eyes.see([v.picture for v in made])
        columns += [(number, KINDS.index(v.kind), v.which, v.emotion) for v in made]
        for name, block in zip(backbone.BLOCKS, found, strict=True):
            blocks[name].append(block.astype(np.float16))
        maps.append(stride16.astype(np.float16))
        if done % 20 == 0:
            print(f"{done} of {len(photos)}", flush=True)
    table = Table(*np.array(columns).T, {name: np.concatenate(parts) for name, parts in blocks.items()})
    return table, np.concatenate(maps)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("oasis", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--weights", type=Path, required=True, help="folder of the ImageNet checkpoints")
    parser.add_argument("--backbone", choices=backbone.LITE, default="lite2")
    parser.add_argument("--size", type=int)
    parser.add_argument("--role", choices=ROLES, default="predictor")
    parser.add_argument("--most", type=int, default=MOST, help="photographs of each folder of the pool")
    parser.add_argument("--jitters", type=int, default=2, help="other palettes of each photograph of the pool")
    parser.add_argument("--views", type=int, default=0, help="parts of each photograph that is learnt from")
    parser.add_argument("--only", nargs="*", choices=("rated", "pool"))
    parser.add_argument("--share", default="1/1")
    parser.add_argument("--maps", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    share, shares = (int(part) for part in args.share.split("/"))
    ending = "" if shares == 1 else f"-{share}"
    network = backbone.load(args.backbone, args.weights, args.size)
    onnx = args.out / f"backbone{ending}.onnx"
    backbone.write_onnx(network, onnx)
    eyes, variants = Eyes(onnx), Variants(network.config.input_size)
    rated = read_rated(args.oasis)
    lists: dict[str, Photos] = {
        "rated": [
            (number, path, of_rated(args.role, bool(trained), number, args.views))
            for number, (path, trained) in enumerate(zip(rated.paths, rated.role(args.role), strict=True))
        ],
        "pool": [
            (number, path, of_pool(args.role, args.jitters, args.views))
            for number, path in enumerate(pool(args.photos, args.role, args.most))
        ],
    }
    for name in args.only or lists:
        photos = lists[name]
        table, maps = look(eyes, variants, photos[share - 1 :: shares])
        save(table, args.out / f"{name}{ending}.npz")
        if args.maps:
            np.save(args.out / f"{name}{ending}.npy", maps)
        print(f"{name}: {len(table.photo)} rows", flush=True)


if __name__ == "__main__":
    main()
