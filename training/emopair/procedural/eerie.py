"""What waits in the dark: bats, eyes, webs, branches, figures, wisps."""

from collections.abc import Sequence

import torch

from .cells import at_centre, ellipse, pick, present, scatter
from .grade import Colour, Range
from .layers import Layer, LayerOf, glow, join, paint
from .noise import along
from .particles import spare_subject
from .scene import TAU, Scene, smoothstep


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
        return join(parts)

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
        return join([glow(halo * hue), paint(almond, hue * (1.1 - slit).clamp(0, 1))])

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
            threads = torch.maximum(
                smoothstep(0.0055, 0.0015, off), 0.8 * smoothstep(0.005, 0.0015, line) * (ring > 0.8).float()
            )
            cover = torch.maximum(cover, threads * inside)
            if corner > 0:
                sx, sy = dx - 0.3, dy - scene.dice.uniform(0.2, 0.4)
                leg_angle = torch.atan2(sy, sx.abs())
                distance = torch.hypot(sx, sy)
                legs = (leg_angle * 4.2 + 0.6 + distance * 9).sin().abs() < 0.22
                body = smoothstep(0.026, 0.022, torch.hypot(sx, sy - 0.012)) + smoothstep(
                    0.016, 0.012, torch.hypot(sx, sy + 0.02)
                )
                spider = torch.maximum(
                    spider, torch.maximum(body.clamp(0, 1), legs.float() * smoothstep(0.075, 0.07, distance))
                )
        over = 1 - 0.5 * scene.subject
        return join(
            [
                paint(cover * over * scene.dice.uniform(*amount), scene.source.new_tensor(colour).view(1, 3, 1, 1)),
                paint(spider, torch.zeros_like(scene.source) + 0.03),
            ]
        )

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
                body = (
                    smoothstep(width + 0.003, width - 0.001, (scene.y - path).abs())
                    * (t >= start).float()
                    * (t < part).float()
                )
                cover = torch.maximum(cover, body)
        return paint(
            cover * (1 - 0.65 * scene.subject) * scene.dice.uniform(*amount),
            scene.source.new_tensor(colour).view(1, 3, 1, 1),
        )

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
        return paint(
            cover * (1 - 0.85 * scene.subject) * scene.dice.uniform(*amount),
            scene.source.new_tensor(colour).view(1, 3, 1, 1),
        )

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
            hole = torch.exp(-(((dx.abs() - 0.05) / 0.022) ** 2 + ((t - 0.2) / 0.035) ** 2)) + torch.exp(
                -((dx / 0.022) ** 2 + ((t - 0.31) / 0.045) ** 2)
            )
            light = torch.maximum(light, body * (1 - 0.95 * hole.clamp(0, 1)))
        return glow(
            light
            * (1 - 0.75 * scene.subject)
            * scene.dice.uniform(*amount)
            * scene.source.new_tensor(colour).view(1, 3, 1, 1)
        )

    return make
