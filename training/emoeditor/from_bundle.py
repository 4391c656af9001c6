"""Begin a run with the networks of a bundle: `python -m emoeditor.from_bundle ../models/starter --out runs/next`.

Writes what the phases of `emoeditor.run` leave behind, so that those of autoencoder and predictor count as finished:
`vae/`, `predictor/`, and `start/checkpoint.pt` for `--start-from`. Weights that the bundle holds as int8 come back
with that rounding in them. The instruction encoder does not travel with a bundle: the UNet phase
lets a new one learn first what the emotion encoder says of each instruction (`text_warmup.py`).
"""

import argparse
import dataclasses
import json
from pathlib import Path

import torch

from .weights.bundle_networks import BundleNetworks, read_bundle
from .weights.networks import write_final


def write_run(networks: BundleNetworks, out: Path) -> None:
    """Write the folder of a run that has only its UNet still to train."""
    write_final(out / "vae", "vae", networks.vae)
    write_final(out / "predictor", "predictor", networks.predictor)
    trained = {"unet": networks.unet, "emotion_encoder": networks.emotion_encoder}
    for kind, network in trained.items():
        write_final(out / "start", kind, network)
    modules = {kind: network.state_dict() for kind, network in trained.items()}
    torch.save({"modules": {**modules, "text_encoder": {}}}, out / "start" / "checkpoint.pt")
    told = networks.manifest["provenance"].get("figures", {})
    text = json.dumps(told.get("predictor", {}), indent=2)
    (out / "predictor" / "figures.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    networks = read_bundle(args.bundle)
    write_run(networks, args.out)
    settings = {"unet": {"model": _changed(networks.unet), "emotion_encoder": _changed(networks.emotion_encoder)}}
    print(json.dumps(settings))
    print(f"go on with these settings: --out {args.out} --start-from {args.out}/start/checkpoint.pt")


def _changed(network: torch.nn.Module) -> dict[str, object]:
    """The keys in which a network's config differs from its class's defaults."""
    usual = type(network.config)()
    return {k: v for k, v in dataclasses.asdict(network.config).items() if v != getattr(usual, k)}


if __name__ == "__main__":
    main()
