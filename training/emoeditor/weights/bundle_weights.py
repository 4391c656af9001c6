"""Tensors of a bundle's graphs under the names that PyTorch gives them, int8 brought back to fp32.

A bundle holds one ONNX graph per network whose initialisers carry the checkpoint's names and lie in `*.weights` beside
it (companion-server/src/onnx/weightNodes.ts). An int8 weight comes with `<name>.scale`, one fp32 per output channel.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

SCALE = ".scale"


@dataclass(frozen=True)
class BundleGraph:
    """One graph: the weights by their PyTorch names (fp32) and the nodes, for what no weight tells."""

    weights: dict[str, Tensor]
    nodes: tuple[Any, ...]
    constants: dict[str, np.ndarray]
    """Small numbers inside the graph: shapes, epsilons, preprocessing."""

    def nodes_of(self, kind: str) -> Iterator[Any]:
        """Nodes of one operator in the order of computation."""
        return (node for node in self.nodes if node.op_type == kind)


def graph_path(bundle: Path, part: str) -> Path:
    """The graph of a part that uses standard operators only; raises FileNotFoundError where there is none."""
    for name in (f"{part}.portable.onnx", f"{part}.onnx"):
        if (bundle / name).exists():
            return bundle / name
    raise FileNotFoundError(f"expected {part}.onnx in the bundle {bundle}, but it is not there")


def read_graph(bundle: Path, part: str) -> BundleGraph:
    """Read a part (`unet`, `vaeEncoder`, ...) of a bundle folder."""
    import onnx

    path = graph_path(bundle, part)
    graph = onnx.load(path, load_external_data=False).graph
    stored: dict[str, np.ndarray] = {}
    constants: dict[str, np.ndarray] = {}
    for tensor in graph.initializer:
        is_weight = tensor.data_location == onnx.TensorProto.EXTERNAL
        found = onnx.numpy_helper.to_array(tensor, base_dir=str(bundle))
        (stored if is_weight else constants)[tensor.name] = found
    weights = {name: _widened(name, stored) for name in stored if not name.endswith(SCALE)}
    return BundleGraph(weights, tuple(graph.node), constants)


def _widened(name: str, stored: dict[str, np.ndarray]) -> Tensor:
    values = stored[name].astype(np.float32)
    if stored[name].dtype == np.int8:
        values *= stored[name + SCALE].reshape(-1, *[1] * (values.ndim - 1))
    return torch.from_numpy(np.ascontiguousarray(values))
