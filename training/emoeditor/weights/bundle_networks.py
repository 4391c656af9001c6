"""The trainable networks behind a bundle, their configs read off the shapes of its weights."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..models import (
    EmotionEncoder,
    EmotionEncoderConfig,
    EmotionPredictor,
    KernelEmotionPredictor,
    KernelPredictorConfig,
    PatchAutoencoder,
    PatchAutoencoderConfig,
    PredictorConfig,
    UNet2DConditionModel,
    UNetConfig,
)
from ..models.predictor import last_blocks
from .bundle_weights import BundleGraph, read_graph

Weights = dict[str, Tensor]
DEPTHS = (1.0, 1.1, 1.2)
"""Depth multipliers of EfficientNet-Lite 0, 1 and 2."""


@dataclass(frozen=True)
class BundleNetworks:
    """What a bundle was exported from; the instruction encoder and the judge do not travel with it."""

    unet: UNet2DConditionModel
    vae: PatchAutoencoder
    emotion_encoder: EmotionEncoder
    predictor: EmotionPredictor
    manifest: dict[str, Any]
    """`bundle.json`."""


def _count(weights: Weights, pattern: str) -> int:
    """How many numbered modules match, e.g. `down_blocks\\.(\\d+)\\.`."""
    found = {int(m.group(1)) for name in weights if (m := re.match(pattern, name))}
    return max(found, default=-1) + 1


def _heads(graph: BundleGraph, channels: int) -> int:
    """Heads of the attention over so many channels: the Reshape to `[0, -1, heads, width]` tells."""
    found = {
        int(c[2])
        for c in graph.constants.values()
        if c.shape == (4,) and c.dtype.kind == "i" and c[2] * c[3] == channels
    }
    if len(found) != 1:
        raise ValueError(
            f"expected one number of heads for {channels} channels in the UNet's graph, but found {sorted(found)}"
        )
    return found.pop()


def _attribute(node: Any, name: str) -> Any:
    import onnx

    return next(onnx.helper.get_attribute_value(a) for a in node.attribute if a.name == name)


def _unet_config(graph: BundleGraph) -> UNetConfig:
    weights = graph.weights
    levels = _count(weights, r"down_blocks\.(\d+)\.")
    widths = tuple(weights[f"down_blocks.{i}.resnets.0.conv2.weight"].shape[0] for i in range(levels))
    cross = [f"down_blocks.{i}.attentions.0.norm.weight" in weights for i in range(levels)]
    norm = next(graph.nodes_of("InstanceNormalization"))
    out, seen = weights["conv_out.weight"], weights["conv_in.weight"]
    splits = (node for node in graph.nodes_of("Split") if node.input[0] == "sample")
    return UNetConfig(
        in_channels=seen.shape[1],
        out_channels=out.shape[0],
        block_out_channels=widths,
        down_block_types=tuple("CrossAttnDownBlock2D" if c else "DownBlock2D" for c in cross),
        up_block_types=tuple("CrossAttnUpBlock2D" if c else "UpBlock2D" for c in cross[::-1]),
        layers_per_block=_count(weights, r"down_blocks\.0\.resnets\.(\d+)\."),
        cross_attention_dim=weights["mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight"].shape[1],
        attention_head_dim=tuple(_heads(graph, w) if c else 1 for w, c in zip(widths, cross, strict=True)),
        norm_num_groups=graph.constants[norm.input[1]].size,
        norm_eps=round(float(_attribute(norm, "epsilon")), 9),
        parametrisation="source-residual" if any(splits) else "epsilon",
        pool_tokens="token_pooling.weight" in weights,
    )


def _vae_config(weights: Weights, scaling_factor: float) -> PatchAutoencoderConfig:
    if "encoder.linear.weight" not in weights:
        raise ValueError(
            "expected the starter's patch autoencoder in the bundle, but it holds another kind: "
            "train that model from the checkpoint that it was imported from"
        )
    return PatchAutoencoderConfig(
        latent_channels=weights["encoder.linear.weight"].shape[0],
        hidden_channels=(weights["encoder.conv_down.weight"].shape[0], weights["encoder.conv_in.weight"].shape[0]),
        num_blocks=(
            _count(weights, r"encoder\.coarse_blocks\.(\d+)\."),
            _count(weights, r"encoder\.fine_blocks\.(\d+)\."),
        ),
        scaling_factor=scaling_factor,
    )


def _emotion_config(weights: Weights, tokens: int) -> EmotionEncoderConfig:
    layers = sorted((name for name in weights if name.endswith(".weight")), key=lambda n: int(n.split(".")[1]))
    widths = [weights[name].shape[0] for name in layers]
    return EmotionEncoderConfig(
        input_dim=weights[layers[0]].shape[1],
        hidden_dims=tuple(widths[:-1]),
        num_tokens=tokens,
        token_dim=widths[-1] // tokens,
    )


def _predictor(weights: Weights, manifest: dict[str, Any]) -> EmotionPredictor:
    """The predictor; its batch norms were folded away and come back as identities with the folded shift."""
    told = manifest["predictor"]
    blocks = _count(weights, r"_blocks\.(\d+)\.")
    common = dict(
        input_size=told["inputSize"],
        mean=tuple(told["mean"]),
        std=tuple(told["std"]),
        temperature=told["temperature"],
        class_order=tuple(manifest["classOrder"]),
        architecture=manifest["provenance"].get("predictor", {}).get("architecture", "efficientnet-lite0"),
        stem_channels=weights["_conv_stem.weight"].shape[0],
        head_channels=weights["_conv_head.weight"].shape[0],
    )
    for depth in DEPTHS:
        ends = last_blocks(depth)
        if ends[-1] + 1 != blocks:
            continue
        stages = tuple(weights[f"_blocks.{i}._project_conv.weight"].shape[0] for i in ends)
        common |= dict(depth_multiplier=depth, stage_channels=stages)
        network = _with_kernel(weights, common) if "support" in weights else EmotionPredictor(PredictorConfig(**common))
        network.load_state_dict(unfolded(weights, network))
        return network.eval()
    raise ValueError(f"expected an EfficientNet-Lite predictor in the bundle, but it has {blocks} blocks")


def _with_kernel(weights: Weights, common: dict[str, Any]) -> KernelEmotionPredictor:
    rows, directions = weights["support"].shape
    return KernelEmotionPredictor(KernelPredictorConfig(**common, support_rows=rows, directions=directions))


def unfolded(weights: Weights, network: EmotionPredictor) -> Weights:
    """State of a network whose batch norms were folded away: norms again that only add the folded shift."""
    state = network.state_dict()
    norms = {
        "_conv_stem": "_bn0",
        "_expand_conv": "_bn0",
        "_depthwise_conv": "_bn1",
        "_project_conv": "_bn2",
        "_conv_head": "_bn1",
    }
    for name, value in weights.items():
        module, _, kind = name.rpartition(".")
        parent, _, convolution = module.rpartition(".")
        if kind == "weight" or convolution not in norms:
            state[name] = value
            continue
        norm = f"{parent}.{norms[convolution]}".lstrip(".")
        state[f"{norm}.bias"] = value
        state[f"{norm}.weight"] = torch.ones_like(value)
        state[f"{norm}.running_mean"] = torch.zeros_like(value)
        # Batch norm divides by the root of variance + eps: together they make 1.
        state[f"{norm}.running_var"] = torch.full_like(value, 1 - network.config.bn_eps)
    return state


def read_emotion_encoder(bundle: Path) -> EmotionEncoder:
    """The emotion encoder alone; raises FileNotFoundError where the bundle has none."""
    manifest = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    weights = read_graph(bundle, "emotionEncoder").weights
    emotions = EmotionEncoder(_emotion_config(weights, manifest["conditioning"]["tokens"]))
    emotions.load_state_dict(weights)
    return emotions.eval()


def read_bundle(bundle: Path) -> BundleNetworks:
    """All networks of a bundle folder that training can go on from.

    Raises FileNotFoundError where a graph is missing, ValueError where the bundle is of another kind.
    """
    manifest = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    graph = read_graph(bundle, "unet")
    unet = UNet2DConditionModel(_unet_config(graph))
    unet.load_state_dict(graph.weights)
    autoencoder = read_graph(bundle, "vaeEncoder").weights | read_graph(bundle, "vaeDecoder").weights
    vae = PatchAutoencoder(_vae_config(autoencoder, manifest["latents"]["scalingFactor"]))
    vae.load_state_dict(autoencoder)
    emotions = read_emotion_encoder(bundle)
    predictor = _predictor(read_graph(bundle, "predictor").weights, manifest)
    return BundleNetworks(unet.eval(), vae.eval(), emotions, predictor, manifest)
