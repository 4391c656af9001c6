"""Random textures on the device: fractal noise, noise along a line, cracks; all batched and seeded by the scene."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .scene import Dice, Scene, smoothstep


def fractal(
    dice: Dice, size: tuple[int, int], base: float = 3.0, octaves: int = 5, gain: float = 0.55, stretch: float = 1.0
) -> Tensor:
    """Fractal noise `[B,1,H,W]`, mean 0.5, mostly in 0..1.

    `base` cells over the short side; `stretch` > 1 draws the shapes out sideways.
    """
    h, w = size
    short = min(h, w)
    total, weight, power = None, 1.0, 0.0
    for octave in range(octaves):
        cells = base * 2**octave
        gh, gw = max(2, round(cells * h / short)) + 2, max(2, round(cells * w / short / stretch)) + 2
        if gh > h or gw > w:
            break
        layer = F.interpolate(dice.rand(1, gh, gw) - 0.5, size=(h, w), mode="bicubic", align_corners=False) * weight
        total = layer if total is None else total + layer
        power += weight * weight
        weight *= gain
    if total is None:
        total = dice.rand(1, h, w) - 0.5
        power = 1.0
    return 0.5 + total * (0.85 / power**0.5)


def clouds(scene: Scene, base: float = 3.0, octaves: int = 5, stretch: float = 1.0, gain: float = 0.55) -> Tensor:
    """Fractal noise over the picture."""
    return fractal(scene.dice, scene.size, base, octaves, gain, stretch)


def look_up(texture: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """Samples `[B,C,h,w]` at `u`, `v` `[B,1,H,W]` in shares of it; mirrored beyond its edges."""
    grid = torch.cat([u, v], 1).permute(0, 2, 3, 1) * 2 - 1
    return F.grid_sample(texture, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def warped(scene: Scene, base: float = 3.0, amount: float = 0.12, octaves: int = 5, stretch: float = 1.0) -> Tensor:
    """Fractal noise pushed about by noise: billows of smoke and cloud."""
    noise = clouds(scene, base, octaves, stretch)
    push = torch.cat([clouds(scene, base * 0.8, 3), clouds(scene, base * 0.8, 3)], 1) - 0.5
    u, v = scene.x / scene.width, scene.y / scene.height
    return look_up(noise, u + amount * push[:, :1] * 2, v + amount * push[:, 1:] * 2)


def along(dice: Dice, length: int, base: int, octaves: int = 5, gain: float = 0.5, rows: int = 1) -> Tensor:
    """Noise along one axis `[B,rows,length]`, about −1..1."""
    total, weight = None, 1.0
    for octave in range(octaves):
        count = base * 2**octave + 2
        if count > length:
            break
        layer = F.interpolate(dice.rand(rows, count) * 2 - 1, size=length, mode="linear", align_corners=True) * weight
        total = layer if total is None else total + layer
        weight *= gain
    assert total is not None
    return total


@dataclass(frozen=True)
class Voronoi:
    """Nearest and second nearest distance to jittered points, and two random numbers of the nearest cell."""

    near: Tensor
    second: Tensor
    random: Tensor


TABLE = 32
"""Cells repeat after this many: more than any pattern here shows."""


def fetch(table: Tensor, column: Tensor, row: Tensor) -> Tensor:
    """Rows of `table [B,C,TABLE,TABLE]` at whole cell numbers `[B,1,H,W]` -> `[B,C,H,W]`."""
    b, c = table.shape[:2]
    h, w = column.shape[-2:]
    index = (row.remainder(TABLE) * TABLE + column.remainder(TABLE)).long().view(b, 1, h * w).expand(b, c, h * w)
    return table.reshape(b, c, TABLE * TABLE).gather(2, index).view(b, c, h, w)


def voronoi(dice: Dice, u: Tensor, v: Tensor) -> Voronoi:
    """Cells of unit size over the coordinates `u`, `v`."""
    table = dice.rand(4, TABLE, TABLE)
    column, row = u.floor(), v.floor()
    near = torch.full_like(u, 9.0)
    second = torch.full_like(u, 9.0)
    random = torch.zeros_like(u).expand(-1, 2, -1, -1)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            cell = fetch(table, column + dx, row + dy)
            distance = torch.hypot(column + dx + cell[:, :1] - u, row + dy + cell[:, 1:2] - v)
            closer = distance < near
            second = torch.where(closer, near, torch.minimum(second, distance))
            random = torch.where(closer, cell[:, 2:], random)
            near = torch.where(closer, distance, near)
    return Voronoi(near, second, random)


def cracks(
    scene: Scene, scale: float, width: float, wobble: float = 0.25, slant: bool = False
) -> tuple[Tensor, Tensor]:
    """Network of cracks `[B,1,H,W]` 0..1 and the distance to them in cells; `slant` lays it on the ground plane."""
    push = torch.cat([clouds(scene, 5, 4), clouds(scene, 5, 4)], 1) - 0.5
    u, v = ground_plane(scene) if slant else (scene.x, scene.y)
    found = voronoi(
        scene.dice, (u + wobble * push[:, :1] / scale * 4) * scale, (v + wobble * push[:, 1:] / scale * 4) * scale
    )
    gap = found.second - found.near
    return smoothstep(width, width * 0.25, gap), gap


def ground_plane(scene: Scene, horizon: float = 0.3) -> tuple[Tensor, Tensor]:
    """Coordinates on a floor that recedes towards a horizon at that share of the height."""
    below = ((scene.down - horizon) / (1 - horizon)).clamp(min=0.04)
    return (scene.x - scene.width / 2) / below * 0.7 + 8, 1.0 / below + 8
