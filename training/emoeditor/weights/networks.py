"""Building the networks of a run and reading and writing their final weights."""

import dataclasses
import json
from pathlib import Path
from typing import TypeVar, cast

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from ..models import (
    EmotionEncoder,
    EmotionEncoderConfig,
    EmotionPredictor,
    InstructionEncoder,
    KernelEmotionPredictor,
    KernelPredictorConfig,
    PatchAutoencoder,
    PatchAutoencoderConfig,
    PredictorConfig,
    TextEncoderConfig,
    UNet2DConditionModel,
    UNetConfig,
    config,
)
from ..optimisation.processes import processes

BACKBONES = {
    "efficientnet-lite0": "efficientnet-lite0-57934424.pth",
    "efficientnet-lite1": "efficientnet-lite1-77cc7160.pth",
}
M = TypeVar("M", bound=nn.Module)
KINDS: dict[str, tuple[type, type]] = {
    "vae": (PatchAutoencoder, PatchAutoencoderConfig),
    "predictor": (EmotionPredictor, PredictorConfig),
    "unet": (UNet2DConditionModel, UNetConfig),
    "emotion_encoder": (EmotionEncoder, EmotionEncoderConfig),
    "text_encoder": (InstructionEncoder, TextEncoderConfig),
}
OTHERS: dict[str, tuple[type, type]] = {"KernelEmotionPredictor": (KernelEmotionPredictor, KernelPredictorConfig)}
"""Networks that may take the place of a kind's own, by the class that their config names."""


def write_final(folder: Path, kind: str, network: nn.Module) -> None:
    """Write `<kind>.json` and `<kind>.safetensors` (fp32); of several processes only the first does."""
    if not processes().is_first:
        return
    folder.mkdir(parents=True, exist_ok=True)
    config.write(network.config, folder / f"{kind}.json", type(network).__name__)
    tensors = {k: v.detach().cpu().contiguous() for k, v in network.state_dict().items()}
    save_file(tensors, folder / f"{kind}.safetensors")


def read_final(folder: Path, kind: str, device: torch.device) -> nn.Module:
    """Read a network written by `write_final`, frozen and ready to use."""
    named = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8")).get("_class_name")
    network_class, config_class = OTHERS.get(named, KINDS[kind])
    network = network_class(config.read(config_class, folder / f"{kind}.json"))
    network.load_state_dict(load_file(folder / f"{kind}.safetensors"))
    return frozen(network, device)


def read_predictor(folder: Path | None, bundle: Path) -> EmotionPredictor:
    """The predictor of a training run's folder or, without one, that of a bundle."""
    if folder is not None:
        return cast(EmotionPredictor, read_final(folder, "predictor", torch.device("cpu")))
    from .bundle_networks import read_bundle

    return read_bundle(bundle).predictor


def frozen(network: M, device: torch.device) -> M:
    """A network on the device, in evaluation mode, without gradients."""
    return placed(network.eval().requires_grad_(False), device)


def placed(network: M, device: torch.device) -> M:
    """A network on the device, in the memory format that its convolutions are fastest in.

    That is channels last, except for depthwise convolutions on a CPU: there it is six times slower.
    """
    is_slow = device.type == "cpu" and isinstance(network, EmotionPredictor)
    network = network.to(device)
    return network if is_slow else network.to(memory_format=torch.channels_last)


def imagenet_backbone(settings: PredictorConfig, weights: Path | None, classes: int = 8) -> EmotionPredictor:
    """A predictor with the ImageNet weights found in `weights`, or untrained where there is no folder (tests)."""
    network = EmotionPredictor(dataclasses.replace(settings, num_classes=classes))
    if weights is not None:
        network.load_backbone(weights / BACKBONES[settings.architecture])
    return network
