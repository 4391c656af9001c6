"""Losses: picture reconstruction, soft-label cross-entropy, alignment of emotion tokens with text tokens."""

import torch
import torch.nn.functional as F
from torch import Tensor

from ..models import EmotionPredictor


def gradient_loss(a: Tensor, b: Tensor, scales: int = 3) -> Tensor:
    """Mean absolute difference of horizontal and vertical differences over a pyramid. `[B,3,H,W]` each."""
    total = a.new_zeros(())
    for scale in range(scales):
        d = a - b
        total = total + (d[..., 1:] - d[..., :-1]).abs().mean() + (d[..., 1:, :] - d[..., :-1, :]).abs().mean()
        if scale < scales - 1:
            a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    return total / scales


class PerceptualLoss:
    """Distance of unit-normalised ImageNet features (EfficientNet-Lite0, frozen) at strides 2 to 16."""

    def __init__(self, backbone: EmotionPredictor):
        self.backbone = backbone.eval().requires_grad_(False)

    def maps(self, images: Tensor) -> list[Tensor]:
        """Unit-length feature maps of images in [0,1] at their own size."""
        x = (images - self.backbone.mean) / self.backbone.std
        return [F.normalize(f.float(), dim=1) for f in self.backbone.features(x)[:4]]

    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        """Mean over levels of the squared distance between images in [0,1]; one number per image `[B]`."""
        with torch.no_grad():
            target = self.maps(b)
        return sum(((x - y) ** 2).sum(1).mean((1, 2)) for x, y in zip(self.maps(a), target, strict=True)) / 4


def soft_cross_entropy(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Weighted cross-entropy against distributions. `logits, target [B,8]`, `weight [B]`."""
    per_item = -(target * F.log_softmax(logits.float(), dim=1)).sum(1)
    return (per_item * weight).sum() / weight.sum().clamp(min=1e-6)


def alignment_loss(emotion_tokens: Tensor, text_tokens: Tensor) -> Tensor:
    """The paper's L_emb: 1 - cosine of the flattened tokens `[B,16,256]`, over each whole sample."""
    return (1 - F.cosine_similarity(emotion_tokens.float().flatten(1), text_tokens.float().flatten(1), dim=1)).mean()


def expected_calibration_error(probabilities: Tensor, labels: Tensor, bins: int = 15) -> float:
    """ECE of top-1 confidence over equal-width bins. `[N,8]`, `[N]`."""
    confidence, predicted = probabilities.max(1)
    correct = (predicted == labels).float()
    index = (confidence * bins).long().clamp(max=bins - 1)
    total = 0.0
    for b in range(bins):
        inside = index == b
        if inside.any():
            share = inside.float().mean()
            total += float(share * (confidence[inside].mean() - correct[inside].mean()).abs())
    return total
