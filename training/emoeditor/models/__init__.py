"""The four networks of a starter bundle, with diffusers' parameter names and config keys."""

from .emotion_encoder import EmotionEncoder, EmotionEncoderConfig
from .kernel_predictor import KernelEmotionPredictor, KernelPredictorConfig
from .patch_autoencoder import PatchAutoencoder, PatchAutoencoderConfig
from .predictor import EmotionPredictor, PredictorConfig
from .text_encoder import InstructionEncoder, TextEncoderConfig, Vocabulary
from .unet import UNet2DConditionModel, UNetConfig
from .vae import AutoencoderKL, VAEConfig

__all__ = [
    "AutoencoderKL",
    "EmotionEncoder",
    "EmotionEncoderConfig",
    "EmotionPredictor",
    "InstructionEncoder",
    "KernelEmotionPredictor",
    "KernelPredictorConfig",
    "PatchAutoencoder",
    "PatchAutoencoderConfig",
    "PredictorConfig",
    "TextEncoderConfig",
    "UNet2DConditionModel",
    "UNetConfig",
    "VAEConfig",
    "Vocabulary",
]
