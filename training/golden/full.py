"""Write networks of Stable Diffusion's real size with random weights, and what PyTorch makes of some input.

Too large for the repository: `bench/parity` runs this and compares our graphs with it. Needs the packages torch,
diffusers, transformers and safetensors. `--tiny` writes miniatures of the same architectures.
Run from `training/`: `python -m golden.full PART FOLDER [--tiny]`.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file

from .full_edit import edit
from .full_networks import REAL, TINY, Reference, Size, emotion, resnet, text, unet, vae
from .resnet import FULL as RESNETS

PARTS: dict[str, Callable[[Size], Reference]] = {
    "unet": unet,
    "vae": vae,
    "text": text,
    **{name: lambda size, name=name: resnet(size, name) for name in RESNETS},
    "emotion": emotion,
    "edit": edit,
}


def write(reference: Reference, folder: Path) -> None:
    """`NAME.json` and `NAME.safetensors` of every network, in float16; what goes in and out in float32, last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (config, state) in reference.networks.items():
        (folder / f"{name}.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        halves = {k: v.half().contiguous() for k, v in state.items() if v.is_floating_point()}
        save_file(halves, folder / f"{name}.safetensors", metadata={"format": "pt"})
    io = {k: v.float().contiguous() for k, v in reference.io.items()}
    save_file(io, folder / "io.safetensors", metadata={"format": "pt"})


@torch.no_grad()
def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tiny", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(20241129)
    write(PARTS[args.part](TINY if args.tiny else REAL), args.folder / args.part)


if __name__ == "__main__":
    main()
