"""Write `test/golden/mediapipe/`: what LiteRT says of a small picture with MediaPipe's networks.

    python -m golden.mediapipe PICTURE SITE_PACKAGES/mediapipe --crop LEFT,TOP,SIDE [--out FOLDER]

Needs the packages ai-edge-litert and flatbuffers. Selfie segmentation has an operator of MediaPipe's own, which LiteRT
does not know: for the reference it is exchanged, in the file, for TRANSPOSE_CONV with the same weights and bias.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

OUT = Path(__file__).parents[2] / "test" / "golden" / "mediapipe"
FACES = "modules/face_detection/face_detection_full_range_sparse.tflite"
SELFIE = "modules/selfie_segmentation/selfie_segmentation.tflite"
SMALL = 64
KEPT = 12
"""Anchors whose boxes are kept: the strongest."""
STEP = 8


def with_own_operator(data: bytes) -> bytes:
    """The file with TRANSPOSE_CONV in place of Convolution2DTransposeBias."""
    import flatbuffers

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(data, 0))
    graph = model.subgraphs[0]
    for op in graph.operators:
        code = model.operatorCodes[op.opcodeIndex]
        if (
            code.customCode not in (b"Convolution2DTransposeBias", "Convolution2DTransposeBias")
            and op.customOptions is None
        ):
            continue
        x, w, b = list(op.inputs)
        buffer = schema.BufferT()
        buffer.data = np.array(graph.tensors[op.outputs[0]].shape, np.int32).view(np.uint8)
        model.buffers.append(buffer)
        tensor = schema.TensorT()
        tensor.shape, tensor.type = [4], schema.TensorType.INT32
        tensor.buffer, tensor.name = len(model.buffers) - 1, b"out_shape"
        graph.tensors.append(tensor)
        _, width, height = np.frombuffer(bytes(bytearray(op.customOptions))[:12], np.int32)
        options = schema.TransposeConvOptionsT()
        options.padding, options.strideW, options.strideH = 0, int(width), int(height)
        op.inputs = [len(graph.tensors) - 1, w, x, b]
        op.builtinOptionsType, op.builtinOptions = schema.BuiltinOptions.TransposeConvOptions, options
        op.customOptions = None
        code.customCode, code.builtinCode = None, schema.BuiltinOperator.TRANSPOSE_CONV
        code.deprecatedBuiltinCode, code.version = 67, 3
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def outputs(data: bytes, picture: np.ndarray) -> list[np.ndarray]:
    """Outputs for `[H,W,3]`, in the file's order."""
    interpreter = Interpreter(model_content=data)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[None].astype(np.float32))
    interpreter.invoke()
    return [interpreter.get_tensor(d["index"])[0] for d in interpreter.get_output_details()]


def enlarged(small: np.ndarray, side: int) -> np.ndarray:
    """Every pixel repeated: what the test can do as well, exactly. `[side,side,3]` in [0,1]."""
    rows = np.arange(side) * SMALL // side
    return small[rows][:, rows].astype(np.float32) / 255


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path)
    parser.add_argument("mediapipe", type=Path)
    parser.add_argument("--crop", required=True, help="left, top and side of the square in pixels")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    left, top, side = (int(v) for v in args.crop.split(","))
    photo = Image.open(args.picture).convert("RGB").crop((left, top, left + side, top + side))
    small = np.asarray(photo.resize((SMALL, SMALL), Image.Resampling.LANCZOS))
    boxes, scores = outputs((args.mediapipe / FACES).read_bytes(), enlarged(small, 192) * 2 - 1)
    if boxes.shape[-1] == 1:
        boxes, scores = scores, boxes
    selfie = with_own_operator((args.mediapipe / SELFIE).read_bytes())
    [foreground] = outputs(selfie, enlarged(small, 256))
    strongest = np.argsort(-scores[:, 0])[:KEPT]
    told = {
        "picture": small.ravel().tolist(),
        "scores": np.round(scores[:, 0], 4).tolist(),
        "strongest": strongest.tolist(),
        "boxes": np.round(boxes[strongest], 3).tolist(),
        "foreground": np.round(foreground[::STEP, ::STEP, 0], 5).ravel().tolist(),
    }
    (args.out / "io.json").write_text(json.dumps(told) + "\n", encoding="utf-8")
    provenance = {
        "generator": "training/golden/mediapipe.py",
        "python": sys.version.split()[0],
        "networks": "mediapipe 0.10.14, Apache License 2.0",
        "outputs": "LiteRT on the .tflite files, float32",
        "picture": f"{args.picture.name}, square at {args.crop}",
    }
    (args.out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
