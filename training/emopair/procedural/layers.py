"""Layers over a picture: each is `picture * keep + add`, so that any number of them folds into one pair of maps.

Operations come in two kinds. A *grade* `(picture, scene) -> picture` changes what is there; the editor may apply it
with less or more strength. A *layer* `scene -> Layer` adds content (particles, light, stains) at full strength.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from torch import Tensor

from .scene import Scene


@dataclass(frozen=True)
class Layer:
    """`keep` (`[B,1 or 3,H,W]`, 0..1) is the share of the picture that stays; `add` `[B,3,H,W]` goes on top."""

    keep: Tensor
    add: Tensor

    def over(self, picture: Tensor) -> Tensor:
        """The picture under this layer."""
        return picture * self.keep + self.add


Grade = Callable[[Tensor, Scene], Tensor]
LayerOf = Callable[[Scene], Layer]


def paint(cover: Tensor, colour: Tensor) -> Layer:
    """Opaque paint: `cover [B,1,H,W]` of `colour [B,3,H or 1,W or 1]`."""
    cover = cover.clamp(0, 1)
    return Layer(1 - cover, cover * colour)


def glow(light: Tensor) -> Layer:
    """Light `[B,3,H,W]` in screen mode: brightens, never burns out hard."""
    light = light.clamp(0, 1)
    return Layer(1 - light, light)


def stain(density: Tensor, colour: Tensor) -> Layer:
    """Multiply by `colour` where `density [B,1,H,W]` is 1: dirt, shade, wetness."""
    density = density.clamp(0, 1)
    keep = 1 - density * (1 - colour)
    return Layer(keep, keep * 0)


def stack(layers: Iterable[Layer]) -> Layer | None:
    """One layer that does what the given ones do in turn, the first at the bottom."""
    result: Layer | None = None
    for layer in layers:
        result = layer if result is None else Layer(result.keep * layer.keep, layer.over(result.add))
    return result


def join(layers: Iterable[Layer]) -> Layer:
    """`stack` of at least one layer."""
    whole = stack(layers)
    if whole is None:
        raise ValueError("expected at least one layer to join, but got none")
    return whole
