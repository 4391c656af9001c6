"""A reader and its backbone as one network in the folder that `emoeditor import` reads."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from emoeditor.models import EmotionPredictor, KernelEmotionPredictor, KernelPredictorConfig, config
from emoeditor.weights.bundle_networks import unfolded
from emoeditor.weights.export import save_weights

from .head import LEAST, Reader


def network_of(backbone: EmotionPredictor, reader: Reader) -> KernelEmotionPredictor:
    """The same numbers as `reader` over the pooled features of the folded `backbone`.

    The kernel's width goes into the directions; the shares' class factors stay apart, before the temperature.
    """
    head, fc = reader.head, backbone._fc
    weight, bias = reader.projection.linear(fc.weight.numpy(), fc.bias.numpy())
    scale = head.gamma**0.5
    settings = KernelPredictorConfig(
        **{k: v for k, v in asdict(backbone.config).items() if k not in ("num_classes", "temperature")},
        num_classes=len(head.factors),
        temperature=round(float(head.temperature), 5),
        directions=weight.shape[0],
        support_rows=len(head.support),
        least_share=LEAST,
    )
    network = KernelEmotionPredictor(settings)
    state = {k: v for k, v in backbone.state_dict().items() if not k.startswith("_fc.")} | {
        "projection.weight": tensor(weight * scale),
        "projection.bias": tensor(bias * scale),
        "support": tensor(head.support * scale),
        "regression.weight": tensor(head.weights.T),
        "regression.bias": tensor(head.bias),
        "log_factors": tensor(np.log(head.factors)),
    }
    network.load_state_dict(unfolded(state, network))
    return network.eval().requires_grad_(False)


def tensor(values: np.ndarray) -> torch.Tensor:
    """float32."""
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))


def write(network: KernelEmotionPredictor, folder: Path, facts: dict) -> None:
    """`config.json`, `model.safetensors` and `card.json` (what it learnt from and how well it does)."""
    config.write(network.config, folder / "config.json", "KernelEmotionPredictor")
    save_weights(network, folder / "model.safetensors", torch.float32)
    (folder / "card.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
