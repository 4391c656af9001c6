"""The starter's networks in PyTorch, read from its bundle. Answers a list of calls with the milliseconds they took."""

import json
import sys
import time
from pathlib import Path

import torch

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "training"))

from emoeditor.bundle_networks import read_bundle
from emoeditor.networks import placed

CPU = torch.device("cpu")

torch.set_num_threads(int(sys.argv[1]))
bundle = read_bundle(ROOT / "models" / "starter")
unet, vae, emotion_encoder, predictor = (
    placed(network, CPU) for network in (bundle.unet, bundle.vae, bundle.emotion_encoder, bundle.predictor)
)


def evaluate(sample: torch.Tensor) -> torch.Tensor:
    tokens = torch.zeros(len(sample), 16, unet.config.cross_attention_dim)
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
