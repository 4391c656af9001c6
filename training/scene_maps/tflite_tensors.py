"""What a .tflite file holds: its schema's code, and tensors that are stored sparsely."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np


def schema_of(mediapipe: Path) -> Any:
    """The TFLite schema's Python code in the wheel; the package itself need not import, and takes much with it."""
    path = mediapipe / "tasks/metadata/schema_py_generated.py"
    spec = importlib.util.spec_from_file_location("tflite_schema", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def densify(schema: Any, tensor: Any, raw: np.ndarray) -> np.ndarray:
    """Dense array of a tensor with TFLite's sparsity: dense and CSR dimensions, blocks."""
    sparsity = tensor.Sparsity()
    shape = tensor.ShapeAsNumpy()
    order = sparsity.TraversalOrderAsNumpy()
    block = sparsity.BlockMapAsNumpy() if sparsity.BlockMapLength() else np.zeros(0, int)
    dims: list[tuple] = []
    for i in range(sparsity.DimMetadataLength()):
        meta = sparsity.DimMetadata(i)
        if meta.Format() == 0:
            dims.append((meta.DenseSize(),))
            continue
        both = []
        tables = ((meta.ArraySegmentsType(), meta.ArraySegments()), (meta.ArrayIndicesType(), meta.ArrayIndices()))
        for kind, table in tables:
            vector = {1: schema.Int32Vector, 2: schema.Uint16Vector, 3: schema.Uint8Vector}[kind]()
            vector.Init(table.Bytes, table.Pos)
            both.append(vector.ValuesAsNumpy())
        dims.append(tuple(both))
    rank = len(shape)
    sizes = {int(b): dims[rank + k][0] for k, b in enumerate(block)}
    out = np.zeros(shape, raw.dtype)
    values = iter(raw)

    def walk(level: int, where: list[int], index: int) -> None:
        if level == len(dims):
            real = [0] * rank
            for step, v in enumerate(where):
                axis = int(order[step])
                if axis < rank:
                    real[axis] += v * sizes.get(axis, 1)
                else:
                    real[int(block[axis - rank])] += v
            out[tuple(real)] = next(values)
        elif len(dims[level]) == 1:
            for v in range(dims[level][0]):
                walk(level + 1, [*where, v], index * dims[level][0] + v)
        else:
            segments, indices = dims[level]
            for p in range(segments[index], segments[index + 1]):
                walk(level + 1, [*where, int(indices[p])], p)

    walk(0, [], 0)
    return out
