"""MediaPipe's small float16 .tflite networks as ONNX: input `x` in NCHW, weights kept as float16, computed in float32.

Covers the operators of selfie_segmentation and of the full-range face detector, sparse weights (DENSIFY) and the custom
operator Convolution2DTransposeBias. Needs `onnx`, `flatbuffers` and the schema in the wheel `mediapipe`; no TensorFlow.
"""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .tflite_tensors import densify

Options = Any
TYPES = {0: np.float32, 1: np.float16, 2: np.int32, 4: np.int64}
ACTIVATION_NONE, ACTIVATION_RELU, ACTIVATION_RELU6 = 0, 1, 3
VALID = 1
"""Padding of a TFLite operator; 0 is SAME."""


def nchw(shape: list[int]) -> list[int]:
    return [shape[0], shape[3], shape[1], shape[2]] if len(shape) == 4 else shape


class Converter:
    """One network; `run` gives the model. Outputs are renamed by their place: `outputs` names them."""

    def __init__(self, schema: Any, data: bytes):
        self.schema = schema
        self.model = schema.Model.GetRootAsModel(data, 0)
        self.graph = self.model.Subgraphs(0)
        self.kinds = {v: k for k, v in schema.BuiltinOperator.__dict__.items() if isinstance(v, int)}
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.constants: dict[int, np.ndarray] = {}
        self.named: set[str] = set()
        for i in range(self.graph.TensorsLength()):
            tensor = self.graph.Tensors(i)
            buffer = self.model.Buffers(tensor.Buffer())
            if not buffer.DataLength():
                continue
            raw = np.frombuffer(buffer.DataAsNumpy().tobytes(), TYPES[tensor.Type()])
            shape = tensor.ShapeAsNumpy() if tensor.ShapeLength() else ()
            dense = tensor.Sparsity() is None
            self.constants[i] = raw.reshape(shape) if dense else densify(schema, tensor, raw)

    def run(self, outputs: list[str]) -> onnx.ModelProto:
        graph = self.graph
        for k in range(graph.OperatorsLength()):
            op = graph.Operators(k)
            code = self.model.OperatorCodes(op.OpcodeIndex())
            kind = self.kinds[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            if kind == "CUSTOM":
                kind = code.CustomCode().decode()
            inputs = [int(v) for v in op.InputsAsNumpy()]
            getattr(self, f"op_{kind.lower()}")(op, inputs, int(op.OutputsAsNumpy()[0]), op.BuiltinOptions())
        found = []
        for k, name in enumerate(outputs):
            at = graph.Outputs(k)
            self.add("Identity", [f"t{at}"], name)
            found.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, nchw(self.shape(at))))
        first = graph.Inputs(0)
        for node in self.nodes:
            for j, value in enumerate(node.input):
                if value == f"t{first}":
                    node.input[j] = "x"
        entry = helper.make_tensor_value_info("x", TensorProto.FLOAT, nchw(self.shape(first)))
        made = helper.make_graph(self.nodes, "mediapipe", [entry], found, self.weights)
        model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        return model

    def shape(self, i: int) -> list[int]:
        return [int(v) for v in self.graph.Tensors(i).ShapeAsNumpy()]

    def weight(self, i: int) -> np.ndarray:
        return self.constants[i].astype(np.float32)

    def constant(self, value: np.ndarray, name: str) -> str:
        """A tensor of the graph; what is large lies there as float16, which it was in the .tflite file."""
        value = np.ascontiguousarray(value)
        if name in self.named:
            return name
        self.named.add(name)
        if value.dtype == np.float32 and value.size > 64:
            self.weights.append(numpy_helper.from_array(value.astype(np.float16), f"{name}_half"))
            self.nodes.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
        else:
            self.weights.append(numpy_helper.from_array(value, name))
        return name

    def add(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def activate(self, kind: int, source: str, out: str) -> None:
        if kind == ACTIVATION_NONE:
            self.add("Identity", [source], out)
        elif kind == ACTIVATION_RELU:
            self.add("Relu", [source], out)
        elif kind == ACTIVATION_RELU6:
            bounds = [self.constant(np.float32(v), n) for v, n in ((0, "zero"), (6, "six"))]
            self.add("Clip", [source, *bounds], out)
        else:
            raise ValueError(f"expected no activation, ReLU or ReLU6 but found number {kind}")

    def pads(
        self, padding: int, size: list[int], kernel: list[int], stride: list[int], dilation: list[int]
    ) -> list[int]:
        if padding == VALID:
            return [0, 0, 0, 0]
        low, high = [], []
        for side, k, s, d in zip(size, kernel, stride, dilation, strict=True):
            total = max((-(-side // s) - 1) * s + (k - 1) * d + 1 - side, 0)
            low.append(total // 2)
            high.append(total - total // 2)
        return low + high

    def operand(self, i: int) -> str:
        """An operand of an elementwise operator; constants are turned to NCHW."""
        if i not in self.constants:
            return f"t{i}"
        value = self.weight(i)
        if value.ndim in (3, 4):
            value = np.moveaxis(value, -1, value.ndim - 3)
        elif value.ndim == 1 and value.size > 1:
            value = value.reshape(1, -1, 1, 1)
        return self.constant(value, f"t{i}")

    def options(self, name: str, o: Options) -> Any:
        found = getattr(self.schema, name)()
        found.Init(o.Bytes, o.Pos)
        return found

    def op_dequantize(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        self.constants[out] = self.weight(ins[0])

    op_densify = op_dequantize

    def op_conv_2d(self, op: Any, ins: list[int], out: int, o: Options, depthwise: bool = False) -> None:
        p = self.options("DepthwiseConv2DOptions" if depthwise else "Conv2DOptions", o)
        w = self.weight(ins[1])
        kernel, stride = list(w.shape[1:3]), [p.StrideH(), p.StrideW()]
        dilation = [p.DilationHFactor(), p.DilationWFactor()]
        shape = self.shape(ins[0])
        args = [
            f"t{ins[0]}",
            self.constant(w.transpose(3, 0, 1, 2) if depthwise else w.transpose(0, 3, 1, 2), f"t{ins[1]}"),
        ]
        if len(ins) > 2 and ins[2] >= 0:
            args.append(self.constant(self.weight(ins[2]), f"t{ins[2]}"))
        raw = self.add(
            "Conv",
            args,
            f"t{out}_raw",
            kernel_shape=kernel,
            strides=stride,
            dilations=dilation,
            group=shape[3] if depthwise else 1,
            pads=self.pads(p.Padding(), shape[1:3], kernel, stride, dilation),
        )
        self.activate(p.FusedActivationFunction(), raw, f"t{out}")

    def op_depthwise_conv_2d(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        self.op_conv_2d(op, ins, out, o, depthwise=True)

    def op_convolution2dtransposebias(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        _, width, height = np.frombuffer(op.CustomOptionsAsNumpy().tobytes()[:12], np.int32)
        stride = [int(height), int(width)]
        w = self.weight(ins[1])
        size, wanted = self.shape(ins[0])[1:3], self.shape(out)[1:3]
        total = [(s - 1) * st + k - t for s, st, k, t in zip(size, stride, w.shape[1:3], wanted, strict=True)]
        self.add(
            "ConvTranspose",
            [
                f"t{ins[0]}",
                self.constant(w.transpose(3, 0, 1, 2), f"t{ins[1]}"),
                self.constant(self.weight(ins[2]), f"t{ins[2]}"),
            ],
            f"t{out}",
            kernel_shape=list(w.shape[1:3]),
            strides=stride,
            pads=[t // 2 for t in total] + [t - t // 2 for t in total],
        )

    def binary(self, kind: str, ins: list[int], out: int, o: Options) -> None:
        p = self.options(f"{kind}Options", o)
        raw = self.add(kind, [self.operand(ins[0]), self.operand(ins[1])], f"t{out}_raw")
        self.activate(p.FusedActivationFunction(), raw, f"t{out}")

    def op_add(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        self.binary("Add", ins, out, o)

    def op_mul(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        self.binary("Mul", ins, out, o)

    def op_relu(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        self.add("Relu", [f"t{ins[0]}"], f"t{out}")

    def op_logistic(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        self.add("Sigmoid", [f"t{ins[0]}"], f"t{out}")

    def op_hard_swish(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        self.add("HardSwish", [f"t{ins[0]}"], f"t{out}")

    def op_average_pool_2d(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        p = self.options("Pool2DOptions", o)
        kernel, stride = [p.FilterHeight(), p.FilterWidth()], [p.StrideH(), p.StrideW()]
        pads = self.pads(p.Padding(), self.shape(ins[0])[1:3], kernel, stride, [1, 1])
        raw = self.add(
            "AveragePool",
            [f"t{ins[0]}"],
            f"t{out}_raw",
            kernel_shape=kernel,
            strides=stride,
            pads=pads,
            count_include_pad=0,
        )
        self.activate(p.FusedActivationFunction(), raw, f"t{out}")

    def op_pad(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        p = self.constants[ins[1]].reshape(-1, 2)[[0, 3, 1, 2]]
        amounts = np.concatenate([p[:, 0], p[:, 1]]).astype(np.int64)
        self.add("Pad", [f"t{ins[0]}", self.constant(amounts, f"t{out}_pads")], f"t{out}")

    def op_resize_bilinear(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        p = self.options("ResizeBilinearOptions", o)
        mode = "align_corners" if p.AlignCorners() else "half_pixel" if p.HalfPixelCenters() else "asymmetric"
        size = self.constant(np.array(nchw(self.shape(out)), np.int64), f"t{out}_size")
        self.add("Resize", [f"t{ins[0]}", "", "", size], f"t{out}", mode="linear", coordinate_transformation_mode=mode)

    def op_depth_to_space(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        block = self.options("DepthToSpaceOptions", o).BlockSize()
        self.add("DepthToSpace", [f"t{ins[0]}"], f"t{out}", blocksize=block, mode="DCR")

    def op_reshape(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        source = f"t{ins[0]}"
        if len(self.shape(ins[0])) == 4:
            source = self.add("Transpose", [source], f"t{out}_nhwc", perm=[0, 2, 3, 1])
        self.add("Reshape", [source, self.constant(np.array(self.shape(out), np.int64), f"t{out}_shape")], f"t{out}")

    def op_concatenation(self, op: Any, ins: list[int], out: int, o: Options) -> None:
        rank = len(self.shape(out))
        axis = self.options("ConcatenationOptions", o).Axis() % rank
        self.add(
            "Concat", [f"t{i}" for i in ins], f"t{out}", axis={0: 0, 1: 2, 2: 3, 3: 1}[axis] if rank == 4 else axis
        )
