"""Fire and electricity: flames, embers, smoke, explosions, lightning, fireworks."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .cells import disc, pick, present, scatter
from .grade import Colour, Range, focus_point
from .layers import Layer, LayerOf, glow, paint, stack
from .noise import along, clouds, fractal, look_up, warped
from .scene import TAU, Scene, smoothstep, soften
from .sky import sky_bottom


def heat_colour(level: Tensor) -> Tensor:
    """Black, deep red, orange, yellow, near white as `level [B,1,H,W]` runs 0..1."""
    return torch.cat(
        [smoothstep(0.0, 0.4, level), smoothstep(0.18, 0.85, level) * 0.92, smoothstep(0.6, 1.15, level) * 0.8], 1
    )


def flames(height: Range = (0.45, 0.7), amount: Range = (0.85, 1.0), tongue: float = 7.0) -> LayerOf:
    """Fire that rises from the ground: long tongues, behind the subject in part, with light on what is near."""

    def make(scene: Scene) -> Layer:
        side = max(scene.size)
        texture = fractal(scene.dice, (side, side), tongue, 5, 0.6)
        sway = (fractal(scene.dice, scene.size, 3.5, 3) - 0.5) * 0.14
        up = 1 - scene.down
        u = scene.x / scene.width + sway * (0.3 + up)
        noise = look_up(texture, u * 0.8 + 0.1, 0.5 - up * 0.3 + 0.12 * sway)
        wide = look_up(texture, u * 0.3 + 0.2, up * 0 + 0.2)
        top = scene.dice.uniform(*height) * (0.55 + 0.9 * wide)
        level = (1.15 - up / top) * 0.75 + (noise - 0.5) * (0.75 + 1.2 * up / top)
        fire = smoothstep(0.12, 0.95, level) * smoothstep(1.35, 0.75, up / top)
        fire = fire * (1 - 0.55 * scene.subject * smoothstep(0.12, 0.3, up))
        light = torch.exp(-up / (0.8 * top)) * 0.35
        glare = light * scene.source.new_tensor((1.0, 0.36, 0.08)).view(1, 3, 1, 1)
        both = stack((glow(glare), glow(heat_colour(fire) * (0.35 + 0.75 * fire) * scene.dice.uniform(*amount))))
        assert both is not None
        return both

    return make


def embers(pitch: Range = (0.06, 0.085), chance: float = 0.5, amount: Range = (0.9, 1.0), rise: float = 0.6) -> LayerOf:
    """Sparks that rise: small, hot, drawn out, thicker below."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        size = scene.dice.uniform(*pitch)
        lean = scene.dice.uniform(-0.5, 0.5)
        for scale in (0.45, 1.0, 1.9):
            cells = scatter(scene, size * scale, 0.2, lean, 1.4, 4)
            dense = 1 - rise + rise * scene.down
            here = present(cells.random[:, :1], chance * dense * (0.5 if scale > 1.5 else 1.0))
            r = 0.045 + 0.05 * cells.random[:, 1:2]
            distance = torch.hypot(cells.dx / r, cells.dy / (r * (1.5 + 2 * cells.random[:, 2:3])))
            core = torch.exp(-(distance**2)) + 0.3 * torch.exp(-distance * 0.9)
            light = light + heat_colour(core.clamp(0, 1) * (0.55 + 0.45 * cells.random[:, 3:4])) * here
        return glow(light * scene.dice.uniform(*amount))

    return make


def smoke(
    colour: Sequence[Colour], amount: Range = (0.6, 0.85), rise: float = 0.6, base: float = 2.6, lit: Colour = (0, 0, 0)
) -> LayerOf:
    """Billowing smoke, denser above (`rise` > 0) or below (< 0), lit from beneath in a colour."""

    def make(scene: Scene) -> Layer:
        billow = warped(scene, base, 0.2, 6)
        place = smoothstep(1.0, 0.0, scene.down) if rise > 0 else smoothstep(0.2, 1.0, scene.down)
        density = smoothstep(0.25, 0.8, billow * 0.75 + abs(rise) * (place - 0.35)) * (1 - 0.45 * scene.subject)
        shade = 0.65 + 0.9 * (billow - soften(billow, 0.06)) + 0.35 * billow
        under = (
            (soften(billow, 0.05) - billow.roll(-4, 2)).clamp(0, 1) * 4 * scene.source.new_tensor(lit).view(1, 3, 1, 1)
        )
        return paint(density * scene.dice.uniform(*amount), (scene.dice.colour(colour) * shade + under).clamp(0, 1))

    return make


def explosion(amount: Range = (0.85, 1.0), size: Range = (0.4, 0.6)) -> LayerOf:
    """A fireball behind the subject: boiling core, dark rolling edges, debris of sparks."""

    def make(scene: Scene) -> Layer:
        x, y = focus_point(scene)
        dx, dy = scene.x - x, scene.y - (y - 0.08)
        distance, theta = torch.hypot(dx, dy), torch.atan2(dy, dx)
        boil = warped(scene, 4, 0.2, 6)
        r = scene.dice.uniform(*size)
        ball = 1.1 - distance / r + 0.85 * (boil - 0.5)
        fire = smoothstep(0.05, 1.0, ball)
        smoke_ring = smoothstep(-0.3, 0.2, ball) * smoothstep(0.5, 0.1, ball)
        texture = scene.dice.rand(1, 4, 256)
        ray = look_up(texture, theta / TAU * 0.98 + 0.5, theta * 0 + 0.5)
        streak = (
            smoothstep(0.78, 0.95, ray)
            * torch.exp(-(((distance - 0.6 * r) / (0.7 * r)).clamp(min=0) ** 2))
            * smoothstep(0.3, 0.7, distance / r)
        )
        behind = 1 - 0.8 * scene.subject
        strength = scene.dice.uniform(*amount)
        both = stack(
            (
                paint(
                    0.75 * smoke_ring * behind * strength,
                    scene.source.new_tensor((0.13, 0.07, 0.05)).view(1, 3, 1, 1) * (0.5 + boil),
                ),
                glow(heat_colour(fire) * behind * strength),
                glow(heat_colour(streak * 0.8) * behind * strength),
                glow(
                    torch.exp(-distance / (1.2 * r)) * 0.4 * scene.source.new_tensor((1.0, 0.4, 0.1)).view(1, 3, 1, 1)
                ),
            )
        )
        assert both is not None
        return both

    return make


def lightning(colour: Sequence[Colour], bolts: int = 2, amount: Range = (0.85, 1.0), thick: float = 1.0) -> LayerOf:
    """Forked lightning in the sky with its glow; it strikes behind the subject."""

    def make(scene: Scene) -> Layer:
        h = scene.size[0]
        light = torch.zeros_like(scene.source)
        end = (sky_bottom(scene) + 0.08).clamp(max=0.97)
        hue = scene.dice.colour(colour)
        for _ in range(bolts):
            x0 = scene.dice.uniform(0.12, 0.88) * scene.width
            lean = scene.dice.uniform(-0.3, 0.3)
            for branch in range(4):
                crooked = along(scene.dice, h, 7, 5, 0.62).unsqueeze(3) * 0.055
                start = scene.dice.uniform(0.1, 0.55) if branch else scene.dice.uniform(-0.1, 0.0)
                stop = end if branch == 0 else start + scene.dice.uniform(0.12, 0.35)
                aside = 0.0 if branch == 0 else scene.dice.sign() * scene.dice.uniform(0.3, 0.9)
                if branch == 0:
                    trunk = x0 + lean * scene.y + crooked
                    path = trunk
                else:
                    path = (
                        trunk
                        + (scene.down - start).clamp(min=0) * aside * scene.height
                        + crooked * (scene.down - start).clamp(min=0) * 4
                    )
                gap = (scene.x - path).abs()
                width = (0.0042 if branch == 0 else 0.0024) * thick
                on = smoothstep(start - 0.005, start + 0.005, scene.down) * smoothstep(
                    stop + 0.01, stop - 0.05, scene.down
                )
                core = torch.exp(-((gap / width) ** 2)) * on
                halo = (
                    (0.5 * torch.exp(-gap / 0.025) + 0.22 * torch.exp(-gap / 0.12)) * on * (1.0 if branch == 0 else 0.5)
                )
                light = light + core * (0.55 + 0.45 * hue) * (1.0 if branch == 0 else 0.8) + halo * hue
        seen = (1 - 0.9 * scene.subject) * (
            0.25 + 0.75 * smoothstep(0.0, 0.4, torch.maximum(scene.backdrop, scene.depth - 0.3))
        )
        return glow(light * seen * scene.dice.uniform(*amount))

    return make


def fireworks(
    colours: Sequence[Colour], count: int = 4, amount: Range = (0.9, 1.0), size: Range = (0.17, 0.34)
) -> LayerOf:
    """Bursts of sparks in the sky with trails, bright tips and a glow on the smoke."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        for i in range(count):
            cx = ((i + 0.5) / count + scene.dice.uniform(-0.1, 0.1)) * scene.width
            cy = scene.dice.uniform(0.1, 0.55) * scene.height * (0.45 + 0.55 * sky_bottom(scene))
            r0 = scene.dice.uniform(*size)
            dx, dy = scene.x - cx, scene.y - cy
            distance = torch.hypot(dx, dy)
            sag = 0.25 * (distance / r0) ** 2 * r0
            theta = torch.atan2(dy - sag, dx)
            texture = scene.dice.rand(3, 1, 64)
            turn = theta / TAU * 44
            sector = turn.floor()
            off = (turn - sector - 0.5).abs() * TAU / 44 * distance
            index = sector.remainder(44).long().view(len(sector), 1, -1).expand(-1, 3, -1)
            random = texture.view(len(sector), 3, 64).gather(2, index).view(len(sector), 3, *scene.size)
            reach = r0 * (0.65 + 0.4 * random[:, :1])
            t = distance / reach
            trail = smoothstep(0.12, 0.35, t) * smoothstep(1.02, 0.94, t) * (0.3 + 0.7 * t**2)
            thin = 0.0026 + 0.0035 * smoothstep(0.7, 1.0, t)
            dots = 0.6 + 0.4 * (t * 30 + random[:, 1:2] * TAU).sin()
            spark = torch.exp(-((off / thin) ** 2)) * trail * dots
            tip = torch.exp(-(((t - 0.96) * reach / 0.006) ** 2 + (off / 0.006) ** 2))
            pair = pick(scene.dice.rand(1, 1, 1), colours)
            other = pick(scene.dice.rand(1, 1, 1), colours)
            hue = torch.where(random[:, 2:3] < 0.7, pair, other)
            light = (
                light
                + spark * (0.35 + 0.65 * hue) * 1.25
                + tip * (0.5 + 0.5 * hue)
                + 0.3 * torch.exp(-distance / (0.45 * r0)) * pair
            )
        where = (1 - 0.85 * scene.subject) * (
            0.35 + 0.65 * torch.maximum(scene.backdrop, smoothstep(0.8, 0.3, scene.down))
        )
        return glow(light * where * scene.dice.uniform(*amount))

    return make


def fountains(colours: Sequence[Colour], count: int = 3, amount: Range = (0.9, 1.0)) -> LayerOf:
    """Stage pyrotechnics: jets of sparks from below that spread and fall."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        grain = clouds(scene, 34, 2)
        for i in range(count):
            x0 = ((i + 0.5) / count + scene.dice.uniform(-0.08, 0.08)) * scene.width
            up = (scene.height * 1.02 - scene.y).clamp(min=1e-3)
            tall = scene.dice.uniform(0.55, 0.85)
            theta = (scene.x - x0) / (0.05 + 0.42 * up)
            texture = scene.dice.rand(1, 4, 96)
            rays = look_up(texture, theta * 0.32 + 0.5, up * 0 + 0.5)
            reach = tall * (0.6 + 0.6 * rays) * (1 - 0.35 * theta.abs()).clamp(min=0)
            t = up / reach.clamp(min=1e-3)
            body = (
                torch.exp(-((theta / 0.62) ** 2))
                * smoothstep(1.05, 0.5, t)
                * smoothstep(0.5, 0.85, rays * 0.8 + grain * 0.45)
            )
            core = torch.exp(-((theta / 0.22) ** 2)) * smoothstep(0.7, 0.0, t) * 0.8
            hue = pick(scene.dice.rand(1, 1, 1), colours)
            light = (
                light
                + body * (0.4 + 0.6 * hue)
                + core * (0.6 + 0.4 * hue)
                + 0.25 * torch.exp(-torch.hypot(scene.x - x0, up - 0.1) / 0.25) * hue
            )
        return glow(light * (1 - 0.55 * scene.subject) * scene.dice.uniform(*amount))

    return make


def sparks(colours: Sequence[Colour], pitch: Range = (0.05, 0.08), chance: float = 0.45) -> LayerOf:
    """Glitter in the air: bright dots of several sizes."""

    def make(scene: Scene) -> Layer:
        light = torch.zeros_like(scene.source)
        for scale in (0.5, 1.0, 2.0):
            cells = scatter(scene, scene.dice.uniform(*pitch) * scale, 0.3, scene.dice.uniform(0, 1.5), 1.0, 4)
            dot = disc(cells, 0.07 + 0.08 * cells.random[:, 1:2], 1.2) * present(
                cells.random[:, :1], chance * (0.5 if scale > 1 else 1)
            )
            light = light + dot * (0.3 + 0.7 * pick(cells.random[:, 2:3], colours)) * (0.5 + 0.5 * cells.random[:, 3:4])
        return glow(light)

    return make
