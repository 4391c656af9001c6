"""Degradations on the device: blur, noise, JPEG, small geometric and tonal changes."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from .data import uniform

# Luminance quantisation table of JPEG (ITU-T T.81, Annex K) at quality 50.
JPEG_TABLE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)


def blur(images: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of `[B,C,H,W]`."""
    radius = max(1, math.ceil(2.5 * sigma))
    x = torch.arange(-radius, radius + 1, device=images.device, dtype=images.dtype)
    kernel = torch.exp(-0.5 * (x / sigma) ** 2)
    kernel = (kernel / kernel.sum()).repeat(images.shape[1], 1, 1, 1)
    channels = images.shape[1]
    padded = F.pad(images, (radius,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, kernel, groups=channels), kernel.transpose(2, 3), groups=channels)


def _dct_matrix(device: torch.device) -> Tensor:
    k = torch.arange(8, device=device, dtype=torch.float32)
    matrix = torch.cos(math.pi / 8 * (k[None] + 0.5) * k[:, None]) * math.sqrt(2 / 8)
    matrix[0] /= math.sqrt(2)
    return matrix


def jpeg(images: Tensor, quality: Tensor) -> Tensor:
    """JPEG's block quantisation per RGB channel, quality `[B]` 10..95; sides must be multiples of 8."""
    b, c, h, w = images.shape
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality) / 100
    table = torch.tensor(JPEG_TABLE, device=images.device, dtype=torch.float32)
    steps = (table[None] * scale.view(-1, 1, 1)).clamp(min=1).view(b, 1, 1, 1, 8, 8)
    d = _dct_matrix(images.device)
    blocks = (images * 255 - 128).view(b, c, h // 8, 8, w // 8, 8).transpose(3, 4)
    coefficients = torch.round(d @ blocks @ d.T / steps) * steps
    restored = (d.T @ coefficients @ d).transpose(3, 4).reshape(b, c, h, w)
    return ((restored + 128) / 255).clamp(0, 1)


def degrade(images: Tensor, generator: torch.Generator, strong: bool) -> Tensor:
    """Blur, noise, JPEG, exposure and hue shifts, each on a random part of the batch.

    `strong` widens every range: the independent judge sees other degradations than the predictor.
    """
    n = images.shape[0]

    def pick(share: float) -> Tensor:
        return (uniform(generator, n) < share).view(-1, 1, 1, 1)

    sigma = float(uniform(generator, 1, low=0.5, high=2.4 if strong else 1.6))
    images = torch.where(pick(0.25), blur(images, sigma), images)
    level = uniform(generator, n, high=0.08 if strong else 0.05).view(-1, 1, 1, 1)
    noise = torch.randn(images.shape, generator=generator, device=images.device)
    images = torch.where(pick(0.3), images + level * noise, images)
    spread = 0.12 if strong else 0.06
    gain = 1 + uniform(generator, n, 3, 1, 1, low=-spread / 2, high=spread / 2)
    offset = uniform(generator, n, 1, 1, 1, low=-spread / 2, high=spread / 2)
    images = (images * gain + offset).clamp(0, 1)
    quality = uniform(generator, n, low=20 if strong else 35, high=95)
    images = torch.where(pick(0.3), jpeg(images, quality), images)
    if strong:
        images = torch.where(pick(0.3), _erase(images, generator), images)
    return images


def _erase(images: Tensor, generator: torch.Generator) -> Tensor:
    """Fill one random rectangle, the same for the whole batch, with its mean colour."""
    h, w = images.shape[-2:]
    y, x, size = (float(v) for v in uniform(generator, 3))
    side_h, side_w = int(h * (0.15 + 0.2 * size)), int(w * (0.15 + 0.2 * size))
    top, left = int(y * (h - side_h)), int(x * (w - side_w))
    out = images.clone()
    window = out[..., top : top + side_h, left : left + side_w]
    out[..., top : top + side_h, left : left + side_w] = window.mean((2, 3), keepdim=True)
    return out
