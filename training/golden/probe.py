"""Print the answer of the network that every execution provider must compute before it is used.

The same network as in `companion-server/src/runtime/providerProbe.ts`, whose PROBE_ANSWER this prints.
Run from `training/`: `python -m golden.probe`.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

CHANNELS, HEIGHT, WIDTH, INPUT, OUTPUT = 16, 15, 12, 3, 4
SHOWN = (0, 7, 100, 555, 1234, 2000, 2879)


def wave(shape: tuple[int, ...], k: float) -> Tensor:
    """`sin(k * i)` for i = 1, 2, …"""
    i = torch.arange(1, math.prod(shape) + 1, dtype=torch.float64)
    return torch.sin(k * i).reshape(shape).float()


class Weights:
    """Waves of another frequency for every tensor, in the order in which the graph asks for them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *shape: int) -> Tensor:
        size = 1 if len(shape) == 1 else math.sqrt(2 / (math.prod(shape) / shape[0]))
        k = 0.7 + 0.13 * self.count
        self.count += 1
        return wave(shape, k) * size


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """Multi-head attention over tokens `[B,N,C]`."""
    q, k, v = (x.unflatten(2, (heads, -1)).transpose(1, 2) for x in (query, key, value))
    return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


def transformer(h: Tensor, context: Tensor, w: Weights) -> Tensor:
    """Self-attention, cross-attention and GEGLU."""
    tokens = h.flatten(2).transpose(1, 2)
    own = F.layer_norm(tokens, (CHANNELS,), w(CHANNELS), w(CHANNELS))
    tokens = tokens + attend(own, own, own, 2)
    other = context.flatten(2).transpose(1, 2)
    tokens = tokens + attend(tokens, other, other, 2)
    value, gate = F.linear(tokens, w(CHANNELS * 4, CHANNELS), w(CHANNELS * 4)).chunk(2, dim=-1)
    return tokens + F.linear(value * F.gelu(gate), w(CHANNELS, CHANNELS * 2), w(CHANNELS))


def probe(x: Tensor) -> Tensor:
    """`[1,3,15,12] -> [1,4,30,24]`."""
    w = Weights()
    square = (CHANNELS, CHANNELS, 3, 3)
    h = F.conv2d(x, w(CHANNELS, INPUT, 3, 3), w(CHANNELS), padding=1)
    h = F.silu(F.group_norm(h, 4, w(CHANNELS), w(CHANNELS)))
    down = F.conv2d(F.pad(h, (0, 1, 0, 1)), w(*square), w(CHANNELS), stride=2)
    h = h + transformer(h, down, w).transpose(1, 2).reshape(h.shape)
    h = h + F.conv2d(F.interpolate(down, size=h.shape[-2:], mode="nearest"), w(*square), w(CHANNELS), padding=1)
    h = F.conv2d(h, w(CHANNELS, 1, 3, 3), padding=1, groups=CHANNELS).clamp(-1, 6)
    shuffled = F.pixel_shuffle(F.conv2d(h, w(*square), w(CHANNELS), padding=1), 2)
    y = shuffled + F.conv_transpose2d(h, w(CHANNELS, OUTPUT, 2, 2), stride=2)
    return y * y.mean(dim=(2, 3), keepdim=True).softmax(dim=1)


def main() -> None:
    """Command line."""
    y = probe(wave((1, INPUT, HEIGHT, WIDTH), 1.0)).flatten()
    print(f"meanAbs: {y.abs().mean().item():.6f}")
    print({i: round(y[i].item(), 6) for i in SHOWN})


if __name__ == "__main__":
    main()
