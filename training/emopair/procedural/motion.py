"""Speed and neon: zoom blur, light trails, lasers, glowing edges, floor grids, coloured powder."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import pick
from .grade import Colour, Range, focus_point
from .layers import Grade, Layer, LayerOf, glow, paint
from .light import polar_noise
from .noise import along, ground_plane, look_up, warped
from .scene import Scene, luma, smoothstep, soften

TAPS = 10


def zoom(amount: Range = (0.12, 0.22), keep: float = 0.85) -> Grade:
    """Radial blur away from the subject, which stays sharp."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        cx, cy = focus_point(scene)
        k = scene.dice.uniform(*amount)
        distance = torch.hypot(scene.x - cx, scene.y - cy)
        total = torch.zeros_like(picture)
        for i in range(TAPS):
            s = 1 - k * i / TAPS
            total = total + look_up(
                picture, (cx + (scene.x - cx) * s) / scene.width, (cy + (scene.y - cy) * s) / scene.height
            )
        mask = smoothstep(0.12, 0.4, distance) * (1 - keep * scene.subject)
        return torch.lerp(picture, total / TAPS, mask)

    return run


def speed_lines(colours: Sequence[Colour], amount: Range = (0.5, 0.8), beams: float = 60.0) -> LayerOf:
    """Streaks of light that shoot out from behind the subject."""

    def make(scene: Scene) -> Layer:
        cx, cy = focus_point(scene)
        distance = torch.hypot(scene.x - cx, scene.y - cy)
        streak = (
            smoothstep(0.6, 0.85, polar_noise(scene, cx, cy, beams))
            * smoothstep(0.16, 0.6, distance)
            * (1 - 0.8 * scene.subject)
        )
        hue = torch.lerp(scene.dice.colour(colours), scene.dice.colour(colours[::-1]), polar_noise(scene, cx, cy, 9))
        return glow(streak * hue * scene.dice.uniform(*amount))

    return make


def light_trails(colours: Sequence[Colour], count: int = 9, amount: Range = (0.8, 1.0)) -> LayerOf:
    """Long-exposure ribbons of light that sweep over the ground and around the subject."""

    def make(scene: Scene) -> Layer:
        w = scene.size[1]
        light = torch.zeros_like(scene.source)
        sweep = along(scene.dice, w, 1, 2, 0.4).unsqueeze(2) * 0.16
        lean = scene.dice.uniform(-0.25, 0.25)
        base = scene.dice.uniform(0.5, 0.72)
        for i in range(count):
            spread = (i / max(1, count - 1) - 0.5) * (0.18 + 0.5 * (scene.x / scene.width))
            wave = along(scene.dice, w, 2, 2, 0.4).unsqueeze(2) * 0.02
            path = (base + spread * 0.8) * scene.height + sweep + wave + lean * scene.centred[0]
            gap = (scene.y - path).abs()
            width = 0.0035 + 0.004 * scene.dice.uniform(0, 1)
            hue = pick(scene.dice.rand(1, 1, 1), colours)
            body = (
                torch.exp(-((gap / width) ** 2)) * (0.55 + 0.45 * hue)
                + (0.55 * torch.exp(-gap / 0.014) + 0.16 * torch.exp(-gap / 0.05)) * hue
            )
            light = light + body
        return glow(light * (1 - 0.75 * scene.subject) * scene.dice.uniform(*amount))

    return make


def lasers(colours: Sequence[Colour], count: int = 8, amount: Range = (0.8, 1.0)) -> LayerOf:
    """Thin beams from two points on the edge, in a fan, through haze."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        smoke = 0.6 + 0.5 * warped(scene, 3, 0.1, 4)
        for side in (0, 1):
            x0 = scene.width * (side + (0.5 - side) * 0.1)
            y0 = scene.dice.uniform(-0.05, 0.35) * scene.height
            hue = pick(scene.dice.rand(1, 1, 1), colours)
            theta = torch.atan2(scene.y - y0, (scene.x - x0) * (1 if side == 0 else -1))
            distance = torch.hypot(scene.x - x0, scene.y - y0)
            first, gap = scene.dice.uniform(-0.5, -0.1), scene.dice.uniform(0.14, 0.22)
            number = ((theta - first) / gap).round().clamp(0, count - 1)
            off = (theta - first - number * gap).abs() * distance
            beam = torch.exp(-((off / 0.0045) ** 2)) * 0.95 + 0.4 * torch.exp(-off / 0.016)
            wedge = (
                0.10 * smoothstep(-0.1, 0.05, theta - first) * smoothstep(count * gap + 0.1, count * gap, theta - first)
            )
            light = light + (beam + wedge) * hue * smoke * torch.exp(-distance / 1.6)
        return glow(light * (1 - 0.6 * scene.subject) * scene.dice.uniform(*amount))

    return make


def neon_edges(colours: Sequence[Colour], amount: Range = (0.8, 1.0), threshold: float = 0.10) -> LayerOf:
    """The picture's own outlines light up as neon tubes with a glow."""

    def make(scene: Scene) -> Layer:
        level = soften(luma(scene.source), 0.012)
        gx, gy = level.roll(-1, 3) - level.roll(1, 3), level.roll(-1, 2) - level.roll(1, 2)
        edge = torch.hypot(gx, gy)
        strong = edge.mean((2, 3), keepdim=True) * 2.2 + 0.004
        tube = smoothstep(strong, strong * 2.6, edge)
        border = torch.minimum(
            torch.minimum(scene.x, scene.width - scene.x), torch.minimum(scene.y, scene.height - scene.y)
        )
        tube = tube * smoothstep(0.008, 0.02, border)
        halo = soften(tube, 0.025) * 0.9 + soften(tube, 0.07) * 0.6
        slide = smoothstep(-0.45, 0.45, scene.centred[0] + 0.3 * scene.centred[1])
        hue = torch.lerp(scene.dice.colour(colours), scene.dice.colour(colours[::-1]), slide)
        return glow((tube * (0.25 + 0.75 * hue) + halo * hue).clamp(0, 1) * scene.dice.uniform(*amount))

    return make


def floor_grid(colours: Sequence[Colour], amount: Range = (0.7, 0.95)) -> LayerOf:
    """A glowing grid on the ground that runs to the horizon."""

    def make(scene: Scene) -> Layer:
        u, v = ground_plane(scene, 0.42)
        lines = torch.zeros_like(u)
        for t, scale in ((u, 5.0), (v, 3.2)):
            near = (t * scale - (t * scale).round()).abs() / scale * ((scene.down - 0.42) / 0.58).clamp(min=0.02)
            lines = torch.maximum(lines, torch.exp(-((near / 0.0065) ** 2)) + 0.35 * torch.exp(-near / 0.02))
        fade = smoothstep(0.5, 0.62, scene.down) * (0.3 + 0.7 * scene.ground) * (1 - 0.7 * scene.subject)
        return glow(lines * fade * scene.dice.colour(colours) * scene.dice.uniform(*amount))

    return make


def powder(
    colours: Sequence[Colour],
    bursts: int = 4,
    amount: Range = (0.85, 0.97),
    size: Range = (0.26, 0.42),
    centre: bool = True,
) -> LayerOf:
    """Clouds of coloured powder that burst around the subject."""

    def make(scene: Scene) -> Layer:
        keep = torch.ones_like(scene.luma)
        add = torch.zeros_like(scene.source)
        fine = warped(scene, 3.5, 0.22, 6)
        grain = scene.dice.rand(1, *scene.size)
        x, y = focus_point(scene)
        for i in range(bursts):
            turn = (i + scene.dice.uniform(0, 0.8)) * 6.2832 / bursts
            out = scene.dice.uniform(0.28, 0.5)
            cx, cy = x + turn.cos() * out * scene.width, y + turn.sin() * out * scene.height
            dx, dy = scene.x - cx, scene.y - cy
            distance = torch.hypot(dx, dy) / scene.dice.uniform(*size)
            streak = polar_noise(scene, cx, cy, 30)
            density = smoothstep(0.15, 0.85, 1.05 - distance + 1.1 * (fine - 0.5) + 0.5 * (streak - 0.5))
            density = (
                (density * (0.78 + 0.35 * grain)).clamp(0, 1)
                * (1 - 0.8 * smoothstep(0.3, 0.7, scene.subject))
                * scene.dice.uniform(*amount)
            )
            hue = pick(scene.dice.rand(1, 1, 1), colours) * (0.72 + 0.6 * fine)
            keep = keep * (1 - density)
            add = add * (1 - density) + density * hue.clamp(0, 1)
        return Layer(keep, add)

    return make


def sweep(colours: Sequence[Colour], amount: Range = (0.5, 0.8)) -> LayerOf:
    """A broad diagonal gradient of two vivid lights, the subject kept clear."""

    def make(scene: Scene) -> Layer:
        turn = scene.dice.uniform(-0.6, 0.6)
        slide = smoothstep(-0.5, 0.5, scene.centred[0] * turn.cos() + scene.centred[1] * turn.sin())
        hue = torch.lerp(scene.dice.colour(colours), scene.dice.colour(colours[::-1]), slide)
        return paint(
            (scene.dice.uniform(*amount) * (1 - 0.6 * scene.subject)).clamp(0, 1) * (0.35 + 0.65 * scene.luma), hue
        )

    return make
