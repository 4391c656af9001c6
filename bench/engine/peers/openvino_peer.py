"""The engine's own ONNX graph in OpenVINO, in float32 or, without a hint, in what it takes for fastest.

A graph in the portable profile, without ONNX Runtime's operators.
"""

import openvino
from task import FOLDER, OPTIONS, TASK, serve

core = openvino.Core()
core.set_property("CPU", {"INFERENCE_NUM_THREADS": TASK["threads"]})
if OPTIONS[1]:
    core.set_property("CPU", {"INFERENCE_PRECISION_HINT": OPTIONS[1]})
source = core.read_model(FOLDER / OPTIONS[0])
compiled = {}


def run(sample, timestep, tokens):
    # One model per size: what OpenVINO does best with.
    key = sample.shape
    if key not in compiled:
        model = source.clone()
        model.reshape({"sample": sample.shape, "timestep": timestep.shape, "tokens": tokens.shape})
        compiled.clear()
        compiled[key] = core.compile_model(model, "CPU")
    return compiled[key]([sample, timestep, tokens])[0]


serve(run)
