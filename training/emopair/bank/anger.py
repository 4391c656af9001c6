"""Anger: fire, glowing red, harsh contrast, smoke and broken things."""

from functools import partial

from ..procedural.damage import burnt_edges, lava, shatter, slashes
from ..procedural.eerie import branches
from ..procedural.energy import embers, explosion, flames, lightning, smoke
from ..procedural.grade import clarity, contrast, crush, dim, saturate, tone, vignette, wash
from ..procedural.light import rim_light, side_light
from ..procedural.sky import cloudy, gradient_sky
from ..procedural.weather import ash, dust
from ..recipe import instruct

say = partial(instruct, "anger", aim=(0.55, 0.67))
RED = ((1.0, 0.2, 0.06), (1.0, 0.32, 0.1))
FURY = (
    contrast((1.15, 1.35)),
    clarity((0.25, 0.55)),
    tone(((0.35, 0.03, 0.02), (0.25, 0.04, 0.05)), ((1.0, 0.42, 0.2), (1.0, 0.55, 0.3)), (0.65, 0.9)),
    dim((0.5, 0.68), 0.9),
)
RED_CLOUDS = cloudy(
    ((0.1, 0.02, 0.02), (0.18, 0.03, 0.02)), ((0.85, 0.16, 0.06), (0.95, 0.3, 0.1)), (0.9, 1.0), (0.28, 0.4)
)

INSTRUCTIONS = (
    say("flames", ("set it on fire", "let flames rise from the ground", "make everything burn", "add a raging fire"), FURY, (flames(), embers())),
    say(
        "embers",
        ("fill the air with glowing embers and smoke", "make it smoulder with sparks", "add hot embers"),
        (*FURY, vignette((0.5, 0.75), colours=((0.1, 0.0, 0.0),))),
        (smoke(((0.16, 0.08, 0.07),), (0.6, 0.8), lit=(0.9, 0.25, 0.05)), embers(chance=0.7), side_light(RED, (0.3, 0.5))),
    ),
    say(
        "red-storm",
        ("turn the sky blood red with furious clouds", "make a raging red sky", "add angry crimson storm clouds"),
        (*FURY, RED_CLOUDS),
        (embers((0.07, 0.1), 0.3),),
    ),
    say(
        "lava",
        ("crack the ground open with lava", "let lava glow in fissures", "make the earth burst with molten rock"),
        (*FURY, RED_CLOUDS),
        (lava(), embers((0.07, 0.09), 0.4)),
    ),
    say(
        "explosion",
        ("put an explosion behind it", "let it blow up", "add a violent fireball"),
        FURY,
        (explosion(), embers(chance=0.5, rise=0.0)),
    ),
    say(
        "red-light",
        ("flood it with harsh red light", "make it see red", "give it a burning red glare and hard shadows"),
        (contrast((1.3, 1.6)), clarity((0.3, 0.6)), saturate((0.5, 0.8)), wash(((1.0, 0.14, 0.08), (1.0, 0.22, 0.08)), (0.75, 0.95)), vignette((0.6, 0.85))),
        (rim_light(((1.0, 0.25, 0.05), (1.0, 0.6, 0.2)), (0.5, 0.8)), embers((0.07, 0.1), 0.25)),
    ),
    say(
        "red-lightning",
        ("strike it with red lightning", "add furious lightning in a red sky", "make a violent thunderstorm of rage"),
        (*FURY, RED_CLOUDS),
        (lightning(((1.0, 0.35, 0.25), (1.0, 0.55, 0.35)), 2, thick=1.2),),
    ),
    say(
        "claws",
        ("slash it with burning claw marks", "tear it with fiery scratches", "rip the picture apart in rage"),
        (*FURY, vignette((0.5, 0.8), colours=((0.2, 0.0, 0.0),))),
        (slashes(((0.3, 0.0, 0.0), (0.12, 0.0, 0.0)), 2, burning=0.9), embers((0.07, 0.1), 0.3)),
    ),
    say(
        "burning-edges",
        ("burn the picture from its edges", "let the edges catch fire", "scorch it"),
        FURY,
        (burnt_edges(), embers((0.05, 0.07), 0.5, rise=0.2)),
    ),
    say(
        "broken-glass",
        ("smash it like glass in red light", "shatter the picture with a blow", "add broken glass and fury"),
        (*FURY, wash(((1.0, 0.3, 0.2),), (0.3, 0.6))),
        (shatter(colour=(1.0, 0.75, 0.65)), side_light(RED, (0.3, 0.5))),
    ),
    say(
        "smoke-and-fire",
        ("cover it with black smoke over a fire", "make it a riot at night", "add burning smoke like a battlefield"),
        (*FURY, gradient_sky(((0.12, 0.03, 0.02),), ((0.9, 0.3, 0.08), (0.7, 0.15, 0.05)), (0.8, 0.95))),
        (flames((0.25, 0.4)), smoke(((0.06, 0.04, 0.04), (0.12, 0.07, 0.06)), (0.75, 0.95), lit=(1.0, 0.3, 0.05)), ash((0.5, 0.8))),
    ),
    say(
        "volcano",
        ("make it a volcanic eruption", "rain ash and fire", "turn it into a volcano's night"),
        (*FURY, RED_CLOUDS, dust(((0.4, 0.13, 0.06), (0.3, 0.08, 0.05)), (0.35, 0.6))),
        (ash((0.6, 0.9)), embers(chance=0.6, rise=0.0), flames((0.18, 0.3), tongue=9.0)),
    ),
    say(
        "thorns",
        ("surround it with scorched black branches in red light", "add burnt branches and a red glow", "make it hostile and burnt"),
        (*FURY, gradient_sky(((0.45, 0.04, 0.02),), ((1.0, 0.4, 0.12),), (0.7, 0.9)), crush((0.0, 0.06))),
        (branches(5, colour=(0.04, 0.005, 0.0)), embers(chance=0.5)),
    ),
)  # fmt: skip
