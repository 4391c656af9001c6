"""How much the direction matters: `python -m emoeditor.evaluation.direction_share BUNDLE PHOTOS...`.

Each photograph is edited towards all eight emotions twice with the same seed: from what the predictor says of it, and
from the opposite (ranks turned round). Printed are the root mean square distance between the two edits to one emotion,
that between the edits to two emotions, and the first as a share of the second, all on raw decodes.
"""

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from ..models.schedule import NoiseSchedule, SamplerSettings
from ..optimisation.inference import predict
from ..photographs.data import EMOTION_COUNT
from ..photographs.lit import opposite
from ..weights.bundle_networks import read_bundle
from .editing import Editor, by_direction, edit_once, request

SIZE = (128, 192)


def read_photo(path: Path) -> Tensor:
    """The middle of a photograph, `[1,3,128,192]` in 0..1."""
    picture = ImageOps.fit(Image.open(path).convert("RGB"), (SIZE[1], SIZE[0]), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255


def edits(editor: Editor, photo: Tensor, p: Tensor, settings: SamplerSettings, seed: int) -> Tensor:
    """Edits to the eight emotions `[8,3,H,W]` of a photograph that is said to evoke `p [1,8]`."""
    images = photo.expand(EMOTION_COUNT, -1, -1, -1).contiguous()
    wanted = request(editor, images, torch.arange(EMOTION_COUNT))
    noise = torch.randn(wanted.source[:1].shape, generator=torch.Generator().manual_seed(seed))
    tokens = by_direction(editor.emotion_encoder)(wanted, p.expand(EMOTION_COUNT, -1))
    return edit_once(editor, wanted, wanted.source, tokens, settings, noise.expand_as(wanted.source))[1]


def rms(a: Tensor, b: Tensor) -> float:
    """Root mean square difference."""
    return float((a - b).square().mean().sqrt())


def mean(values: list[float]) -> float:
    """Their mean."""
    return sum(values) / len(values)


@torch.no_grad()
def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--guidance", type=float, default=1.6)
    parser.add_argument("--start", type=float, default=0.94)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    n = read_bundle(args.bundle)
    editor = Editor(n.unet.eval(), n.vae, n.emotion_encoder, n.predictor, NoiseSchedule())
    settings = SamplerSettings(solver="dpm", steps=args.steps, start=args.start, guidance=args.guidance)
    turned, apart = [], []
    for path in args.photos:
        photo = read_photo(path)
        p = predict(n.predictor, photo)
        said, other = (edits(editor, photo, q, settings, args.seed) for q in (p, opposite(p)))
        turned.append(mean([rms(a, b) for a, b in zip(said, other, strict=True)]))
        apart.append(mean([rms(a, b) for a, b in combinations(said, 2)]))
    print(f"direction {mean(turned):.3f}, emotions {mean(apart):.3f}, share {mean(turned) / mean(apart):.2f}")


if __name__ == "__main__":
    main()
