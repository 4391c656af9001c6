"""Write `test/golden/tiny/`: a small tiny autoencoder (TAESD) as a diffusers folder, with what diffusers makes of it.

Weights are random, stored as fp16, and the outputs computed in fp32 from the rounded weights. `--full` writes one of
TAESD's real size instead, to compare by hand.
Run from `training/`: `python -m golden.tiny [--out FOLDER] [--full]`.
"""

import argparse
import json
from pathlib import Path

import diffusers
import torch
from diffusers import AutoencoderTiny
from safetensors.torch import save_file

OUT = Path(__file__).parents[2] / "test" / "golden" / "tiny"


def random_network(width: int, blocks: tuple[int, ...]) -> AutoencoderTiny:
    """Seeded weights that fp16 holds exactly; every convolution about keeps the size of its input."""
    torch.manual_seed(20241128)
    network = AutoencoderTiny(
        encoder_block_out_channels=(width,) * 4,
        decoder_block_out_channels=(width,) * 4,
        num_encoder_blocks=blocks,
        num_decoder_blocks=blocks[::-1],
    )
    for name, value in network.named_parameters():
        if value.ndim == 4:
            inside = ".conv.4." in name
            torch.nn.init.normal_(value, std=(0.3 if inside else 1.2) * value[0].numel() ** -0.5)
        else:
            torch.nn.init.normal_(value, std=0.1)
        value.data = value.data.half().float()
    return network.eval().requires_grad_(False)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    network = random_network(64, (1, 3, 3, 3)) if args.full else random_network(8, (1, 2, 3, 1))
    network.half().save_pretrained(args.out)
    network.float()
    generator = torch.Generator().manual_seed(7)
    image = torch.rand(1, 3, 32, 48, generator=generator) * 2 - 1
    latents = torch.randn(2, 4, 4, 6, generator=generator) * 2
    io = {
        "image": image,
        "encoded": network.encode(image).latents,
        "latents": latents,
        "decoded": network.decode(latents).sample,
    }
    print({name: round(value.std().item(), 3) for name, value in io.items()})
    save_file({k: v.contiguous() for k, v in io.items()}, args.out / "io.safetensors", metadata={"format": "pt"})
    provenance = {
        "generator": "training/golden/tiny.py",
        "diffusers": diffusers.__version__,
        "torch": torch.__version__,
        "outputs": "diffusers' AutoencoderTiny, float32, weights rounded to float16",
    }
    (args.out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
