"""Write `test/golden/models/`: tiny networks as an export folder, with inputs and outputs to compare against.

UNet and VAE outputs come from diffusers, the emotion encoder's and predictor's from the training modules.
Weights are stored as fp16 and the outputs computed in fp32 from the rounded weights.
Run from `training/`: `python -m golden.models [--out FOLDER]`.
"""

import argparse
import json
from pathlib import Path
from typing import TypeVar

import diffusers
import torch
from diffusers import AutoencoderKL as ReferenceVAE
from diffusers import UNet2DConditionModel as ReferenceUNet
from safetensors.torch import save_file
from torch import Tensor, nn

from emoeditor.models import (
    AutoencoderKL,
    EmotionEncoder,
    EmotionEncoderConfig,
    EmotionPredictor,
    PatchAutoencoder,
    PatchAutoencoderConfig,
    PredictorConfig,
    UNet2DConditionModel,
    UNetConfig,
    VAEConfig,
    config,
)
from emoeditor.weights.export import Card, StarterModel, export_folder

M = TypeVar("M", bound=nn.Module)
OUT = Path(__file__).parents[2] / "test" / "golden" / "models"


def tiny_model() -> StarterModel:
    """Networks of the starter's architecture at a few channels, with seeded weights that fp16 holds exactly."""
    torch.manual_seed(20240801)
    unet = UNet2DConditionModel(
        UNetConfig(
            in_channels=8,
            out_channels=4,
            sample_size=8,
            block_out_channels=(8, 16, 24),
            attention_head_dim=(1, 2, 3),
            cross_attention_dim=20,
            norm_num_groups=4,
        )
    )
    vae = AutoencoderKL(
        VAEConfig(block_out_channels=(8, 12, 16, 24), latent_channels=4, norm_num_groups=4, scaling_factor=0.75)
    )
    encoder = EmotionEncoder(EmotionEncoderConfig(hidden_dims=(16, 24), num_tokens=5, token_dim=20))
    predictor = EmotionPredictor(
        PredictorConfig(
            input_size=64,
            stem_channels=8,
            stage_channels=(8, 8, 8, 12, 12, 16, 16),
            head_channels=32,
            temperature=1.5,
        )
    )
    for module in predictor.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.05, 0.5)
            nn.init.uniform_(module.weight, 0.8, 1.6)
            nn.init.normal_(module.bias, std=0.3)
    for network in (unet, vae, encoder, predictor):
        for name, value in [*network.named_parameters(), *network.named_buffers()]:
            if name not in ("mean", "std") and value.is_floating_point():
                value.data = value.data.half().float()
        network.eval().requires_grad_(False)
    return StarterModel(unet, vae, encoder, predictor)


def reference_outputs(folder: Path, model: StarterModel) -> dict[str, Tensor]:
    """Seeded inputs and the outputs of the networks as loaded from the export."""
    generator = torch.Generator().manual_seed(7)
    unet = ReferenceUNet.from_pretrained(folder / "unet", torch_dtype=torch.float32)
    vae = ReferenceVAE.from_pretrained(folder / "vae", torch_dtype=torch.float32)
    io: dict[str, Tensor] = {}
    io["unet.sample"] = torch.randn(2, 8, 8, 12, generator=generator)
    io["unet.encoder_hidden_states"] = torch.randn(2, 5, 20, generator=generator)
    for t in (1, 500, 981):
        out = unet(io["unet.sample"], torch.tensor(t), io["unet.encoder_hidden_states"]).sample
        io[f"unet.out.{t}"] = out
    io["vae.image"] = torch.rand(1, 3, 32, 48, generator=generator) * 2 - 1
    io["vae.mode"] = vae.encode(io["vae.image"]).latent_dist.mode()
    io["vae.latents"] = io["vae.mode"] * vae.config.scaling_factor
    io["vae.decoded"] = vae.decode(io["vae.latents"] / vae.config.scaling_factor).sample
    io["emotion.direction"] = torch.rand(2, 8, generator=generator) * 2 - 1
    io["emotion.tokens"] = model.emotion_encoder(io["emotion.direction"])
    io["predictor.image"] = torch.rand(1, 3, 96, 160, generator=generator)
    io["predictor.pixels"] = model.predictor.preprocess(io["predictor.image"])
    io["predictor.logits"] = model.predictor(io["predictor.image"])
    io["predictor.probabilities"] = model.predictor.probabilities(io["predictor.image"])
    return io


def residual_outputs(unet: UNet2DConditionModel, sample: Tensor, tokens: Tensor) -> dict[str, Tensor]:
    """What a source-residual UNet with pooled tokens says to the inputs of the other one."""
    return {f"residual_unet.out.{t}": unet(sample, torch.tensor([t, t]), tokens) for t in (1, 500, 981)}


def tiny_residual_unet() -> UNet2DConditionModel:
    """The starter's UNet at a few channels: two levels, pooled tokens, source-residual."""
    torch.manual_seed(20240803)
    unet = UNet2DConditionModel(
        UNetConfig(
            in_channels=8,
            out_channels=4,
            block_out_channels=(8, 16),
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            attention_head_dim=(1, 2),
            cross_attention_dim=20,
            layers_per_block=1,
            norm_num_groups=4,
            parametrisation="source-residual",
            pool_tokens=True,
        )
    )
    return with_random_zeros(unet)


def with_random_zeros(network: M) -> M:
    """Weights that start at zero get random numbers, and all are rounded to what fp16 holds."""
    for value in network.parameters():
        value.data = torch.where(value == 0, torch.randn(value.shape) * 0.1, value).half().float()
    return network.eval().requires_grad_(False)


def patch_outputs(vae: PatchAutoencoder, image: Tensor) -> dict[str, Tensor]:
    """The patch autoencoder's outputs for the image of the other one."""
    latents = vae.encode(image)
    return {"patch_vae.latents": latents, "patch_vae.decoded": vae.decode(latents)}


def tiny_patch_autoencoder() -> PatchAutoencoder:
    """The starter's autoencoder at a few channels; layers that start at zero get random weights too."""
    torch.manual_seed(20240802)
    vae = PatchAutoencoder(
        PatchAutoencoderConfig(latent_channels=4, hidden_channels=(12, 8), num_blocks=(2, 1), scaling_factor=0.75)
    )
    return with_random_zeros(vae)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    model = tiny_model()
    card = Card("golden", "1", "MIT", limits=["random weights: reference for tests"])
    export_folder(out, model, card)
    with torch.no_grad():
        io = reference_outputs(out, model)
        vae = tiny_patch_autoencoder()
        io |= patch_outputs(vae, io["vae.image"])
        unet = tiny_residual_unet()
        io |= residual_outputs(unet, io["unet.sample"], io["unet.encoder_hidden_states"])
    for name, network in (("patch_vae", vae), ("residual_unet", unet)):
        config.write(network.config, out / name / "config.json", type(network).__name__)
        weights = {k: v.half().contiguous() for k, v in network.state_dict().items()}
        save_file(weights, out / name / "diffusion_pytorch_model.safetensors", metadata={"format": "pt"})
    save_file({k: v.contiguous() for k, v in io.items()}, out / "io.safetensors", metadata={"format": "pt"})
    provenance = {
        "generator": "training/golden/models.py",
        "diffusers": diffusers.__version__,
        "torch": torch.__version__,
        "unet, vae": "diffusers, float32, weights rounded to float16",
        "emotion, predictor, patch_vae, residual_unet": "training/emoeditor/models, float32, weights in float16",
        "inputs": "torch.Generator seed 7; images for the VAE in [-1,1], for the predictor in [0,1]",
        "tensors": {k: list(v.shape) for k, v in io.items()},
    }
    (out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
