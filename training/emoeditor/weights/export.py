"""Write the trained networks as the folder that `emoeditor import` reads, with its card."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn

from ..models import (
    AutoencoderKL,
    EmotionEncoder,
    EmotionPredictor,
    PatchAutoencoder,
    PredictorConfig,
    UNet2DConditionModel,
    config,
)

SCHEDULER = {
    "_class_name": "DDIMScheduler",
    "_diffusers_version": "0.42.1",
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "epsilon",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "timestep_spacing": "leading",
}


@dataclass(frozen=True)
class StarterModel:
    """The four networks that travel together."""

    unet: UNet2DConditionModel
    vae: PatchAutoencoder | AutoencoderKL
    emotion_encoder: EmotionEncoder
    predictor: EmotionPredictor


@dataclass
class Card:
    """What the model is, what it was trained on and how well it does; written as `card.json`."""

    name: str
    version: str
    licence: str
    data: list[dict[str, Any]] = field(default_factory=list)
    backbones: list[dict[str, str]] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    sampling: dict[str, Any] = field(default_factory=dict)
    fast: dict[str, Any] | None = None
    """Settings of the product's `fast` rules that suit these weights: see fastSettings.ts."""
    acceptance: dict[str, Any] | None = None
    """When the product takes an edit for convincing, measured with this predictor: see fastAcceptance.ts."""
    content: bool = True
    """Whether the product paints what no grade explains; not where that is only stains at document size."""
    limits: list[str] = field(default_factory=list)


def save_weights(module: nn.Module, path: Path, dtype: torch.dtype) -> None:
    """Write a network's tensors; raises ValueError when one does not fit the storage type."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: value.detach().to("cpu", dtype).contiguous()
        for name, value in module.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    bad = [name for name, value in tensors.items() if not torch.isfinite(value).all()]
    if bad:
        raise ValueError(
            f"expected finite weights, but {bad[:3]} are not finite in {dtype}: train on or export in fp32"
        )
    save_file(tensors, path, metadata={"format": "pt"})


def export_folder(folder: Path, model: StarterModel, card: Card, dtype: torch.dtype = torch.float16) -> None:
    """Write `unet/`, `vae/`, `emotion_encoder/`, `predictor/`, `scheduler/` and `card.json` under `folder`.

    Raises ValueError when a weight does not fit the storage type.
    """
    predictor = model.predictor.config
    config.write(model.unet.config, folder / "unet/config.json", "UNet2DConditionModel")
    config.write(model.vae.config, folder / "vae/config.json", type(model.vae).__name__)
    config.write(model.emotion_encoder.config, folder / "emotion_encoder/config.json", "EmotionEncoder")
    config.write(predictor, folder / "predictor/config.json", type(model.predictor).__name__)
    save_weights(model.unet, folder / "unet/diffusion_pytorch_model.safetensors", dtype)
    save_weights(model.vae, folder / "vae/diffusion_pytorch_model.safetensors", dtype)
    save_weights(model.emotion_encoder, folder / "emotion_encoder/model.safetensors", dtype)
    save_weights(model.predictor, folder / "predictor/model.safetensors", dtype)
    scheduler = folder / "scheduler/scheduler_config.json"
    scheduler.parent.mkdir(parents=True, exist_ok=True)
    scheduler.write_text(json.dumps(SCHEDULER, indent=2) + "\n", encoding="utf-8")
    write_card(
        folder,
        card,
        predictor,
        latents={"channels": model.vae.config.latent_channels, "scaling_factor": model.vae.config.scaling_factor},
        storage=str(dtype).removeprefix("torch."),
    )


def write_card(folder: Path, card: Card, predictor: PredictorConfig, **facts: Any) -> None:
    """Write `card.json`: the card, how the predictor reads pictures, and further facts of the weights."""
    values = {
        **{key: value for key, value in dataclasses.asdict(card).items() if value is not None},
        "class_order": list(predictor.class_order),
        "predictor": {
            "architecture": predictor.architecture,
            "input_size": predictor.input_size,
            "resize": "squash, bilinear, antialiased",
            "mean": list(predictor.mean),
            "std": list(predictor.std),
            "temperature": predictor.temperature,
        },
        **facts,
    }
    (folder / "card.json").write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
