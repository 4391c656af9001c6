"""Contentment: warm soft light, gentle haze, flowers, quiet pastel."""

from functools import partial

from ..procedural.creatures import butterflies
from ..procedural.festive import string_lights
from ..procedural.grade import blur, contrast, dim, gains, lift, matte, saturate, soft_glow, tone, veil, vignette
from ..procedural.heavens import sun
from ..procedural.light import bokeh, dappled, god_rays, side_light, window_light
from ..procedural.particles import falling_petals, flowers, seeds
from ..procedural.sky import cloudy, gradient_sky
from ..procedural.weather import haze_glow
from ..recipe import instruct

say = partial(instruct, "contentment", aim=(0.6, 0.74))
WARM = ((1.0, 0.84, 0.56), (1.0, 0.88, 0.68))
CALM = (
    contrast((0.82, 0.92)),
    saturate((1.0, 1.18)),
    tone(((0.46, 0.40, 0.36), (0.42, 0.42, 0.36)), ((1.0, 0.9, 0.7), (1.0, 0.92, 0.76)), (0.2, 0.35)),
    gains((1.05, 1.0, 0.9), (1.09, 1.01, 0.87)),
    lift((1.2, 1.55)),
    soft_glow((0.25, 0.45)),
    matte((0.02, 0.06), (0.97, 1.0), (1.0, 0.88, 0.74)),
)
MILD_SKY = gradient_sky(((0.68, 0.82, 0.92), (0.8, 0.85, 0.9)), ((1.0, 0.92, 0.78), (1.0, 0.9, 0.84)), (0.5, 0.75))

INSTRUCTIONS = (
    say(
        "golden-hour",
        ("bathe it in soft golden hour light", "add warm evening sun", "make it glow in late afternoon light"),
        (*CALM, haze_glow(WARM, (0.4, 0.65))),
        (sun(((1.0, 0.8, 0.5),), ((0.1, 0.9), (0.3, 0.8)), (0.03, 0.045), star=0.15), side_light(WARM, (0.3, 0.5))),
    ),
    say(
        "wildflowers",
        ("let wildflowers grow on the ground", "plant a meadow of gentle flowers", "cover the ground with daisies"),
        (*CALM, MILD_SKY),
        (flowers(((1.0, 0.97, 0.92), (1.0, 0.85, 0.88), (0.93, 0.88, 1.0), (1.0, 0.93, 0.7))),),
    ),
    say(
        "pastel-haze",
        ("wrap it in a soft pastel haze", "make it pale, soft and calm", "give it a gentle milky morning light"),
        (*CALM, MILD_SKY, haze_glow(((1.0, 0.86, 0.8), (0.88, 0.88, 0.98)), (0.4, 0.6)), veil(((1.0, 0.9, 0.88), (0.9, 0.9, 0.98)), (0.1, 0.2))),
        (side_light(((1.0, 0.92, 0.8),), (0.3, 0.5)),),
        strength=(0.6, 1.5),
    ),
    say(
        "dappled-light",
        ("let sunlight fall through leaves", "add dappled shade of a summer tree", "make it rest in leafy light"),
        (saturate((0.8, 0.95)), tone(((0.4, 0.42, 0.3),), ((1.0, 0.92, 0.68),), (0.35, 0.55)), dappled((0.45, 0.62)), soft_glow((0.3, 0.5)), gains((1.06, 1.02, 0.9), (1.1, 1.03, 0.86))),
        (seeds(chance=0.3),),
    ),
    say(
        "fairy-lights",
        ("hang warm fairy lights", "add a cosy string of lights", "decorate it with soft warm bulbs"),
        (*CALM, dim((0.6, 0.75), 0.85), gains((1.06, 1.0, 0.86), (1.1, 1.0, 0.82))),
        (string_lights(((1.0, 0.78, 0.42), (1.0, 0.85, 0.55)), 3, low=0.4), bokeh(WARM, chance=0.25, amount=(0.3, 0.5))),
    ),
    say(
        "blossom",
        ("let cherry blossom petals drift by", "add falling blossom", "make spring petals float in the air"),
        (*CALM, MILD_SKY, gains((1.04, 0.98, 0.99), (1.08, 0.99, 0.98))),
        (falling_petals(((1.0, 0.8, 0.86), (1.0, 0.9, 0.92), (0.98, 0.72, 0.8)), chance=0.5),),
    ),
    say(
        "golden-bokeh",
        ("blur the background into warm golden light", "add soft golden bokeh", "make the background melt into warm lights"),
        (*CALM, blur(0.02, 1.0), gains((1.08, 1.0, 0.86), (1.12, 1.02, 0.82))),
        (bokeh(((1.0, 0.84, 0.5), (1.0, 0.92, 0.7), (0.98, 0.76, 0.48)), amount=(0.5, 0.75)), side_light(WARM, (0.25, 0.4))),
    ),
    say(
        "white-butterflies",
        ("add a few gentle butterflies", "let pale butterflies rest around", "make it a quiet garden with butterflies"),
        (*CALM, MILD_SKY),
        (butterflies(((1.0, 0.97, 0.85), (1.0, 0.88, 0.55), (0.85, 0.9, 1.0)), chance=0.4), side_light(WARM, (0.2, 0.4))),
    ),
    say(
        "soft-clouds",
        ("give it a mild sky with soft white clouds", "add fluffy summer clouds", "make the weather fair and gentle"),
        (*CALM, gradient_sky(((0.5, 0.74, 0.92), (0.6, 0.78, 0.92)), ((0.9, 0.94, 0.95), (1.0, 0.94, 0.86)), (0.8, 0.95)),
         cloudy(((0.82, 0.85, 0.9),), ((1.0, 0.99, 0.96),), (0.85, 1.0), (0.4, 0.5))),
        (side_light(WARM, (0.3, 0.5)),),
    ),
    say(
        "drifting-seeds",
        ("let dandelion seeds drift in the sun", "fill the warm air with floating seeds", "add motes of dust in warm backlight"),
        (*CALM, gains((1.06, 1.0, 0.88), (1.12, 1.02, 0.84)), haze_glow(WARM, (0.3, 0.5))),
        (god_rays(WARM, (0.35, 0.55), 9.0), seeds(pitch=(0.08, 0.12), chance=0.7)),
    ),
    say(
        "window-light",
        ("let warm window light fall on it", "add the light of a sunny room", "make afternoon sun fall through a window"),
        (saturate((0.75, 0.9)), tone(((0.45, 0.36, 0.3),), ((1.0, 0.88, 0.65),), (0.4, 0.6)), window_light(), soft_glow((0.3, 0.5)), gains((1.08, 1.0, 0.88), (1.12, 1.0, 0.84))),
        (seeds(pitch=(0.1, 0.14), chance=0.35),),
    ),
    say(
        "dreamy-peach",
        ("give it a dreamy peach glow", "make it soft, warm and tender", "wrap it in cosy warm light"),
        (*CALM, soft_glow((0.4, 0.6), 0.08), vignette((0.35, 0.6), 0.25, ((1.0, 0.86, 0.72), (1.0, 0.9, 0.8)))),
        (side_light(((1.0, 0.75, 0.55),), (0.35, 0.55)), bokeh(WARM, chance=0.2, amount=(0.3, 0.45))),
    ),
    say(
        "lavender-dusk",
        ("give it a calm lavender dusk", "make a quiet evening with a pink and lilac sky", "let the day end softly"),
        (*CALM, gradient_sky(((0.72, 0.7, 0.88), (0.66, 0.72, 0.88)), ((1.0, 0.82, 0.72), (1.0, 0.84, 0.66)), (0.8, 0.95)), haze_glow(((1.0, 0.86, 0.78),), (0.3, 0.5)), dim((0.75, 0.9), 0.85)),
        (flowers(((0.86, 0.78, 1.0), (1.0, 0.88, 0.92)), chance=0.5), side_light(((1.0, 0.8, 0.65),), (0.25, 0.45))),
    ),
)  # fmt: skip
