"""The three networks that are trained together as the diffusion model."""

from typing import cast

import torch

from ..models import EmotionEncoder, InstructionEncoder, UNet2DConditionModel
from ..settings import UNetPhase
from ..weights.networks import placed

UNET_NETWORKS = ("unet", "emotion_encoder", "text_encoder")
"""Their names in files and checkpoints, in the order of `DiffusionNetworks`."""
DiffusionNetworks = tuple[UNet2DConditionModel, EmotionEncoder, InstructionEncoder]


def untrained_networks(phase: UNetPhase, device: torch.device) -> DiffusionNetworks:
    """Drawn from torch's global generator, which the caller seeds; the UNet's residuals begin at zero."""
    unet = UNet2DConditionModel(phase.model)
    unet.zero_residuals()
    drawn = (unet, EmotionEncoder(phase.emotion_encoder), InstructionEncoder(phase.text_encoder))
    return cast(DiffusionNetworks, tuple(placed(network, device) for network in drawn))
