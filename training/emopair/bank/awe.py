"""Awe: vast and luminous: auroras, galaxies, shafts of light, towering skies."""

from functools import partial

from ..procedural.festive import twinkles
from ..procedural.grade import bloom, clarity, contrast, dim, gains, saturate, tone, vibrance
from ..procedural.heavens import aurora, meteors, milky_way, moon, nebula, planet, rainbow, stars, sun
from ..procedural.light import god_rays, rim_light
from ..procedural.sky import cloudy, gradient_sky, night
from ..procedural.weather import cloud_sea, fog, ground_mist, haze_glow, snow, snow_cover
from ..recipe import instruct

say = partial(instruct, "awe", aim=(0.56, 0.69))
STARRY = night(
    (0.5, 0.68),
    ((0.35, 0.45, 0.85), (0.3, 0.5, 0.8)),
    ((0.03, 0.05, 0.2), (0.05, 0.04, 0.24)),
    ((0.1, 0.22, 0.5), (0.28, 0.2, 0.55)),
)
GREEN, VIOLET = ((0.15, 1.0, 0.55), (0.3, 1.0, 0.8)), ((0.6, 0.25, 1.0), (0.95, 0.3, 0.8))
GRAND = (contrast((1.1, 1.25)), clarity((0.2, 0.4)), vibrance((0.2, 0.5)))

INSTRUCTIONS = (
    say(
        "aurora",
        ("add northern lights to the sky", "let an aurora dance above", "light the sky with green and violet aurora"),
        (STARRY,),
        (stars((0.5, 0.8)), aurora(GREEN, VIOLET)),
    ),
    say(
        "milky-way",
        ("put the milky way above it", "make it a night under the galaxy", "fill the sky with stars and the milky way"),
        (STARRY,),
        (stars(), milky_way(), ground_mist(((0.4, 0.5, 0.8),), (0.15, 0.3), 0.7)),
    ),
    say(
        "god-rays",
        ("let shafts of light break through", "add god rays from heaven", "make sunbeams pour down", "add heavenly light"),
        (*GRAND, cloudy(((0.3, 0.33, 0.42), (0.4, 0.38, 0.42)), ((1.0, 0.9, 0.72), (1.0, 0.95, 0.85)), (0.75, 0.95), (0.3, 0.42)), dim((0.55, 0.72), 0.9), haze_glow(((1.0, 0.88, 0.65),), (0.1, 0.25))),
        (god_rays(((1.0, 0.9, 0.65), (1.0, 0.95, 0.82)), (0.75, 1.0)),),
    ),
    say(
        "rainbow",
        ("add a great double rainbow", "span a rainbow over the scene after the storm", "put a bright rainbow in the sky"),
        (*GRAND, cloudy(((0.25, 0.32, 0.5), (0.32, 0.36, 0.5)), ((0.7, 0.8, 0.98), (1.0, 0.92, 0.85)), (0.8, 0.95), (0.25, 0.4)), dim((0.7, 0.9), 0.95)),
        (rainbow((0.65, 0.9)), god_rays(((1.0, 0.92, 0.75),), (0.25, 0.45))),
    ),
    say(
        "giant-moon",
        ("let a giant moon rise", "put an enormous full moon in the sky", "add a huge luminous moon"),
        (night((0.5, 0.68), ((0.4, 0.5, 0.85),), ((0.05, 0.09, 0.3),), ((0.3, 0.4, 0.75), (0.45, 0.4, 0.7))),),
        (stars((0.5, 0.8)), moon((0.2, 0.3), ((1.0, 0.95, 0.82), (0.9, 0.95, 1.0)), 0.6), ground_mist(((0.5, 0.6, 0.9),), (0.2, 0.35), 0.6)),
    ),
    say(
        "epic-sunset",
        ("give it an epic sunset with towering clouds", "light huge clouds in gold and rose", "make a magnificent sunset sky"),
        (*GRAND, gradient_sky(((0.16, 0.24, 0.55), (0.3, 0.2, 0.55)), ((1.0, 0.66, 0.3), (1.0, 0.55, 0.5)), (0.85, 1.0)),
         cloudy(((0.35, 0.2, 0.42), (0.28, 0.22, 0.45)), ((1.0, 0.75, 0.42), (1.0, 0.6, 0.5)), (0.8, 0.95), (0.36, 0.46)),
         tone(((0.2, 0.22, 0.5),), ((1.0, 0.78, 0.52),), (0.35, 0.55)), dim((0.6, 0.8), 0.9)),
        (god_rays(((1.0, 0.72, 0.4),), (0.35, 0.6)),),
    ),
    say(
        "sunrise",
        ("let the sun rise over the horizon", "add a majestic sunrise", "put a radiant sun star low in the sky"),
        (*GRAND, gradient_sky(((0.2, 0.42, 0.75), (0.3, 0.4, 0.7)), ((1.0, 0.82, 0.5), (1.0, 0.72, 0.45)), (0.75, 0.95)), tone(((0.12, 0.25, 0.45),), ((1.0, 0.82, 0.55),), (0.4, 0.6)), dim((0.6, 0.8), 0.9)),
        (sun(((1.0, 0.8, 0.45), (1.0, 0.7, 0.4)), ((0.2, 0.8), (0.65, 0.95)), star=0.9), ground_mist(((1.0, 0.85, 0.7),), (0.3, 0.5), 0.55)),
    ),
    say(
        "nebula",
        ("turn the sky into a cosmic nebula", "add glowing clouds of space", "put deep space with nebulae above it"),
        (STARRY,),
        (nebula((((0.25, 0.4, 1.0), (0.8, 0.2, 0.9)), ((0.1, 0.7, 0.9), (0.5, 0.25, 1.0)))), stars(coloured=False)),
    ),
    say(
        "sea-of-clouds",
        ("lay a sea of clouds below", "raise it above the clouds", "let it float over a sea of clouds"),
        (*GRAND, gradient_sky(((0.15, 0.38, 0.8), (0.2, 0.35, 0.7)), ((0.75, 0.88, 1.0), (1.0, 0.85, 0.75)), (0.7, 0.9)), dim((0.75, 0.95), 0.95)),
        (cloud_sea(((0.95, 0.96, 1.0), (1.0, 0.9, 0.82))), god_rays(((1.0, 0.95, 0.85),), (0.4, 0.6))),
    ),
    say(
        "pristine-snow",
        ("cover it in pristine glittering snow", "make it a majestic winter world", "turn it into snowy high mountains light"),
        (snow_cover((0.75, 0.95)), gradient_sky(((0.1, 0.32, 0.75),), ((0.65, 0.85, 1.0),), (0.7, 0.9)), contrast((1.1, 1.25)), gains((0.93, 1.0, 1.1), (0.97, 1.0, 1.06))),
        (twinkles(((1, 1, 1), (0.8, 0.9, 1.0)), chance=0.3), snow((0.35, 0.5), 0.3), god_rays(((0.9, 0.95, 1.0),), (0.4, 0.6))),
    ),
    say(
        "ringed-planet",
        ("put a giant ringed planet in the sky", "let another world rise above", "add planets to a twilight sky"),
        (night((0.55, 0.75), ((0.5, 0.45, 0.8), (0.35, 0.5, 0.75)), ((0.05, 0.07, 0.25),), ((0.55, 0.35, 0.6), (0.25, 0.45, 0.65))),),
        (stars((0.5, 0.8)), planet((0.17, 0.25), ((0.95, 0.75, 0.55), (0.6, 0.75, 0.95))), ground_mist(((0.5, 0.45, 0.8),), (0.15, 0.3), 0.65)),
    ),
    say(
        "meteor-shower",
        ("add a meteor shower", "let shooting stars fall", "make stars rain from a deep blue sky"),
        (STARRY,),
        (stars(), meteors(5), ground_mist(((0.3, 0.45, 0.8),), (0.15, 0.3), 0.7)),
    ),
    say(
        "radiance",
        ("surround it with heavenly radiance", "make it glow with sacred light", "let it shine like something holy"),
        (tone(((0.16, 0.2, 0.42), (0.3, 0.22, 0.35)), ((1.0, 0.9, 0.62),), (0.4, 0.6)), dim((0.5, 0.68), 0.9), bloom((0.4, 0.7), 0.5, (1.0, 0.92, 0.7)), saturate((0.9, 1.1)),
         fog(((1.0, 0.9, 0.7),), (0.15, 0.3), 0.0)),
        (god_rays(((1.0, 0.92, 0.7),), (0.7, 0.95), 18.0), rim_light(((1.0, 0.9, 0.6), (1.0, 0.96, 0.8)), (0.5, 0.8)), twinkles(((1.0, 0.95, 0.75),), chance=0.25)),
    ),
)  # fmt: skip
