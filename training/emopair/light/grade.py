"""Carries out grade hints: light that a photographer might have met or made, smooth in place and in tone.

Nothing is drawn: only exposure, balance, contrast, air and glow, so that what a diffusion model learns from it is
what its edit keeps at any size. Whites are bent, never clipped; skin keeps its colour.
"""

import torch
from torch import Tensor

from ..procedural.grade import focus_point
from ..procedural.scene import Scene, luma, smoothstep, soften
from .colour import add_contrast, balance, luminance, roll_off, saturate, skin, to_linear, to_srgb
from .hints import NAMES

SKIN_KEPT = 0.6
"""Share of a change of colour that skin is spared."""
FLOOR = 0.016
"""Darkest value of a graded picture in sRGB, 4 of 255: shadows stay open."""
SIDE_STOPS = 1.1
EDGE_STOPS = 1.7


def grade(scene: Scene, hints: Tensor) -> Tensor:
    """Picture `[B,3,H,W]` of the scene under the light that `hints [B,fields]` (order of NAMES) ask for."""
    given = {name: hints[:, i].view(-1, 1, 1, 1) for i, name in enumerate(NAMES)}
    source = scene.source
    is_skin = skin(source, scene.subject)
    kept = 1 - SKIN_KEPT * is_skin
    # Colour goes before the new light comes: what the light adds of its own must not go with it.
    faded = saturate(source, given["saturation"] * (1 - 0.5 * is_skin)).clamp(0, 1)
    linear = to_linear(faded)
    stops, warmth = _light(scene, given)
    level = luminance(linear).clamp(1e-5, 1)
    tone = to_srgb(level)
    # White stays nearer to neutral than grey does: paper and clouds are what the eye takes for white.
    warmth = (warmth + given["split"] * (tone - 0.42)) * kept * (1 - 0.45 * smoothstep(0.75, 1.0, tone))
    linear = balance(linear, warmth, given["tint"] * kept) * 2**stops
    linear = roll_off(linear, 0.72 - 0.3 * given["shoulder"])
    picture = add_contrast(to_srgb(linear), given["contrast"])
    picture = _haze(picture, scene, given)
    picture = _glow(picture, given["glow"])
    picture = given["fade"] + picture * (1 - 1.15 * given["fade"])
    return (picture.clamp(min=0) ** 2 + FLOOR**2).sqrt().clamp(max=0.992)


def _light(scene: Scene, given: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Exposure in stops and warmth at every place, `[B,1,H,W]` each."""
    sky = scene.sky * smoothstep(0.04, 0.12, scene.sky.mean((2, 3), keepdim=True))
    x, y = focus_point(scene)
    far = torch.hypot((scene.x - x) / scene.width, (scene.y - y) / scene.height) / 0.7
    around = smoothstep(0.2, 1.1, far)
    across = (scene.x / scene.width - 0.5) * 2 * _lit_side(scene)
    side = given["sideLight"] * SIDE_STOPS * (across - 0.15)
    stops = given["exposure"] + given["skyLight"] * sky + side + given["subjectLight"] * (0.25 - EDGE_STOPS * around)
    low = smoothstep(0.1, 0.75, scene.down)
    warmth = given["temperature"] + given["skyWarmth"] * sky * (0.35 + 0.65 * low) + 0.3 * given["sideLight"] * across
    return stops, warmth


def _lit_side(scene: Scene) -> Tensor:
    """-1 where the left of the picture is the brighter, 1 where the right is, `[B,1,1,1]`; soft between."""
    below = scene.luma * (1 - scene.sky)
    share = (1 - scene.sky).mean((2, 3), keepdim=True).clamp(min=0.05)
    lean = (below * (scene.x / scene.width - 0.5)).mean((2, 3), keepdim=True) / share
    return torch.tanh(lean / 0.006)


def _haze(picture: Tensor, scene: Scene, given: dict[str, Tensor]) -> Tensor:
    """Air between the eye and what is far (Koschmieder), of the colour of the picture's own light."""
    depth = torch.maximum(scene.depth, scene.sky) * (1 - 0.6 * scene.subject)
    density = given["haze"] * 2.2 * (0.12 + 0.88 * soften(depth, 0.03).clamp(0, 1) ** 1.3)
    air = picture.mean((2, 3), keepdim=True)
    grey = luma(air)
    bright = (grey * 1.25 + 0.10).clamp(max=0.86)
    air = bright + (air - grey) * 0.6
    return torch.lerp(air, picture, (-density).exp())


def _glow(picture: Tensor, amount: Tensor) -> Tensor:
    """Light of the bright parts spread over their surroundings, in screen mode, less where it is bright already."""
    bright = smoothstep(0.45, 1.0, luma(picture)) * picture
    spread = 0.6 * soften(bright, 0.06) + 0.4 * soften(bright, 0.2)
    return picture + amount * spread.clamp(0, 1) * (1 - picture).clamp(min=0) * 0.7
