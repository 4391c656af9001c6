"""Grades: tone, colour and focus of what is there. A maker takes ranges and returns `(picture, scene) -> picture`."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .layers import Grade
from .scene import Scene, luma, smoothstep, soften

Range = tuple[float, float]
Colour = tuple[float, float, float]


def chain(*grades: Grade) -> Grade:
    """Grades one after the other as one."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        for grade in grades:
            picture = grade(picture, scene).clamp(0, 1)
        return picture

    return run


def within(region: str, grade: Grade, low: float = 0.0) -> Grade:
    """A grade where a region of the scene is (`low` elsewhere); '-sky' and the like mean everywhere else."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        mask = 1 - getattr(scene, region[1:]) if region.startswith("-") else getattr(scene, region)
        return torch.lerp(picture, grade(picture, scene), low + (1 - low) * mask)

    return run


def expose(stops: Range) -> Grade:
    """Brighter or darker by stops, highlights rolled off."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        gain = 2 ** scene.dice.uniform(*stops)
        lifted = picture * gain
        return torch.where(gain > 1, 1 - (1 - picture).clamp(min=0) ** gain, lifted)

    return run


def relight(picture: Tensor, gain: Tensor | float, detail: Tensor | float, radius: float = 0.1) -> Tensor:
    """Brightness of large areas times `gain` (above 1: towards white), fine structure times `detail`."""
    level = luma(picture)
    broad = soften(level, radius).clamp(0, 1)
    gain = torch.as_tensor(gain, device=picture.device, dtype=picture.dtype)
    moved = torch.where(gain > 1, 1 - (1 - broad) ** gain, broad * gain)
    target = (moved + (level - broad) * detail).clamp(0, 1)
    ratio = (target + 0.004) / (level + 0.004)
    return torch.where(ratio > 1, target + (picture - level) * ratio.clamp(max=1.8), picture * ratio)


def dim(gain: Range, detail: float = 0.8) -> Grade:
    """Darker as a whole while textures stay legible: low light, not a grey veil."""
    return lambda picture, scene: relight(picture, scene.dice.uniform(*gain), detail)


def lift(gain: Range, detail: float = 0.9) -> Grade:
    """Brighter as a whole while textures stay: high key."""
    return lambda picture, scene: relight(picture, scene.dice.uniform(*gain), detail)


def gamma(power: Range) -> Grade:
    """Power curve: above 1 darkens the middle tones, below 1 opens them."""
    return lambda picture, scene: picture.clamp(min=1e-4) ** scene.dice.uniform(*power)


def contrast(amount: Range, pivot: float | None = None) -> Grade:
    """S-curve (above 1) or flattening (below 1) about the pivot, or about the picture's own middle tone."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        middle = luma(picture).mean((2, 3), keepdim=True) if pivot is None else pivot
        return middle + (picture - middle) * scene.dice.uniform(*amount)

    return run


def crush(low: Range, high: Range = (1.0, 1.0)) -> Grade:
    """New black point and white point."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        black, white = scene.dice.uniform(*low), scene.dice.uniform(*high)
        return (picture - black) / (white - black)

    return run


def matte(lift: Range, top: Range = (0.95, 1.0), colour: Colour = (1, 1, 1)) -> Grade:
    """Lifted blacks and held-back whites, the lift in a colour: faded film."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        floor = scene.dice.uniform(*lift) * picture.new_tensor(colour).view(1, 3, 1, 1)
        return floor + picture * (scene.dice.uniform(*top) - floor)

    return run


def saturate(amount: Range) -> Grade:
    """Colour strength: 0 grey, 1 as is."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        grey = luma(picture)
        return grey + (picture - grey) * scene.dice.uniform(*amount)

    return run


def vibrance(amount: Range) -> Grade:
    """More colour where there is little, so that skin and skies do not burn."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        spread = picture.amax(1, keepdim=True) - picture.amin(1, keepdim=True)
        grey = luma(picture)
        return grey + (picture - grey) * (1 + scene.dice.uniform(*amount) * (1 - spread))

    return run


def gains(low: Colour, high: Colour) -> Grade:
    """White balance as channel gains, drawn between two settings."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        a, b = picture.new_tensor(low).view(1, 3, 1, 1), picture.new_tensor(high).view(1, 3, 1, 1)
        return picture * torch.lerp(a, b, scene.dice.uniform(0, 1))

    return run


def tone(shadows: Sequence[Colour], lights: Sequence[Colour], amount: Range) -> Grade:
    """Split toning: brightness mapped from a shadow to a highlight colour, mixed in; colours at mid brightness."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        level = luma(picture)
        dark, bright = scene.dice.colour(shadows), scene.dice.colour(lights)
        hue = torch.lerp(dark, bright, smoothstep(0.1, 0.85, level))
        hue = hue / luma(hue).clamp(min=0.05)
        return torch.lerp(picture, level * hue, scene.dice.uniform(*amount))

    return run


def wash(colours: Sequence[Colour], amount: Range) -> Grade:
    """Multiplies by a colour: light through a filter."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        return torch.lerp(picture, picture * scene.dice.colour(colours), scene.dice.uniform(*amount))

    return run


def veil(colours: Sequence[Colour], amount: Range) -> Grade:
    """An even veil of a colour over everything."""
    return lambda picture, scene: torch.lerp(picture, scene.dice.colour(colours), scene.dice.uniform(*amount))


def focus_point(scene: Scene) -> tuple[Tensor, Tensor]:
    """Centre of the subject `[B,1,1,1]`, held towards the middle of the picture."""
    mass = (scene.subject + 0.05) ** 2
    total = mass.sum((2, 3), keepdim=True)
    x = (mass * scene.x).sum((2, 3), keepdim=True) / total
    y = (mass * scene.y).sum((2, 3), keepdim=True) / total
    return 0.7 * x + 0.15 * scene.width, 0.7 * y + 0.15 * scene.height


def from_focus(scene: Scene) -> Tensor:
    """Distance from the subject: 0 there, about 1 in the corners."""
    x, y = focus_point(scene)
    return torch.hypot((scene.x - x) / scene.width, (scene.y - y) / scene.height) / 0.68


def vignette(amount: Range, inner: float = 0.3, colours: Sequence[Colour] = ((0, 0, 0),)) -> Grade:
    """Edges towards a colour, around the subject."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        mask = smoothstep(inner, 1.05, from_focus(scene)) * scene.dice.uniform(*amount)
        return torch.lerp(picture, scene.dice.colour(colours), mask)

    return run


def soft_glow(amount: Range, radius: float = 0.05) -> Grade:
    """Orton effect: a blurred copy in screen mode, mixed in."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        blurred = soften(picture, radius).clamp(0, 1)
        return torch.lerp(picture, 1 - (1 - picture) * (1 - blurred * 0.75), scene.dice.uniform(*amount))

    return run


def bloom(amount: Range, threshold: float = 0.65, colour: Colour = (1, 1, 1)) -> Grade:
    """Highlights bleed."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        bright = (picture - threshold).clamp(min=0) / (1 - threshold) * picture.new_tensor(colour).view(1, 3, 1, 1)
        light = (soften(bright, 0.06) + soften(bright, 0.2)).clamp(0, 1) * scene.dice.uniform(*amount)
        return 1 - (1 - picture) * (1 - light.clamp(0, 1))

    return run


def clarity(amount: Range, radius: float = 0.08) -> Grade:
    """Local contrast: gritty above 0, dreamy below."""
    return lambda picture, scene: picture + (picture - soften(picture, radius)) * scene.dice.uniform(*amount)


def blur(radius: float, keep_subject: float = 0.8) -> Grade:
    """Out of focus, the subject less."""
    return lambda picture, scene: torch.lerp(soften(picture, radius), picture, keep_subject * scene.subject)


def candy(amount: Range) -> Grade:
    """Bright, clean, cheerful colour: open shadows, strong clear hues."""

    def run(picture: Tensor, scene: Scene) -> Tensor:
        k = scene.dice.uniform(*amount)
        opened = picture.clamp(min=1e-4) ** (1 - 0.35 * k)
        grey = luma(opened)
        return grey + (opened - grey) * (1 + 0.9 * k)

    return run
