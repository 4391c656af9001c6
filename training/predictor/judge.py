"""The second judge: another backbone, other themes, photographs and instructions than the predictor's. Frozen.

    python -m predictor.judge OASIS PHOTOS --features judge-features --weights weights --out ../bench/judge

Writes `judge.onnx` (image [n,3,S,S] in 0..1, squashed as the predictor's -> probabilities [n,8], ratings [n,2],
valence [n,1]) and `judge.json`. Weights are int8 per channel, widened when the graph is loaded. `valence` is a ridge
over the same backbone's features, fitted on all shippable photographs of OASIS: for differences between pictures.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from emoeditor.models import EmotionPredictor, KernelEmotionPredictor

from . import backbone as backbones
from .export import network_of, tensor
from .folds import held_out, theme_folds
from .gate import arguments, read_data
from .measures import figures, spearman
from .recipe import Data, Recipe, train

RIDGE = 3.0
"""Of the valence ridge, per mean square of its inputs."""


class Judge(nn.Module):
    """All three outputs in one graph."""

    def __init__(self, network: KernelEmotionPredictor, weight: Tensor, bias: Tensor):
        super().__init__()
        self.network = network
        self.valence = nn.Linear(weight.shape[1], 1)
        self.valence.load_state_dict({"weight": weight, "bias": bias})

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Probabilities `[B,8]`, ratings `[B,2]`, valence by the ridge `[B,1]`."""
        pooled = self.network.pooled(images)
        told = self.network.regressed_of(pooled)
        logits = self.network.logits_of(told)
        shares = torch.softmax(logits / self.network.config.temperature, 1)
        return shares, told[:, :2], self.valence(pooled[:, : self.network.config.head_channels])


def ridge(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weight `[1,D]` and bias `[1]` of a ridge regression over standardised inputs `[N,D]`."""
    mean, spread = x.mean(0), x.std(0) + 1e-3
    z = ((x - mean) / spread).astype(np.float64)
    gram = z @ z.T
    dual = np.linalg.solve(gram + RIDGE * np.trace(gram) / len(z) * np.eye(len(z)), y - y.mean())
    weight = (z.T @ dual) / spread
    return weight[None].astype(np.float32), np.array([y.mean() - weight @ mean], np.float32)


def mirrored(data: Data, learnt: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Head features and valence of pictures and mirrors of the photographs `learnt [N]`."""
    table = data.table
    rows = learnt[table.photo] & (table.is_kind("picture") | table.is_kind("mirror"))
    return table.blocks["head"][rows], data.goal[table.photo[rows], 0]


def ridge_held_out(data: Data, folds: int) -> float:
    """Spearman of the ridge's valence on themes left out."""
    table, read = data.table, np.zeros(len(data.goal))
    pictures = np.flatnonzero(table.is_kind("picture"))
    for out in theme_folds(data.rated.themes, folds):
        weight, bias = ridge(*mirrored(data, data.rated.may_ship & ~out))
        test = pictures[out[table.photo[pictures]]]
        read[table.photo[test]] = (table.blocks["head"][test] @ weight.T + bias)[:, 0]
    return spearman(read, data.goal[:, 0])


def in_int8(onnx_file: Path) -> None:
    """Stores every large weight as int8 with one scale per output channel, widened by the graph itself."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(onnx_file))
    graph = model.graph
    for stored in [t for t in graph.initializer if t.data_type == TensorProto.FLOAT and len(t.dims) > 1]:
        values = numpy_helper.to_array(stored)
        if values.size < 2048 or "regression" in stored.name:
            continue
        axis = tuple(range(1, values.ndim))
        scale = np.maximum(np.abs(values).max(axis, keepdims=True), 1e-12).astype(np.float32) / 127
        whole = np.round(values / scale).astype(np.int8)
        graph.initializer.remove(stored)
        names = f"{stored.name}.int8", f"{stored.name}.scale"
        graph.initializer.extend(numpy_helper.from_array(a, n) for a, n in zip((whole, scale), names, strict=True))
        # Not DequantizeLinear: without VNNI, ONNX Runtime rewrites its integers, and refuses the graph.
        wide = f"{stored.name}.wide"
        graph.node.insert(0, helper.make_node("Mul", [wide, names[1]], [stored.name]))
        graph.node.insert(0, helper.make_node("Cast", [names[0]], [wide], to=TensorProto.FLOAT))
    onnx.save(model, str(onnx_file))


def write_graph(judge: Judge, file: Path) -> None:
    """As ONNX with weights in int8."""
    side = judge.network.config.input_size
    outputs = ["probabilities", "ratings", "valence"]
    torch.onnx.export(
        judge.eval(),
        (torch.rand(2, 3, side, side),),
        str(file),
        input_names=["image"],
        output_names=outputs,
        opset_version=17,
        dynamic_axes={name: {0: "n"} for name in ("image", *outputs)},
        do_constant_folding=False,
        dynamo=False,
    )
    in_int8(file)


def describe(judge: Judge, found: dict[str, float], data: Data) -> dict:
    """`judge.json`."""
    settings, mine = judge.network.config, data.rated.role("judge")
    return {
        "inputSize": settings.input_size,
        "resize": "squash, bilinear, antialiased",
        "mean": list(settings.mean),
        "std": list(settings.std),
        "note": "image in 0..1, sRGB; mean and std are applied by the graph, calibration too",
        "classOrder": list(settings.class_order),
        "outputs": {
            "probabilities": "[n,8], in classOrder",
            "ratings": "[n,2]: valence, arousal, 1 to 7, by the kernel head",
            "valence": "[n,1]: by a ridge over the backbone's features; compare pictures by its difference",
        },
        "architecture": settings.architecture,
        "learntFrom": {
            "oasis": f"{mine.sum()} photographs (source Pixabay) of themes that the predictor never learns",
            "themes": sorted(set(data.rated.themes[mine].tolist())),
            "pool": f"{len(data.prior)} photographs of tiers 1 and 2 that the predictor never learns",
            "edits": "procedural, by the instructions at odd places of the bank; the predictor learns the even ones",
            "valence": f"all {data.rated.may_ship.sum()} photographs of OASIS with source Pixabay",
        },
        "figures": {name: round(value, 3) for name, value in found.items()},
    }


def main() -> None:
    """Command line."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--weights", type=Path, required=True, help="folder of the ImageNet checkpoints")
    parser.add_argument("--backbone", choices=backbones.LITE, default="lite1")
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    data = read_data(args.oasis, args.photos, args.features, "judge", args.most)
    recipe = Recipe(**args.recipe)
    found = figures(held_out(data, recipe, args.folds)) | {"ridge_valence_rho": ridge_held_out(data, args.folds)}
    network: EmotionPredictor = backbones.load(args.backbone, args.weights)
    reader = train(data, data.rated.role("judge"), recipe)
    weight, bias = ridge(*mirrored(data, data.rated.may_ship))
    judge = Judge(network_of(network, reader), tensor(weight), tensor(bias))
    write_graph(judge, args.out / "judge.onnx")
    told = json.dumps(describe(judge, found, data), indent=2)
    (args.out / "judge.json").write_text(told + "\n", encoding="utf-8")
    print(told)


if __name__ == "__main__":
    main()
