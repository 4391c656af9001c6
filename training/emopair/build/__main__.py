"""Builds EmoPair.

    python -m emopair.build epas IP2P_DATASET --out pairs/EPAS --workers 8
    python -m emopair.build epgs PHOTOS... --out pairs/EPGS --workers 8
    python -m emopair.build epgs PHOTOS... --out pairs/EPGS-ip2p --editor engine --engine-bundle instruct-pix2pix \\
        --instructions ~/.local/share/emoeditor/models/instruct-pix2pix/instructions.json

Stopped, a build goes on where it was. It ends with index.json, data_EmoPair.json, what every filter kept and a contact
sheet for each emotion.
"""

import argparse
import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import epas, epgs
from .editors import PRODUCT, read_ranked
from .filters import Filters
from .labels import PredictorAt
from .parallel import MakeWorker, run_units
from .sheet import write_sheets
from .store import Store

FOLDERS_PER_UNIT = 200
PHOTOS_PER_UNIT = 8


def _chunks(items: Sequence[Any], size: int) -> list[list[Any]]:
    return [list(items[i : i + size]) for i in range(0, len(items), size)]


def _digest(items: Sequence[Any]) -> str:
    return hashlib.sha256("\n".join(map(str, items)).encode()).hexdigest()[:16]


def build(
    store: Store, made: dict[str, Any], make: MakeWorker, units: Sequence[Any], workers: int, root: str | None
) -> None:
    """Run, finish and show a build."""
    begun = time.monotonic()

    def log(text: str) -> None:
        print(f"[{time.monotonic() - begun:7.1f} s] {text}", flush=True)

    store.claim(made)
    run_units(store, make, units, workers, log)
    pairs, tally = store.finish(len(units), root)
    log(f"{pairs} pairs in {store.out}")
    print(tally.table())
    sheets = write_sheets(store.out, store.out / "sheets")
    log(f"{len(sheets)} contact sheets in {store.out / 'sheets'}")


def build_epas(args: argparse.Namespace) -> None:
    """EPAS from a dataset of instruction edits."""
    dataset = args.dataset.resolve()
    pairs = epas.find_pairs(dataset)
    settings = epas.EpasSettings(args.least_share, args.keep_same)
    predictor = PredictorAt(args.predictor, args.bundle)
    made = {"kind": "EPAS", "pairs": _digest(pairs), "predictor": predictor.told, **asdict(settings)}
    units = _chunks(pairs, FOLDERS_PER_UNIT)
    make = epas.MakeEpas(dataset, predictor, settings)
    build(Store(args.out, epas.STAGES), made, make, units, args.workers, str(dataset))


def build_epgs(args: argparse.Namespace) -> None:
    """EPGS from photographs."""
    photos = [str(path.resolve()) for path in epgs.find_photos(args.photos)][: args.limit]
    is_procedural = args.editor == "procedural"
    filters = Filters(args.similarity, tuple(args.window), args.least_share, args.least_structure)
    ranked = read_ranked(args.instructions, is_procedural)
    settings = epgs.EpgsSettings(ranked, args.top, args.draws, args.least_source, filters, args.seed)
    predictor = PredictorAt(args.predictor, args.bundle)
    editor = "procedural" if is_procedural else args.engine_bundle
    told = {"kind": "EPGS", "photos": _digest(photos), "predictor": predictor.told, "editor": editor}
    out = args.out.resolve()
    make = epgs.MakeEpgs(predictor, settings, out / "images", None if is_procedural else editor, args.side, args.steps)
    units = _chunks(photos, PHOTOS_PER_UNIT)
    build(Store(out, epgs.STAGES), {**told, **asdict(settings)}, make, units, args.workers, None)
    epgs.write_ranking(out, ranked)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    formatted = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="emopair.build", description=__doc__, formatter_class=formatted)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--out", type=Path, required=True)
    shared.add_argument("--workers", type=int, default=2)
    shared.add_argument("--predictor", type=Path, help="predictor of a training run; left out: that of --bundle")
    shared.add_argument("--bundle", type=Path, default=PRODUCT / "models" / "starter", help="bundle that labels")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("epas", parents=[shared], help="label pairs of instruction edits")
    one.add_argument("dataset", type=Path)
    one.add_argument("--least-share", type=float, default=0.0, help="of the target emotion in the edit")
    one.add_argument("--keep-same", action="store_true", help="keep pairs whose emotion stays")
    one.set_defaults(run=build_epas)
    two = commands.add_parser("epgs", parents=[shared], help="make pairs for emotions")
    two.add_argument("photos", type=Path, nargs="+")
    two.add_argument("--editor", choices=("procedural", "engine"), default="procedural")
    two.add_argument("--engine-bundle", help="name or folder of the bundle that follows text, for --editor engine")
    two.add_argument("--instructions", type=Path, help="ranked lists: instructions.json or an earlier ranking.json")
    two.add_argument("--top", type=int, default=10, help="instructions of each emotion that may be drawn")
    two.add_argument("--draws", type=int, default=1, help="instructions per photograph and emotion")
    two.add_argument("--limit", type=int, help="photographs")
    two.add_argument("--side", type=int, default=256, help="of procedural pairs")
    two.add_argument("--steps", type=int, help="of the engine's sampler")
    two.add_argument("--seed", type=int, default=1)
    two.add_argument("--least-source", type=float, default=0.25, help="of the photograph's first emotion")
    two.add_argument("--similarity", choices=("ssim", "features"), default="ssim")
    two.add_argument("--window", type=float, nargs=2, default=(0.5, 0.8))
    two.add_argument("--least-share", type=float, default=0.3, help="of the target emotion in the edit")
    two.add_argument("--least-structure", type=float, default=Filters.least_structure)
    two.set_defaults(run=build_epgs)
    args = parser.parse_args(arguments)
    if getattr(args, "editor", None) == "engine" and not args.engine_bundle:
        parser.error("--editor engine needs --engine-bundle, a bundle with a text encoder")
    args.run(args)


if __name__ == "__main__":
    main()
