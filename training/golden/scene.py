"""Write `test/golden/scene/`: a small decoder on a small backbone, with its outputs.

Weights are stored as fp16 and the outputs computed in fp32 from the rounded weights.
Run from `training/`: `python -m golden.scene [--out FOLDER]`.
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from emoeditor.models import EmotionPredictor, PredictorConfig
from scene_maps.decoder import Decoder, DecoderConfig
from scene_maps.decoder_folder import config_of, weights_of

OUT = Path(__file__).parents[2] / "test" / "golden" / "scene"
CHANNELS = {4: 8, 8: 8, 16: 12, 32: 16}
SIDE = 64


def pictures(count: int) -> Tensor:
    """`[count,3,64,64]`: soft patches of colour, some bright and some dark."""
    patches = torch.rand(count, 3, 5, 5) * torch.linspace(0.3, 1, count).view(count, 1, 1, 1)
    return F.interpolate(patches, (SIDE, SIDE), mode="bilinear")


@torch.no_grad()
def random_networks() -> tuple[EmotionPredictor, Decoder]:
    """Seeded weights that fp16 holds exactly; the norms have these pictures' statistics."""
    torch.manual_seed(20261130)
    settings = PredictorConfig(
        architecture="efficientnet-lite2",
        input_size=SIDE,
        depth_multiplier=1.2,
        stem_channels=8,
        stage_channels=(8, 8, 8, 12, 12, 16, 16),
        head_channels=16,
    )
    network = EmotionPredictor(settings)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1
            nn.init.uniform_(module.weight, 0.8, 1.6)
            nn.init.normal_(module.bias, std=0.3)
    network.features(network.preprocess(pictures(12)))
    network.eval().requires_grad_(False)
    decoder = Decoder(DecoderConfig(width=16, fine_width=8, channels=CHANNELS)).eval().requires_grad_(False)
    nn.init.normal_(decoder.rows, std=0.5)
    for module in (network, decoder):
        for name, value in (*module.named_parameters(), *module.named_buffers()):
            if name not in ("mean", "std") and value.is_floating_point():
                value.data = value.data.half().float()
    return network, decoder


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    network, decoder = random_networks()
    image = pictures(2)
    maps = dict(zip(CHANNELS, network.features(network.preprocess(image))[1:], strict=True))
    shares = torch.softmax(decoder(maps), 1)
    state = {k: v.half().contiguous() for k, v in weights_of(network, decoder).items()}
    save_file(state, args.out / "model.safetensors")
    save_file({"image": image, "shares": shares.contiguous()}, args.out / "io.safetensors")
    (args.out / "config.json").write_text(json.dumps(config_of(network, decoder), indent=2) + "\n", encoding="utf-8")
    provenance = {
        "generator": "training/golden/scene.py",
        "torch": torch.__version__,
        "outputs": "scene_maps.decoder.Decoder on an EmotionPredictor's maps, float32, weights rounded to float16",
    }
    (args.out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
