"""Averages two exports of one architecture: `python -m emoeditor.blend A B OUT --share 0.5`.

Fine-tuning against the predictor makes an edit clearer and, after a while, paints what only the predictor sees. The
straight line between the weights before and after keeps most of the former and little of the latter
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

import argparse
import json
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

PARTS = ("unet/diffusion_pytorch_model.safetensors", "emotion_encoder/model.safetensors")


def blend(first: Path, second: Path, out: Path, share: float) -> None:
    """Write `(1 - share) * first + share * second`; all that is not trained comes from `second`.

    Raises ValueError when the two are not of one architecture or stand on another autoencoder.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"expected a share between 0 and 1, got {share}")
    vae = [(folder / "vae" / "diffusion_pytorch_model.safetensors").read_bytes() for folder in (first, second)]
    if vae[0] != vae[1]:
        raise ValueError("expected two models over the same autoencoder: their latents mean different things")
    shutil.copytree(second, out)
    for part in PARTS:
        a, b = load_file(first / part), load_file(second / part)
        if {k: v.shape for k, v in a.items()} != {k: v.shape for k, v in b.items()}:
            raise ValueError(f"expected {part} of one architecture in both exports")
        mixed = {k: ((1 - share) * a[k].float() + share * b[k].float()).to(b[k].dtype) for k in b}
        save_file(mixed, out / part)
    path = out / "card.json"
    cards = [json.loads((folder / "card.json").read_text(encoding="utf-8")) for folder in (first, second)]
    training = [card["figures"]["training"]["unet"] for card in cards]
    cards[1]["figures"]["training"] |= {"unet": training[0], "unet_critic": training[1]}
    cards[1]["blend"] = {"share": share, "of": "the weights after fine-tuning against the predictor, with those before"}
    path.write_text(json.dumps(cards[1], indent=2), encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--share", type=float, default=0.5)
    args = parser.parse_args()
    blend(args.first, args.second, args.out, args.share)


if __name__ == "__main__":
    main()
