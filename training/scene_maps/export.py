"""Write the folder that `emoeditor import BUNDLE --scene FOLDER` takes: backbone and decoder, and MediaPipe's networks.

    python -m scene_maps.export runs/scene.pt --weights weights --mediapipe SITE_PACKAGES/mediapipe --out runs/scene

SITE_PACKAGES/mediapipe is the folder of the package mediapipe 0.10.14 (Apache-2.0), which need not import.
"""

import argparse
import json
from pathlib import Path

import onnx
from safetensors.torch import save_file

from scene_labels import CLASSES

from . import backbone
from .decoder import read_decoder
from .decoder_folder import config_of, weights_of
from .tflite_tensors import schema_of
from .tflite_to_onnx import Converter

VERSION = "0.10.14"
FACES = "modules/face_detection/face_detection_full_range_sparse.tflite"
SELFIE = "modules/selfie_segmentation/selfie_segmentation.tflite"
CREDIT = (
    "Contains networks from MediaPipe (selfie segmentation, full-range face detection), "
    "Copyright The MediaPipe Authors / Google LLC, Apache License 2.0, converted to ONNX."
)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("decoder", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--mediapipe", type=Path, required=True)
    parser.add_argument(
        "--photographs", type=int, required=True, help="how many labelled ones it has seen, for the card"
    )
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    decoder, network = read_decoder(args.decoder), backbone.load(args.weights)
    save_file({k: v.contiguous() for k, v in weights_of(network, decoder).items()}, args.out / "model.safetensors")
    (args.out / "config.json").write_text(json.dumps(config_of(network, decoder), indent=2) + "\n", encoding="utf-8")
    schema = schema_of(args.mediapipe)
    for name, file, outputs in (("faces", FACES, ["boxes", "scores"]), ("selfie", SELFIE, ["foreground"])):
        model = Converter(schema, (args.mediapipe / file).read_bytes()).run(outputs)
        onnx.save(model, str(args.out / f"{name}.onnx"))
    licence = args.mediapipe.parent / f"mediapipe-{VERSION}.dist-info" / "LICENSE"
    text = licence.read_text(encoding="utf-8")
    (args.out / "LICENSE.mediapipe.txt").write_text(
        f"{CREDIT}\nThey are faces.onnx and selfie.onnx: their form was changed, their weights were not.\n\n{text}",
        encoding="utf-8",
    )
    card = {
        "credit": CREDIT,
        "backbone": "EfficientNet-Lite2 as trained on ImageNet, Apache License 2.0, frozen",
        "data": f"{args.photographs} photographs of tiers 1 and 2 labelled by hand: training/scene_labels",
        "classes": list(CLASSES),
        "measured": "docs/scenes.md",
    }
    (args.out / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
