"""Particles without loops: a random lattice gives every pixel the one particle whose cell it lies in."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .noise import TABLE, fetch
from .scene import TAU, Scene, smoothstep

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Cells:
    """Per pixel: offset from its particle in cell widths, the particle's random numbers and its place."""

    dx: Tensor
    dy: Tensor
    random: Tensor
    centre_x: Tensor
    centre_y: Tensor
    blur: Tensor | float
    """One pixel in cell widths: how soft an edge must be."""

    def turned(self, angle: Tensor) -> tuple[Tensor, Tensor]:
        """Offsets in a frame turned by `angle`."""
        c, s = angle.cos(), angle.sin()
        return self.dx * c + self.dy * s, self.dy * c - self.dx * s


def scatter(
    scene: Scene,
    pitch: float | Tensor,
    jitter: float = 0.25,
    angle: Tensor | float = 0.0,
    stretch: float = 1.0,
    channels: int = 4,
    plane: tuple[Tensor, Tensor] | None = None,
) -> Cells:
    """Particles about `pitch` short sides apart, `stretch` times farther along the second axis.

    A particle must stay within 0.5 − `jitter` cell widths of its centre. `plane` gives other coordinates (the ground).
    """
    dice = scene.dice
    angle = torch.as_tensor(angle, device=scene.source.device, dtype=scene.source.dtype)
    c, s = angle.cos(), angle.sin()
    x, y = plane if plane is not None else (scene.x, scene.y)
    start = dice.rand(2, 1, 1) * TABLE
    u = (x * c + y * s) / pitch + start[:, :1]
    v = (y * c - x * s) / (pitch * stretch) + start[:, 1:]
    row = v.floor()
    slide = fetch(dice.rand(1, TABLE, 1).expand(-1, -1, -1, TABLE), torch.zeros_like(row), row)
    u = u + slide
    column = u.floor()
    random = fetch(dice.rand(channels + 2, TABLE, TABLE), column, row)
    du = u - column - 0.5 - jitter * (random[:, :1] * 2 - 1)
    dv = (v - row - 0.5 - jitter * (random[:, 1:2] * 2 - 1)) * stretch
    back_x, back_y = du * pitch, dv * pitch
    centre_x = x - (back_x * c - back_y * s)
    centre_y = y - (back_x * s + back_y * c)
    return Cells(du, dv, random[:, 2:], centre_x, centre_y, 1.3 / (min(scene.size) * torch.as_tensor(pitch)))


def at_centre(scene: Scene, cells: Cells, where: Tensor) -> Tensor:
    """The map's value at each pixel's particle (only for particles placed in picture coordinates)."""
    u, v = cells.centre_x / scene.width * 2 - 1, cells.centre_y / scene.height * 2 - 1
    grid = torch.cat([u, v], 1).permute(0, 2, 3, 1)
    return F.grid_sample(where, grid, mode="bilinear", padding_mode="border", align_corners=False)


def present(random: Tensor, chance: Tensor | float) -> Tensor:
    """1 where a particle exists, given its random number."""
    return (random < chance).to(random.dtype)


def pick(random: Tensor, colours: Sequence[Colour]) -> Tensor:
    """A colour of the list per particle: `random [B,1,H,W]` -> `[B,3,H,W]`."""
    table = torch.tensor(colours, device=random.device, dtype=random.dtype)
    index = (random[:, 0] * len(colours)).long().clamp(0, len(colours) - 1)
    return table[index].permute(0, 3, 1, 2)


def disc(cells: Cells, radius: Tensor | float, soft: float = 0.0) -> Tensor:
    """Round spot; `soft` widens its edge as a share of the radius."""
    distance = torch.hypot(cells.dx, cells.dy)
    edge = soft * radius + cells.blur
    return smoothstep(radius + edge / 2, radius - edge / 2, distance)


def ellipse(cells: Cells, rx: Tensor | float, ry: Tensor | float, angle: Tensor) -> Tensor:
    """Filled ellipse."""
    a, b = cells.turned(angle)
    distance = torch.sqrt((a / rx) ** 2 + (b / ry) ** 2 + 1e-9)
    edge = cells.blur / torch.minimum(torch.as_tensor(rx), torch.as_tensor(ry)).clamp(min=0.02)
    return smoothstep(1 + edge / 2, 1 - edge / 2, distance)


def box(cells: Cells, rx: Tensor | float, ry: Tensor | float, angle: Tensor) -> Tensor:
    """Filled rectangle."""
    a, b = cells.turned(angle)
    outside = torch.maximum(a.abs() - rx, b.abs() - ry)
    return smoothstep(cells.blur / 2, -cells.blur / 2, outside)


def petals(cells: Cells, radius: Tensor | float, count: int, angle: Tensor, deep: float = 0.45) -> Tensor:
    """Flower or star outline with `count` lobes."""
    theta = torch.atan2(cells.dy, cells.dx) + angle
    reach = radius * (1 - deep + deep * (theta * count / 2).cos().abs())
    distance = torch.hypot(cells.dx, cells.dy)
    return smoothstep(reach + cells.blur / 2, reach - cells.blur / 2, distance)


def star(cells: Cells, radius: Tensor | float, angle: Tensor, points: int = 5) -> Tensor:
    """Straight-edged star."""
    theta = torch.atan2(cells.dy, cells.dx) + angle
    sector = TAU / points
    a = (theta.remainder(sector) - sector / 2).abs()
    distance = torch.hypot(cells.dx, cells.dy)
    reach = radius * 0.42 / (0.42 * (sector / 2 - a).cos() + 0.9 * (sector / 2 - a).sin()).clamp(min=0.2)
    reach = torch.minimum(reach, torch.as_tensor(radius, device=reach.device, dtype=reach.dtype))
    return smoothstep(reach + cells.blur / 2, reach - cells.blur / 2, distance)


def heart(cells: Cells, radius: Tensor | float, angle: Tensor) -> Tensor:
    """A heart."""
    a, b = cells.turned(angle)
    a, b = a / radius, -b / radius + 0.15
    f = b - 0.75 * a.abs().clamp(min=1e-4).sqrt() * 0.9
    distance = torch.sqrt(a * a + f * f * 1.6)
    edge = cells.blur / radius
    return smoothstep(0.85 + edge, 0.85 - edge, distance)
