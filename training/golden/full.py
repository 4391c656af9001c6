"""Write a UNet or a VAE of Stable Diffusion's real size with random weights, and what diffusers makes of some input.

Too large for the repository: `bench/parity` compares our graphs with it.
Run from `training/`: `python -m golden.full unet|vae FOLDER`.
"""

import argparse
from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import save_file
from torch import Tensor, nn


def random_network(network: nn.Module) -> nn.Module:
    """Seeded weights that fp16 holds exactly; norms and biases are not left at one and zero."""
    for name, value in network.named_parameters():
        if value.ndim == 1:
            nn.init.normal_(value, mean=1.0 if "norm" in name and name.endswith("weight") else 0.0, std=0.1)
        value.data = value.data.half().float()
    return network.eval().requires_grad_(False)


def full_unet() -> tuple[nn.Module, dict[str, Tensor]]:
    """Stable Diffusion 1.5 with InstructPix2Pix's eight input channels, at EmoEditor's 28x28 latents."""
    network = random_network(
        UNet2DConditionModel(in_channels=8, out_channels=4, cross_attention_dim=768, attention_head_dim=8)
    )
    sample, tokens = torch.randn(1, 8, 28, 28), torch.randn(1, 77, 768)
    timestep = torch.tensor([500])
    noise = network(sample, timestep, tokens).sample
    return network, {"sample": sample, "timestep": timestep.float(), "tokens": tokens, "noisePred": noise}


def full_vae() -> tuple[nn.Module, dict[str, Tensor]]:
    """Stable Diffusion's VAE on a picture of 224x224."""
    network = random_network(
        AutoencoderKL(
            block_out_channels=(128, 256, 512, 512),
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            layers_per_block=2,
            latent_channels=4,
            scaling_factor=0.18215,
        )
    )
    image = torch.rand(1, 3, 224, 224) * 2 - 1
    encoded = network.encode(image).latent_dist.mode() * 0.18215
    latents = torch.randn(1, 4, 28, 28)
    decoded = network.decode(latents / 0.18215).sample
    return network, {"image": image, "encoded": encoded, "latents": latents, "decoded": decoded}


@torch.no_grad()
def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("unet", "vae"))
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    torch.manual_seed(20241129)
    network, io = full_unet() if args.part == "unet" else full_vae()
    folder = args.folder / args.part
    network.half().save_pretrained(folder, max_shard_size="8GB")
    save_file({k: v.contiguous() for k, v in io.items()}, folder / "io.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
