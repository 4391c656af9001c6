"""Print the answers of the networks that every execution provider must compute before it is used.

The same networks as in `companion-server/src/runtime/providerProbe.ts`, whose answers this prints.
Run from `training/`: `python -m golden.probe`.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

CHANNELS, HEIGHT, WIDTH, INPUT, OUTPUT = 16, 15, 12, 3, 4
HEADS = 2
SHOWN = (0, 7, 100, 555, 1234, 2000, 2879)
WIDE_CHANNELS, WIDE_HEADS, WIDE_HEIGHT, WIDE_WIDTH = 320, 8, 3, 5
WIDE_SHOWN = (0, 7, 100, 555, 1234, 2000, 4799)


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


def attend(x: Tensor, context: Tensor, w: Weights, heads: int) -> Tensor:
    """Multi-head attention of tokens `[B,N,C]` to others."""
    c = x.shape[2]
    projected = (F.linear(tokens, w(c, c)) for tokens in (x, context, context))
    q, k, v = (t.unflatten(2, (heads, -1)).transpose(1, 2) for t in projected)
    return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


def transformer(tokens: Tensor, others: Tensor, w: Weights, heads: int) -> Tensor:
    """Self-attention, cross-attention and GEGLU, each with its residual."""
    c = tokens.shape[2]
    own = F.layer_norm(tokens, (c,), w(c), w(c))
    tokens = tokens + F.linear(attend(own, own, w, heads), w(c, c), w(c))
    asking = F.layer_norm(tokens, (c,), w(c), w(c))
    tokens = tokens + F.linear(attend(asking, others, w, heads), w(c, c), w(c))
    last = F.layer_norm(tokens, (c,), w(c), w(c))
    value, gate = F.linear(last, w(c * 8, c), w(c * 8)).chunk(2, dim=-1)
    return tokens + F.linear(value * F.gelu(gate), w(c, c * 4), w(c))


def probe(x: Tensor) -> Tensor:
    """`[1,3,15,12] -> [1,4,30,24]`."""
    w = Weights()
    square = (CHANNELS, CHANNELS, 3, 3)
    h = F.silu(F.conv2d(x, w(CHANNELS, INPUT, 3, 3), w(CHANNELS), padding=1))
    h = F.silu(F.group_norm(h, 4, w(CHANNELS), w(CHANNELS)))
    down = F.conv2d(F.pad(h, (0, 1, 0, 1)), w(*square), w(CHANNELS), stride=2)
    tokens, others = (picture.flatten(2).transpose(1, 2) for picture in (h, down))
    h = h + transformer(tokens, others, w, HEADS).transpose(1, 2).reshape(h.shape)
    h = h + F.conv2d(F.interpolate(down, size=h.shape[-2:], mode="nearest"), w(*square), w(CHANNELS), padding=1)
    h = F.conv2d(h, w(CHANNELS, 1, 3, 3), padding=1, groups=CHANNELS).clamp(-1, 6)
    shuffled = F.pixel_shuffle(F.conv2d(h, w(*square), w(CHANNELS), padding=1), 2)
    y = shuffled + F.conv_transpose2d(h, w(CHANNELS, OUTPUT, 2, 2), stride=2)
    return y * y.mean(dim=(2, 3), keepdim=True).softmax(dim=1)


def wide_probe(x: Tensor) -> Tensor:
    """`[1,320,3,5] -> [1,320,3,5]`."""
    tokens = x.flatten(2).transpose(1, 2)
    return transformer(tokens, tokens, Weights(), WIDE_HEADS).transpose(1, 2).reshape(x.shape)


def main() -> None:
    """Command line."""
    answers = {
        "probe": (probe(wave((1, INPUT, HEIGHT, WIDTH), 1.0)), SHOWN),
        "wide": (wide_probe(wave((1, WIDE_CHANNELS, WIDE_HEIGHT, WIDE_WIDTH), 1.0)), WIDE_SHOWN),
    }
    for name, (answer, shown) in answers.items():
        y = answer.flatten()
        print(f"{name} meanAbs: {y.abs().mean().item():.6f}")
        print({i: round(y[i].item(), 6) for i in shown})


if __name__ == "__main__":
    main()
