"""Scene priors: a soft guess at the emotions of a source photograph from its folder and class.

These are priors written down by hand after what people tag such scenes with (EmoEdit's factor list, OASIS means per
theme), NOT human labels of the pictures. They teach a predictor what unedited scenes tend to feel like; any claim
about human response must be measured against human norms.
"""

import numpy as np

from . import EMOTIONS

FLAT = 1 / len(EMOTIONS)

_SCENES: dict[str, dict[str, float]] = {
    "flowers": dict(contentment=0.5, awe=0.18, amusement=0.16, excitement=0.06),
    "flowers/sunflowers": dict(contentment=0.42, amusement=0.26, awe=0.14, excitement=0.08),
    "trash": dict(disgust=0.55, sadness=0.15, anger=0.08),
    "clothing": dict(contentment=0.24, amusement=0.18),
    "wallpaper": dict(awe=0.42, contentment=0.32, excitement=0.08),
    "pets": dict(contentment=0.4, amusement=0.38),
    "weatherA/cloudy": dict(sadness=0.3, awe=0.24, fear=0.16, contentment=0.12),
    "weatherA/rain": dict(sadness=0.55, fear=0.12, contentment=0.08),
    "weatherA/shine": dict(contentment=0.42, awe=0.24, excitement=0.12, amusement=0.1),
    "weatherA/sunrise": dict(awe=0.52, contentment=0.34),
    "weatherB/lightning": dict(fear=0.44, awe=0.36, excitement=0.06),
    "weatherB/rainbow": dict(awe=0.56, contentment=0.18, amusement=0.12, excitement=0.06),
    "weatherB/sandstorm": dict(fear=0.38, anger=0.24, sadness=0.1, disgust=0.08),
    "weatherB/snow": dict(contentment=0.3, awe=0.26, sadness=0.2),
}

_CALTECH: dict[tuple[str, ...], dict[str, float]] = {
    ("snoopy", "garfield", "pizza", "strawberry", "soccer-ball", "inline-skate", "dalmatian"): dict(
        amusement=0.5, contentment=0.16, excitement=0.12
    ),
    ("panda", "kangaroo", "hedgehog", "dolphin", "platypus", "wild-cat", "llama", "butterfly", "flamingo"): dict(
        contentment=0.36, amusement=0.34, awe=0.08
    ),
    ("water-lilly", "lotus", "sunflower", "bonsai"): dict(contentment=0.5, awe=0.22, amusement=0.08),
    ("pagoda", "pyramid", "minaret", "buddha", "schooner", "ketch", "elephant", "chandelier", "joshua-tree"): dict(
        awe=0.5, contentment=0.2
    ),
    ("scorpion", "crocodile", "crocodile-head", "revolver", "cannon"): dict(fear=0.46, disgust=0.14, anger=0.12),
    ("tick", "ant", "crab", "crayfish", "lobster", "mayfly", "brain", "octopus", "trilobite"): dict(
        disgust=0.42, fear=0.2, amusement=0.06
    ),
    ("motorbikes", "helicopter", "airplanes", "car-side", "electric-guitar", "saxophone"): dict(
        excitement=0.36, amusement=0.12, awe=0.1
    ),
    ("brontosaurus", "stegosaurus", "cougar-face", "cougar-body", "rhino"): dict(fear=0.24, awe=0.24, excitement=0.14),
    ("faces", "faces-easy"): dict(contentment=0.28, amusement=0.2),
    ("wheelchair",): dict(sadness=0.42),
}


def prior(folder: str, cls: str) -> np.ndarray:
    """Distribution `[8]` (sums to 1) for a photograph of `folder` and class; flat where the scene says nothing."""
    named = _SCENES.get(f"{folder}/{cls}") or _SCENES.get(folder)
    if folder == "caltech":
        named = next((given for classes, given in _CALTECH.items() if cls in classes), None)
    if not named:
        return np.full(len(EMOTIONS), FLAT, np.float32)
    rest = (1 - sum(named.values())) / (len(EMOTIONS) - len(named))
    return np.array([named.get(e, rest) for e in EMOTIONS], np.float32)
