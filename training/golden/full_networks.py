"""The networks that `golden.full` writes, with random weights that float16 holds exactly, and what they answer."""

import json
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextConfig

from emoeditor.models import EmotionEncoder, EmotionEncoderConfig

from .resnet import FULL as RESNETS
from .resnet import pictures, torchvision_name
from .resnet import random_network as random_resnet
from .text import LENGTH, random_encoder

SCALING = 0.18215


class Reference(NamedTuple):
    """Config and tensors of each network by its name, and the tensors that went in and came out."""

    networks: dict[str, tuple[dict[str, Any], dict[str, Tensor]]]
    io: dict[str, Tensor]


@dataclass(frozen=True)
class Size:
    """What differs between the real networks and their miniatures."""

    unet: dict[str, Any]
    vae: dict[str, Any]
    text: dict[str, int]
    emotion: EmotionEncoderConfig
    resnet_width: int
    resnet_side: int
    picture: tuple[int, int]
    """Height and width in pixels; latents are an eighth of it."""

    @property
    def latents(self) -> tuple[int, int]:
        """Height and width."""
        return self.picture[0] // 8, self.picture[1] // 8


REAL = Size(
    unet={"cross_attention_dim": 768},
    vae={"block_out_channels": (128, 256, 512, 512), "layers_per_block": 2},
    text={
        "vocab_size": 49408,
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
    },
    # The authors' 46 M.
    emotion=EmotionEncoderConfig(hidden_dims=(256, 512, 768), num_tokens=LENGTH, token_dim=768),
    resnet_width=64,
    resnet_side=224,
    picture=(224, 224),
)
TINY = Size(
    # Channels of Stable Diffusion's first level on both: less would reach neither kind of Winograd's tiles.
    unet={
        "block_out_channels": (320, 320),
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "layers_per_block": 1,
        "cross_attention_dim": 24,
    },
    vae={"block_out_channels": (8, 8, 16, 16), "layers_per_block": 1, "norm_num_groups": 4},
    text={
        "vocab_size": 300,
        "hidden_size": 24,
        "intermediate_size": 40,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
    },
    emotion=EmotionEncoderConfig(hidden_dims=(16, 24, 32), num_tokens=5, token_dim=24),
    resnet_width=16,
    resnet_side=40,
    picture=(64, 96),
)


def random_network(network: nn.Module) -> nn.Module:
    """Seeded weights that float16 holds exactly; norms and biases are not left at one and zero."""
    for name, value in network.named_parameters():
        if value.ndim == 1:
            nn.init.normal_(value, mean=1.0 if "norm" in name and name.endswith("weight") else 0.0, std=0.1)
        value.data = value.data.half().float()
    return network.eval().requires_grad_(False)


def random_unet(size: Size) -> UNet2DConditionModel:
    """Stable Diffusion 1.5 with InstructPix2Pix's eight input channels."""
    return random_network(UNet2DConditionModel(in_channels=8, out_channels=4, attention_head_dim=8, **size.unet))


def random_vae(size: Size) -> AutoencoderKL:
    """Stable Diffusion's."""
    return random_network(
        AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            latent_channels=4,
            scaling_factor=SCALING,
            **size.vae,
        )
    )


def of_diffusers(network: UNet2DConditionModel | AutoencoderKL) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Config and tensors."""
    return json.loads(network.to_json_string()), network.state_dict()


def of_emotion(network: EmotionEncoder) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Config and tensors."""
    return {"_class_name": "EmotionEncoder"} | asdict(network.config), network.state_dict()


def random_directions(count: int) -> Tensor:
    """`[count, 8]` in [-1, 1]."""
    return torch.rand(count, 8) * 2 - 1


def unet(size: Size) -> Reference:
    """One evaluation."""
    network = random_unet(size)
    sample = torch.randn(1, 8, *size.latents)
    tokens = torch.randn(1, size.emotion.num_tokens, size.emotion.token_dim)
    timestep = torch.tensor([500])
    noise = network(sample, timestep, tokens).sample
    io = {"sample": sample, "timestep": timestep, "tokens": tokens, "noisePred": noise}
    return Reference({"unet": of_diffusers(network)}, io)


def vae(size: Size) -> Reference:
    """A picture into latents, and latents into a picture."""
    network = random_vae(size)
    image = torch.rand(1, 3, *size.picture) * 2 - 1
    encoded = network.encode(image).latent_dist.mode() * SCALING
    latents = torch.randn(1, 4, *size.latents)
    decoded = network.decode(latents / SCALING).sample
    io = {"image": image, "encoded": encoded, "latents": latents, "decoded": decoded}
    return Reference({"vae": of_diffusers(network)}, io)


def text(size: Size) -> Reference:
    """CLIP ViT-L/14's text encoder on ids of no text."""
    special = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1}
    network = random_encoder(CLIPTextConfig(**size.text, max_position_embeddings=LENGTH, **special))
    ids = torch.randint(0, size.text["vocab_size"], (2, LENGTH))
    # Before transformers 5 the names began with `text_model.`, and all published files have it.
    state = {f"text_model.{k}": v for k, v in network.state_dict().items()}
    io = {"ids": ids, "tokens": network(ids).last_hidden_state}
    return Reference({"text": (network.config.to_dict(), state)}, io)


def resnet(size: Size, name: str) -> Reference:
    """A predictor of eight emotions under torchvision's names, by transformers."""
    kind, layers, _, _ = RESNETS[name]
    network = random_resnet(kind, layers, size.resnet_width, size.resnet_side)
    image = pictures(2, size.resnet_side)
    state = {torchvision_name(k): v for k, v in network.state_dict().items()}
    io = {"image": image, "probabilities": network(image).logits.softmax(dim=1)}
    return Reference({name: ({}, state)}, io)


def emotion(size: Size) -> Reference:
    """Directions into tokens."""
    network = random_network(EmotionEncoder(size.emotion))
    directions = random_directions(2)
    io = {"directions": directions, "tokens": network(directions)}
    return Reference({"emotion": of_emotion(network)}, io)
