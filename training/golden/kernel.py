"""Write `test/golden/kernel/`: a small predictor with a kernel head, with its outputs and its maps.

Weights are stored as fp16 and the outputs computed in fp32 from the rounded weights.
Run from `training/`: `python -m golden.kernel [--out FOLDER]`.
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from emoeditor.models import KernelEmotionPredictor, KernelPredictorConfig, config
from emoeditor.models.kernel_predictor import mean_and_spread

OUT = Path(__file__).parents[2] / "test" / "golden" / "kernel"


def pictures(count: int) -> Tensor:
    """`[count,3,64,64]`: soft patches of colour, some bright and some dark. Noise would all look alike when pooled."""
    patches = torch.rand(count, 3, 4, 4) * torch.linspace(0.3, 1, count).view(count, 1, 1, 1)
    return F.interpolate(patches, (64, 64), mode="bilinear")


@torch.no_grad()
def random_network() -> KernelEmotionPredictor:
    """Seeded weights that fp16 holds exactly; support rows are pictures of their own, so that distances are real."""
    torch.manual_seed(20261130)
    settings = KernelPredictorConfig(
        architecture="efficientnet-lite2",
        input_size=64,
        depth_multiplier=1.2,
        stem_channels=8,
        stage_channels=(8, 8, 8, 12, 12, 16, 16),
        head_channels=32,
        temperature=0.8,
        directions=12,
        support_rows=20,
    )
    network = KernelEmotionPredictor(settings)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1
            nn.init.uniform_(module.weight, 0.8, 1.6)
            nn.init.normal_(module.bias, std=0.3)
    known = pictures(20)
    network.pooled(known)  # in training: the norms take these pictures' statistics
    network.eval().requires_grad_(False)
    seen = network.pooled(known)
    network.projection.weight *= 0.5 / seen.std(0).mean()
    network.projection.bias.copy_(-network.projection(seen).mean(0))
    network.support.copy_(network.projection(seen))
    nn.init.normal_(network.regression.weight, std=0.3)
    network.regression.bias.copy_(torch.tensor([4.0, 3.0] + [0.12] * 8))
    nn.init.normal_(network.log_factors, std=0.2)
    for name, value in (*network.named_parameters(), *network.named_buffers()):
        if name not in ("mean", "std") and value.is_floating_point():
            value.data = value.data.half().float()
    return network


def grad_cam(network: KernelEmotionPredictor, image: Tensor) -> tuple[Tensor, Tensor]:
    """Mean gradients of the first class's logit by the last block `[C]`, and the map `[224,224]` of one picture.

    By autograd, scaled and enlarged as `pytorch_grad_cam` does it.
    """
    *_, at16, at32 = network.features(network.preprocess(image))
    block = at32.detach().requires_grad_(True)
    top = F.relu6(network._bn1(network._conv_head(block)))
    pooled = torch.cat([top.mean((2, 3)), mean_and_spread(block), mean_and_spread(at16)], 1)
    logits = network.logits_of(network.regressed_of(pooled))[0]
    logits[logits.argmax()].backward()
    weights = block.grad.mean((0, 2, 3))
    heat = F.relu((weights[:, None, None] * block.detach()[0]).sum(0))

    def stretched(x: Tensor) -> Tensor:
        return (x - x.min()) / (x.max() - x.min() + 1e-7)

    wide = F.interpolate(stretched(heat)[None, None], (224, 224), mode="bilinear", align_corners=False)
    return weights, stretched(wide[0, 0])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    network = random_network()
    image = pictures(3)
    *_, at8, at16, at32 = network.features(network.preprocess(image))
    io = {
        "image": image,
        "probabilities": network.probabilities(image),
        "ratings": network.ratings(image),
        "at8": at8,
        "at16": at16,
        "at32": at32,
    }
    for i in range(len(image)):
        weights, heat = grad_cam(network, image[i : i + 1])
        io[f"camWeights{i}"], io[f"cam{i}"] = weights, heat[::8, ::8]
    config.write(network.config, args.out / "config.json", "KernelEmotionPredictor")
    state = {k: v for k, v in network.state_dict().items() if not k.endswith("num_batches_tracked")}
    save_file({k: v.half().contiguous() for k, v in state.items()}, args.out / "model.safetensors")
    save_file({k: v.contiguous() for k, v in io.items()}, args.out / "io.safetensors")
    provenance = {
        "generator": "training/golden/kernel.py",
        "torch": torch.__version__,
        "outputs": "emoeditor.models.KernelEmotionPredictor, float32, weights rounded to float16",
    }
    (args.out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
