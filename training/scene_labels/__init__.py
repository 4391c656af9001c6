"""Hand labels of scenes: areas, lamps, windows, horizon and depth pairs of photographs. See README.md here."""

# Class ids of the rasterised labels, in the order that is kept for ever: masks on disk and trained weights use them.
CLASSES = ("sky", "ground", "water", "vegetation", "building", "person", "other", "backdrop")
UNDECIDED = 255
# One colour per class for overlays (sRGB).
COLOURS = {
    "sky": (90, 170, 255),
    "ground": (190, 120, 50),
    "water": (20, 50, 220),
    "vegetation": (20, 160, 40),
    "building": (240, 210, 30),
    "person": (250, 60, 170),
    "other": (150, 60, 230),
    "backdrop": (0, 210, 200),
}
LISTS = ("test", "trainA", "trainB")
