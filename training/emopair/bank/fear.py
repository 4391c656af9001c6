"""Fear: darkness, fog, moonlight, looming shapes."""

from functools import partial

from ..procedural.damage import film_damage, shadow_hands, slashes
from ..procedural.eerie import bats, branches, eyes, figures, web, wisps
from ..procedural.energy import lightning
from ..procedural.grade import clarity, contrast, dim, saturate, tone, vignette
from ..procedural.heavens import moon
from ..procedural.light import torch_beam
from ..procedural.sky import cloudy, night
from ..procedural.weather import flash, fog, ground_mist, rain
from ..recipe import instruct

say = partial(instruct, "fear", aim=(0.54, 0.62), strength=(0.6, 1.2))
DARK = night(
    (0.22, 0.34), ((0.3, 0.42, 0.6), (0.25, 0.42, 0.5)), ((0.01, 0.015, 0.03),), ((0.07, 0.11, 0.17), (0.05, 0.1, 0.13))
)
BLACK_CLOUDS = cloudy(((0.01, 0.015, 0.03),), ((0.2, 0.26, 0.36), (0.16, 0.24, 0.28)), (0.85, 1.0), (0.28, 0.4))
COLD = (
    saturate((0.25, 0.5)),
    tone(((0.05, 0.12, 0.2), (0.05, 0.16, 0.18)), ((0.6, 0.75, 0.85), (0.55, 0.78, 0.75)), (0.6, 0.85)),
)
DIM = (0.35, 0.42, 0.48)
COVE = vignette((0.75, 0.95), 0.2)

INSTRUCTIONS = (
    say("moonlit-fog", ("make it a foggy night under the moon", "sink it in moonlit fog", "turn it into a dark and foggy night"), (*COLD, DARK, fog((DIM,), (0.25, 0.4), 0.05, 0.7), COVE), (moon((0.05, 0.09), ((0.85, 0.92, 1.0),), 0.5), ground_mist((DIM,), (0.4, 0.6)))),
    say("flashlight", ("leave only a flashlight beam in the dark", "hide everything in darkness but the centre", "light it with a weak torch in the dark"), (*COLD, contrast((1.1, 1.3)), torch_beam()), (ground_mist(((0.2, 0.26, 0.3),), (0.2, 0.4)),)),
    say("thunderstorm", ("bring a terrifying thunderstorm at night", "strike lightning from black clouds", "make a menacing storm"), (*COLD, DARK, BLACK_CLOUDS), (flash((0.3, 0.5)), lightning(((0.75, 0.82, 1.0),), 2), rain((0.2, 0.35)))),
    say("bare-branches", ("let bare branches reach in like hands", "surround it with twisted dead trees", "add crooked black branches in the mist"), (*COLD, DARK, fog((DIM, (0.3, 0.42, 0.42)), (0.3, 0.45), 0.1, 0.5)), (branches(8), ground_mist((DIM,), (0.3, 0.5)))),
    say("eyes", ("let eyes glow in the dark", "add pairs of watching eyes", "make something stare out of the darkness"), (*COLD, DARK, COVE), (ground_mist(((0.18, 0.24, 0.26),), (0.25, 0.4)), eyes(((1.0, 0.85, 0.15), (0.95, 0.3, 0.05), (0.8, 1.0, 0.4))))),
    say("dense-fog", ("swallow it in dense cold fog", "let thick fog close in", "make it lost in creepy fog"), (*COLD, dim((0.34, 0.46)), fog(((0.42, 0.5, 0.52), (0.36, 0.45, 0.5)), (0.75, 0.95), 0.25, 0.6), COVE), (figures((0.35, 0.6), (0.1, 0.13, 0.15)),)),
    say("cobwebs", ("cover it with cobwebs in the dark", "add spider webs and gloom", "make it an abandoned haunted place"), (*COLD, DARK, COVE), (web((0.6, 0.85)), web((0.35, 0.5), reach=(0.35, 0.5)), ground_mist((DIM,), (0.25, 0.4)))),
    say("blood-moon", ("raise a blood moon in a black sky", "put a red moon over the dark", "make an ominous red moon night"), (*COLD, DARK, BLACK_CLOUDS, COVE), (moon((0.11, 0.17), ((0.85, 0.16, 0.08), (0.8, 0.25, 0.12)), 0.6), bats(chance=0.4), ground_mist(((0.22, 0.2, 0.24),), (0.25, 0.4)))),
    say("bats", ("let bats swarm at night", "add a swarm of bats before the moon", "fill the night sky with bats"), (*COLD, DARK), (moon((0.1, 0.15), ((0.9, 0.95, 0.9),), 0.6), bats(chance=0.75), ground_mist((DIM,), (0.25, 0.45)))),
    say("figures", ("let dark figures stand in the fog", "add shadowy strangers watching", "put silhouettes in the mist"), (*COLD, dim((0.36, 0.48)), fog(((0.36, 0.44, 0.5),), (0.65, 0.85), 0.1, 0.4), COVE), (figures(), ground_mist(((0.22, 0.28, 0.32),), (0.3, 0.5)))),
    say("creeping-dark", ("let darkness creep in from the edges", "let black tendrils close in", "make shadows crawl over it"), (*COLD, dim((0.36, 0.48)), contrast((1.1, 1.3)), clarity((0.2, 0.4))), (shadow_hands(), ground_mist(((0.2, 0.25, 0.3),), (0.2, 0.4)))),
    say("ghosts", ("add pale ghosts", "let ghosts drift through the night", "haunt it with spirits"), (*COLD, DARK, COVE), (ground_mist(((0.45, 0.55, 0.62),), (0.35, 0.5)), wisps((0.6, 0.85)))),
    say("found-footage", ("make it look like found horror footage", "give it a cold horror film look with scratches", "make it a nightmare on old film"), (saturate((0.0, 0.2)), contrast((1.2, 1.45)), tone(((0.04, 0.1, 0.12),), ((0.62, 0.78, 0.76),), (0.6, 0.85)), dim((0.34, 0.46)), vignette((0.85, 1.0), 0.1)), (film_damage((0.35, 0.6)), slashes(((0.02, 0.02, 0.03),), 1), eyes(((0.9, 0.95, 0.95),), chance=0.2))),
)  # fmt: skip
