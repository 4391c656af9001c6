"""Write `test/golden/names/`: every tensor of Stable Diffusion 1.x, its shape, and its name in other people's files.

The pairs of names come from diffusers: a checkpoint with CompVis' names and one marked tensor per name goes through
its own conversion, and where a mark comes out is what that name is called in diffusers.
Run from `training/`: `python -m golden.names [--out FOLDER]`.
"""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

import diffusers
import torch
import transformers
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders import single_file_utils as conversion
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel

OUT = Path(__file__).parents[2] / "test" / "golden" / "names"

UNET = {
    "in_channels": 8,
    "cross_attention_dim": 768,
    "block_out_channels": (320, 640, 1280, 1280),
    "layers_per_block": 2,
    "attention_head_dim": 8,
}
VAE = {
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
    "latent_channels": 4,
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
}
CLIP_L = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}

RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}


def unet_candidates() -> list[str]:
    """Names in openaimodel.UNetModel; extra names that it lacks are skipped by the conversion."""
    ends = (".weight", ".bias")
    transformer = [
        *("norm", "proj_in", "proj_out"),
        *(f"transformer_blocks.0.norm{i}" for i in (1, 2, 3)),
        *(f"transformer_blocks.0.attn{i}.{part}" for i in (1, 2) for part in ("to_q", "to_k", "to_v", "to_out.0")),
        *("transformer_blocks.0.ff.net.0.proj", "transformer_blocks.0.ff.net.2"),
    ]
    layers = ["time_embed.0", "time_embed.2", "input_blocks.0.0", "out.0", "out.2"]
    blocks = [("input_blocks", i) for i in range(1, 12)] + [("output_blocks", i) for i in range(12)]
    for side, index in blocks:
        at = f"{side}.{index}"
        is_downsampler = side == "input_blocks" and index % 3 == 0
        layers += [f"{at}.0.op"] if is_downsampler else [f"{at}.0.{part}" for part in RESNET.values()]
        has_attention = index < 9 and not is_downsampler if side == "input_blocks" else index >= 3
        layers += [f"{at}.1.{part}" for part in transformer] if has_attention else []
        if side == "output_blocks" and index in (2, 5, 8):
            layers.append(f"{at}.{2 if has_attention else 1}.conv")
    layers += [f"middle_block.{i}.{part}" for i in (0, 2) for part in RESNET.values()]
    layers += [f"middle_block.1.{part}" for part in transformer]
    return [f"model.diffusion_model.{layer}{end}" for layer in layers for end in ends]


def vae_candidates() -> list[str]:
    """Names of CompVis' AutoencoderKL, and some that it has not."""
    resnet = ["norm1", "conv1", "norm2", "conv2", "nin_shortcut"]
    layers = ["quant_conv", "post_quant_conv"]
    for side, direction, blocks in (("encoder", "down", 2), ("decoder", "up", 3)):
        layers += [f"{side}.{layer}" for layer in ("conv_in", "norm_out", "conv_out")]
        layers += [f"{side}.mid.{block}.{part}" for block in ("block_1", "block_2") for part in resnet]
        layers += [f"{side}.mid.attn_1.{part}" for part in ("norm", "q", "k", "v", "proj_out")]
        for level in range(4):
            at = f"{side}.{direction}.{level}"
            layers += [f"{at}.block.{block}.{part}" for block in range(blocks) for part in resnet]
            layers.append(f"{at}.{direction}sample.conv")
    return [f"first_stage_model.{layer}{end}" for layer in layers for end in (".weight", ".bias")]


def old_attention(name: str) -> str:
    """The VAE's attention as diffusers called it before 0.18."""
    for new, old in (("to_q", "query"), ("to_k", "key"), ("to_v", "value"), ("to_out.0", "proj_attn")):
        name = name.replace(f".attentions.0.{new}.", f".attentions.0.{old}.")
    return name


def pairs(candidates: Iterable[str], network: nn.Module, convert: Callable[[dict[str, Tensor]], dict[str, Tensor]]):
    """Name in diffusers → name in LDM, where diffusers' conversion carries the mark over."""
    expected = network.state_dict()
    marks = list(candidates)
    converted = convert({name: torch.full((1, 1, 1, 1), float(i)) for i, name in enumerate(marks)})
    found = {new: marks[int(mark.flatten()[0])] for new, mark in converted.items() if new in expected}
    assert found.keys() == expected.keys(), expected.keys() ^ found.keys()
    return found


def write(path: Path, network: nn.Module, names: dict[str, str], older: Callable[[str], str] | None = None) -> None:
    """One tensor per line: name, shape, its name in LDM, and an older name in diffusers where it had one."""
    rows = []
    for name, value in network.state_dict().items():
        old = [] if older is None or older(name) == name else [older(name)]
        rows.append("\t".join([name, "x".join(map(str, value.shape)), names[name], *old]))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with torch.device("meta"):
        unet = UNet2DConditionModel(**UNET)
        vae = AutoencoderKL(**VAE)
        text = CLIPTextModel(CLIPTextConfig(**CLIP_L))
    ldm_unet = pairs(unet_candidates(), unet, lambda c: conversion.convert_ldm_unet_checkpoint(c, UNET))
    ldm_vae = pairs(vae_candidates(), vae, lambda c: conversion.convert_ldm_vae_checkpoint(c, VAE))
    prefix = conversion.LDM_CLIP_PREFIX_TO_REMOVE[0]
    ldm_text = {name: f"{prefix}text_model.{name.removeprefix('text_model.')}" for name in text.state_dict()}
    write(out / "unet.tsv", unet, ldm_unet)
    write(out / "vae.tsv", vae, ldm_vae, old_attention)
    write(out / "clipText.tsv", text, ldm_text)
    print(f"diffusers {diffusers.__version__}, transformers {transformers.__version__}")


if __name__ == "__main__":
    main()
