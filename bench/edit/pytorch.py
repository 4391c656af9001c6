"""The starter's networks in PyTorch with random weights. Answers a list of calls with the milliseconds they took."""

import json
import sys
import time
from pathlib import Path

import torch

TRAINING = Path(__file__).parents[2] / "training"
sys.path.insert(0, str(TRAINING))

from emoeditor.diffusion_networks import untrained_networks  # noqa: E402
from emoeditor.models import EmotionPredictor, PatchAutoencoder  # noqa: E402
from emoeditor.networks import placed  # noqa: E402
from emoeditor.settings import load  # noqa: E402

CPU = torch.device("cpu")
SETTINGS = load(TRAINING / "configs" / "starter-cpu.json")

torch.set_num_threads(int(sys.argv[1]))
vae = placed(PatchAutoencoder(SETTINGS.vae.model).eval(), CPU)
predictor = placed(EmotionPredictor(SETTINGS.predictor.model).eval(), CPU)
unet, emotion_encoder, _ = (network.eval() for network in untrained_networks(SETTINGS.unet, CPU))


def evaluate(sample: torch.Tensor) -> torch.Tensor:
    tokens = torch.zeros(len(sample), 16, SETTINGS.unet.model.cross_attention_dim)
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
