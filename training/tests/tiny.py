"""What the tests of the diffusion model's training begin with: the tiny settings and networks drawn from one seed."""

from pathlib import Path

import torch

from emoeditor.models import EmotionPredictor, PatchAutoencoder
from emoeditor.phases.diffusion_networks import DiffusionNetworks, untrained_networks
from emoeditor.phases.unet_task import Frozen, UNetTask
from emoeditor.photographs import standin
from emoeditor.settings import UNetPhase, load
from emoeditor.weights.networks import frozen

TINY = load(Path(__file__).parents[1] / "configs" / "tiny.json")
CPU = torch.device("cpu")


def tiny_networks() -> DiffusionNetworks:
    torch.manual_seed(0)
    return untrained_networks(TINY.unet, CPU)


def tiny_unet_task(phase: UNetPhase = TINY.unet) -> UNetTask:
    networks = tiny_networks()
    fixed = Frozen(frozen(PatchAutoencoder(TINY.vae.model), CPU), frozen(EmotionPredictor(TINY.predictor.model), CPU))
    return UNetTask(phase, networks, fixed, standin.photos(), standin.Tints(), CPU)
