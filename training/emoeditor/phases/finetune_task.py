"""Fine-tuning InstructPix2Pix into EmoEditor (the paper's section 3), with diffusers' own networks.

The emotion encoder's tokens take the place of CLIP's; the loss is the noise's squared error plus 0.5 x the alignment
of those tokens to CLIP's embedding of the instruction, over each whole sample. Unlike the official code: pictures go
to the autoencoder in [-1, 1] in training as in inference, timesteps come from all 1000, batches are always whole,
weights and averages are fp32, and both conditions are dropped for a part of the samples, which guidance needs.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models import EmotionEncoder, EmotionEncoderConfig
from ..models.schedule import TRAIN_TIMESTEPS, NoiseSchedule
from ..optimisation.inference import autocast
from ..optimisation.losses import alignment_loss
from ..photographs.data import EMOTION_COUNT, uniform
from ..photographs.recorded import RecordedPairs

if TYPE_CHECKING:
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer


@dataclass(frozen=True)
class FineTunePhase:
    """What a batch is and what is dropped from it."""

    batch: int = 8
    size: tuple[int, int] = (256, 256)
    hidden_dims: tuple[int, ...] = (256, 512, 768)
    alignment: float = 0.5
    drop_emotion: float = 0.05
    """Share of samples without tokens (zeros, as the product's guidance has them)."""
    drop_source: float = 0.05
    """Share of samples without the source's latents (zeros)."""
    checkpointing: bool = True
    """Compute activations again in the backward pass: half the memory for a third more time."""


@dataclass(frozen=True)
class Base:
    """An InstructPix2Pix as diffusers and transformers hold it."""

    unet: "UNet2DConditionModel"
    vae: "AutoencoderKL"
    text_encoder: "CLIPTextModel"
    tokenizer: "CLIPTokenizer"


def read_base(folder: Path, device: torch.device) -> Base:
    """The networks of a diffusers folder in fp32; all but the UNet frozen.

    Raises ValueError where the UNet does not see the source beside the noisy latents.
    """
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    unet = UNet2DConditionModel.from_pretrained(folder / "unet", torch_dtype=torch.float32)
    vae = AutoencoderKL.from_pretrained(folder / "vae", torch_dtype=torch.float32)
    text = CLIPTextModel.from_pretrained(folder / "text_encoder", torch_dtype=torch.float32)
    seen, made = unet.config.in_channels, vae.config.latent_channels
    if seen != 2 * made:
        raise ValueError(f"expected a UNet of {2 * made} input channels, as InstructPix2Pix has, but it has {seen}")
    for network in (vae, text):
        network.eval().requires_grad_(False).to(device)
    return Base(unet.to(device), vae, text, CLIPTokenizer.from_pretrained(str(folder / "tokenizer")))


def emotion_encoder_for(base: Base, hidden_dims: tuple[int, ...]) -> EmotionEncoder:
    """The global branch in the shape of CLIP's tokens: 46 M parameters for 77 x 768."""
    text = base.text_encoder.config
    config = EmotionEncoderConfig(EMOTION_COUNT, hidden_dims, text.max_position_embeddings, text.hidden_size)
    return EmotionEncoder(config)


class FineTuneTask:
    """See the module."""

    def __init__(
        self, phase: FineTunePhase, base: Base, encoder: EmotionEncoder, pairs: RecordedPairs, device: torch.device
    ):
        self.phase, self.base, self.encoder, self.pairs = phase, base, encoder, pairs
        self.modules: dict[str, nn.Module] = {"unet": base.unet, "emotion_encoder": encoder}
        self.schedule = NoiseSchedule(device)
        if phase.checkpointing:
            base.unet.enable_gradient_checkpointing()

    @torch.no_grad()
    def encode(self, images: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Unscaled latents `[B,4,h,w]` of images in 0..1: a draw of the posterior, or its mode without a generator."""
        with autocast(images.device):
            posterior = self.base.vae.encode(images * 2 - 1).latent_dist
        return (posterior.mode() if generator is None else posterior.sample(generator)).float()

    @torch.no_grad()
    def text_tokens(self, prompts: list[str]) -> Tensor:
        """CLIP's embeddings `[B,77,768]` of instructions."""
        length, device = self.encoder.config.num_tokens, self.schedule.alphas_cumprod.device
        options: dict[str, Any] = {"padding": "max_length", "truncation": True, "max_length": length}
        ids = self.base.tokenizer(prompts, return_tensors="pt", **options).input_ids
        with autocast(device):
            return self.base.text_encoder(ids.to(device)).last_hidden_state.float()

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        """See Task."""
        phase, n = self.phase, self.phase.batch
        drawn = self.pairs.draw(n, phase.size, generator)
        numbers = drawn.index.tolist()
        # The source as InstructPix2Pix sees it: the posterior's mode, unscaled.
        source = self.encode(drawn.source)
        target = self.encode(drawn.edited, generator) * self.base.vae.config.scaling_factor
        t = torch.randint(0, TRAIN_TIMESTEPS, (n,), generator=generator, device=target.device)
        noise = torch.randn(target.shape, generator=generator, device=target.device)
        noisy = self.schedule.add_noise(target, noise, t)
        emotion = torch.tensor([self.pairs.emotions[i] for i in numbers], device=target.device)
        p_source = self.pairs.source_softmax.to(target.device)[drawn.index]
        direction = F.one_hot(emotion, EMOTION_COUNT).float() - p_source
        text = self.text_tokens([self.pairs.records[i].prompt for i in numbers])
        told = uniform(generator, n, 1, 1) >= phase.drop_emotion
        shown = uniform(generator, n, 1, 1, 1) >= phase.drop_source
        with autocast(target.device):
            tokens = self.encoder(direction).float()
            joined = torch.cat([noisy, source * shown], dim=1)
            predicted = self.base.unet(joined, t, tokens * told).sample.float()
        mse, alignment = F.mse_loss(predicted, noise), alignment_loss(tokens, text)
        return {"loss": mse + phase.alignment * alignment, "mse": mse, "align": alignment}
