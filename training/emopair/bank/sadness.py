"""Sadness: grey and blue, rain, low light, things faded and fallen."""

from functools import partial

from ..procedural.damage import dark_cracks, film_damage
from ..procedural.grade import blur, contrast, dim, gains, matte, saturate, soft_glow, tone, veil, vignette
from ..procedural.light import side_light
from ..procedural.particles import falling_petals
from ..procedural.sky import cloudy, gradient_sky
from ..procedural.weather import ash, drops_on_glass, fog, ground_mist, rain, snow, wet_ground
from ..recipe import instruct

say = partial(instruct, "sadness")
GREY = ((0.56, 0.61, 0.67), (0.5, 0.55, 0.62))
BLUES = (
    saturate((0.15, 0.4)),
    tone(((0.3, 0.36, 0.46), (0.28, 0.36, 0.5)), ((0.74, 0.8, 0.88), (0.7, 0.78, 0.9)), (0.55, 0.8)),
    contrast((0.6, 0.78)),
    dim((0.55, 0.75), 0.8),
)
LEADEN = cloudy(
    ((0.32, 0.36, 0.42), (0.36, 0.39, 0.44)), ((0.62, 0.66, 0.7), (0.56, 0.6, 0.66)), (0.85, 1.0), (0.2, 0.32)
)
FADED = (saturate((0.1, 0.3)), contrast((0.6, 0.75)), matte((0.12, 0.2), (0.85, 0.95), (0.85, 0.9, 1.0)))

INSTRUCTIONS = (
    say("rain", ("let it rain", "add steady grey rain", "make it a rainy day"), (*BLUES, LEADEN, wet_ground()), (rain((0.5, 0.75)),)),
    say("drizzle", ("wrap it in drizzle and mist", "make it a drizzly grey morning", "let fine rain and mist hang over it"), (*BLUES, LEADEN, fog(GREY, (0.45, 0.65), 0.1, 0.4)), (rain((0.3, 0.45), heavy=1.3),)),
    say("grey", ("drain the colour out of it", "make it grey and lifeless", "fade it to dull grey"), (saturate((0.0, 0.12)), contrast((0.55, 0.7)), LEADEN, dim((0.5, 0.7)), gains((0.94, 0.98, 1.06), (0.98, 1.0, 1.04)), vignette((0.3, 0.5), colours=((0.2, 0.22, 0.26),))), (ground_mist(GREY, (0.2, 0.4)),)),
    say("wet-window", ("show it through a rainy window", "add raindrops on the glass", "look at it through wet glass"), (*BLUES, drops_on_glass()), ()),
    say("overcast", ("cover the sky with heavy low clouds", "make it gloomy and overcast", "hang leaden clouds above"), (*BLUES, LEADEN, dim((0.75, 0.9))), (ground_mist(GREY, (0.2, 0.35)), rain((0.15, 0.25)))),
    say("lonely-snow", ("let lonely snow fall on a grey day", "make it a bleak winter day", "add quiet grey snowfall"), (*BLUES, LEADEN, fog(((0.68, 0.72, 0.77),), (0.35, 0.55), 0.05, 0.3)), (snow((0.6, 0.8), 0.5),)),
    say("fallen-leaves", ("let withered leaves fall", "make it a faded late autumn day", "add wilted brown leaves"), (saturate((0.3, 0.5)), tone(((0.3, 0.3, 0.32),), ((0.8, 0.76, 0.68),), (0.5, 0.7)), contrast((0.6, 0.75)), LEADEN, dim((0.55, 0.75))), (falling_petals(((0.42, 0.28, 0.14), (0.5, 0.36, 0.2), (0.32, 0.22, 0.14)), chance=0.42), ground_mist(GREY, (0.15, 0.3)))),
    say("blue-dusk", ("sink it in a lonely blue dusk", "make it cold blue and empty", "let a sad blue evening fall"), (saturate((0.1, 0.3)), tone(((0.12, 0.22, 0.42), (0.16, 0.25, 0.45)), ((0.5, 0.66, 0.9),), (0.75, 0.95)), gradient_sky(((0.16, 0.24, 0.4),), ((0.42, 0.5, 0.64),), (0.75, 0.95)), contrast((0.7, 0.85)), dim((0.42, 0.58))), (ground_mist(((0.36, 0.46, 0.62),), (0.25, 0.45)), side_light(((0.4, 0.5, 0.7),), (0.1, 0.25)))),
    say("empty-fog", ("lose it in pale empty fog", "make it vanish in white mist", "fill it with grey emptiness"), (saturate((0.15, 0.35)), contrast((0.65, 0.8)), fog(((0.74, 0.77, 0.8), (0.68, 0.72, 0.77)), (0.7, 0.9), 0.2, 0.35), gains((0.96, 0.99, 1.03), (0.98, 1.0, 1.02))), (ground_mist(((0.72, 0.75, 0.79),), (0.35, 0.55)),)),
    say("wet-reflection", ("make the ground wet after the rain", "add puddles under a dull sky", "let the ground mirror a grey sky"), (*BLUES, LEADEN, wet_ground((0.7, 0.95))), (rain((0.2, 0.35)),)),
    say("old-photo", ("make it a faded old photograph", "let it fade like a lost memory", "turn it into a worn black and white print"), (saturate((0.0, 0.08)), *FADED[1:], soft_glow((0.2, 0.35)), vignette((0.3, 0.5), colours=((0.75, 0.76, 0.78), (0.3, 0.32, 0.36)))), (film_damage(), dark_cracks((1.6, 2.4), (0.25, 0.45)))),
    say("ashes", ("let ashes fall on it", "cover it in grey dust and ash", "make it desolate and abandoned"), (*BLUES, LEADEN, veil(GREY, (0.15, 0.28))), (ash((0.5, 0.8), True), ground_mist(GREY, (0.35, 0.55)))),
    say("tear-blur", ("blur it as if seen through tears", "make it watery and blurred with sorrow", "soften it into a blue blur"), (*BLUES, blur(0.018, 0.85), vignette((0.45, 0.7), colours=((0.24, 0.3, 0.4),)), drops_on_glass((0.45, 0.65), False)), (rain((0.2, 0.3)),)),
)  # fmt: skip
