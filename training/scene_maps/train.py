"""Train the decoder on hand labels; with --fold only on the other photographs, and say how it does on the fold.

python -m scene_maps.train FEATURES --out runs/scene.pt [--fold 0/4] [--teacher runs/first.pt]
"""

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from scene_labels import CLASSES

from .backbone import STRIDES
from .decoder import Decoder, DecoderConfig, read_decoder
from .examples import Examples, read_examples, with_pool
from .measures import SKY, pixel_accuracy, points_of, six_right, sky_of
from .views import VIEWS

BATCH = 6


def class_weights(examples: Examples) -> Tensor:
    """Rare classes count more, by the root of how rare they are: half way to all being equal. `[8]`."""
    share = (examples.targets[:, 0].astype(np.float32) * examples.decided[:, :1].astype(np.float32)).mean((0, 2, 3))
    weights = np.sqrt(share.mean() / np.maximum(share, 1e-3))
    return torch.from_numpy(weights / (weights * share).sum() * share.sum()).float()


def spread_of(examples: Examples, rows: list[int]) -> dict[int, Tensor]:
    maps, _, _ = examples.take(rows[:48], [0] * len(rows[:48]))
    return {s: maps[s].std((0, 2, 3)) for s in STRIDES}


def loss_of(logits: Tensor, target: Tensor, decided: Tensor, weights: Tensor) -> Tensor:
    """Cross entropy to soft shares, balanced; what is undecided does not count."""
    each = -(target * weights.view(1, -1, 1, 1) * F.log_softmax(logits, 1)).sum(1)
    return (each * decided).sum() / decided.sum().clamp(min=1)


def train(
    examples: Examples, rows: list[int], epochs: int, seed: int = 0, config: DecoderConfig | None = None
) -> Decoder:
    """A decoder that has seen each of the rows' photographs in another view every epoch. Weights are averaged late."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    decoder = Decoder(config)
    decoder.scale_inputs(spread_of(examples, rows))
    averaged = torch.optim.swa_utils.AveragedModel(
        decoder, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99)
    )
    weights = class_weights(examples)
    optimiser = torch.optim.AdamW(decoder.parameters(), 2e-3, weight_decay=2e-2)
    steps = len(rows) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2.5e-3, total_steps=epochs * steps, pct_start=0.15)
    start = time.time()
    for epoch in range(epochs):
        order = rng.permutation(rows)
        total = 0.0
        for step in range(steps):
            taken = order[step * BATCH : (step + 1) * BATCH].tolist()
            maps, target, decided = examples.take(taken, rng.integers(VIEWS, size=BATCH).tolist())
            if rng.random() < 0.5:
                maps, target, decided = {k: v.flip(3) for k, v in maps.items()}, target.flip(3), decided.flip(2)
            loss = loss_of(decoder(maps), target, decided, weights)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            averaged.update_parameters(decoder)
            total += float(loss.detach())
        if epoch % 2 or epoch == epochs - 1:
            print(f"epoch {epoch + 1}: loss {total / steps:.3f}, {time.time() - start:.0f} s", flush=True)
    return averaged.module.eval()


@torch.no_grad()
def probabilities(decoder: Decoder, examples: Examples, rows: list[int]) -> list[np.ndarray]:
    """Shares `[8,G,G]` of the photographs as they are."""
    found: list[np.ndarray] = []
    for first in range(0, len(rows), BATCH):
        some = rows[first : first + BATCH]
        maps, _, _ = examples.take(some, [0] * len(some))
        found += list(torch.softmax(decoder(maps), 1).numpy())
    return found


def measure(found: list[np.ndarray], examples: Examples, rows: list[int]) -> dict[str, float]:
    """The goals' figures on the photographs' own pixels, before any refinement at edges."""
    ious, wrong, right, equal = [], [], [], []
    for p, row in zip(found, rows, strict=True):
        mask = examples.masks[row]
        full = np.stack([cv2.resize(plane, mask.shape[::-1], interpolation=cv2.INTER_LINEAR) for plane in p])
        said = full.argmax(0)
        iou, false = sky_of(full[SKY] > 0.5, mask)
        ious += [] if iou is None else [iou]
        wrong += [] if false is None else [false]
        right += six_right(said, points_of(mask, examples.photos[row]))
        equal.append(pixel_accuracy(said, mask))
    return {
        "sky IoU": round(float(np.mean(ious)), 3),
        "with sky": len(ious),
        "wrongly sky": round(float(np.mean(wrong)), 4),
        "without sky": len(wrong),
        "six classes at points": round(float(np.mean(right)), 3),
        "pixels": round(float(np.nanmean(equal)), 3),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path)
    parser.add_argument("--lists", nargs="+", default=["trainA", "trainB"])
    parser.add_argument("--fold", help="0/4: every fourth photograph, from the first on, is measured on and not learnt")
    parser.add_argument("--teacher", type=Path, help="a decoder; learn also what it is sure of on the pool")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    examples = read_examples(args.features, args.lists)
    rows, held = list(range(len(examples))), []
    if args.fold is not None:
        fold, folds = (int(part) for part in args.fold.split("/"))
        held = rows[fold::folds]
        rows = [r for r in rows if r not in held]
    print(f"{len(rows)} photographs, {len(CLASSES)} classes, {len(held)} held out", flush=True)
    if args.teacher is not None:
        labelled = len(examples)
        examples = with_pool(examples, args.features, read_decoder(args.teacher))
        rows += range(labelled, len(examples))
    decoder = train(examples, rows, args.epochs, args.seed, DecoderConfig(width=args.width))
    if held:
        print(json.dumps(measure(probabilities(decoder, examples, held), examples, held)), flush=True)
    if args.out is not None:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        torch.save({"config": vars(decoder.config), "state": decoder.state_dict()}, args.out)


if __name__ == "__main__":
    main()
