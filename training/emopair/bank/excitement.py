"""Excitement: night lights, neon, fireworks, speed, powder: vivid and loud."""

from functools import partial

from ..procedural.cells import Colour
from ..procedural.energy import fireworks, fountains, lightning, sparks
from ..procedural.festive import twinkles
from ..procedural.grade import bloom, contrast, dim, saturate, tone, vibrance, vignette
from ..procedural.light import bokeh, lamps, leak, rim_light, spotlights
from ..procedural.motion import floor_grid, lasers, light_trails, neon_edges, powder, speed_lines, sweep, zoom
from ..procedural.particles import confetti
from ..procedural.sky import gradient_sky, night
from ..recipe import instruct

say = partial(instruct, "excitement", aim=(0.55, 0.68))
NEON: tuple[Colour, ...] = ((1.0, 0.1, 0.65), (0.1, 0.85, 1.0), (0.75, 0.2, 1.0), (1.0, 0.75, 0.1))
CLUB: tuple[Colour, ...] = ((1.0, 0.1, 0.7), (0.55, 0.2, 1.0), (0.05, 0.8, 1.0))
HOLI: tuple[Colour, ...] = (
    (1.0, 0.1, 0.5),
    (1.0, 0.75, 0.0),
    (0.1, 0.75, 1.0),
    (0.2, 0.9, 0.3),
    (0.7, 0.15, 1.0),
    (1.0, 0.4, 0.0),
)
DUSK = night(
    (0.6, 0.8), ((0.5, 0.25, 0.8), (0.3, 0.3, 0.9)), ((0.05, 0.02, 0.2),), ((0.5, 0.08, 0.45), (0.15, 0.1, 0.5))
)
VIVID = (
    contrast((1.1, 1.3)),
    vibrance((0.5, 0.9)),
    tone(((0.25, 0.05, 0.6), (0.05, 0.15, 0.65)), ((1.0, 0.6, 0.85), (0.6, 0.9, 1.0)), (0.35, 0.55)),
    dim((0.5, 0.7), 0.9),
)

INSTRUCTIONS = (
    say("fireworks", ("fill the sky with fireworks", "add exploding fireworks", "celebrate with a firework show"), (DUSK, vibrance((0.3, 0.6))), (fireworks(((1.0, 0.25, 0.45), (1.0, 0.8, 0.25), (0.3, 0.8, 1.0), (0.8, 0.4, 1.0), (0.4, 1.0, 0.5)), 5), lamps(NEON, (0.4, 0.7)))),
    say("neon", ("outline everything in neon", "turn it into glowing neon", "make it electric with neon lights"), (*VIVID, dim((0.6, 0.8), 0.9)), (neon_edges(NEON), leak(CLUB, (0.25, 0.4)))),
    say("light-trails", ("add racing light trails", "let streaks of light rush through", "make it fast with long exposure lights"), (DUSK,), (light_trails(((1.0, 0.2, 0.3), (1.0, 0.8, 0.3), (0.2, 0.8, 1.0), (1.0, 0.3, 0.9)), 8), leak(CLUB, (0.2, 0.35)))),
    say("concert", ("light it like a live concert", "add stage spotlights in bright colours", "put it on stage at a rock show"), (*VIVID, dim((0.6, 0.8), 0.9)), (spotlights(NEON, 5), sparks(NEON, chance=0.25))),
    say("colour-powder", ("throw explosions of colour powder", "burst holi powder around it", "add clouds of vivid colour"), (contrast((1.1, 1.25)), saturate((1.2, 1.5)), dim((0.75, 0.95), 0.95)), (powder(HOLI, 5), sparks(HOLI, chance=0.35))),
    say("zoom", ("make it rush forward at high speed", "add a zoom burst of speed", "let it race with motion streaks"), (zoom((0.2, 0.35)), *VIVID), (speed_lines(NEON, (0.65, 0.95)), leak(CLUB, (0.2, 0.35)))),
    say("lasers", ("add a laser show", "shoot laser beams through the air", "light it with club lasers"), (*VIVID, dim((0.6, 0.8), 0.9)), (lasers(((0.2, 1.0, 0.4), (1.0, 0.1, 0.6), (0.1, 0.7, 1.0))), spotlights(CLUB, 2, (0.3, 0.5)))),
    say("party-bokeh", ("add glittering party lights", "make it a wild night out with sparkling lights", "fill it with colourful city lights"), (DUSK,), (bokeh(NEON, (0.15, 0.22), 0.65, (0.65, 0.9)), twinkles(((1, 1, 1), (1.0, 0.8, 0.9)), chance=0.3))),
    say("synthwave", ("give it a synthwave look with a glowing grid", "make it a retro neon arcade world", "turn it into an 80s laser grid"), (gradient_sky(((0.1, 0.02, 0.35), (0.2, 0.02, 0.4)), ((1.0, 0.25, 0.55), (1.0, 0.5, 0.25)), (0.85, 1.0)), *VIVID), (floor_grid(((0.1, 0.95, 1.0), (1.0, 0.15, 0.8))), neon_edges(CLUB, (0.45, 0.7)))),
    say("pyro", ("add fountains of sparks", "light stage pyrotechnics", "shoot up jets of golden sparks"), (DUSK,), (fountains(((1.0, 0.82, 0.35), (1.0, 0.6, 0.8), (0.5, 0.85, 1.0)), 3), sparks(((1.0, 0.85, 0.4), (1, 1, 1)), chance=0.4))),
    say("electric", ("charge it with electricity", "surround it with electric arcs", "make it crackle with energy"), (*VIVID, dim((0.6, 0.8), 0.9)), (lightning(((0.2, 0.75, 1.0), (0.9, 0.3, 1.0)), 3, thick=1.2), rim_light(CLUB, (0.7, 1.0)), sparks(CLUB, chance=0.3))),
    say("festival", ("turn it into a festival with confetti cannons", "make the crowd go wild with lights and confetti", "throw a huge party"), (*VIVID, bloom((0.2, 0.4))), (spotlights(NEON, 4, (0.45, 0.65)), confetti((0.05, 0.07), 0.5, ((1.0, 0.2, 0.6), (1.0, 0.9, 0.2), (0.2, 0.9, 1.0), (1, 1, 1))))),
    say("duotone", ("flash it with pink and blue light", "light it with two vivid colours", "make it pop like a music video"), (contrast((1.2, 1.4)), saturate((0.8, 1.1)), vignette((0.3, 0.5), colours=((0.1, 0.0, 0.25),)), dim((0.6, 0.8), 0.95)), (sweep(((1.0, 0.05, 0.55), (0.05, 0.55, 1.0), (1.0, 0.55, 0.0)), (0.55, 0.75)), speed_lines(NEON, (0.3, 0.5)), sparks(NEON, chance=0.3))),
)  # fmt: skip
