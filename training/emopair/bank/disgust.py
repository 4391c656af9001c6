"""Disgust: sickly green and yellow, slime, mould, filth, vermin."""

from functools import partial

from ..procedural.cells import Colour
from ..procedural.creatures import crawlers, flies
from ..procedural.damage import dark_cracks
from ..procedural.eerie import web
from ..procedural.filth import grime, mould, rust, slime, sludge, splats, veins
from ..procedural.grade import clarity, contrast, dim, gains, saturate, tone, vignette, wash
from ..procedural.particles import litter
from ..procedural.sky import gradient_sky
from ..procedural.weather import dust, fog
from ..recipe import instruct

say = partial(instruct, "disgust", aim=(0.56, 0.7))
GREENS: tuple[Colour, ...] = ((0.42, 0.62, 0.08), (0.6, 0.68, 0.12), (0.3, 0.5, 0.1))
MUCK: tuple[Colour, ...] = ((0.42, 0.33, 0.1), (0.3, 0.26, 0.1), (0.5, 0.45, 0.12))
SICK = (
    tone(((0.2, 0.24, 0.06), (0.25, 0.22, 0.06)), ((0.78, 0.82, 0.38), (0.85, 0.78, 0.4)), (0.6, 0.85)),
    contrast((0.85, 1.05)),
    clarity((0.2, 0.4)),
    dim((0.6, 0.8), 0.9),
    gradient_sky(((0.45, 0.46, 0.2), (0.5, 0.45, 0.22)), ((0.66, 0.64, 0.32), (0.6, 0.62, 0.26)), (0.5, 0.8)),
)

INSTRUCTIONS = (
    say("slime", ("let slime drip down", "cover it in green slime", "make disgusting slime run from above"), SICK, (slime(GREENS), grime(MUCK, (0.35, 0.6)))),
    say(
        "mould",
        ("let mould grow over everything", "cover the surfaces with mould and fungus", "make it mouldy and rotten"),
        SICK,
        (grime(((0.5, 0.45, 0.2),), (0.4, 0.6)), mould(((0.2, 0.24, 0.14), (0.28, 0.32, 0.2), (0.16, 0.2, 0.16)))),
    ),
    say(
        "grime",
        ("smear it with dirt and stains", "make it filthy", "cover it in greasy grime"),
        SICK,
        (grime(((0.3, 0.22, 0.08), (0.24, 0.2, 0.08)), (0.85, 1.0), 0.9), grime(MUCK, (0.4, 0.7), 0.3), flies((0.12, 0.16), 0.25)),
    ),
    say(
        "flies",
        ("add a swarm of flies", "let flies cover it", "fill the air with buzzing flies"),
        (*SICK, dust(((0.55, 0.52, 0.22),), (0.2, 0.4))),
        (grime(MUCK, (0.3, 0.55)), flies(chance=0.6), flies((0.16, 0.2), 0.4)),
    ),
    say(
        "rust",
        ("let everything rust and corrode", "make it corroded and decaying", "cover it in rust and filth"),
        (*SICK[:4], rust((0.75, 0.95))),
        (grime(((0.3, 0.25, 0.1),), (0.5, 0.8), 0.9), dark_cracks((5.0, 7.0), (0.4, 0.6))),
    ),
    say(
        "swamp",
        ("turn it into a foul swamp", "make it a murky bog with scum", "drown it in stinking green fog"),
        (*SICK, fog(((0.5, 0.55, 0.2), (0.45, 0.5, 0.16)), (0.5, 0.75), 0.15, 0.7)),
        (sludge(((0.35, 0.42, 0.08), (0.42, 0.4, 0.1))), flies((0.13, 0.17), 0.3)),
    ),
    say(
        "toxic-sludge",
        ("flood the ground with toxic sludge", "add pools of bubbling waste", "pour poisonous slime on the ground"),
        SICK,
        (sludge(((0.5, 0.78, 0.05), (0.62, 0.72, 0.08))), slime(GREENS, columns=8.0, reach=(0.2, 0.35))),
    ),
    say(
        "splatter",
        ("splatter it with muck", "throw slimy yellow gunk at it", "cover it with vomit coloured splats"),
        SICK,
        (splats(((0.62, 0.6, 0.12), (0.45, 0.5, 0.1), (0.5, 0.36, 0.12))), grime(MUCK, (0.3, 0.5))),
    ),
    say(
        "maggots",
        ("let worms and maggots crawl over it", "cover the ground with maggots", "add squirming worms"),
        SICK,
        (grime(MUCK, (0.5, 0.75)), crawlers(((0.88, 0.84, 0.66), (0.8, 0.72, 0.55), (0.72, 0.5, 0.45)), chance=0.65), flies((0.15, 0.2), 0.25)),
    ),
    say(
        "rot",
        ("let it rot with dark veins", "make it diseased and decaying", "spread infected veins and blotches"),
        (*SICK, saturate((0.6, 0.85))),
        (mould(((0.3, 0.24, 0.16), (0.32, 0.3, 0.12)), (0.55, 0.75), (0.48, 0.56)), veins(((0.2, 0.1, 0.12), (0.15, 0.16, 0.05)))),
    ),
    say(
        "garbage",
        ("litter it with garbage", "scatter rubbish on the ground", "make it a dump full of waste"),
        SICK,
        (grime(MUCK, (0.5, 0.8)), litter(), flies((0.11, 0.15), 0.35)),
    ),
    say(
        "smog",
        ("choke it in yellow smog", "fill the air with dirty toxic smoke", "pollute it with brown haze"),
        (*SICK, dust(((0.62, 0.55, 0.22), (0.5, 0.46, 0.2)), (0.6, 0.85)), wash(((0.85, 0.8, 0.45),), (0.4, 0.7))),
        (grime(MUCK, (0.45, 0.7), 0.9), flies((0.13, 0.17), 0.3)),
    ),
    say(
        "vermin",
        ("let beetles and cobwebs take it over", "add crawling bugs and dusty webs", "infest it with insects"),
        (*SICK, vignette((0.3, 0.5), colours=((0.15, 0.14, 0.03),)), gains((1.0, 1.0, 0.8), (1.0, 1.02, 0.75))),
        (web((0.4, 0.6), (0.7, 0.68, 0.5)), grime(MUCK, (0.4, 0.6)), crawlers(((0.12, 0.08, 0.05), (0.2, 0.12, 0.05)), chance=0.6, thick=0.1)),
    ),
)  # fmt: skip
