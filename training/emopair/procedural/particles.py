"""Things in the air and on the ground, each drawn from a random lattice: confetti, petals, flowers, bubbles …"""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import Cells, at_centre, box, disc, ellipse, heart, petals, pick, present, scatter, star
from .grade import Colour, Range
from .layers import Layer, LayerOf, glow, join, paint
from .noise import clouds, ground_plane
from .scene import TAU, Scene, smoothstep

CANDY: tuple[Colour, ...] = (
    (1.0, 0.25, 0.45),
    (1.0, 0.8, 0.1),
    (0.15, 0.75, 1.0),
    (0.3, 0.85, 0.35),
    (0.75, 0.35, 0.95),
    (1.0, 0.5, 0.1),
)


def spare_subject(scene: Scene, cells: Cells, amount: float) -> Tensor:
    """Chance factor that thins particles out over the subject."""
    return 1 - amount * smoothstep(0.3, 0.8, at_centre(scene, cells, scene.subject))


def confetti(
    pitch: Range = (0.085, 0.115), chance: float = 0.55, colours: Sequence[Colour] = CANDY, shape: str = "paper"
) -> LayerOf:
    """Falling scraps of paper, stars or hearts, in three distances, lit as they turn."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        for scale, share in ((0.6, 0.8), (1.0, 1.0), (1.9, 0.5)):
            cells = scatter(scene, size * scale, 0.2, scene.dice.uniform(0, 1.5), 1.0, 5)
            angle = cells.random[:, 1:2] * TAU
            turn = 0.35 + 0.65 * cells.random[:, 2:3]
            if shape == "paper":
                body = box(cells, 0.24 * turn, 0.17, angle)
            elif shape == "star":
                body = star(cells, 0.3 * (0.6 + 0.4 * turn), angle)
            elif shape == "heart":
                body = heart(cells, 0.26 * (0.6 + 0.4 * turn), angle * 0.12 - 0.35)
            else:
                body = disc(cells, 0.24 * turn)
            body = body * present(cells.random[:, :1], chance * share * spare_subject(scene, cells, 0.75))
            shade = 0.75 + 0.4 * cells.random[:, 4:5]
            parts.append(paint(body * 0.96, (pick(cells.random[:, 3:4], colours) * shade).clamp(0, 1)))
        return join(parts)

    return make


def falling_petals(colours: Sequence[Colour], pitch: Range = (0.08, 0.11), chance: float = 0.4) -> LayerOf:
    """Petals or leaves that drift down; near ones large and soft."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        for scale, soft in ((0.55, 0.0), (1.0, 0.0), (2.2, 0.25)):
            cells = scatter(scene, size * scale, 0.2, scene.dice.uniform(0, 1.5), 1.0, 4)
            angle = cells.random[:, 1:2] * TAU
            a, b = cells.turned(angle)
            bend = b + 1.2 * a * a
            body = smoothstep(1.0 + soft, 1.0 - soft - 0.15, torch.sqrt((a / 0.25) ** 2 + (bend / 0.13) ** 2 + 1e-9))
            body = body * present(
                cells.random[:, :1], chance * spare_subject(scene, cells, 0.6) * (0.6 if scale > 2 else 1.0)
            )
            shade = 0.9 + 0.5 * a.clamp(-0.25, 0.25)
            parts.append(paint(body * (0.9 - 0.3 * soft), (pick(cells.random[:, 2:3], colours) * shade).clamp(0, 1)))
        return join(parts)

    return make


def flowers(
    colours: Sequence[Colour],
    heart_colour: Colour = (1.0, 0.82, 0.25),
    chance: float = 0.62,
    size: float = 1.0,
    lobes: int = 6,
) -> LayerOf:
    """Flowers that grow on the ground, smaller towards the distance, with leaves beneath."""

    def make(scene: Scene) -> Layer:
        parts = []
        near = smoothstep(0.5, 0.95, scene.down)
        field = smoothstep(0.35, 0.6, clouds(scene, 2.5, 3) + 0.12) * scene.ground
        leaf = field * (0.55 + 0.45 * clouds(scene, 14, 3)) * 0.75
        parts.append(
            paint(
                leaf * smoothstep(0.45, 0.8, scene.down),
                scene.source.new_tensor((0.3, 0.48, 0.2)).view(1, 3, 1, 1) * (0.7 + 0.6 * clouds(scene, 16, 3)),
            )
        )
        for pitch, fits in (
            (0.04, smoothstep(0.78, 0.6, scene.down)),
            (0.065, 1 - (scene.down - 0.74).abs() * 4),
            (0.1, near),
        ):
            cells = scatter(scene, pitch * size, 0.16, 0.0, 1.0, 5)
            grows = at_centre(scene, cells, (field * fits).clamp(0, 1))
            angle = cells.random[:, 1:2] * TAU
            radius = 0.22 + 0.11 * cells.random[:, 2:3]
            here = present(cells.random[:, :1], chance * smoothstep(0.15, 0.5, grows))
            flower = petals(cells, radius, lobes, angle) * here
            distance = torch.hypot(cells.dx, cells.dy) / radius
            parts.append(
                paint(flower * 0.97, (pick(cells.random[:, 3:4], colours) * (0.78 + 0.3 * distance)).clamp(0, 1))
            )
            parts.append(
                paint(disc(cells, radius * 0.3) * here, scene.source.new_tensor(heart_colour).view(1, 3, 1, 1))
            )
        return join(parts)

    return make


def bubbles(pitch: Range = (0.15, 0.22), chance: float = 0.55) -> LayerOf:
    """Soap bubbles: clear inside, iridescent rim, a bright window."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        for scale in (0.45, 1.0, 1.8):
            cells = scatter(scene, size * scale, 0.12, scene.dice.uniform(0, 1.5), 1.0, 4)
            radius = 0.2 + 0.16 * cells.random[:, 1:2]
            here = present(
                cells.random[:, :1], chance * spare_subject(scene, cells, 0.6) * (0.5 if scale > 1.5 else 1.0)
            )
            r = torch.hypot(cells.dx, cells.dy) / radius
            inside = smoothstep(1.02, 0.97, r) * here
            rim = smoothstep(0.62, 1.0, r) ** 2 * inside
            theta = torch.atan2(cells.dy, cells.dx) + cells.random[:, 2:3] * TAU
            hue = torch.cat([0.55 + 0.45 * (theta * 2 + 5 * r + shift).cos() for shift in (0.0, 2.1, 4.2)], 1)
            window = (
                torch.exp(-(((cells.dx / radius + 0.38) / 0.2) ** 2 + ((cells.dy / radius + 0.45) / 0.14) ** 2))
                * inside
            )
            low = (
                torch.exp(-(((cells.dx / radius - 0.35) / 0.3) ** 2 + ((cells.dy / radius - 0.55) / 0.1) ** 2)) * inside
            )
            parts.append(paint(0.12 * inside, hue))
            parts.append(glow(0.85 * rim * hue + window * 0.95 + 0.45 * low))
        return join(parts)

    return make


def litter(pitch: Range = (0.09, 0.13), chance: float = 0.6) -> LayerOf:
    """Rubbish on the ground: crumpled paper, cans and bags in dirty colours, with shadows."""

    def make(scene: Scene) -> Layer:
        parts = []
        size = scene.dice.uniform(*pitch)
        colours = (
            (0.72, 0.7, 0.62),
            (0.45, 0.36, 0.24),
            (0.3, 0.34, 0.3),
            (0.62, 0.2, 0.14),
            (0.25, 0.35, 0.5),
            (0.8, 0.76, 0.5),
        )
        crumple = clouds(scene, 18, 4)
        for scale in (0.6, 1.0, 1.5):
            cells = scatter(scene, size * scale, 0.14, scene.dice.uniform(-0.4, 0.4), 0.8, 5)
            patch = smoothstep(0.3, 0.65, at_centre(scene, cells, scene.ground))
            here = present(cells.random[:, :1], chance * patch)
            angle = cells.random[:, 1:2] * TAU
            rx = 0.15 + 0.15 * cells.random[:, 2:3]
            rough = torch.atan2(cells.dy, cells.dx) * 3 + cells.random[:, 3:4] * 9
            grow = 1 + 0.18 * rough.sin() + 0.12 * (rough * 2.3).cos()
            body = box(cells, rx * grow, 0.17 * grow, angle) * here
            parts.append(
                paint(
                    0.6 * ellipse(cells, rx * 1.25, 0.2, angle * 0) * here * smoothstep(-0.1, 0.15, cells.dy),
                    torch.zeros_like(scene.source),
                )
            )
            shade = 0.5 + 0.9 * crumple - 0.5 * cells.dy
            parts.append(paint(body, (pick(cells.random[:, 4:5], colours) * shade).clamp(0, 1)))
        return join(parts)

    return make


def sprinkles(colours: Sequence[Colour] = CANDY, pitch: Range = (0.05, 0.075), chance: float = 0.7) -> LayerOf:
    """Glossy coloured balls lying on the ground, smaller towards the distance."""

    def make(scene: Scene) -> Layer:
        u, v = ground_plane(scene, 0.25)
        cells = scatter(scene, scene.dice.uniform(*pitch) * 3.2, 0.14, 0.0, 1.0, 4, (u, v * 1.1))
        radius = 0.22 + 0.1 * cells.random[:, 1:2]
        r = torch.hypot(cells.dx, cells.dy) / radius
        lies = smoothstep(0.25, 0.55, scene.ground)
        here = present(cells.random[:, :1], chance) * lies
        ball = smoothstep(1.06, 0.94, r) * here
        lit = 1.08 - 0.55 * ((cells.dx + cells.dy) / radius * 0.5).clamp(-1, 1) - 0.25 * r * r
        shine = torch.exp(-(((cells.dx / radius + 0.35) / 0.22) ** 2 + ((cells.dy / radius + 0.4) / 0.22) ** 2)) * ball
        shadow = smoothstep(1.6, 0.9, torch.hypot(cells.dx - 0.05, (cells.dy - 0.12) * 1.3) / radius) * here * 0.4
        return join(
            [
                paint(shadow, torch.zeros_like(scene.source)),
                paint(ball, (pick(cells.random[:, 2:3], colours) * lit).clamp(0, 1)),
                glow(shine.expand(-1, 3, -1, -1)),
            ]
        )

    return make


def seeds(colour: Colour = (1.0, 0.96, 0.84), pitch: Range = (0.1, 0.15), chance: float = 0.5) -> LayerOf:
    """Dandelion seeds and motes that drift in backlight."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.luma)
        for scale in (0.4, 1.0, 1.7):
            cells = scatter(scene, scene.dice.uniform(*pitch) * scale, 0.15, 0.0, 1.0, 3)
            here = present(cells.random[:, :1], chance)
            theta = torch.atan2(cells.dy, cells.dx)
            r = torch.hypot(cells.dx, cells.dy)
            spokes = (theta * 6 + cells.random[:, 1:2] * 6).cos().abs() ** 6 * smoothstep(0.2, 0.05, r) * 0.8
            head = 0.8 * torch.exp(-((r / 0.05) ** 2)) + 0.3 * torch.exp(-((r / 0.13) ** 2))
            near = 0.35 + 0.65 * cells.random[:, 2:3]
            light = torch.maximum(light, (head + spokes * (scale > 0.5)).clamp(0, 1) * here * near)
        return glow(light * scene.source.new_tensor(colour).view(1, 3, 1, 1) * 0.9)

    return make
