"""Things people put into pictures: balloons, garlands, lanterns, streamers; and bats, eyes, webs, branches."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import at_centre, ellipse, pick, present, scatter, star
from .grade import Colour, Range
from .layers import Layer, LayerOf, glow, paint, stack
from .noise import along, fetch
from .particles import CANDY, spare_subject
from .scene import TAU, Scene, smoothstep


def _join(parts: Sequence[Layer]) -> Layer:
    whole = stack(parts)
    assert whole is not None
    return whole


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
            string = smoothstep(0.011 + cells.blur, 0.004, (cells.dx - sway).abs()) * ((up > r * 1.2) & (cells.dy < 0.6)).float() * here
            hue = pick(cells.random[:, 3:4], colours)
            lit = 1.05 - 0.45 * smoothstep(-0.6, 1.0, 0.6 * a + 0.7 * b) - 0.18 * distance**4
            shine = torch.exp(-(((a + 0.42) / 0.2) ** 2 + ((b + 0.45) / 0.28) ** 2)) * body
            parts += [paint(0.6 * string, hue * 0 + 0.92), paint(torch.maximum(body, knot) * 0.96, (hue * lit).clamp(0, 1))]
            parts.append(glow((0.75 * shine).expand(-1, 3, -1, -1)))
        return _join(parts)

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
            parts += [paint(body * 0.96, (pick(random, colours) * shade).clamp(0, 1)), paint(0.8 * cord, torch.zeros_like(scene.source) + 0.95)]
        return _join(parts)

    return make


def string_lights(colours: Sequence[Colour], rows: int = 3, spacing: float = 0.075, amount: Range = (0.8, 1.0), low: float = 0.5) -> LayerOf:
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
        return _join([paint(0.6 * cords * over, torch.zeros_like(scene.source) + 0.12), glow(light * over * scene.dice.uniform(*amount))])

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
            parts += [glow(lit * 0.5 * torch.exp(-(distance - 0.9).clamp(min=0) * 4) * hue * here * (1 - body)), paint(body * 0.97, (hue * ribs * lamp).clamp(0, 1))]
            parts.append(paint(caps, torch.zeros_like(hue) + 0.15))
        return _join(parts)

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
        return _join(parts)

    return make


def bats(pitch: Range = (0.13, 0.19), chance: float = 0.45) -> LayerOf:
    """Bats as silhouettes before the sky."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        for scale in (0.5, 1.0):
            cells = scatter(scene, size * scale, 0.12, 0.0, 0.8, 4)
            where = at_centre(scene, cells, torch.maximum(scene.backdrop, 0.35 * smoothstep(0.6, 0.2, scene.down)))
            here = present(cells.random[:, :1], chance * where * spare_subject(scene, cells, 0.9))
            a, b = cells.turned((cells.random[:, 1:2] - 0.5) * 0.9)
            a = a.abs() / (0.75 + 0.3 * cells.random[:, 2:3])
            lift = 0.5 * (cells.random[:, 3:4] - 0.4) * a
            top = -0.085 - lift + 0.22 * (a - 0.17) ** 2 * 4
            low = 0.05 - lift - 0.06 * (a * 22).sin().abs() - 0.2 * a
            wing = smoothstep(0, 0.02, b - top) * smoothstep(0, 0.02, low - b) * smoothstep(0.4, 0.38, a)
            body = ellipse(cells, 0.035, 0.085, cells.random[:, 1:2] * 0)
            parts.append(paint(torch.maximum(wing, body) * here * 0.95, torch.zeros_like(scene.source) + 0.02))
        return _join(parts)

    return make


def eyes(colours: Sequence[Colour], pitch: Range = (0.22, 0.3), chance: float = 0.5) -> LayerOf:
    """Pairs of slit eyes that glow where the picture is dark and away from the subject."""

    def make(scene: Scene) -> Layer:
        cells = scatter(scene, scene.dice.uniform(*pitch), 0.16, 0.0, 0.7, 4)
        dark = smoothstep(0.75, 0.25, at_centre(scene, cells, scene.luma)) * 0.6 + 0.4
        here = present(cells.random[:, :1], chance * dark * spare_subject(scene, cells, 0.95))
        scale = 0.7 + 0.5 * cells.random[:, 1:2]
        a, b = cells.dx.abs() / scale - 0.125, cells.dy / scale
        tilt = b - 0.35 * a
        almond = smoothstep(1.15, 0.85, torch.sqrt((a / 0.075) ** 2 + (tilt / 0.036) ** 2 + 1e-9)) * here
        slit = smoothstep(0.02, 0.008, a.abs())
        hue = pick(cells.random[:, 2:3], colours)
        halo = torch.exp(-torch.sqrt((a / 0.1) ** 2 + (tilt / 0.07) ** 2 + 1e-9) * 1.6) * here * 0.55
        return _join([glow(halo * hue), paint(almond, hue * (1.1 - slit).clamp(0, 1))])

    return make


def web(amount: Range = (0.55, 0.85), colour: Colour = (0.86, 0.88, 0.9), reach: Range = (0.55, 0.85)) -> LayerOf:
    """Spider webs in two corners: spokes and sagging rings, with a spider in one."""

    def make(scene: Scene) -> Layer:
        cover = torch.zeros_like(scene.luma)
        spider = torch.zeros_like(scene.luma)
        side = scene.dice.sign()
        for corner, scale in ((1.0, 1.0), (-1.0, 0.6)):
            dx = scene.width / 2 - side * corner * scene.centred[0] + 0.02
            dy = scene.y + 0.02
            extent = scene.dice.uniform(*reach) * scale
            r, theta = torch.hypot(dx, dy) / extent, torch.atan2(dy, dx)
            spoke = theta / (TAU / 4) * 7 + 0.5
            off = (spoke - spoke.round()).abs() * r * extent * TAU / 28
            bulge = 1 + 0.16 * (spoke * TAU).cos()
            ring = (r / bulge) ** 0.9 * 9
            line = (ring - ring.round()).abs() / 9 * extent
            inside = smoothstep(1.02, 0.95, r * (1 + 0.05 * (theta * 9).sin()))
            threads = torch.maximum(smoothstep(0.0055, 0.0015, off), 0.8 * smoothstep(0.005, 0.0015, line) * (ring > 0.8).float())
            cover = torch.maximum(cover, threads * inside)
            if corner > 0:
                sx, sy = dx - 0.3, dy - scene.dice.uniform(0.2, 0.4)
                leg_angle = torch.atan2(sy, sx.abs())
                distance = torch.hypot(sx, sy)
                legs = (leg_angle * 4.2 + 0.6 + distance * 9).sin().abs() < 0.22
                body = smoothstep(0.026, 0.022, torch.hypot(sx, sy - 0.012)) + smoothstep(0.016, 0.012, torch.hypot(sx, sy + 0.02))
                spider = torch.maximum(spider, torch.maximum(body.clamp(0, 1), legs.float() * smoothstep(0.075, 0.07, distance)))
        over = 1 - 0.5 * scene.subject
        return _join([paint(cover * over * scene.dice.uniform(*amount), scene.source.new_tensor(colour).view(1, 3, 1, 1)), paint(spider, torch.zeros_like(scene.source) + 0.03)])

    return make


def branches(count: int = 6, amount: Range = (0.85, 0.97), colour: Colour = (0.015, 0.02, 0.03)) -> LayerOf:
    """Bare, crooked branches that reach in from both sides and above, like hands."""

    def make(scene: Scene) -> Layer:
        cover = torch.zeros_like(scene.luma)
        w = scene.size[1]
        for i in range(count):
            inward = scene.x if i % 2 else scene.width - scene.x
            reach = scene.dice.uniform(0.3, 0.55) * scene.width
            level = scene.dice.uniform(-0.05, 0.75) * scene.height
            rise = scene.dice.uniform(-0.4, 0.5)
            for twig, (part, thick) in enumerate(((1.0, 1.0), (0.7, 0.5), (0.75, 0.4), (0.55, 0.4))):
                crooked = along(scene.dice, w, 5, 4, 0.6).unsqueeze(2) * 0.07
                start = 0.0 if twig == 0 else scene.dice.uniform(0.2, 0.5)
                fork = 0.0 if twig == 0 else scene.dice.sign() * scene.dice.uniform(0.35, 0.9)
                t = inward / reach
                past = (t - start).clamp(min=0)
                path = level + rise * inward + crooked * (0.3 + t) + fork * past * reach
                width = 0.03 * thick * (1.08 - t / part).clamp(min=0) + 0.0015
                body = smoothstep(width + 0.003, width - 0.001, (scene.y - path).abs()) * (t >= start).float() * (t < part).float()
                cover = torch.maximum(cover, body)
        return paint(cover * (1 - 0.65 * scene.subject) * scene.dice.uniform(*amount), scene.source.new_tensor(colour).view(1, 3, 1, 1))

    return make


def figures(amount: Range = (0.7, 0.92), colour: Colour = (0.02, 0.025, 0.035), count: int = 3) -> LayerOf:
    """Motionless people-like shapes in the distance, feet lost in the dark."""

    def make(scene: Scene) -> Layer:
        cover = torch.zeros_like(scene.luma)
        for i in range(count):
            x0 = ((i + 0.5) / count + scene.dice.uniform(-0.12, 0.12)) * scene.width
            tall = scene.dice.uniform(0.2, 0.4)
            foot = scene.dice.uniform(0.62, 0.78) * scene.height
            dx, up = (scene.x - x0).abs() / tall, (foot - scene.y) / tall
            head = torch.hypot(dx * 1.25, up - 0.9) - 0.085
            half = 0.055 + 0.12 * smoothstep(0.82, 0.66, up) - 0.06 * smoothstep(0.6, 0.1, up)
            trunk = torch.maximum(dx - half, up - 0.81)
            body = smoothstep(0.035, -0.01, torch.minimum(head, trunk))
            cover = torch.maximum(cover, body * smoothstep(-0.1, 0.3, up))
        return paint(cover * (1 - 0.85 * scene.subject) * scene.dice.uniform(*amount), scene.source.new_tensor(colour).view(1, 3, 1, 1))

    return make


def wisps(amount: Range = (0.5, 0.75), colour: Colour = (0.75, 0.88, 0.95), count: int = 3) -> LayerOf:
    """Pale ghosts: hooded, trailing, with hollow eyes."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.luma)
        h = scene.size[0]
        for i in range(count):
            x0 = ((i + 0.5) / count + scene.dice.uniform(-0.1, 0.1)) * scene.width
            tall = scene.dice.uniform(0.3, 0.5)
            top = scene.dice.uniform(0.15, 0.45) * scene.height
            drift = along(scene.dice, h, 3, 3).unsqueeze(3) * 0.12
            t = (scene.y - top) / tall
            dx = (scene.x - x0) / tall + drift * t.clamp(0, 1.5) ** 1.5
            half = 0.13 * (t.clamp(0, 1) + 0.02).sqrt() + 0.09 * t.clamp(0, 1)
            body = smoothstep(half + 0.06, half - 0.06, dx.abs()) * smoothstep(0, 0.06, t) * smoothstep(1.25, 0.35, t)
            hole = torch.exp(-(((dx.abs() - 0.05) / 0.022) ** 2 + ((t - 0.2) / 0.035) ** 2)) + torch.exp(-((dx / 0.022) ** 2 + ((t - 0.31) / 0.045) ** 2))
            light = torch.maximum(light, body * (1 - 0.95 * hole.clamp(0, 1)))
        return glow(light * (1 - 0.75 * scene.subject) * scene.dice.uniform(*amount) * scene.source.new_tensor(colour).view(1, 3, 1, 1))

    return make


def twinkles(colours: Sequence[Colour], pitch: Range = (0.09, 0.13), chance: float = 0.4, amount: Range = (0.8, 1.0)) -> LayerOf:
    """Four-pointed sparkles, most where the picture is bright."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        size = scene.dice.uniform(*pitch)
        for scale in (0.5, 1.0):
            cells = scatter(scene, size * scale, 0.15, 0.0, 1.0, 4)
            here = present(cells.random[:, :1], chance * (0.4 + at_centre(scene, cells, scene.luma)))
            r = 0.16 + 0.18 * cells.random[:, 1:2]
            cross = torch.exp(-cells.dx.abs() / (0.09 * r)) * torch.exp(-cells.dy.abs() / (0.4 * r)) + torch.exp(-cells.dy.abs() / (0.09 * r)) * torch.exp(-cells.dx.abs() / (0.4 * r))
            core = torch.exp(-(torch.hypot(cells.dx, cells.dy) / (0.17 * r)) ** 2)
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
