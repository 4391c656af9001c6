"""Weather: fog and haze with depth, rain, snow, dust, drops on the lens, wet ground."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import disc, present, scatter
from .grade import Colour, Range
from .layers import Grade, Layer, LayerOf, glow, paint, stack
from .noise import along, clouds, fetch, look_up, warped
from .scene import Scene, luma, smoothstep, soften


def fog(colour: Sequence[Colour], amount: Range, low: float = 0.12, billow: float = 0.5, base: float = 2.2) -> Grade:
    """Fog that thickens with distance; `billow` makes it drift in banks; `low` is what reaches the foreground."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        thick = low + (1 - low) * smoothstep(0.12, 0.85, scene.depth)
        banks = 1 - billow + billow * 1.6 * warped(scene, base, 0.1, 4, 1.8)
        level = (thick * banks * scene.dice.uniform(*amount)).clamp(0, 0.97)
        return torch.lerp(
            soften(picture, 0.01) * 0.5 * level + picture * (1 - 0.5 * level), scene.dice.colour(colour), level
        )

    return run


def ground_mist(colour: Sequence[Colour], amount: Range, top: float = 0.5) -> LayerOf:
    """Mist that lies on the ground in drifts and flows around the subject."""

    def make(scene: Scene) -> Layer:
        drift = warped(scene, 2.5, 0.14, 5, 2.4)
        height = smoothstep(top, 0.95, scene.down + 0.3 * (drift - 0.5))
        level = height * (0.35 + 0.9 * drift) * (1 - 0.55 * scene.subject)
        return paint(level * scene.dice.uniform(*amount), scene.dice.colour(colour))

    return make


def cloud_sea(colour: Sequence[Colour], amount: Range = (0.8, 0.95)) -> LayerOf:
    """A sea of clouds over the lower distance: bright billows with shaded bases."""

    def make(scene: Scene) -> Layer:
        billows = warped(scene, 4, 0.1, 6, 1.7)
        band = smoothstep(0.42, 0.68, scene.down + 0.22 * (billows - 0.5)) * (1 - 0.75 * scene.subject)
        shade = 0.72 + 0.7 * (billows - soften(billows, 0.07)) + 0.25 * billows
        hue = scene.dice.colour(colour)
        return paint(band * smoothstep(0.25, 0.6, billows) * scene.dice.uniform(*amount), (hue * shade).clamp(0, 1))

    return make


def rain(
    amount: Range = (0.4, 0.7), lean: Range = (-0.28, 0.28), colour: Colour = (0.86, 0.91, 1.0), heavy: float = 1.0
) -> LayerOf:
    """Streaks of rain in three distances, one wind."""

    def make(scene: Scene) -> Layer:
        angle = scene.dice.uniform(*lean)
        light = torch.zeros_like(scene.luma)
        for pitch, stretch, chance, strength in (
            (0.022, 5.0, 0.5, 0.6),
            (0.04, 5.5, 0.45, 0.85),
            (0.085, 5.5, 0.35, 1.0),
        ):
            cells = scatter(scene, pitch, 0.12, angle, stretch, 3)
            length = stretch * (0.2 + 0.18 * cells.random[:, 1:2])
            width = 0.055 + 0.045 * cells.random[:, 2:3] + 0.35 * cells.blur
            body = torch.exp(-((cells.dx / width) ** 2)) * smoothstep(length, 0.2 * length, cells.dy.abs())
            light = torch.maximum(light, body * present(cells.random[:, :1], chance * heavy) * strength)
        hue = scene.source.new_tensor(colour).view(1, 3, 1, 1)
        return paint(light * scene.dice.uniform(*amount), hue * (0.45 + 0.45 * soften(scene.luma, 0.1)).clamp(0, 1))

    return make


def snow(amount: Range = (0.8, 1.0), chance: float = 0.5, size: float = 1.0) -> LayerOf:
    """Flakes in four distances, the nearest large and out of focus."""

    def make(scene: Scene) -> Layer:
        angle = scene.dice.uniform(-0.5, 0.5)
        cover = torch.zeros_like(scene.luma)
        for pitch, radius, soft, strength in (
            (0.022, 0.16, 1.0, 0.7),
            (0.045, 0.17, 0.9, 0.9),
            (0.09, 0.17, 0.8, 0.95),
            (0.22, 0.16, 0.9, 0.6),
        ):
            cells = scatter(scene, pitch * size, 0.3, angle, 1.0, 3)
            flake = disc(cells, radius * (0.6 + 0.6 * cells.random[:, 1:2]), soft)
            cover = torch.maximum(cover, flake * present(cells.random[:, :1], chance) * strength)
        return paint(cover * scene.dice.uniform(*amount), scene.source.new_tensor((0.97, 0.98, 1.0)).view(1, 3, 1, 1))

    return make


def snow_cover(amount: Range = (0.6, 0.9), colour: Colour = (0.93, 0.96, 1.0)) -> Grade:
    """Lying snow: on the ground and on what faces upwards, keeping its light and shade."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        level = luma(picture)
        tops = (soften(level, 0.02) - soften(level.roll(4, 2), 0.02)) * 3
        rough = clouds(scene, 8, 4)
        lies = (
            0.75 * scene.ground + 0.6 * (1 - scene.sky) * smoothstep(0.0, 0.25, tops + 0.25 * (rough - 0.45))
        ).clamp(0, 1)
        lies = lies * (1 - 0.5 * scene.subject)
        white = (0.5 + 0.5 * level.clamp(min=1e-3) ** 0.6 + 0.5 * (level - soften(level, 0.05))) * picture.new_tensor(
            colour
        ).view(1, 3, 1, 1)
        return torch.lerp(picture, white, lies * scene.dice.uniform(*amount))

    return run


def dust(colour: Sequence[Colour], amount: Range = (0.5, 0.8)) -> Grade:
    """Rolling dust or smog: thick in the distance, billowing from one side."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        side = scene.dice.sign()
        slope = 0.5 + side * scene.centred[0] / scene.width * 0.7
        billow = warped(scene, 2.6, 0.2, 6)
        level = (0.35 * scene.depth + 0.55 * slope + 0.7 * (billow - 0.4)).clamp(0, 1) * scene.dice.uniform(*amount)
        hue = scene.dice.colour(colour) * (0.72 + 0.55 * billow)
        return torch.lerp(picture, hue, level * (1 - 0.35 * scene.subject))

    return run


def drops_on_glass(amount: Range = (0.8, 1.0), running: bool = True) -> Grade:
    """Seen through a wet window: blurred world, drops that show it upside down, runnels with sharp view behind."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        blurred = soften(picture, 0.025).clamp(0, 1)
        du, dv = torch.zeros_like(scene.x), torch.zeros_like(scene.x)
        wet, shine, rim = (torch.zeros_like(scene.x) for _ in range(3))
        for pitch, chance in ((0.05, 0.45), (0.11, 0.5)):
            cells = scatter(scene, pitch, 0.18, 0.0, 1.15, 3)
            radius = 0.14 + 0.17 * cells.random[:, 1:2]
            body = disc(cells, radius, 0.1) * present(cells.random[:, :1], chance)
            du = du - body * cells.dx * pitch * 3.2
            dv = dv - body * cells.dy * pitch * 3.2
            wet = torch.maximum(wet, body)
            inner = disc(cells, radius * 0.72, 0.6) * present(cells.random[:, :1], chance)
            rim = torch.maximum(rim, (body - inner).clamp(min=0) * smoothstep(0.1, -0.25, cells.dy))
            shine = torch.maximum(
                shine,
                body * smoothstep(0.1, 0.0, torch.hypot(cells.dx + radius * 0.35, cells.dy + radius * 0.4) - 0.02),
            )
        if running:
            count = 9.0
            wave = along(scene.dice, scene.size[0], 4, 3).unsqueeze(3) * 0.012
            u = (scene.x + wave) * count / scene.width + scene.dice.uniform(0, 9)
            table = scene.dice.rand(3, 32, 32)
            column = fetch(table, u.floor(), u.floor() * 0)
            end = column[:, :1] * 1.1
            off = (u - u.floor() - 0.5 - 0.5 * (column[:, 1:2] - 0.5)) * scene.width / count
            trail = smoothstep(0.011, 0.006, off.abs()) * smoothstep(end + 0.005, end - 0.005, scene.down)
            trail = trail * (column[:, 2:] < 0.6).float()
            wet = torch.maximum(wet, trail)
            du = du - trail * off * 2.0
            shine = shine + 0.35 * trail * smoothstep(-0.001, -0.006, off)
        seen = look_up(
            picture, scene.x / scene.width + du / scene.width * 2, scene.y / scene.height + dv / scene.height * 2
        )
        result = torch.lerp(blurred * 0.93 + 0.04, seen, wet)
        result = result * (1 - 0.4 * rim) + 0.55 * shine
        return torch.lerp(picture, result, scene.dice.uniform(*amount))

    return run


def wet_ground(amount: Range = (0.45, 0.7)) -> Grade:
    """The ground turns dark and mirrors what stands above it, broken by ripples."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        line = 0.55
        ripple = (clouds(scene, 10, 4, 4.0) - 0.5) * 0.05
        v = (2 * line - scene.down).clamp(0, 1)
        mirror = look_up(soften(picture, 0.012), scene.x / scene.width + ripple, v + ripple * 0.6)
        puddles = smoothstep(0.35, 0.6, clouds(scene, 3.0, 4, 2.5))
        dark = picture * (0.62 - 0.1 * puddles)
        shine = torch.lerp(dark, mirror * 0.85, 0.3 + 0.5 * puddles)
        return torch.lerp(picture, shine, scene.ground * scene.dice.uniform(*amount))

    return run


def haze_glow(colour: Sequence[Colour], amount: Range = (0.3, 0.55)) -> Grade:
    """Air that glows: distance melts into the light's colour."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        level = smoothstep(0.15, 0.95, scene.depth) * scene.dice.uniform(*amount)
        return torch.lerp(picture, torch.maximum(picture, scene.dice.colour(colour) * 0.95), level)

    return run


def ash(amount: Range = (0.7, 1.0), light: bool = False) -> LayerOf:
    """Drifting flakes of ash, dark ones and pale ones."""

    def make(scene: Scene) -> Layer:
        parts = []
        for pitch in (0.04, 0.09):
            cells = scatter(scene, pitch, 0.25, scene.dice.uniform(-0.6, 0.6), 1.3, 4)
            flake = disc(cells, 0.09 + 0.1 * cells.random[:, 1:2], 0.7) * present(cells.random[:, :1], 0.4)
            grey = (0.1 + 0.75 * cells.random[:, 2:3]) if light else 0.05 + 0.3 * cells.random[:, 2:3]
            parts.append(paint(flake * scene.dice.uniform(*amount), grey.expand(-1, 3, -1, -1)))
        both = stack(parts)
        assert both is not None
        return both

    return make


def flash(amount: Range = (0.2, 0.4), colour: Colour = (0.75, 0.8, 1.0)) -> LayerOf:
    """Sheet lightning: the clouds lit from within."""

    def make(scene: Scene) -> Layer:
        x = scene.dice.uniform(0.2, 0.8) * scene.width
        patch = torch.exp(-(((scene.x - x) / 0.3) ** 2 + ((scene.down - 0.1) / 0.3) ** 2)) * (0.4 + clouds(scene, 4, 5))
        return glow(
            patch * scene.backdrop * scene.dice.uniform(*amount) * scene.source.new_tensor(colour).view(1, 3, 1, 1)
        )

    return make
