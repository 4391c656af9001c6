"""What people hang up and let fly: balloons, bunting, lights, lanterns, streamers, stars."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import at_centre, pick, present, scatter, star
from .grade import Colour, Range
from .layers import Layer, LayerOf, glow, join, paint
from .noise import along, fetch
from .particles import CANDY, spare_subject
from .scene import TAU, Scene, smoothstep


def balloons(colours: Sequence[Colour] = CANDY, pitch: Range = (0.2, 0.27), chance: float = 0.62) -> LayerOf:
    """Glossy balloons on strings, in the air around the subject, small ones farther away."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        free = (1 - scene.subject) * (0.55 + 0.45 * smoothstep(0.95, 0.55, scene.down))
        for scale, share in ((0.55, 0.8), (1.0, 1.0), (1.6, 0.6)):
            cells = scatter(scene, size * scale, 0.13, 0.0, 1.35, 4)
            where = smoothstep(0.3, 0.75, at_centre(scene, cells, free))
            here = present(cells.random[:, :1], chance * share * where)
            r = 0.2 + 0.07 * cells.random[:, 1:2]
            up = cells.dy + 0.18
            squeeze = 1 - 0.35 * smoothstep(0, 1.2, up / r)
            a, b = cells.dx / (r * squeeze), up / (r * 1.18)
            distance = torch.hypot(a, b)
            body = smoothstep(1 + cells.blur / r / 2, 1 - cells.blur / r / 2, distance) * here
            knot = smoothstep(0.045, 0.03, torch.maximum((cells.dx).abs(), (up - r * 1.22).abs())) * here
            sway = 0.03 * (cells.dy * 14 + cells.random[:, 2:3] * TAU).sin()
            string = (
                smoothstep(0.011 + cells.blur, 0.004, (cells.dx - sway).abs())
                * ((up > r * 1.2) & (cells.dy < 0.6)).float()
                * here
            )
            hue = pick(cells.random[:, 3:4], colours)
            lit = 1.05 - 0.45 * smoothstep(-0.6, 1.0, 0.6 * a + 0.7 * b) - 0.18 * distance**4
            shine = torch.exp(-(((a + 0.42) / 0.2) ** 2 + ((b + 0.45) / 0.28) ** 2)) * body
            parts += [
                paint(0.6 * string, hue * 0 + 0.92),
                paint(torch.maximum(body, knot) * 0.96, (hue * lit).clamp(0, 1)),
            ]
            parts.append(glow((0.75 * shine).expand(-1, 3, -1, -1)))
        return join(parts)

    return make


def _rope(scene: Scene, level: Range, sag: Range, posts: Range) -> tuple[Tensor, Tensor, Tensor]:
    """A hanging line: its height at each x, and the place along it in spans."""
    span = scene.dice.uniform(*posts)
    u = scene.x / span + scene.dice.uniform(0, 1)
    t = u.remainder(1.0)
    lean = (scene.dice.uniform(-0.12, 0.12) * scene.centred[0]) / scene.width
    line = scene.dice.uniform(*level) * scene.height + scene.dice.uniform(*sag) * 4 * t * (1 - t) + lean
    return line, u, span


def bunting(colours: Sequence[Colour] = CANDY, rows: int = 2, flag: float = 0.085) -> LayerOf:
    """Garlands of coloured pennants across the upper picture, with their shadowed folds."""

    def make(scene: Scene) -> Layer:
        parts = []
        for row in range(rows):
            line, u, span = _rope(scene, (0.03 + 0.13 * row, 0.10 + 0.15 * row), (0.05, 0.11), (0.6, 1.0))
            count = (span / flag).round()
            place = u * count
            number = place.floor()
            across = (place - number - 0.5) * 2
            drop = (scene.y - line) / (flag * 1.35)
            body = smoothstep(0.05, -0.05, across.abs() - 0.9 * (1 - drop)) * smoothstep(-0.02, 0.02, drop)
            random = fetch(scene.dice.rand(1, 32, 32), number, number * 0 + row)
            shade = 0.92 + 0.14 * (across * 2.2).sin() - 0.15 * drop
            cord = smoothstep(0.006, 0.003, (scene.y - line).abs())
            parts += [
                paint(body * 0.96, (pick(random, colours) * shade).clamp(0, 1)),
                paint(0.8 * cord, torch.zeros_like(scene.source) + 0.95),
            ]
        return join(parts)

    return make


def string_lights(
    colours: Sequence[Colour], rows: int = 3, spacing: float = 0.075, amount: Range = (0.8, 1.0), low: float = 0.5
) -> LayerOf:
    """Strings of bulbs that glow, hung across the picture."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        cords = torch.zeros_like(scene.luma)
        for row in range(rows):
            top = 0.02 + low * row / max(1, rows)
            line, u, span = _rope(scene, (top, top + 0.1), (0.06, 0.13), (0.7, 1.2))
            count = (span / spacing).round()
            place = u * count
            number = place.floor()
            dx = (place - number - 0.5) * span / count
            slope_line = line + 0.014
            distance = torch.hypot(dx, scene.y - slope_line)
            random = fetch(scene.dice.rand(1, 32, 32), number, number * 0 + row)
            hue = pick(random, colours)
            core = torch.exp(-((distance / 0.011) ** 2))
            halo = torch.exp(-((distance / 0.03) ** 2)) * 0.75 + torch.exp(-distance / 0.05) * 0.3
            light = light + core * (0.5 + 0.5 * hue) + halo * hue
            cords = torch.maximum(cords, smoothstep(0.005, 0.002, (scene.y - line).abs()))
        over = 1 - 0.7 * scene.subject
        return join(
            [
                paint(0.6 * cords * over, torch.zeros_like(scene.source) + 0.12),
                glow(light * over * scene.dice.uniform(*amount)),
            ]
        )

    return make


def lanterns(colours: Sequence[Colour], pitch: Range = (0.17, 0.23), chance: float = 0.6, lit: float = 0.5) -> LayerOf:
    """Round paper lanterns with ribs, some lit from inside, in the upper picture."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        high = smoothstep(0.75, 0.4, scene.down) * (1 - scene.subject)
        for scale in (0.6, 1.0):
            cells = scatter(scene, size * scale, 0.16, 0.0, 1.1, 4)
            here = present(cells.random[:, :1], chance * at_centre(scene, cells, high))
            r = 0.22 + 0.08 * cells.random[:, 1:2]
            a, b = cells.dx / r, cells.dy / (r * 0.88)
            distance = torch.hypot(a, b)
            body = smoothstep(1 + cells.blur / r / 2, 1 - cells.blur / r / 2, distance) * here
            ribs = 0.9 + 0.1 * (b * 16).cos()
            lamp = 1 - 0.4 * distance**2 + lit * 0.5 * torch.exp(-(((b - 0.3) / 0.5) ** 2 + (a / 0.6) ** 2))
            hue = pick(cells.random[:, 2:3], colours)
            caps = smoothstep(0.35, 0.3, a.abs()) * smoothstep(0.1, 0.05, (b.abs() - 0.97).abs()) * here
            parts += [
                glow(lit * 0.5 * torch.exp(-(distance - 0.9).clamp(min=0) * 4) * hue * here * (1 - body)),
                paint(body * 0.97, (hue * ribs * lamp).clamp(0, 1)),
            ]
            parts.append(paint(caps, torch.zeros_like(hue) + 0.15))
        return join(parts)

    return make


def streamers(colours: Sequence[Colour] = CANDY, count: int = 7, width: float = 0.017) -> LayerOf:
    """Paper streamers that curl down from above."""

    def make(scene: Scene) -> Layer:
        h = scene.size[0]
        parts = []
        for i in range(count):
            curl = along(scene.dice, h, 2, 2).unsqueeze(3) * 0.08
            phase, pace = scene.dice.uniform(0, TAU), scene.dice.uniform(22, 34)
            x0 = ((i + 0.5) / count + scene.dice.uniform(-0.06, 0.06)) * scene.width
            wave = (scene.y * pace + phase).sin()
            path = x0 + curl + 0.035 * wave
            twist = (scene.y * pace + phase).cos()
            length = scene.dice.uniform(0.35, 1.0)
            side = (scene.x - path) / (width * (0.45 + 0.55 * twist.abs()))
            body = smoothstep(1.15, 0.85, side.abs()) * smoothstep(length + 0.01, length - 0.01, scene.down)
            body = body * (1 - 0.85 * smoothstep(0.35, 0.7, scene.subject))
            hue = pick(scene.dice.rand(1, 1, 1), colours)
            parts.append(paint(body * 0.96, (hue * (0.8 + 0.28 * twist)).clamp(0, 1).expand_as(scene.source)))
        return join(parts)

    return make


def twinkles(
    colours: Sequence[Colour], pitch: Range = (0.09, 0.13), chance: float = 0.4, amount: Range = (0.8, 1.0)
) -> LayerOf:
    """Four-pointed sparkles, most where the picture is bright."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        size = scene.dice.uniform(*pitch)
        for scale in (0.5, 1.0):
            cells = scatter(scene, size * scale, 0.15, 0.0, 1.0, 4)
            here = present(cells.random[:, :1], chance * (0.4 + at_centre(scene, cells, scene.luma)))
            r = 0.16 + 0.18 * cells.random[:, 1:2]
            cross = torch.exp(-cells.dx.abs() / (0.09 * r)) * torch.exp(-cells.dy.abs() / (0.4 * r)) + torch.exp(
                -cells.dy.abs() / (0.09 * r)
            ) * torch.exp(-cells.dx.abs() / (0.4 * r))
            core = torch.exp(-((torch.hypot(cells.dx, cells.dy) / (0.17 * r)) ** 2))
            light = light + (cross + core).clamp(0, 1) * here * pick(cells.random[:, 2:3], colours)
        return glow(light * scene.dice.uniform(*amount))

    return make


def big_stars(colours: Sequence[Colour], pitch: Range = (0.16, 0.24), chance: float = 0.4) -> LayerOf:
    """Flat paper stars hanging in the air."""

    def make(scene: Scene) -> Layer:
        cells = scatter(scene, scene.dice.uniform(*pitch), 0.12, 0.0, 1.0, 4)
        here = present(cells.random[:, :1], chance * spare_subject(scene, cells, 0.85))
        body = star(cells, 0.24 + 0.12 * cells.random[:, 1:2], cells.random[:, 2:3] * TAU) * here
        return paint(body * 0.96, (pick(cells.random[:, 3:4], colours) * (1.0 - 0.5 * cells.dy)).clamp(0, 1))

    return make
