"""Amusement: daylight, candy colours, toys and party things."""

from functools import partial

from ..procedural.creatures import butterflies
from ..procedural.festive import balloons, big_stars, bunting, lanterns, streamers, string_lights
from ..procedural.grade import bloom, candy, expose, gains, matte, saturate, tone, within
from ..procedural.light import leak
from ..procedural.particles import CANDY, bubbles, confetti, falling_petals, flowers, sprinkles
from ..procedural.sky import cloudy, gradient_sky
from ..recipe import instruct

say = partial(instruct, "amusement", strength=(0.5, 1.15), aim=(0.57, 0.7))
PASTEL = ((1.0, 0.62, 0.78), (1.0, 0.86, 0.5), (0.55, 0.85, 1.0), (0.6, 0.92, 0.7), (0.8, 0.66, 1.0))
BRIGHT = (candy((0.5, 0.8)), gains((1.03, 1.02, 0.97), (1.08, 1.0, 1.02)), bloom((0.15, 0.35)))
TOY_SKY = gradient_sky(((0.3, 0.72, 1.0), (0.45, 0.62, 1.0)), ((1.0, 0.8, 0.9), (1.0, 0.93, 0.7)), (0.5, 0.8))

INSTRUCTIONS = (
    say(
        "confetti",
        ("throw colourful confetti over the scene", "make it rain confetti", "add party confetti everywhere", "fill the air with bits of coloured paper"),
        BRIGHT,
        (confetti(),),
    ),
    say(
        "balloons",
        ("add colourful balloons", "let party balloons float through the picture", "fill the air with bright balloons", "decorate it with balloons"),
        (*BRIGHT, within("backdrop", TOY_SKY)),
        (balloons(),),
    ),
    say(
        "bubbles",
        ("blow soap bubbles through the scene", "add floating soap bubbles", "fill the air with shiny bubbles"),
        (*BRIGHT, matte((0.02, 0.06), colour=(1.0, 0.85, 0.95))),
        (bubbles(), bubbles((0.1, 0.14), 0.4)),
    ),
    say(
        "bunting",
        ("hang colourful bunting across the picture", "decorate it with party flags", "string pennants for a children's party"),
        BRIGHT,
        (bunting(), confetti((0.075, 0.1), 0.35)),
    ),
    say(
        "lanterns",
        ("hang colourful paper lanterns", "add bright round lanterns above", "decorate with festival lanterns"),
        BRIGHT,
        (lanterns(CANDY), string_lights(CANDY, 1, low=0.2)),
    ),
    say(
        "cotton-candy-sky",
        ("turn the sky into cotton candy", "make a pink and mint candy sky", "give it a sugar sweet toy world look"),
        (candy((0.6, 0.9)), cloudy(((0.75, 0.6, 1.0), (0.5, 0.8, 1.0)), ((1.0, 0.72, 0.86), (1.0, 0.86, 0.92)), (0.8, 0.95), (0.25, 0.4)),
         tone(((0.55, 0.35, 0.85), (0.3, 0.5, 0.9)), ((1.0, 0.75, 0.85), (1.0, 0.9, 0.7)), (0.25, 0.4))),
        (confetti((0.09, 0.12), 0.4, PASTEL, "dot"), big_stars(((1.0, 0.9, 0.4), (1.0, 0.6, 0.8)), chance=0.2)),
    ),
    say(
        "hearts",
        ("add playful hearts", "let little hearts float around", "cover it in cute heart stickers"),
        (*BRIGHT, tone(((0.6, 0.3, 0.5),), ((1.0, 0.82, 0.85), (1.0, 0.9, 0.8)), (0.15, 0.3))),
        (confetti((0.1, 0.13), 0.55, ((1.0, 0.2, 0.4), (1.0, 0.45, 0.65), (1.0, 0.7, 0.2)), "heart"),),
    ),
    say(
        "stars",
        ("scatter funny paper stars", "add colourful cartoon stars", "decorate it with bright stars like a toy shop"),
        BRIGHT,
        (confetti((0.1, 0.13), 0.55, CANDY, "star"), big_stars(CANDY, chance=0.25)),
    ),
    say(
        "streamers",
        ("throw paper streamers", "add curly party streamers", "hang colourful ribbons for a carnival"),
        BRIGHT,
        (streamers(), confetti((0.075, 0.1), 0.35)),
    ),
    say(
        "ball-pit",
        ("fill the ground with a colourful ball pit", "scatter bright toy balls on the ground", "cover the floor with candy balls"),
        BRIGHT,
        (sprinkles(pitch=(0.055, 0.08), chance=0.85), bubbles((0.16, 0.22), 0.3)),
    ),
    say(
        "butterflies",
        ("add a swarm of colourful butterflies", "let funny butterflies flutter around", "fill the picture with bright butterflies"),
        (*BRIGHT, saturate((1.1, 1.3))),
        (flowers(CANDY, size=1.25, lobes=5), butterflies(CANDY, chance=0.5)),
    ),
    say(
        "rainbow-party",
        ("make it a rainbow coloured party", "paint it in playful rainbow light", "splash candy colours everywhere"),
        (candy((0.7, 1.0)), expose((0.0, 0.25))),
        (leak(((1.0, 0.35, 0.6), (1.0, 0.85, 0.2), (0.2, 0.8, 1.0)), (0.35, 0.55)), balloons(PASTEL, (0.17, 0.22), 0.4), confetti((0.08, 0.1), 0.45)),
    ),
    say(
        "jelly-beans",
        ("sprinkle sweets over the picture", "let candy fall from the sky", "add a shower of jelly beans"),
        (*BRIGHT, within("backdrop", TOY_SKY)),
        (confetti((0.09, 0.12), 0.55, CANDY, "dot"), falling_petals(CANDY, (0.1, 0.13), 0.3)),
    ),
)  # fmt: skip
