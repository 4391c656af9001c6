"""Command line of training: `python -m emoeditor.run --config configs/starter.json --out runs/starter ...`.

Phases run in the order given; each resumes from its checkpoint, and a finished one is skipped. On several GPUs or
machines the same command runs under `accelerate launch --multi_gpu -m emoeditor.run ...`: see processes.py.
"""

import argparse
import json
import multiprocessing
import time
from pathlib import Path

import torch

from .optimisation.processes import join
from .phases import run_phases as phases
from .settings import load

PHASES = ("vae", "predictor", "judge", "pairs", "unet", "export", "evaluate")
ORDER = ("vae", "predictor", "judge", "unet", "export", "evaluate", "export")
"""The export comes before the evaluation, so that weights exist early, and again after it, for the figures."""


def parse_minutes(values: list[str]) -> dict[str, float]:
    """`["vae=4.5", "unet=13"]` to a dict; raises ValueError for an unknown phase."""
    found = {}
    for value in values:
        name, _, number = value.partition("=")
        if name not in PHASES:
            raise ValueError(f"unknown phase {name!r} in --minutes: expected one of {PHASES}")
        found[name] = float(number)
    return found


def parse_share(value: str) -> tuple[int, int]:
    """`"1/2"` to (1, 2); raises ValueError for anything that is not a part of a whole."""
    part, _, parts = value.partition("/")
    if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise ValueError(f"expected --pairs-share I/N with 1 <= I <= N, but got {value!r}")
    return int(part), int(parts)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoints, figures and the export")
    parser.add_argument("--photos", type=Path, nargs="*", default=[], help="folders of packed photographs")
    parser.add_argument("--photos-later", type=Path, nargs="*", default=[], help="more, awaited before the predictor")
    parser.add_argument("--samples", type=Path, help="folder of sample photographs for the picture grid")
    parser.add_argument("--backbones", type=Path, help="folder of the EfficientNet-Lite .pth files")
    parser.add_argument("--phases", default=",".join(ORDER))
    parser.add_argument("--minutes", nargs="*", default=[], metavar="PHASE=MINUTES")
    parser.add_argument("--total-minutes", type=float, help="time of the whole run; the UNet gets what is left of it")
    parser.add_argument("--reserve-minutes", type=float, default=2.0, help="kept for evaluation and export")
    parser.add_argument("--standin", action="store_true", help="synthetic pictures and tints instead of photographs")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--device", help="left out: a GPU where there is one; under Accelerate it says which")
    parser.add_argument("--compile", action="store_true", help="compile the UNet for its most frequent shape")
    parser.add_argument("--start-from", type=Path, help="checkpoint.pt of an earlier UNet phase to begin with")
    parser.add_argument("--pairs", type=Path, help="folder of encoded pairs, filled by the phase pairs or as needed")
    parser.add_argument("--pairs-chunks", type=int, default=200, help="how many chunks the phase pairs makes")
    parser.add_argument("--pairs-share", default="1/1", metavar="I/N", help="the part of them that this process makes")
    parser.add_argument("--fp32", action="store_true", help="export fp32 instead of fp16 weights")
    args = parser.parse_args()
    torch.backends.cudnn.benchmark = True
    torch.set_float32_matmul_precision("high")
    multiprocessing.set_start_method("forkserver", force=True)  # workers must not inherit the GPU's state
    begun = time.monotonic()
    everyone = join(args.device)

    def log(text: str) -> None:
        if everyone.is_first:
            print(f"[{time.monotonic() - begun:7.1f} s] {text}", flush=True)

    minutes = parse_minutes(args.minutes)
    run = phases.Run(
        settings=load(args.config),
        out=args.out,
        device=everyone.device,
        photo_folders=tuple(args.photos),
        later_folders=tuple(args.photos_later),
        samples=args.samples,
        backbones=args.backbones,
        standin=args.standin,
        workers=args.workers,
        compile_unet=args.compile,
        dtype=torch.float32 if args.fp32 else torch.float16,
        start_from=args.start_from,
        pairs=args.pairs,
        pairs_chunks=args.pairs_chunks,
        pairs_share=parse_share(args.pairs_share),
        log=log,
    )
    where = f"{everyone.count} x {everyone.device}"
    log(f"torch {torch.__version__}, {where}, phases {args.phases}, minutes {json.dumps(minutes)}")
    for name in args.phases.split(","):
        started = time.monotonic()
        log(f"== {name}")
        if name == "unet" and args.total_minutes:
            left = args.total_minutes - args.reserve_minutes - (started - begun) / 60
            minutes["unet"] = max(left, 0.5)
            log(f"{minutes['unet']:.2f} minutes for the UNet")
        phases.run_phase(run, name, minutes.get(name))
        log(f"== {name} done in {time.monotonic() - started:.1f} s")
    everyone.leave()


if __name__ == "__main__":
    main()
