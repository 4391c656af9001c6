"""Teaches the last stage to see the same photograph under other palettes: no labels, only the pool's photographs.

    python -m predictor.finetune OASIS PHOTOS --features features --weights weights --size 224 --out finetuned

The frozen network looks at a photograph as it is, at its mirror image and at parts of it; the trained one looks at any
of them, or at it under random palettes, and shall see the mean. Edits keep their distance from it, so that they go on
to show. Blocks up to stride 16 are not touched, and rated photographs are not looked at: every theme of OASIS stays
held out. Writes `last_stage.safetensors` and new `rated.npz` and `pool.npz`. Goes on from `checkpoint.pt`; a file
called `finish` ends it.
"""

import copy
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from emoeditor.models import EmotionPredictor

from . import backbone as backbones
from .gate import arguments, read_data
from .rows import Table, save

BATCH = 48
RATE = 3e-4
SEEN = ("head", "s32", "logits")
"""Blocks that the last stage changes."""
WEIGHTS = {"edit": 3.0}
"""Of kinds of rows, where it is not 1: an edit is one row of nine."""


class LastStage(nn.Module):
    """What follows stride 16 of a folded network."""

    def __init__(self, network: EmotionPredictor):
        super().__init__()
        self.network = network

    def trained(self) -> dict[str, nn.Parameter]:
        """The weights that learn, by the network's own names."""
        first = backbones.last_stride(self.network)
        names = tuple(f"_blocks.{i}." for i in range(first, len(self.network._blocks)))
        return {n: p for n, p in self.network.named_parameters() if n.startswith((*names, "_conv_head."))}

    def forward(self, maps: Tensor) -> dict[str, Tensor]:
        """BLOCKS of maps at stride 16."""
        return backbones.pooled(self.network, maps)


@dataclass(frozen=True)
class Lessons:
    """Maps `[R,C,h,w]`, and the standardised features `[R,D]` that they shall give."""

    maps: np.ndarray
    goal: Tensor
    weight: Tensor
    mean: Tensor
    scale: Tensor


def lessons_of(table: Table, maps: np.ndarray) -> Lessons:
    """Every row shall look like the mean of its photograph's own views; an edit keeps its distance from the picture.

    A photograph without views looks like itself.
    """
    seen = torch.from_numpy(np.concatenate([table.blocks[name] for name in SEEN], 1))
    pictures = np.flatnonzero(table.is_kind("picture"))
    place = np.full(table.photo.max() + 1, -1)
    place[table.photo[pictures]] = pictures
    picture = seen[place[table.photo]]
    steady = _mean_of_views(table, seen)
    goal = steady + torch.from_numpy(table.is_kind("edit"))[:, None] * (seen - picture)
    mean, spread = seen[pictures].mean(0), seen[pictures].std(0) + 1e-3
    widths = torch.tensor([w for name in SEEN for w in [table.blocks[name].shape[1]] * table.blocks[name].shape[1]])
    scale = spread * (widths * len(SEEN)).float().sqrt()
    weight = torch.ones(len(goal))
    for kind, value in WEIGHTS.items():
        weight[torch.from_numpy(table.is_kind(kind))] = value
    return Lessons(maps, (goal - mean) / scale, weight, mean, scale)


def _mean_of_views(table: Table, seen: Tensor) -> Tensor:
    """`[R,D]` by row: the mean over picture, mirror image and parts of the row's photograph."""
    own = np.flatnonzero(table.is_kind("picture") | table.is_kind("mirror") | table.is_kind("view"))
    photo = torch.from_numpy(table.photo)
    total = torch.zeros(int(table.photo.max()) + 1, seen.shape[1]).index_add_(0, photo[own], seen[own])
    count = torch.from_numpy(np.bincount(table.photo[own], minlength=len(total))).clamp(min=1)
    return (total / count[:, None])[photo]


def joined(blocks: dict[str, Tensor], lessons: Lessons) -> Tensor:
    """`[B,D]`, standardised like the goals."""
    return (torch.cat([blocks[name] for name in SEEN], 1) - lessons.mean) / lessons.scale


def learn(stage: LastStage, lessons: Lessons, out: Path, minutes: float) -> list[float]:
    """Steps until the time is over; the mean loss of every twenty steps."""
    parameters = stage.trained()
    for parameter in parameters.values():
        parameter.requires_grad_(True)
    optimiser = torch.optim.AdamW(parameters.values(), RATE, weight_decay=0.0)
    rng, told, steps, begin = np.random.default_rng(0), [], 0, time.process_time()
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=False)
        stage.load_state_dict(kept["stage"])
        optimiser.load_state_dict(kept["optimiser"])
        told, steps, begin = kept["told"], kept["steps"], begin - kept["seconds"]
    losses: list[float] = []
    while (spent := time.process_time() - begin) < 60 * minutes and not (out / "finish").exists():
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (steps + 1) / 30) * (0.5 + 0.5 * np.cos(np.pi * spent / (60 * minutes)))
        rows = rng.choice(len(lessons.goal), BATCH, replace=False)
        found = joined(stage(torch.from_numpy(lessons.maps[rows]).float()), lessons)
        loss = ((found - lessons.goal[rows]).square().sum(1) * lessons.weight[rows]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
        steps += 1
        if steps % 20 == 0:
            told.append(float(np.mean(losses[-20:])))
            print(f"step {steps}, {spent:.0f} s of CPU, loss {told[-1]:.4f}", flush=True)
        if steps % 100 == 0:
            state = {"stage": stage.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(state | {"told": told, "steps": steps, "seconds": spent}, checkpoint)
    return told


@torch.no_grad()
def seen_again(stage: LastStage, table: Table, maps: np.ndarray) -> Table:
    """The same rows as the trained network sees them."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in table.blocks}
    for start in range(0, len(maps), 128):
        for name, block in stage(torch.from_numpy(maps[start : start + 128]).float()).items():
            parts[name].append(block.numpy())
    return Table(table.photo, table.kind, table.which, table.emotion, {n: np.concatenate(p) for n, p in parts.items()})


def read_maps(folder: Path, name: str) -> np.ndarray:
    """Maps in the order of the table's rows."""
    files = sorted(folder.glob(f"{name}.npy")) or sorted(folder.glob(f"{name}-*.npy"))
    if not files:
        raise FileNotFoundError(f"expected {name}.npy in {folder}: run predictor.extract with --maps")
    return np.concatenate([np.load(file) for file in files])


def main() -> None:
    """Command line."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--weights", type=Path, required=True, help="folder of the ImageNet checkpoints")
    parser.add_argument("--backbone", choices=backbones.LITE, default="lite2")
    parser.add_argument("--size", type=int)
    parser.add_argument("--minutes", type=float, default=45, help="of CPU time")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    data = read_data(args.oasis, args.photos, args.features, "predictor", args.most)
    stage = LastStage(copy.deepcopy(backbones.load(args.backbone, args.weights, args.size)))
    maps = read_maps(args.features, "pool")
    learn(stage, lessons_of(data.pool, maps), args.out, args.minutes)
    save_file({n: p.detach().contiguous() for n, p in stage.trained().items()}, args.out / "last_stage.safetensors")
    save(seen_again(stage, data.pool, maps), args.out / "pool.npz")
    save(seen_again(stage, data.table, read_maps(args.features, "rated")), args.out / "rated.npz")


if __name__ == "__main__":
    main()
