"""Write `test/golden/resnet/`: small ResNets under torchvision's names, with the outputs of transformers' ResNet.

Weights are stored as fp16 and the outputs computed in fp32 from the rounded weights. `--full` writes ResNet-18, -34
and -50 at their real size instead, to compare by hand.
Run from `training/`: `python -m golden.resnet [--out FOLDER] [--full]`.
"""

import argparse
import json
import re
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import ResNetConfig, ResNetForImageClassification
from transformers.models.resnet.modeling_resnet import ResNetBasicLayer, ResNetBottleNeckLayer

OUT = Path(__file__).parents[2] / "test" / "golden" / "resnet"
SMALL = {"basic": ("basic", (1, 2, 1, 1), 4, 40), "bottleneck": ("bottleneck", (1, 2, 1, 1), 2, 40)}
FULL = {
    "resnet18": ("basic", (2, 2, 2, 2), 64, 224),
    "resnet34": ("basic", (3, 4, 6, 3), 64, 224),
    "resnet50": ("bottleneck", (3, 4, 6, 3), 64, 224),
}
RULES = (
    (r"^resnet\.embedder\.embedder\.convolution", "conv1"),
    (r"^resnet\.embedder\.embedder\.normalization", "bn1"),
    (r"^resnet\.encoder\.stages\.(\d)\.layers\.", lambda m: f"layer{int(m[1]) + 1}."),
    (r"shortcut\.convolution", "downsample.0"),
    (r"shortcut\.normalization", "downsample.1"),
    (r"layer\.(\d)\.convolution", lambda m: f"conv{int(m[1]) + 1}"),
    (r"layer\.(\d)\.normalization", lambda m: f"bn{int(m[1]) + 1}"),
    (r"^classifier\.1", "fc"),
)


def torchvision_name(name: str) -> str:
    """The name that torchvision gives a tensor of transformers' ResNet."""
    for pattern, replacement in RULES:
        name = re.sub(pattern, replacement, name)
    return name


def pictures(count: int, side: int) -> Tensor:
    """`[count, 3, side, side]` in [0, 1], the first the darkest."""
    return torch.rand(count, 3, side, side) * torch.linspace(0.4, 1, count).view(count, 1, 1, 1)


def settle(network: nn.Module, images: Tensor) -> None:
    """Give batch norms the statistics of some pictures, and let each block add little, as trained ones do.

    Otherwise fifty layers make features of 1e11, or a hundred times of every rounding.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1
        if isinstance(module, (ResNetBasicLayer, ResNetBottleNeckLayer)):
            nn.init.uniform_(module.layer[-1].normalization.weight, 0.1, 0.4)
    network.train()
    network(images)


@torch.no_grad()
def random_network(
    kind: str, layers: tuple[int, ...], width: int, deep_at: int | None = None
) -> ResNetForImageClassification:
    """Seeded weights that fp16 holds exactly, with batch norms that matter.

    `deep_at`: the side of the pictures on which a deep network settles.
    """
    expansion = 4 if kind == "bottleneck" else 1
    sizes = [width * expansion * 2**stage for stage in range(4)]
    network = ResNetForImageClassification(
        ResNetConfig(embedding_size=width, hidden_sizes=sizes, depths=list(layers), layer_type=kind, num_labels=8)
    )
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.05, 0.5)
            nn.init.uniform_(module.weight, 0.5, 1)
            nn.init.normal_(module.bias, std=0.3)
    images = torch.rand(4, 3, 64, 64) if deep_at is None else pictures(4, deep_at)
    if deep_at is not None:
        settle(network, images)
    network.eval().requires_grad_(False)
    # Logits that no softmax saturates: probabilities of 1 would hide any error.
    network.classifier[1].weight /= network(images).logits.std() / 1.5
    for value in (*network.parameters(), *network.buffers()):
        if value.is_floating_point():
            value.data = value.data.half().float()
    return network


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    io: dict[str, Tensor] = {}
    configs = {}
    for seed, (name, (kind, layers, width, side)) in enumerate((FULL if args.full else SMALL).items()):
        torch.manual_seed(seed)
        network = random_network(kind, layers, width, side if args.full else None)
        io[f"{name}.image"] = pictures(2, side)
        io[f"{name}.probabilities"] = network(io[f"{name}.image"]).logits.softmax(dim=1)
        weights = {torchvision_name(k): v for k, v in network.state_dict().items()}
        halves = {k: v.half().contiguous() if v.is_floating_point() else v for k, v in weights.items()}
        save_file(halves, args.out / f"{name}.safetensors", metadata={"format": "pt"})
        configs[name] = {"block": kind, "layers": layers, "width": width, "input_size": side}
    save_file({k: v.contiguous() for k, v in io.items()}, args.out / "io.safetensors", metadata={"format": "pt"})
    provenance = {
        "generator": "training/golden/resnet.py",
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "outputs": "transformers' ResNetForImageClassification, float32, weights rounded to float16",
        "configs": configs,
    }
    (args.out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
