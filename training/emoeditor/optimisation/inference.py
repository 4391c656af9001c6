"""Networks over batches of pictures of any length, in the precision that the hardware is fast in."""

import torch
from torch import Tensor

from ..models import EmotionPredictor, PatchAutoencoder

ENCODE_BATCH = 64
"""Pictures at a time, so that the memory needed does not grow with the number of pictures."""


def autocast(device: torch.device) -> torch.autocast:
    """bf16 where the hardware multiplies it natively (GPUs, CPUs with AVX512-BF16), plain fp32 elsewhere."""
    native = device.type == "cuda" or (device.type == "cpu" and torch.cpu._is_avx512_bf16_supported())
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=native)


@torch.no_grad()
def encode_images(vae: PatchAutoencoder, images: Tensor) -> Tensor:
    """Scaled latents `[B,C,h,w]` (mode) of images `[B,3,H,W]` in 0..1."""
    with autocast(images.device):
        parts = [vae.encode(part * 2 - 1) for part in images.split(ENCODE_BATCH)]
    return torch.cat(parts).float()


@torch.no_grad()
def decode_latents(vae: PatchAutoencoder, latents: Tensor) -> Tensor:
    """Images `[B,3,H,W]` in 0..1 of scaled latents."""
    with autocast(latents.device):
        parts = [vae.decode(part) for part in latents.split(ENCODE_BATCH)]
    return (torch.cat(parts).float() / 2 + 0.5).clamp(0, 1)


@torch.no_grad()
def predict(predictor: EmotionPredictor, images: Tensor) -> Tensor:
    """Calibrated distributions `[B,8]` of images in 0..1."""
    with autocast(images.device):
        return torch.cat([predictor.probabilities(part) for part in images.split(4 * ENCODE_BATCH)]).float()


def to_bytes(images: Tensor) -> Tensor:
    """Images in 0..1 as uint8."""
    return (images.clamp(0, 1) * 255).round().to(torch.uint8)
