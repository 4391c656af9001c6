"""Light: god rays, dappled leaves, window panes, spotlights, haze that follows the light."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import disc, pick, present, scatter
from .grade import Colour, Range, focus_point, from_focus
from .layers import Grade, Layer, LayerOf, glow
from .noise import clouds, look_up
from .scene import Scene, luma, smoothstep, soften


def light_origin(scene: Scene) -> tuple[Tensor, Tensor]:
    """Where the light comes from: the brightest part of the upper picture, never quite in the middle `[B,1,1,1]`."""
    weight = (soften(scene.luma, 0.2) * (1.1 - scene.down).clamp(min=0)).clamp(min=0) ** 6 + 1e-6
    total = weight.sum((2, 3), keepdim=True)
    x = (weight * scene.x).sum((2, 3), keepdim=True) / total
    away = x + torch.sign(x - scene.width / 2 + 1e-3) * 0.25 * scene.width
    return away, (weight * scene.y).sum((2, 3), keepdim=True) / total * 0.5 - 0.12


def polar_noise(scene: Scene, cx: Tensor, cy: Tensor, beams: float) -> Tensor:
    """Noise that varies with the direction from a point, hardly with the distance: 0..1."""
    theta = torch.atan2(scene.y - cy, scene.x - cx)
    texture = scene.dice.rand(1, 4, 256)
    fine = look_up(texture, theta * beams / 256 / 0.4 + 0.5, theta * 0 + 0.4)
    coarse = look_up(texture, theta * beams / 256 + 0.5, theta * 0 + 0.6)
    return 0.5 * (fine + coarse)


def god_rays(colour: Sequence[Colour], amount: Range = (0.6, 0.9), beams: float = 12.0) -> LayerOf:
    """Shafts of light from the light's origin, stronger over dark ground, gone before the subject's face."""

    def make(scene: Scene) -> Layer:
        cx, cy = light_origin(scene)
        distance = torch.hypot(scene.x - cx, scene.y - cy)
        shafts = smoothstep(0.42, 0.72, polar_noise(scene, cx, cy, beams))
        fade = torch.exp(-((distance / 1.15) ** 2)) * smoothstep(-0.02, 0.15, distance)
        level = shafts * fade * (0.75 + 0.25 * (1 - scene.luma)) * (1 - 0.35 * scene.subject)
        level = level + 0.4 * torch.exp(-distance / 0.35)
        return glow(level * scene.dice.colour(colour) * scene.dice.uniform(*amount))

    return make


def side_light(colour: Sequence[Colour], amount: Range = (0.4, 0.7), reach: float = 0.9) -> LayerOf:
    """A warm or cold wash of light from the brighter side."""

    def make(scene: Scene) -> Layer:
        cx, cy = light_origin(scene)
        distance = torch.hypot(scene.x - cx, (scene.y - cy) * 0.8)
        level = torch.exp(-((distance / reach) ** 2)) * (0.55 + 0.45 * scene.depth)
        return glow(level * scene.dice.colour(colour) * scene.dice.uniform(*amount))

    return make


def dappled(shade: Range = (0.35, 0.55), colour: Colour = (1.0, 0.93, 0.72)) -> Grade:
    """Sun through leaves: soft patches of warm light, the rest in gentle shade."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        leaves = clouds(scene, 6, 4, 1.2)
        light = smoothstep(0.44, 0.62, soften(leaves, 0.012)) * (1 - 0.7 * scene.sky)
        dim = 1 - scene.dice.uniform(*shade) * (1 - light) * (1 - scene.sky)
        warm = 1 + 0.28 * light * (picture.new_tensor(colour).view(1, 3, 1, 1) * 1.25 - 0.5)
        return picture * dim * warm

    return run


def window_light(shade: Range = (0.45, 0.65), colour: Colour = (1.0, 0.88, 0.62)) -> Grade:
    """Light through a window falls in slanted panes across the picture."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        lean = scene.dice.sign() * scene.dice.uniform(0.35, 0.7)
        u = (scene.x + lean * scene.y - scene.dice.uniform(0.1, 0.5)) / 0.27
        v = (scene.y - 0.15 * lean * scene.x - scene.dice.uniform(0.05, 0.2)) / 0.34
        bars = smoothstep(0.06, 0.12, u.remainder(1.0)) * smoothstep(0.98, 0.92, u.remainder(1.0))
        bars = bars * smoothstep(0.04, 0.10, v.remainder(1.0)) * smoothstep(1.0, 0.94, v.remainder(1.0))
        frame = (
            smoothstep(-0.05, 0.05, u + 1)
            * smoothstep(3.05, 2.95, u)
            * smoothstep(-0.05, 0.05, v)
            * smoothstep(3.05, 2.95, v)
        )
        pane = soften(bars * frame, 0.02).clamp(0, 1)
        dim = 1 - scene.dice.uniform(*shade) * (1 - pane)
        warm = 1 + 0.5 * pane * (picture.new_tensor(colour).view(1, 3, 1, 1) - 0.6)
        return picture * dim * warm

    return run


def torch_beam(dark: Range = (0.78, 0.92), radius: Range = (0.3, 0.42), tint: Colour = (0.85, 0.95, 1.0)) -> Grade:
    """Only a pool of light on the subject; darkness around, with an uneven edge."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        x, y = focus_point(scene)
        distance = torch.hypot(scene.x - x, scene.y - y) + 0.14 * (clouds(scene, 3, 4) - 0.5)
        r = scene.dice.uniform(*radius)
        pool = smoothstep(r * 1.5, r * 0.35, distance)
        lit = picture * picture.new_tensor(tint).view(1, 3, 1, 1)
        return lit * (1 - scene.dice.uniform(*dark) * (1 - pool))

    return run


def rim_light(colours: Sequence[Colour], amount: Range = (0.6, 0.9), width: float = 0.03) -> LayerOf:
    """A coloured edge of light around the subject."""

    def make(scene: Scene) -> Layer:
        wide = soften(scene.subject, width * 2)
        edge = (4 * wide * (1 - wide)).clamp(0, 1) ** 2
        left = smoothstep(-0.25, 0.25, scene.centred[0])
        hue = torch.lerp(scene.dice.colour(colours), scene.dice.colour(colours[::-1]), left)
        return glow(edge * hue * scene.dice.uniform(*amount))

    return make


def spotlights(
    colours: Sequence[Colour], count: int = 4, amount: Range = (0.55, 0.8), spread: Range = (0.06, 0.13)
) -> LayerOf:
    """Stage beams from above, each in its colour, through haze."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        smoke = 0.55 + 0.6 * clouds(scene, 3, 4)
        for i in range(count):
            x0 = ((i + 0.5) / count + scene.dice.uniform(-0.08, 0.08)) * scene.width
            slope = scene.dice.uniform(-0.6, 0.6)
            down = scene.y + 0.08
            side = (scene.x - x0 - slope * down).abs()
            half = scene.dice.uniform(*spread) * down + 0.008
            beam = smoothstep(1.0, 0.25, side / half) * torch.exp(-down / 0.95)
            source = torch.exp(-((torch.hypot(scene.x - x0, down - 0.08) / 0.035) ** 2))
            hue = pick(scene.dice.rand(1, 1, 1), colours)
            light = light + beam * hue * smoke + source * (0.5 + 0.5 * hue)
        return glow(light * (1 - 0.3 * scene.subject) * scene.dice.uniform(*amount))

    return make


def bokeh(
    colours: Sequence[Colour],
    pitch: Range = (0.13, 0.2),
    chance: float = 0.55,
    amount: Range = (0.5, 0.8),
    spare: float = 0.75,
) -> LayerOf:
    """Discs of out-of-focus light, brighter at the rim, around the subject rather than on it."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        for scale in (1.0, 0.55):
            cells = scatter(scene, scene.dice.uniform(*pitch) * scale, 0.15, scene.dice.uniform(0, 1))
            radius = 0.16 + 0.18 * cells.random[:, 1:2]
            body = disc(cells, radius, 0.12)
            rim = body - disc(cells, radius * 0.86, 0.2)
            level = (
                (0.5 * body + 0.4 * rim.clamp(min=0))
                * present(cells.random[:, :1], chance)
                * (0.35 + 0.65 * cells.random[:, 2:3])
            )
            light = light + level * pick(cells.random[:, 3:4], colours)
        where = 1 - spare * scene.subject
        edge = 0.45 + 0.55 * smoothstep(0.15, 0.8, from_focus(scene))
        return glow(light * where * edge * scene.dice.uniform(*amount))

    return make


def leak(colours: Sequence[Colour], amount: Range = (0.3, 0.55)) -> LayerOf:
    """Coloured light from opposite corners."""

    def make(scene: Scene) -> Layer:
        turn = scene.dice.uniform(0, 6.28)
        x, y = scene.centred
        slide = x * turn.cos() + y * turn.sin()
        first, second = scene.dice.colour(colours), scene.dice.colour(colours[::-1])
        light = smoothstep(0.0, 0.62, slide) * first + smoothstep(0.0, 0.62, -slide) * second
        return glow(light * scene.dice.uniform(*amount))

    return make


def lamps(colour: Sequence[Colour], amount: Range = (0.6, 1.0)) -> LayerOf:
    """The picture's own light sources bloom in a colour."""

    def make(scene: Scene) -> Layer:
        lit = scene.lights * luma(scene.source)
        halo = (2.2 * soften(lit, 0.06) + 1.5 * soften(lit, 0.2) + 0.5 * lit).clamp(0, 1)
        return glow(halo * scene.dice.colour(colour) * scene.dice.uniform(*amount))

    return make
