"""Colour arithmetic of the grade: linear light, balance, tone, a mask of skin. Pictures are `[B,3,H,W]` in 0..1."""

import torch
from torch import Tensor

from ..procedural.scene import luma, smoothstep, soften

REC709 = (0.2126, 0.7152, 0.0722)
"""Luminance of linear light (ITU-R BT.709)."""


def to_linear(srgb: Tensor) -> Tensor:
    """sRGB (IEC 61966-2-1) to linear light."""
    return torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb.clamp(min=0) + 0.055) / 1.055) ** 2.4)


def to_srgb(linear: Tensor) -> Tensor:
    """Linear light to sRGB."""
    high = 1.055 * linear.clamp(min=1e-6) ** (1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, linear.clamp(min=0) * 12.92, high)


def luminance(linear: Tensor) -> Tensor:
    """Luminance `[B,1,H,W]` of linear light."""
    return sum(linear[:, i : i + 1] * REC709[i] for i in range(3))


def balance(linear: Tensor, warmth: Tensor, tint: Tensor) -> Tensor:
    """White balance as channel gains of constant luminance: `warmth` 1 is about a low sun on neutral grey, -1 a blue
    shade; `tint` 1 magenta, -1 green. Both `[B,1,1 or H,1 or W]`."""
    gains = torch.cat([0.44 * warmth + 0.14 * tint, 0.03 * warmth - 0.20 * tint, -0.58 * warmth + 0.14 * tint], 1).exp()
    return linear * gains / luminance(gains)


def roll_off(linear: Tensor, knee: Tensor) -> Tensor:
    """Highlights above the knee bend towards 1 and never reach it: what is added to white does not clip."""
    over = (linear - knee).clamp(min=0) / (1 - knee)
    return torch.minimum(linear, knee) + (1 - knee) * torch.tanh(over) * 0.985


def add_contrast(srgb: Tensor, amount: Tensor) -> Tensor:
    """More contrast by an S-curve that leaves black and white where they are; less by drawing towards the middle."""
    curve = torch.lerp(srgb, smoothstep(0.0, 1.0, srgb), (1.3 * amount).clamp(0, 1))
    middle = 0.5 * luma(srgb).mean((2, 3), keepdim=True) + 0.22
    return torch.where(amount > 0, curve, middle + (srgb - middle) * (1 + amount))


def saturate(srgb: Tensor, amount: Tensor) -> Tensor:
    """Colour strength; what is added goes to dull colours first, so that vivid ones do not burn."""
    grey = luma(srgb)
    spread = srgb.amax(1, keepdim=True) - srgb.amin(1, keepdim=True)
    factor = 1 + torch.where(amount > 0, amount * (1 - spread) ** 1.5, amount)
    return grey + (srgb - grey) * factor


def skin(srgb: Tensor, subject: Tensor) -> Tensor:
    """Soft mask `[B,1,H,W]` of skin colours in the subject (chroma ellipse after Hsu et al. 2002, loosely)."""
    y = luma(srgb)
    cb, cr = 0.564 * (srgb[:, 2:] - y), 0.713 * (srgb[:, :1] - y)
    distance = ((cb + 0.07) / 0.07) ** 2 + ((cr - 0.09) / 0.065) ** 2
    likely = smoothstep(1.6, 0.7, distance) * smoothstep(0.15, 0.3, y)
    return soften(likely * smoothstep(0.1, 0.4, subject), 0.03).clamp(0, 1)
