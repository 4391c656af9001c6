"""Whether documents look as before, by another program's drawing: psd-tools.

    python look_of.py < pairs.jsonl

Each line of standard input is JSON: {"before": path, "after": path, "isSeen": whether the result is made of the merged
picture}. Answers with a line of JSON for each:
{"look": levels} the greatest difference of the composites that psd-tools draws from the layers, in levels of 255; where
that is more than one, also {"pixels": how many differ by more, "fromMerged": how far the later composite is there from the
merged picture, null where that is not known to be Photoshop's and the result is not made of it}; {"error": text} when the
result does not open; {"unread": text} when the document itself does not.
"""

import json
import logging
import sys

import numpy as np
from psd_tools import PSDImage
from psd_tools.composite import composite as draw
from psd_tools.composite.composite import Compositor

# Version info; it tells whether the merged picture is real.
VERSION_INFO = 1057
# The finest step of the colours that Photoshop stores.
STEPS = 65535

adjust = Compositor._apply_adjustment


def adjust_whole_steps(self: Compositor, layer: object) -> None:
    """Rounds colours to 16 bits before an adjustment.

    psd-tools looks up curves by a colour's level cut to a whole number: 215.99999 and 216.00001, which is one colour
    after two ways of adding up floats, come two levels apart.
    """
    self._color = (np.round(self._color.astype(np.float64) * STEPS) / STEPS).astype(np.float32)
    adjust(self, layer)


Compositor._apply_adjustment = adjust_whole_steps


def composite(document: PSDImage) -> np.ndarray:
    """What is seen over white, `[H,W,3]` in 0..1: colour under full transparency does not count."""
    if len(document) == 0:
        # A flat document: its fourth channel is a saved selection, not transparency. Layers are drawn up to white.
        return np.clip(document.numpy("color")[..., :3], 0, 1)
    # Shapes and fills by the pixels that Photoshop stored of them, not as psd-tools would draw them anew.
    colour, _, alpha = draw(document, force=False)
    return colour[..., :3] * alpha + (1 - alpha)


def is_from_photoshop(document: PSDImage) -> bool:
    """Whether the merged picture is known to be drawn by Photoshop."""
    info = document.image_resources.get_data(VERSION_INFO)
    return info is not None and bool(info.has_composite)


def judge(before_path: str, after_path: str, is_seen: bool) -> dict:
    try:
        before = PSDImage.open(before_path)
        former = composite(before)
    except Exception as error:  # noqa: BLE001: whatever it is, it says nothing on the result
        return {"unread": f"{type(error).__name__}: {error}"}
    after = PSDImage.open(after_path)
    if before.version != after.version:
        raise ValueError("PSB and PSD were exchanged")
    drawn = composite(after)
    differences = np.abs(former - drawn).max(axis=-1) * 255
    look = float(differences.max())
    if look <= 1.01:
        return {"look": look}
    where = differences > 1.01
    apart = None
    if is_seen or is_from_photoshop(before):
        # Over white where the document is transparent.
        merged = np.clip(before.numpy("color")[..., :3], 0, 1)
        apart = float(np.abs(drawn - merged)[where].max() * 255)
    return {"look": look, "pixels": int(where.sum()), "fromMerged": apart}


def main() -> None:
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        pair = json.loads(line)
        try:
            answer = judge(pair["before"], pair["after"], pair["isSeen"])
        except Exception as error:  # noqa: BLE001: whatever another program stumbles over is the answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
