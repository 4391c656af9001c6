"""EfficientNet-Lite emotion classifier. Parameter names are those of the ImageNet checkpoints we start from."""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# (repeats, kernel, stride, expansion) of EfficientNet-B0; Lite drops squeeze-excite and uses ReLU6.
STAGES = ((1, 3, 1, 1), (2, 3, 2, 6), (2, 5, 2, 6), (3, 3, 2, 6), (3, 5, 1, 6), (4, 5, 2, 6), (1, 3, 1, 6))
BN_MOMENTUM = 0.01


@dataclass(frozen=True)
class PredictorConfig:
    """Architecture and preprocessing: `softmax(net((resize(x, input_size) - mean) / std) / temperature)`."""

    architecture: str = "efficientnet-lite0"
    num_classes: int = 8
    input_size: int = 224
    mean: tuple[float, ...] = (127 / 255,) * 3
    std: tuple[float, ...] = (128 / 255,) * 3
    depth_multiplier: float = 1.0
    stem_channels: int = 32
    stage_channels: tuple[int, ...] = (16, 24, 40, 80, 112, 192, 320)
    head_channels: int = 1280
    act_fn: str = "relu6"
    bn_eps: float = 1e-3
    padding: str = "same"
    temperature: float = 1.0
    class_order: tuple[str, ...] = (
        "amusement",
        "anger",
        "awe",
        "contentment",
        "disgust",
        "excitement",
        "fear",
        "sadness",
    )


def lite1_config() -> PredictorConfig:
    """The second judge's network: EfficientNet-Lite1 at 240 px."""
    return PredictorConfig(architecture="efficientnet-lite1", input_size=240, depth_multiplier=1.1)


class SameConv2d(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding: the odd pixel goes right and bottom."""

    def forward(self, x: Tensor) -> Tensor:
        k, s = self.kernel_size[0], self.stride[0]
        h, w = x.shape[-2:]
        pad_h = max((math.ceil(h / s) - 1) * s + k - h, 0)
        pad_w = max((math.ceil(w / s) - 1) * s + k - w, 0)
        if s == 1:
            return F.conv2d(x, self.weight, self.bias, 1, k // 2, 1, self.groups)
        x = F.pad(x, (pad_w // 2, pad_w - pad_w // 2, pad_h // 2, pad_h - pad_h // 2))
        return F.conv2d(x, self.weight, self.bias, s, 0, 1, self.groups)


def _bn(channels: int, eps: float) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=eps, momentum=BN_MOMENTUM)


class MBConv(nn.Module):
    """Inverted residual: expand 1x1, depthwise kxk, project 1x1."""

    def __init__(self, c_in: int, c_out: int, kernel: int, stride: int, expansion: int, eps: float):
        super().__init__()
        inner = c_in * expansion
        self.skip = stride == 1 and c_in == c_out
        self.expand = expansion != 1
        if self.expand:
            self._expand_conv = SameConv2d(c_in, inner, 1, bias=False)
            self._bn0 = _bn(inner, eps)
        self._depthwise_conv = SameConv2d(inner, inner, kernel, stride, groups=inner, bias=False)
        self._bn1 = _bn(inner, eps)
        self._project_conv = SameConv2d(inner, c_out, 1, bias=False)
        self._bn2 = _bn(c_out, eps)

    def forward(self, x: Tensor) -> Tensor:
        h = F.relu6(self._bn0(self._expand_conv(x))) if self.expand else x
        h = F.relu6(self._bn1(self._depthwise_conv(h)))
        h = self._bn2(self._project_conv(h))
        return x + h if self.skip else h


def blocks_of_stages(depth: float) -> tuple[int, ...]:
    """How many blocks each stage has; Lite does not repeat those of the first and the last more often."""
    fixed = (0, len(STAGES) - 1)
    return tuple(s[0] if i in fixed else math.ceil(s[0] * depth) for i, s in enumerate(STAGES))


def last_blocks(depth: float) -> tuple[int, ...]:
    """Number of each stage's last block among all blocks."""
    counts = blocks_of_stages(depth)
    return tuple(sum(counts[: i + 1]) - 1 for i in range(len(counts)))


class EmotionPredictor(nn.Module):
    """`images [B,3,H,W]` in [0,1] of any size -> `logits [B,8]`; see `probabilities` for calibrated output."""

    def __init__(self, config: PredictorConfig):
        super().__init__()
        self.config = config
        c_in, eps = config.stem_channels, config.bn_eps
        self._conv_stem = SameConv2d(3, c_in, 3, 2, bias=False)
        self._bn0 = _bn(c_in, eps)
        self._blocks = nn.ModuleList()
        counts = blocks_of_stages(config.depth_multiplier)
        for i, (_, kernel, stride, expansion) in enumerate(STAGES):
            c_out = config.stage_channels[i]
            for j in range(counts[i]):
                self._blocks.append(MBConv(c_in, c_out, kernel, stride if j == 0 else 1, expansion, eps))
                c_in = c_out
        self._conv_head = SameConv2d(c_in, config.head_channels, 1, bias=False)
        self._bn1 = _bn(config.head_channels, eps)
        self._fc = nn.Linear(config.head_channels, config.num_classes)
        self.register_buffer("mean", torch.tensor(config.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(config.std).view(1, 3, 1, 1), persistent=False)

    def preprocess(self, images: Tensor) -> Tensor:
        """Squash-resize (bilinear, antialiased) images in [0,1] to the input size and normalise."""
        size = (self.config.input_size,) * 2
        if images.shape[-2:] != size:
            images = F.interpolate(images, size=size, mode="bilinear", antialias=True, align_corners=False)
        return (images - self.mean) / self.std

    def features(self, x: Tensor) -> list[Tensor]:
        """Feature maps of preprocessed input at strides 2, 4, 8, 16 and 32 (the last before the head)."""
        maps = []
        x = F.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            if block._depthwise_conv.stride[0] == 2:
                maps.append(x)
            x = block(x)
        maps.append(x)
        return maps

    def forward(self, images: Tensor) -> Tensor:
        x = F.dropout(self.last_features(images).mean(dim=(2, 3)), 0.2, self.training)
        return self._fc(x)

    def last_features(self, images: Tensor) -> Tensor:
        """Features `[B,1280,h,w]` of images in [0,1], before the pooling and the one linear layer."""
        x = self.features(self.preprocess(images))[-1]
        return F.relu6(self._bn1(self._conv_head(x)))

    def freeze_first(self, blocks: int) -> None:
        """Keep the weights of the stem and the first blocks as they are; 0 trains everything."""
        if blocks > 0:
            for module in (self._conv_stem, self._bn0, *self._blocks[:blocks]):
                module.requires_grad_(False)

    def probabilities(self, images: Tensor) -> Tensor:
        """Calibrated distribution over the eight emotions, `[B,8]`."""
        return torch.softmax(self(images).float() / self.config.temperature, dim=1)

    def load_backbone(self, path: Path) -> None:
        """Take an ImageNet checkpoint's weights; the classifier head is left as it is unless it fits."""
        state = torch.load(path, map_location="cpu", weights_only=True)
        if "_fc.weight" in state and state["_fc.weight"].shape != self._fc.weight.shape:
            state = {k: v for k, v in state.items() if not k.startswith("_fc.")}
        missing, unexpected = self.load_state_dict(state, strict=False)
        if unexpected or any(not k.startswith("_fc.") for k in missing):
            expected = f"an {self.config.architecture} checkpoint"
            raise ValueError(f"expected {path} to be {expected}, but {missing} are missing and {unexpected} unknown")
