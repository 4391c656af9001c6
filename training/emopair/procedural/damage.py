"""What breaks and burns surfaces: lava, shattered glass, slashes, burns, cracks, scratches, hands."""

from collections.abc import Sequence

import torch

from .cells import disc, present, scatter
from .grade import Colour, Range
from .layers import Layer, LayerOf, glow, join, paint, stain
from .noise import along, clouds, cracks, ground_plane, voronoi, warped
from .scene import Scene, smoothstep, soften


def lava(scale: Range = (2.6, 3.8), amount: Range = (0.9, 1.0)) -> LayerOf:
    """The ground bursts: dark crust, glowing fissures, heat above them."""

    def make(scene: Scene) -> Layer:
        u, v = ground_plane(scene, 0.3)
        push = (clouds(scene, 7, 4) - 0.5) * 0.7
        k = scene.dice.uniform(*scale)
        found = voronoi(scene.dice, u * k + push, v * k * 0.8 - push)
        gap = found.second - found.near
        where = smoothstep(0.1, 0.5, scene.ground + 0.25 * (clouds(scene, 5, 4) - 0.5))
        heat = (0.9 * torch.exp(-gap / 0.09) + 0.3 * torch.exp(-gap / 0.3)) * where
        crust = where * 0.72
        hot = torch.cat(
            [smoothstep(0.02, 0.45, heat), smoothstep(0.25, 0.95, heat) * 0.75, smoothstep(0.75, 1.3, heat) * 0.5], 1
        )
        return join(
            [
                stain(crust, scene.source.new_tensor((0.3, 0.2, 0.18)).view(1, 3, 1, 1)),
                glow(hot * scene.dice.uniform(*amount)),
            ]
        )

    return make


def shatter(scale: Range = (2.6, 4.0), amount: Range = (0.8, 1.0), colour: Colour = (0.95, 0.92, 0.9)) -> LayerOf:
    """Broken glass over the picture: bright and dark lines, shards of uneven light."""

    def make(scene: Scene) -> Layer:
        x, y = scene.centred
        cx, cy = scene.dice.uniform(-0.25, 0.25), scene.dice.uniform(-0.25, 0.25)
        r, theta = torch.hypot(x - cx, y - cy), torch.atan2(y - cy, x - cx)
        bend = (clouds(scene, 2, 1) - 0.5) * 0.25
        k = scene.dice.uniform(*scale)
        found = voronoi(scene.dice, theta * 2.2 + bend + 8, (r + 0.02).log() * k * 0.55 + 8)
        gap = (found.second - found.near) * (r + 0.06)
        line = smoothstep(0.011, 0.004, gap)
        edge = smoothstep(0.024, 0.01, gap.roll((2, 2), (2, 3))) * (1 - line)
        shard = (found.random[:, :1] - 0.5) * 0.55
        strength = scene.dice.uniform(*amount)
        black, white = torch.zeros_like(scene.source), scene.source.new_tensor(colour).view(1, 3, 1, 1)
        return join(
            [
                stain(shard.clamp(min=0) * 1.4 * strength, black),
                glow((-shard).clamp(min=0) * 0.35 * strength * white),
                paint(0.75 * edge * strength, black),
                paint(line * strength * 0.9, white),
            ]
        )

    return make


def slashes(colours: Sequence[Colour], sets: int = 2, amount: Range = (0.85, 1.0), burning: float = 0.0) -> LayerOf:
    """Claw marks: three or four torn parallel lines, deep in the middle and tapered."""

    def make(scene: Scene) -> Layer:
        cover, heat = torch.zeros_like(scene.luma), torch.zeros_like(scene.luma)
        rough = (clouds(scene, 22, 3) - 0.5) * 0.016
        for _ in range(sets):
            angle = scene.dice.uniform(-1.1, 1.1)
            cx, cy = scene.dice.uniform(0.25, 0.75) * scene.width, scene.dice.uniform(0.25, 0.75) * scene.height
            a = (scene.x - cx) * angle.cos() + (scene.y - cy) * angle.sin()
            b = (scene.y - cy) * angle.cos() - (scene.x - cx) * angle.sin() + 0.35 * a * a * scene.dice.sign()
            gap = scene.dice.uniform(0.065, 0.09)
            number = (b / gap).round().clamp(-2, 1)
            half = (0.24 + 0.06 * (number * 1.9).sin()) * scene.dice.uniform(0.9, 1.3)
            taper = (1 - (a / half) ** 2).clamp(min=0)
            off = (b - number * gap + rough).abs()
            width = 0.017 * taper.sqrt()
            cover = torch.maximum(cover, smoothstep(width + 0.002, width - 0.004, off) * (taper > 0).float())
            heat = torch.maximum(heat, torch.exp(-off / 0.03) * taper)
        hue = scene.dice.colour(colours)
        deep = 0.55 + 0.45 * soften(1 - cover, 0.012)
        over = 1 - 0.5 * scene.subject
        parts = [paint(cover * over * scene.dice.uniform(*amount), hue * deep)]
        if burning:
            parts.append(glow(burning * heat * over * scene.source.new_tensor((1.0, 0.25, 0.05)).view(1, 3, 1, 1)))
        return join(parts)

    return make


def burnt_edges(amount: Range = (0.9, 1.0)) -> LayerOf:
    """The picture burns in from its edges: char, a glowing seam, scorch before it."""

    def make(scene: Scene) -> Layer:
        border = torch.minimum(
            torch.minimum(scene.x, scene.width - scene.x), torch.minimum(scene.y, scene.height - scene.y)
        )
        front = border - 0.34 * (clouds(scene, 3.5, 6) - 0.28)
        char = smoothstep(0.008, -0.012, front)
        seam = torch.exp(-(((front - 0.004) / 0.011) ** 2)) + 0.45 * torch.exp(-front.abs() / 0.035)
        scorch = smoothstep(0.18, 0.0, front) * (1 - char)
        hot = torch.cat([seam, seam * 0.45 + 0.4 * seam**3, 0.35 * seam**4], 1)
        return join(
            [
                stain(0.85 * scorch, scene.source.new_tensor((0.45, 0.2, 0.08)).view(1, 3, 1, 1)),
                paint(char * scene.dice.uniform(*amount), torch.zeros_like(scene.source) + 0.03),
                glow(hot * (1 - 0.25 * char)),
            ]
        )

    return make


def dark_cracks(scale: Range = (3.0, 5.0), amount: Range = (0.7, 0.95), slant: bool = False) -> LayerOf:
    """Dry cracks in surfaces, none in the sky."""

    def make(scene: Scene) -> Layer:
        line, _ = cracks(scene, 1.0 * sum(scale) / 2, 0.07, 0.25, slant)
        return paint(line * (1 - scene.sky) * scene.dice.uniform(*amount), torch.zeros_like(scene.source) + 0.04)

    return make


def film_damage(amount: Range = (0.5, 0.8)) -> LayerOf:
    """An old print: vertical scratches, hairs, dust and flecks."""

    def make(scene: Scene) -> Layer:
        w = scene.size[1]
        lines = smoothstep(0.93, 1.05, along(scene.dice, w, 60, 2, 0.6).unsqueeze(2)) * smoothstep(
            0.35, 0.55, clouds(scene, 2, 3)
        )
        cells = scatter(scene, 0.06, 0.25, 0.3, 1.0, 3)
        fleck = disc(cells, 0.04 + 0.08 * cells.random[:, 1:2], 0.6) * present(cells.random[:, :1], 0.35)
        strength = scene.dice.uniform(*amount)
        return join(
            [
                paint(lines * strength, torch.zeros_like(scene.source) + 0.85),
                paint(fleck * strength, torch.zeros_like(scene.source) + 0.82),
            ]
        )

    return make


def shadow_hands(amount: Range = (0.8, 0.95), reach: Range = (0.3, 0.45)) -> LayerOf:
    """Blackness that creeps in from the edges in tendrils."""

    def make(scene: Scene) -> Layer:
        border = torch.minimum(
            torch.minimum(scene.x, scene.width - scene.x), torch.minimum(scene.y * 1.2, scene.height - scene.y)
        )
        finger = warped(scene, 7, 0.2, 4)
        front = border / scene.dice.uniform(*reach) - 0.9 * (finger - 0.5) - 0.6 * (clouds(scene, 2.2, 2) - 0.5)
        dark = smoothstep(0.95, 0.05, front) * (1 - 0.4 * scene.subject)
        return paint(
            dark * scene.dice.uniform(*amount),
            torch.zeros_like(scene.source) + scene.source.new_tensor((0.008, 0.012, 0.02)).view(1, 3, 1, 1),
        )

    return make
