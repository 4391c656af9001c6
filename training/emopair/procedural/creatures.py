"""What flies and crawls, each drawn from a random lattice: butterflies, flies, worms."""

from collections.abc import Sequence

import torch

from .cells import at_centre, ellipse, pick, present, scatter
from .grade import Colour, Range
from .layers import Layer, LayerOf, join, paint
from .particles import spare_subject
from .scene import TAU, Scene, smoothstep


def butterflies(colours: Sequence[Colour], pitch: Range = (0.16, 0.22), chance: float = 0.38) -> LayerOf:
    """Butterflies with open wings, dark edges and a body."""

    def make(scene: Scene) -> Layer:
        cells = scatter(scene, scene.dice.uniform(*pitch), 0.12, 0.0, 1.0, 5)
        here = present(cells.random[:, :1], chance * spare_subject(scene, cells, 0.7))
        a, b = cells.turned((cells.random[:, 1:2] - 0.5) * 2.4)
        fold = 0.55 + 0.45 * cells.random[:, 2:3]
        a = a.abs() / fold
        scale = 0.75 + 0.35 * cells.random[:, 4:5]
        upper = torch.sqrt(
            ((a * 0.8 - b * 0.6 - 0.145 * scale) / (0.15 * scale)) ** 2
            + ((a * 0.6 + b * 0.8 - 0.015) / (0.085 * scale)) ** 2
        )
        lower = torch.sqrt(((a - 0.085 * scale) / (0.085 * scale)) ** 2 + ((b - 0.11 * scale) / (0.09 * scale)) ** 2)
        wing = torch.minimum(upper, lower)
        cover = smoothstep(1.06, 0.94, wing) * here
        body = ((a < 0.022) & (b.abs() < 0.13 * scale)).float() * here
        hue = pick(cells.random[:, 3:4], colours)
        dark = smoothstep(0.72, 0.95, wing)
        spots = torch.exp(-(((wing - 0.55) / 0.12) ** 2)) * 0.25
        colour = (hue * (1.05 - 0.25 * wing) + spots) * (1 - 0.85 * dark)
        return join([paint(cover * 0.97, colour.clamp(0, 1)), paint(body, torch.zeros_like(colour) + 0.08)])

    return make


def flies(pitch: Range = (0.075, 0.11), chance: float = 0.4, wings: bool = True) -> LayerOf:
    """Flies: dark bodies with two glassy wings, thicker around the subject and the ground."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        for scale in (0.6, 1.0, 1.7):
            cells = scatter(scene, size * scale, 0.22, 0.0, 1.0, 3)
            near = 0.45 + 0.55 * at_centre(scene, cells, (scene.subject + 0.6 * scene.ground).clamp(0, 1))
            here = present(cells.random[:, :1], chance * near * (0.6 if scale > 1.5 else 1.0))
            angle = cells.random[:, 1:2] * TAU
            a, b = cells.turned(angle)
            if wings:
                wing = torch.sqrt(((a.abs() - 0.1) / 0.11) ** 2 + ((b - 0.06 - 0.5 * (a.abs() - 0.08)) / 0.055) ** 2)
                parts.append(
                    paint(
                        smoothstep(1.1, 0.9, wing) * here * 0.55,
                        scene.source.new_tensor((0.75, 0.78, 0.7)).view(1, 3, 1, 1),
                    )
                )
            body = torch.maximum(ellipse(cells, 0.06, 0.12, angle), smoothstep(0.065, 0.05, torch.hypot(a, b + 0.13)))
            parts.append(paint(body * here, scene.source.new_tensor((0.06, 0.07, 0.05)).view(1, 3, 1, 1)))
        return join(parts)

    return make


def crawlers(
    colours: Sequence[Colour],
    pitch: Range = (0.07, 0.1),
    chance: float = 0.45,
    thick: float = 0.055,
    on: str = "ground",
) -> LayerOf:
    """Worms or maggots: bent, glossy, ringed bodies on the ground and in part on the subject."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        where = (getattr(scene, on) + 0.4 * scene.subject * (1 - scene.sky)).clamp(0, 1)
        for scale in (0.7, 1.15):
            cells = scatter(scene, size * scale, 0.14, scene.dice.uniform(0, 1.5), 1.0, 5)
            patch = smoothstep(0.25, 0.6, at_centre(scene, cells, where))
            here = present(cells.random[:, :1], chance * patch)
            a, b = cells.turned(cells.random[:, 1:2] * TAU)
            spine = 0.1 * (cells.random[:, 2:3] * 2 - 1) * (a * 9).cos()
            width = thick * (1.2 - 1.6 * a.abs()).clamp(min=0.3)
            side = (b - spine) / width
            body = smoothstep(1.15, 0.85, side.abs()) * smoothstep(0.34, 0.31, a.abs()) * here
            shadow = smoothstep(1.9, 0.6, (side + 0.5 - 1.0).abs()) * smoothstep(0.36, 0.3, a.abs()) * here
            shade = (0.95 - 0.45 * side * side) * (0.9 + 0.1 * (a * 75).cos()) + 0.35 * torch.exp(
                -(((side + 0.4) / 0.25) ** 2)
            )
            parts.append(paint(0.5 * shadow, torch.zeros_like(scene.source)))
            parts.append(paint(body, (pick(cells.random[:, 3:4], colours) * shade).clamp(0, 1)))
        return join(parts)

    return make
