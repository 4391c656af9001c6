"""Whether documents look and are as before, by another program's reading: psd-tools.

    python look_of.py < pairs.jsonl

Each line of standard input is JSON: {"before": path, "after": path}. Answers with a line of JSON for each:
{"look": levels} the greatest difference of the composites that psd-tools draws from the layers, in levels of 255; where
that is more than one, also "unadjusted", the same with every adjustment layer hidden;
{"changed": text} when a former layer or resource is not what it was; {"error": text} when the result does not open.
"""

import json
import logging
import sys

import numpy as np
from psd_tools import PSDImage
from psd_tools.api.adjustments import AdjustmentLayer
from psd_tools.composite import composite as draw

# Resources that an edit may change: thumbnails, places in the list of layers, XMP.
FREE = {1033, 1036, 1024, 1026, 1072, 1060}


def composite(document: PSDImage) -> np.ndarray:
    """What is seen over white, `[H,W,3]` in 0..1: colour under full transparency does not count."""
    if len(document) == 0:
        # A flat document: its fourth channel is a saved selection, not transparency.
        return document.numpy("color")[..., :3]
    # Shapes and fills by the pixels that Photoshop stored of them, not as psd-tools would draw them anew.
    colour, _, alpha = draw(document, force=False)
    return colour[..., :3] * alpha + (1 - alpha)


def leaves(document: PSDImage) -> list:
    return list(document.descendants())


def stored(layer) -> tuple:
    """Everything that the file says of a layer, its channels included, but for its eye: a result may stand in its place."""
    flags = layer._record.flags
    shown, flags.visible = flags.visible, True
    record = layer._record.tobytes()
    flags.visible = shown
    channels = [(data.compression, bytes(data.data)) for data in layer._channels]
    return record, channels


def fault(before: PSDImage, after: PSDImage) -> str | None:
    left = leaves(after)
    at = 0
    for layer in leaves(before):
        wanted = stored(layer)
        while at < len(left) and stored(left[at]) != wanted:
            at += 1
        if at == len(left):
            return f"the layer {layer.name!r} is not what it was"
        at += 1
    now = after.image_resources
    for key, resource in before.image_resources.items():
        if int(key) in FREE:
            continue
        if key not in now or now[key].tobytes() != resource.tobytes():
            return f"the resource {int(key)} is not what it was"
    if before.version != after.version:
        return "PSB and PSD were exchanged"
    return None


def judge(before_path: str, after_path: str) -> dict:
    before, after = PSDImage.open(before_path), PSDImage.open(after_path)
    changed = fault(before, after) if len(leaves(before)) else None
    if changed is not None:
        return {"changed": changed}
    look = difference(before, after)
    if look <= 1.01:
        return {"look": look}
    for document in (before, after):
        for layer in leaves(document):
            if isinstance(layer, AdjustmentLayer):
                layer.visible = False
    return {"look": look, "unadjusted": difference(before, after)}


def difference(before: PSDImage, after: PSDImage) -> float:
    return float(np.abs(composite(before) - composite(after)).max() * 255)


def main() -> None:
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        pair = json.loads(line)
        try:
            answer = judge(pair["before"], pair["after"])
        except Exception as error:  # noqa: BLE001: whatever another program stumbles over is the answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
