"""The starter's networks in PyTorch with random weights. Answers a list of calls with the milliseconds they took."""

import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))

from emoeditor.models import (  # noqa: E402
    EmotionEncoder,
    EmotionEncoderConfig,
    EmotionPredictor,
    PatchAutoencoder,
    PatchAutoencoderConfig,
    PredictorConfig,
    UNet2DConditionModel,
    UNetConfig,
)
from emoeditor.networks import placed  # noqa: E402

CPU = torch.device("cpu")
# As in training/configs/starter-cpu.json.
UNET = UNetConfig(
    block_out_channels=(64, 128, 192),
    attention_head_dim=(2, 4, 6),
    parametrisation="source-residual",
    pool_tokens=True,
)

torch.set_num_threads(int(sys.argv[1]))
vae = placed(PatchAutoencoder(PatchAutoencoderConfig()).eval(), CPU)
unet = placed(UNet2DConditionModel(UNET).eval(), CPU)
emotion_encoder = placed(EmotionEncoder(EmotionEncoderConfig()).eval(), CPU)
predictor = placed(EmotionPredictor(PredictorConfig()).eval(), CPU)


def evaluate(sample: torch.Tensor) -> torch.Tensor:
    tokens = torch.zeros(len(sample), 16, UNET.cross_attention_dim)
    return unet(sample, torch.full((len(sample),), 500), tokens)


NETWORKS = {
    "encode": vae.encode,
    "direction": emotion_encoder,
    "unet": evaluate,
    "decode": vae.decode,
    "predictor": predictor.probabilities,
}


@torch.inference_mode()
def run(calls: list[dict]) -> dict[str, float]:
    spent = dict.fromkeys(NETWORKS, 0.0)
    for call in calls:
        given = torch.rand(call["dims"])
        if given.dim() == 4 and call["part"] != "predictor":
            given = given.to(memory_format=torch.channels_last)
        started = time.perf_counter()
        NETWORKS[call["part"]](given)
        spent[call["part"]] += (time.perf_counter() - started) * 1000
    return spent | {"edit": sum(spent.values())}


print("{}", flush=True)
for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
