"""Grades of the sky: new skies that keep a trace of the old one's texture, clouds, night."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .grade import Colour, Range, relight
from .layers import Grade
from .noise import fractal, look_up
from .scene import Scene, luma, smoothstep, soften


def sky_bottom(scene: Scene) -> Tensor:
    """Where the backdrop ends, as a share of the height `[B,1,1,1]`."""
    mass = scene.backdrop.sum((2, 3), keepdim=True) + 1e-3
    return (2 * (scene.backdrop * scene.down).sum((2, 3), keepdim=True) / mass).clamp(0.35, 0.95)


def gradient_sky(top: Sequence[Colour], bottom: Sequence[Colour], amount: Range, texture: float = 0.35) -> Grade:
    """A sky that runs from one colour to another; `texture` keeps that share of the old sky's light and dark."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        fall = smoothstep(0.0, 1.05, scene.down / sky_bottom(scene))
        colour = torch.lerp(scene.dice.colour(top), scene.dice.colour(bottom), fall)
        detail = luma(picture) - soften(luma(picture), 0.25)
        painted = colour * (1 + texture * 3 * detail)
        return torch.lerp(picture, painted, scene.backdrop * scene.dice.uniform(*amount))

    return run


def cloud_field(scene: Scene, base: float = 4.0, amount: float = 0.10) -> Tensor:
    """Cloud density 0..1 in perspective: flat and fine near the horizon, tall and wide overhead."""
    side = max(scene.size)
    texture = fractal(scene.dice, (side, side), base, 6, 0.56)
    push = fractal(scene.dice, scene.size, 3.0, 3) - 0.5
    rise = (1.15 - scene.down / sky_bottom(scene) * 0.85).clamp(min=0.18)
    u = 0.5 + (scene.x / scene.width - 0.5) * 0.55 / rise.clamp(min=0.3) ** 0.6 + amount * push
    v = 0.35 / rise + amount * push
    return look_up(texture, u, v)


def cloudy(
    dark: Sequence[Colour],
    light: Sequence[Colour],
    amount: Range,
    cover: Range = (0.3, 0.5),
    lit: float = 1.0,
    base: float = 4.0,
) -> Grade:
    """Clouds over the sky: `cover` is the density where they begin, dark undersides, lit tops where thin."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        density = cloud_field(scene, base)
        start = scene.dice.uniform(*cover)
        body = smoothstep(start - 0.12, start + 0.25, density)
        lighter = smoothstep(0.85, 0.3, density + 0.35 * (soften(density, 0.06) - density)) * lit
        shape = soften(density, 0.03) - density.roll((3, 2), (2, 3))
        colour = torch.lerp(scene.dice.colour(dark), scene.dice.colour(light), (lighter + 1.6 * shape).clamp(0, 1))
        mask = scene.backdrop * body * scene.dice.uniform(*amount)
        return torch.lerp(picture, colour, mask)

    return run


def night(darkness: Range, tint: Sequence[Colour], sky_top: Sequence[Colour], sky_low: Sequence[Colour]) -> Grade:
    """Day for night: the land dark and tinted with its lights still lit, the sky deep and graded."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        level = luma(picture)
        dim = scene.dice.uniform(*darkness)
        flat = dim * (1 - 0.4 * smoothstep(0.45, 0.95, soften(level, 0.12)))
        land = relight(picture, flat, 0.45 + 0.55 * dim)
        shade = luma(land)
        hue = scene.dice.colour(tint)
        kept = 0.8 * hue / luma(hue).clamp(min=0.05) * shade + 0.2 * land
        fall = smoothstep(0.0, 1.0, scene.down / sky_bottom(scene))
        above = torch.lerp(scene.dice.colour(sky_top), scene.dice.colour(sky_low), fall)
        above = above * (1 + 1.2 * (level - soften(level, 0.2))) + 0.25 * dim * (level - soften(level, 0.05))
        dark = torch.lerp(kept, above, scene.backdrop * 0.95)
        lamp = smoothstep(0.45, 0.9, scene.lights) * (1 - scene.sky) * smoothstep(0.5, 0.25, soften(level, 0.15))
        return torch.lerp(dark, picture * picture.new_tensor((1.0, 0.86, 0.62)).view(1, 3, 1, 1), 0.85 * lamp)

    return run
