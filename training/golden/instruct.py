"""Write `test/golden/instruct/`: a tiny InstructPix2Pix as a diffusers folder, and an edit that diffusers made with it.

All weights are random, stored as fp16 and computed with in fp32. Its tokenizer knows single letters and a few merges.
Run from `training/`: `python -m golden.instruct [--out FOLDER]`.
"""

import argparse
import json
import shutil
import string
from pathlib import Path

import diffusers
import torch
import transformers
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionInstructPix2PixPipeline, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTokenizer

from .text import LENGTH, random_encoder

OUT = Path(__file__).parents[2] / "test" / "golden" / "instruct"
PROMPT = "Make it rain under a heavy grey sky"
STEPS = 30
TEXT_SCALE, IMAGE_SCALE = 7.5, 1.5
WIDTH = 24


def write_tokenizer(folder: Path) -> CLIPTokenizer:
    """A vocabulary of ASCII letters with the merges of a few words, in the files of transformers 4."""
    merges = [("m", "a"), ("k", "e</w>"), ("ma", "ke</w>"), ("r", "a"), ("i", "n</w>"), ("ra", "in</w>"), ("s", "k")]
    letters = string.ascii_lowercase + string.digits + ",."
    tokens = [*letters, *(letter + "</w>" for letter in letters), *("".join(pair) for pair in merges)]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocab = {token: index for index, token in enumerate(tokens)}
    folder.mkdir(parents=True)
    (folder / "vocab.json").write_text(json.dumps(vocab), encoding="utf-8")
    lines = "\n".join(" ".join(pair) for pair in merges)
    (folder / "merges.txt").write_text(f"#version: 0.2\n{lines}\n", encoding="utf-8")
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=LENGTH)


def rounded(network: torch.nn.Module) -> torch.nn.Module:
    """Weights that fp16 holds exactly; norms that do something."""
    for name, value in network.named_parameters():
        if value.ndim == 1:
            torch.nn.init.normal_(value, mean=1.0 if "norm" in name and name.endswith("weight") else 0.0, std=0.1)
        value.data = value.data.half().float()
    return network.eval().requires_grad_(False)


def tiny_pipeline(tokenizer: CLIPTokenizer) -> StableDiffusionInstructPix2PixPipeline:
    """The architecture of Stable Diffusion 1 with an image beside the latents, at a few channels."""
    torch.manual_seed(20241124)
    unet = UNet2DConditionModel(
        in_channels=8,
        out_channels=4,
        block_out_channels=(16, 32),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=1,
        cross_attention_dim=WIDTH,
        attention_head_dim=2,
        norm_num_groups=4,
    )
    vae = AutoencoderKL(
        block_out_channels=(8, 8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        norm_num_groups=4,
        scaling_factor=0.18215,
    )
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=40,
        num_hidden_layers=2,
        num_attention_heads=3,
        max_position_embeddings=LENGTH,
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=1,
    )
    scheduler = DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )
    pipeline = StableDiffusionInstructPix2PixPipeline(
        vae=rounded(vae),
        text_encoder=random_encoder(config),
        tokenizer=tokenizer,
        unet=rounded(unet),
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def save(pipeline: StableDiffusionInstructPix2PixPipeline, out: Path) -> None:
    """The folder as it would be published, halves as safetensors; no file that the importer does not read."""
    for part in ("unet", "vae", "text_encoder"):
        network = getattr(pipeline, part)
        network.half().save_pretrained(out / part)
        network.float()
    pipeline.scheduler.save_pretrained(out / "scheduler")
    index = {"_class_name": type(pipeline).__name__, "_diffusers_version": diffusers.__version__}
    (out / "model_index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


@torch.no_grad()
def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    shutil.rmtree(out, ignore_errors=True)
    pipeline = tiny_pipeline(write_tokenizer(out / "tokenizer"))
    save(pipeline, out)
    generator = torch.Generator().manual_seed(7)
    image = torch.nn.functional.interpolate(
        torch.rand(1, 3, 4, 6, generator=generator), (64, 96), mode="bicubic"
    ).clamp(0, 1)
    noise = torch.randn(1, 4, 8, 12, generator=generator)
    made = {}
    for output in ("latent", "pt"):
        made[output] = pipeline(
            PROMPT,
            image=image,
            latents=noise,
            num_inference_steps=STEPS,
            guidance_scale=TEXT_SCALE,
            image_guidance_scale=IMAGE_SCALE,
            output_type=output,
        ).images
    ids = pipeline.tokenizer(PROMPT, padding="max_length", max_length=LENGTH).input_ids
    tokens = pipeline.text_encoder(torch.tensor([ids])).last_hidden_state
    print("latents", made["latent"].std().item(), "picture", made["pt"].std().item(), "source", image.std().item())
    print("saturated", ((made["pt"] == 0) | (made["pt"] == 1)).float().mean().item())
    io = {"image": image, "noise": noise, "tokens": tokens, "latents": made["latent"], "edited": made["pt"]}
    save_file({k: v.contiguous() for k, v in io.items()}, out / "io.safetensors", metadata={"format": "pt"})
    provenance = {
        "generator": "training/golden/instruct.py",
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "edited": "StableDiffusionInstructPix2PixPipeline, DDIM, float32, weights rounded to float16",
        "prompt": PROMPT,
        "steps": STEPS,
        "guidance_scale": TEXT_SCALE,
        "image_guidance_scale": IMAGE_SCALE,
        "ids": ids,
    }
    (out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
