"""Layers in the sky: stars, milky way, aurora, moon, planets, rainbow, meteors."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import disc, pick, present, scatter
from .grade import Colour, Range
from .layers import Layer, LayerOf, glow, stack
from .noise import along, clouds
from .scene import TAU, Scene, smoothstep
from .sky import sky_bottom


def spot(scene: Scene, x: Range, y: Range) -> tuple[Tensor, Tensor]:
    """A place in the upper picture: shares of the width and of the sky's height."""
    return scene.dice.uniform(*x) * scene.width, scene.dice.uniform(*y) * scene.height * sky_bottom(scene)


def stars(amount: Range = (0.8, 1.0), pitch: float = 0.028, coloured: bool = False) -> LayerOf:
    """A starry sky: many faint, few bright."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        hues = (
            ((1, 1, 1), (0.8, 0.88, 1), (1, 0.93, 0.8)) if not coloured else ((1, 0.8, 0.9), (0.7, 1, 1), (1, 1, 0.7))
        )
        for size, chance, strength in ((pitch, 0.5, 0.85), (pitch * 3.2, 0.4, 1.3)):
            cells = scatter(scene, size, 0.35)
            bright = cells.random[:, 1:2] ** 1.5
            radius = 0.0045 / size * (0.55 + 0.8 * bright)
            dot = disc(cells, radius, 1.2) * present(cells.random[:, :1], chance) * (0.25 + bright) * strength
            light = torch.maximum(light, dot * pick(cells.random[:, 2:3], hues))
        return glow(light * scene.backdrop * scene.dice.uniform(*amount))

    return make


def milky_way(core: Sequence[Colour] = ((1.0, 0.82, 0.72), (0.85, 0.8, 1.0)), amount: Range = (0.75, 1.0)) -> LayerOf:
    """The band of the galaxy across the sky with dark lanes and dense stars."""

    def make(scene: Scene) -> Layer:
        cx, cy = spot(scene, (0.35, 0.65), (0.3, 0.6))
        angle = scene.dice.sign() * scene.dice.uniform(0.5, 1.2)
        across = (scene.x - cx) * angle.sin() - (scene.y - cy) * angle.cos()
        length = (scene.x - cx) * angle.cos() + (scene.y - cy) * angle.sin()
        wobble = (clouds(scene, 3, 5) - 0.5) * 0.16
        band = torch.exp(-(((across + wobble) / 0.13) ** 2))
        heart = torch.exp(-(((across + wobble) / 0.06) ** 2)) * torch.exp(-((length / 0.4) ** 2))
        lanes = 1 - 0.85 * smoothstep(0.5, 0.72, clouds(scene, 6, 5)) * torch.exp(
            -(((across + wobble * 1.4) / 0.055) ** 2)
        )
        glowing = (band * 0.42 * (0.5 + clouds(scene, 7, 5)) + 0.5 * heart) * lanes
        blue = scene.source.new_tensor((0.42, 0.5, 0.95)).view(1, 3, 1, 1)
        colour = torch.lerp(blue, scene.dice.colour(core), (heart + 0.4 * band).clamp(0, 1))
        cells = scatter(scene, 0.014, 0.3, channels=2)
        dust = disc(cells, 0.3, 1.0) * present(cells.random[:, :1], 0.55) * (0.2 + cells.random[:, 1:2]) * band * lanes
        return glow((glowing * colour + 0.75 * dust) * scene.backdrop * scene.dice.uniform(*amount))

    return make


def aurora(low: Sequence[Colour], high: Sequence[Colour], amount: Range = (0.8, 1.0), curtains: int = 3) -> LayerOf:
    """Northern lights: curtains with a sharp lower hem, rays, and a second colour above."""

    def make(scene: Scene) -> Layer:
        _, w = scene.size
        light = torch.zeros_like(scene.source)
        bottom = sky_bottom(scene)
        first, second = scene.dice.colour(low), scene.dice.colour(high)
        for i in range(curtains):
            hem = along(scene.dice, w, 2, 3, 0.4).unsqueeze(2)
            level = (0.35 + 0.5 * i / max(1, curtains - 1)) * bottom + 0.16 * hem + 0.04 * scene.dice.uniform(-1, 1)
            rays = 0.6 + 0.4 * along(scene.dice, w, 16, 3, 0.6).unsqueeze(2)
            patch = 0.55 + 0.45 * along(scene.dice, w, 2, 2).unsqueeze(2)
            above = (level - scene.down) / (0.22 + 0.14 * rays)
            body = torch.where(above > 0, torch.exp(-above * 2.2), torch.exp(above * 16))
            body = body * (rays * patch).clamp(min=0) * (0.85 - 0.12 * i)
            mix = smoothstep(0.1, 1.0, above)
            light = light + body * torch.lerp(first, second, mix)
        return glow(light * scene.backdrop * scene.dice.uniform(*amount))

    return make


def moon(
    radius: Range,
    colour: Sequence[Colour] = ((0.95, 0.95, 0.9),),
    halo: float = 0.5,
    place: tuple[Range, Range] = ((0.2, 0.8), (0.2, 0.5)),
) -> LayerOf:
    """A full moon with maria and a halo; it hides behind what stands before the sky."""

    def make(scene: Scene) -> Layer:
        cx, cy = spot(scene, *place)
        r = scene.dice.uniform(*radius)
        distance = torch.hypot(scene.x - cx, scene.y - cy)
        face = smoothstep(r + 0.004, r - 0.004, distance)
        shade = 0.72 + 0.28 * smoothstep(0.62, 0.4, clouds(scene, 7, 4)) - 0.12 * (distance / r).clamp(0, 1) ** 3
        hue = scene.dice.colour(colour)
        seen = smoothstep(0.15, 0.6, scene.backdrop)
        ring = torch.exp(-((distance - r).clamp(min=0) / (r * 0.9 + 0.05))) * halo
        cover = face * seen
        light = glow((ring * (1 - face) * hue * (0.35 + 0.65 * scene.backdrop)).clamp(0, 1))
        disc_layer = Layer(1 - cover, cover * shade * hue)
        both = stack((light, disc_layer))
        assert both is not None
        return both

    return make


def planet(radius: Range, colours: Sequence[Colour], rings: bool = True) -> LayerOf:
    """A banded planet with a night side, rising beyond the horizon, with or without rings."""

    def make(scene: Scene) -> Layer:
        cx, cy = spot(scene, (0.25, 0.75), (0.3, 0.6))
        r = scene.dice.uniform(*radius)
        tilt = scene.dice.uniform(-0.5, 0.5)
        dx, dy = (scene.x - cx) / r, (scene.y - cy) / r
        a, b = dx * tilt.cos() + dy * tilt.sin(), dy * tilt.cos() - dx * tilt.sin()
        distance = torch.hypot(a, b)
        face = smoothstep(1.02, 0.98, distance)
        bands = 0.8 + 0.2 * (b * 9 + 3 * clouds(scene, 5, 3)).sin()
        day = smoothstep(
            -0.55, 0.75, -(dx * 0.7 + dy * 0.7) + 0.25 * (1 - distance.clamp(0, 1) ** 2).clamp(min=0).sqrt()
        )
        hue = scene.dice.colour(colours)
        seen = smoothstep(0.15, 0.6, scene.backdrop) * 0.96
        air = torch.exp(-((distance - 1).clamp(min=0) * 7)) * 0.5 * (1 - face)
        parts = [glow(air * hue * scene.backdrop), Layer(1 - face * seen, face * seen * hue * bands * (0.08 + day))]
        if rings:
            flat = torch.hypot(a, b * 3.6)
            ring = smoothstep(1.35, 1.42, flat) * smoothstep(2.1, 2.02, flat) * (0.65 + 0.35 * (flat * 24).sin())
            ring = ring * (1 - face * (b < 0).float()) * seen * 0.75
            parts.append(Layer(1 - ring, ring * (0.35 + 0.65 * hue)))
        both = stack(parts)
        assert both is not None
        return both

    return make


def rainbow(amount: Range = (0.5, 0.75), double: bool = True) -> LayerOf:
    """An arc of the spectrum before sky and distance, brighter inside, with a faint second arc."""

    def make(scene: Scene) -> Layer:
        cx = scene.dice.uniform(0.1, 0.9) * scene.width
        cy = (sky_bottom(scene) + scene.dice.uniform(0.1, 0.35)) * scene.height
        r = scene.dice.uniform(0.62, 0.85) * torch.maximum(cy, cy * 0 + 0.75)
        distance = torch.hypot(scene.x - cx, scene.y - cy)
        where = torch.maximum(scene.backdrop, 0.55 * smoothstep(0.45, 0.8, scene.depth)) * (1 - 0.85 * scene.subject)
        light = torch.zeros_like(scene.source)
        for radius, width, strength, turn in ((r, 0.085, 1.0, 1), (r * 1.28, 0.11, 0.4, -1))[: 2 if double else 1]:
            t = (distance - radius) / width * turn + 0.5
            inside = smoothstep(-0.05, 0.15, t) * smoothstep(1.05, 0.85, t)
            hue = torch.cat([torch.exp(-(((t - peak) / 0.22) ** 2)) for peak in (0.82, 0.5, 0.2)], 1)
            hue = hue + torch.cat([0.35 * torch.exp(-(((t - 0.06) / 0.12) ** 2)), hue[:, :2] * 0], 1)
            light = light + inside * hue * strength
        inner = smoothstep(0.0, -0.35, distance - r) * 0.0 + 0.16 * smoothstep(0.02, -0.3, distance - r)
        fade = smoothstep(1.05, 0.7, scene.down / sky_bottom(scene) * 0.75)
        both = stack((glow(inner * where), glow(light * where * fade * scene.dice.uniform(*amount))))
        assert both is not None
        return both

    return make


def meteors(count: int = 4, amount: Range = (0.8, 1.0)) -> LayerOf:
    """Shooting stars that fall in one direction."""

    def make(scene: Scene) -> Layer:
        angle = scene.dice.sign() * scene.dice.uniform(0.4, 0.9)
        light = torch.zeros_like(scene.luma)
        for _ in range(count):
            x0, y0 = spot(scene, (0.1, 0.9), (0.05, 0.75))
            reach = scene.dice.uniform(0.15, 0.42)
            turn = angle + scene.dice.uniform(-0.05, 0.05)
            length = (scene.x - x0) * turn.sin() + (scene.y - y0) * turn.cos()
            side = ((scene.x - x0) * turn.cos() - (scene.y - y0) * turn.sin()).abs()
            head = (1 + length / reach).clamp(0, 1) * (length < 0).float()
            core = torch.exp(-((side / (0.0012 + 0.0035 * head)) ** 2)) * head**1.5
            halo = torch.exp(-((torch.hypot(side, length.clamp(min=0) + (-length).clamp(min=0) * 0.12) / 0.02) ** 2))
            light = light + core + 0.5 * halo
        return glow(
            light
            * scene.source.new_tensor((0.85, 0.95, 1.0)).view(1, 3, 1, 1)
            * scene.backdrop
            * scene.dice.uniform(*amount)
        )

    return make


def nebula(colours: Sequence[tuple[Colour, Colour]], amount: Range = (0.7, 0.95)) -> LayerOf:
    """Clouds of glowing gas in two colours."""

    def make(scene: Scene) -> Layer:
        a = smoothstep(0.42, 0.85, clouds(scene, 2.2, 6, gain=0.6))
        b = smoothstep(0.42, 0.85, clouds(scene, 2.6, 6, gain=0.6))
        dark = smoothstep(0.5, 0.75, clouds(scene, 5, 5))
        first = scene.dice.colour([c[0] for c in colours])
        second = scene.dice.colour([c[1] for c in colours])
        light = (a * first + b * second) * (1 - 0.6 * dark) * 1.1
        return glow(light * scene.backdrop * scene.dice.uniform(*amount))

    return make


def sun(
    colour: Sequence[Colour],
    place: tuple[Range, Range] = ((0.15, 0.85), (0.35, 0.95)),
    size: Range = (0.035, 0.06),
    star: float = 0.5,
) -> LayerOf:
    """A low sun with wide bloom, a star of rays and ghosts along the lens axis."""

    def make(scene: Scene) -> Layer:
        cx, cy = spot(scene, *place)
        dx, dy = scene.x - cx, scene.y - cy
        distance = torch.hypot(dx, dy)
        r = scene.dice.uniform(*size)
        hue = scene.dice.colour(colour)
        theta = torch.atan2(dy, dx) + scene.dice.uniform(0, TAU)
        rays = (
            ((theta * 7).cos().abs() ** 24 + 0.4 * (theta * 9 + 1).cos().abs() ** 30)
            * torch.exp(-distance / 0.16)
            * star
        )
        core = torch.exp(-((distance / r) ** 2)) * 1.4
        wide = 0.55 * torch.exp(-distance / 0.18) + 0.28 * torch.exp(-distance / 0.5)
        shadowed = 0.45 + 0.55 * torch.maximum(scene.backdrop, scene.depth)
        light = (core * (0.3 + 0.7 * scene.backdrop) + rays * (0.4 + 0.6 * scene.backdrop)) + wide * hue * shadowed
        for along_axis, radius, strength in ((0.55, 0.05, 0.10), (1.3, 0.085, 0.08), (1.6, 0.035, 0.12)):
            gx, gy = cx + (scene.width / 2 - cx) * along_axis, cy + (scene.height / 2 - cy) * along_axis
            ghost = smoothstep(radius, radius * 0.8, torch.hypot(scene.x - gx, scene.y - gy)) * strength
            light = light + ghost * hue
        return glow(light)

    return make
