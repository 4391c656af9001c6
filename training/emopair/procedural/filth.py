"""What grows and runs on surfaces: slime, splats, mould, grime, rust, sludge, veins."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import disc, pick, present, scatter
from .grade import Colour, Range, from_focus
from .layers import Grade, Layer, LayerOf, glow, join, paint, stain
from .noise import along, clouds, fetch, voronoi, warped
from .scene import TAU, Scene, luma, smoothstep, soften


def _relief(height: Tensor, size: float = 0.008) -> tuple[Tensor, Tensor]:
    """Shade and gloss of a wet surface whose thickness is `height`, lit from the upper left."""
    smooth = soften(height, size)
    slope = (smooth - smooth.roll((2, 2), (2, 3))) * 3.0
    return 1 + 0.9 * slope, smoothstep(0.28, 0.75, slope) * smoothstep(0.05, 0.3, height)


def slime(
    colours: Sequence[Colour], amount: Range = (0.85, 0.97), columns: float = 11.0, reach: Range = (0.35, 0.62)
) -> LayerOf:
    """Slime that runs down from the upper edge in glossy drips of every length."""

    def make(scene: Scene) -> Layer:
        w = scene.size[1]
        edge = (0.10 + 0.05 * along(scene.dice, w, 3, 3)).unsqueeze(2) * scene.height
        height = smoothstep(edge + 0.03, edge - 0.035, scene.y)
        limit = scene.dice.uniform(*reach)
        for scale in (1.0, 1.7):
            u = scene.x * columns * scale / scene.width + scene.dice.uniform(0, 9)
            number = u.floor()
            random = fetch(scene.dice.rand(4, 32, 32), number, number * 0)
            off = (u - number - 0.5 - 0.25 * (random[:, :1] - 0.5)) / scale * scene.width / columns
            length = edge + limit * random[:, 1:2] ** 1.6 * (random[:, 3:4] < 0.85).float()
            wide = (0.011 + 0.014 * random[:, 2:3]) * (1.0 + 0.35 * smoothstep(length - 0.12, length, scene.y))
            tail = torch.hypot(off, (scene.y - length).clamp(min=0)) / wide
            neck = wide * (1 + 1.3 * smoothstep(edge + 0.08, edge - 0.02, scene.y))
            run = torch.where(scene.y < length, off.abs() / neck, tail)
            height = torch.maximum(height, smoothstep(1.12, 0.3, run))
        cover = smoothstep(0.1, 0.3, height)
        shade, gloss = _relief(height, 0.012)
        hue = scene.dice.colour(colours) * (0.75 + 0.25 * height)
        return join(
            [
                paint(cover * scene.dice.uniform(*amount), (hue * shade).clamp(0, 1)),
                glow(0.85 * gloss.expand(-1, 3, -1, -1)),
            ]
        )

    return make


def splats(
    colours: Sequence[Colour], pitch: Range = (0.22, 0.32), chance: float = 0.6, amount: Range = (0.88, 0.98)
) -> LayerOf:
    """Thrown muck: lobed blobs with droplets around and a run below."""

    def make(scene: Scene) -> Layer:
        parts = []
        for scale in (1.0, 0.5):
            cells = scatter(scene, scene.dice.uniform(*pitch) * scale, 0.12, scene.dice.uniform(0, 1.5), 1.0, 6)
            here = present(cells.random[:, :1], chance)
            r, theta = torch.hypot(cells.dx, cells.dy), torch.atan2(cells.dy, cells.dx)
            phase = cells.random[:, 2:3] * TAU
            lobes = (
                0.18 * (theta * 5 + phase).sin()
                + 0.13 * (theta * 9 + 2 * phase).cos()
                + 0.08 * (theta * 14 + phase).sin()
            )
            reach = (0.17 + 0.1 * cells.random[:, 1:2]) * (1 + 1.2 * lobes)
            height = smoothstep(1.15, 0.35, r / reach) * here
            ring = (
                smoothstep(0.03, 0.015, (r - reach * 1.45).abs())
                * smoothstep(0.7, 0.95, (theta * 7 + phase).sin())
                * here
            )
            height = torch.maximum(height, ring)
            shade, gloss = _relief(height, 0.008)
            cover = smoothstep(0.08, 0.25, height)
            hue = pick(cells.random[:, 3:4], colours) * (0.8 + 0.25 * height)
            parts += [
                paint(cover * scene.dice.uniform(*amount), (hue * shade).clamp(0, 1)),
                glow(0.7 * gloss.expand(-1, 3, -1, -1)),
            ]
        return join(parts)

    return make


def mould(
    colours: Sequence[Colour], amount: Range = (0.75, 0.95), spread: Range = (0.42, 0.52), fuzz: float = 0.5
) -> LayerOf:
    """Patches of mould on surfaces: dark felt with pale rims and spores, none in the sky."""

    def make(scene: Scene) -> Layer:
        patch = warped(scene, 4.5, 0.12, 5)
        start = scene.dice.uniform(*spread)
        body = smoothstep(start, start + 0.12, patch)
        rim = smoothstep(start - 0.06, start, patch) * (1 - body)
        felt = clouds(scene, 26, 3)
        cells = scatter(scene, 0.035, 0.28, 0.4, 1.0, 3)
        spots = disc(cells, 0.1 + 0.17 * cells.random[:, 1:2], 0.5) * present(
            cells.random[:, :1], 0.6 * smoothstep(start - 0.25, start, patch)
        )
        where = 1 - 0.9 * scene.sky
        strength = scene.dice.uniform(*amount)
        hue = scene.dice.colour(colours)
        pale = torch.lerp(hue, torch.ones_like(hue) * 0.85, 0.55)
        return join(
            [
                paint(rim * 0.55 * where * strength, pale),
                paint(body * where * strength * (1 - fuzz + fuzz * 1.3 * felt), hue * (0.45 + 0.9 * felt)),
                paint(spots * where * strength, hue * 0.4),
            ]
        )

    return make


def grime(colour: Sequence[Colour], amount: Range = (0.7, 0.95), runs: float = 0.7) -> LayerOf:
    """Dirt and stains: blotches, and runs that trickle down walls, in the corners most."""

    def make(scene: Scene) -> Layer:
        blotch = smoothstep(0.38, 0.68, clouds(scene, 3.5, 6, gain=0.65))
        w = scene.size[1]
        runs_map = smoothstep(
            0.1, 0.8, along(scene.dice, w, 22, 4, 0.7).unsqueeze(2) + 0.6 * (clouds(scene, 3, 3) - 0.35)
        )
        fade = smoothstep(1.0, 0.1, scene.down + 0.25 * clouds(scene, 4, 3))
        corner = 0.55 + 0.45 * smoothstep(0.2, 0.9, from_focus(scene))
        where = (1 - 0.55 * scene.sky) * corner
        hue = scene.dice.colour(colour)
        strength = scene.dice.uniform(*amount)
        return join(
            [stain(blotch * where * strength, hue), stain(runs * runs_map * fade * where * strength, hue * 0.9)]
        )

    return make


def rust(amount: Range = (0.65, 0.9)) -> Grade:
    """Corrosion: flaking orange and brown on surfaces, pitted, keeping their light and shade."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        patch = warped(scene, 3.5, 0.15, 6)
        flakes = clouds(scene, 18, 4, gain=0.7)
        mask = smoothstep(0.36, 0.56, patch + 0.18 * (flakes - 0.5)) * (1 - 0.9 * scene.sky)
        level = 0.35 + 0.75 * luma(picture)
        dark, bright = (
            picture.new_tensor((0.30, 0.13, 0.05)).view(1, 3, 1, 1),
            picture.new_tensor((0.78, 0.40, 0.13)).view(1, 3, 1, 1),
        )
        hue = torch.lerp(dark, bright, smoothstep(0.3, 0.7, flakes)) * level * 1.25
        return torch.lerp(picture, hue, mask * scene.dice.uniform(*amount))

    return run


def sludge(colours: Sequence[Colour], amount: Range = (0.85, 0.97)) -> LayerOf:
    """Pools of toxic sludge on the ground with gloss, scum and bubbles."""

    def make(scene: Scene) -> Layer:
        pool = smoothstep(0.4, 0.55, clouds(scene, 2.6, 4, 2.2) + 0.22 * smoothstep(0.5, 1.0, scene.down)) * smoothstep(
            0.2, 0.5, scene.ground + 0.3 * scene.subject * (scene.down > 0.6)
        )
        swirl = warped(scene, 5, 0.25, 5, 2.0)
        cells = scatter(scene, 0.05, 0.22, 0.0, 0.75, 3)
        r = torch.hypot(cells.dx, cells.dy * 1.3) / (0.13 + 0.15 * cells.random[:, 1:2])
        bubble = smoothstep(1.05, 0.95, r) * present(cells.random[:, :1], 0.45) * pool
        rim = smoothstep(0.6, 1.0, r) * bubble
        shade, gloss = _relief(swirl * pool, 0.01)
        hue = scene.dice.colour(colours) * (0.55 + 0.8 * swirl) * shade
        spark = torch.exp(-(((cells.dx + 0.06) / 0.04) ** 2 + ((cells.dy + 0.06) / 0.04) ** 2)) * bubble
        return join(
            [
                paint(pool * scene.dice.uniform(*amount), hue.clamp(0, 1)),
                glow(0.5 * gloss * pool + 0.35 * rim * scene.dice.colour(colours) + 0.8 * spark),
            ]
        )

    return make


def veins(colour: Sequence[Colour], amount: Range = (0.7, 0.92), scale: Range = (4.0, 6.0)) -> LayerOf:
    """Dark branching veins under the surface, thick at the edges, thin towards the subject."""

    def make(scene: Scene) -> Layer:
        push = warped(scene, 4, 0.1, 4) - 0.5
        k = scene.dice.uniform(*scale)
        found = voronoi(scene.dice, scene.x * k + 1.2 * push, scene.y * k - 1.2 * push.roll(17, 3))
        gap = found.second - found.near
        width = 0.05 + 0.14 * smoothstep(0.1, 0.9, from_focus(scene))
        line = smoothstep(width, width * 0.2, gap)
        where = (1 - 0.5 * scene.sky) * smoothstep(0.15, 0.6, from_focus(scene) + 0.3 * clouds(scene, 3, 3))
        return paint(line * where * scene.dice.uniform(*amount), scene.dice.colour(colour) * (0.7 + 0.6 * line))

    return make
