"""Changes of palette that leave the content of a photograph alone: eight fixed filters and a random one.

Pictures are `[H,W,3]` float32 in 0..1, sRGB, in and out.
"""

from collections.abc import Callable

import numpy as np

Picture = np.ndarray
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]], np.float32).T


def _cut(x: Picture) -> Picture:
    return np.clip(x, 0, 1).astype(np.float32)


def _luma(x: Picture) -> Picture:
    return (x * LUMA).sum(-1, keepdims=True)


def _gains(*rgb: float, lift: float = 0) -> Callable[[Picture], Picture]:
    return lambda x: _cut(x * np.array(rgb, np.float32) + lift)


def _vivid(x: Picture) -> Picture:
    grey = _luma(x)
    return _cut((grey + 1.7 * (x - grey) - 0.5) * 1.15 + 0.5)


def _faded(x: Picture) -> Picture:
    grey = _luma(x)
    return _cut(0.18 + 0.7 * (grey + 0.45 * (x - grey)))


def _teal_orange(x: Picture) -> Picture:
    split = (_luma(x) - 0.5) * np.array([0.35, 0.05, -0.35], np.float32)
    return _cut(x + split + np.array([0.02, 0, 0.02], np.float32))


FILTERS: dict[str, Callable[[Picture], Picture]] = {
    "warm": _gains(1.18, 1.02, 0.78, lift=0.02),
    "cool": _gains(0.78, 0.96, 1.2),
    "sepia": lambda x: _cut(0.95 * x @ SEPIA),
    "grey": lambda x: _cut(np.repeat(_luma(x), 3, -1)),
    "vivid": _vivid,
    "faded": _faded,
    "dark": lambda x: _cut(np.power(x, 1.7) * 0.75),
    "teal-orange": _teal_orange,
}
"""What a photographer's filters do; a judge of content should not change its mind under them."""


def jitter(x: Picture, rng: np.random.Generator) -> Picture:
    """Random palette: gains, gamma, saturation, contrast, split tone; one in ten grey."""
    gains = np.exp(rng.normal(0, 0.16, 3)).astype(np.float32)
    x = np.clip(x * gains / gains.mean() ** 0.5, 0, 1) ** float(np.exp(rng.normal(0, 0.3)))
    grey = _luma(x)
    saturation = rng.choice([0.0, rng.uniform(0.2, 0.7), rng.uniform(0.7, 1.8)], p=[0.1, 0.3, 0.6])
    x = grey + (x - grey) * float(saturation)
    x = (x - 0.5) * float(np.exp(rng.normal(0, 0.15))) + 0.5
    x = x + (grey - 0.5) * rng.normal(0, 0.16, 3).astype(np.float32)
    return _cut(x + rng.normal(0, 0.03))


def tinted(x: Picture, rng: np.random.Generator) -> Picture:
    """One colour at random strength over a grey picture, of random gamma and contrast: what an old print looks like."""
    grey = _luma(x) ** float(np.exp(rng.normal(0, 0.25)))
    grey = (grey - 0.5) * float(np.exp(rng.normal(0, 0.15))) + 0.5
    tint = np.exp(rng.normal(0, 0.12, 3)).astype(np.float32)
    return _cut(grey * tint / tint.mean())
