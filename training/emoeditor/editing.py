"""The editor as the product runs it: direction, tokens, guided sampling, and a plain IEI loop for measuring."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from emopair.ssim import ssim

from .data import EMOTION_COUNT
from .models import PatchAutoencoder, EmotionEncoder, EmotionPredictor, UNet2DConditionModel
from .schedule import NoiseSchedule, SamplerSettings, sample
from .tasks import autocast, decode_latents, encode_images, predict

SSIM_WINDOW = (0.5, 0.8)
P_ACCEPT = 0.6


@dataclass(frozen=True)
class Editor:
    """The four trained networks and the noise schedule."""

    unet: UNet2DConditionModel
    vae: PatchAutoencoder
    emotion_encoder: EmotionEncoder
    predictor: EmotionPredictor
    schedule: NoiseSchedule


@dataclass(frozen=True)
class Request:
    """A batch of edits. `images [B,3,H,W]` 0..1, `source` their latents, `target [B]` classes."""

    images: Tensor
    source: Tensor
    target: Tensor


def request(editor: Editor, images: Tensor, target: Tensor) -> Request:
    """Encode the sources of a batch."""
    return Request(images, encode_images(editor.vae, images), target)


@torch.no_grad()
def edit_once(
    editor: Editor, wanted: Request, state: Tensor, p_state: Tensor, settings: SamplerSettings, seed: int
) -> tuple[Tensor, Tensor]:
    """One pass: from `state` latents and the predictor's reading of them to new latents and images."""
    direction = F.one_hot(wanted.target, EMOTION_COUNT).float() - p_state
    tokens = editor.emotion_encoder(direction)
    generator = torch.Generator(state.device).manual_seed(seed)
    noise = torch.randn(state.shape, generator=generator, device=state.device)

    def denoise(x: Tensor, t: int) -> Tensor:
        timesteps = torch.full((x.shape[0],), t, device=x.device)
        joined = torch.cat([x, wanted.source], dim=1)
        with autocast(x.device):
            eps = editor.unet(joined, timesteps, tokens).float()
            if settings.guidance != 1.0:
                null = editor.unet(joined, timesteps, torch.zeros_like(tokens)).float()
                eps = null + settings.guidance * (eps - null)
        return eps

    latents = sample(denoise, editor.schedule, state, noise, settings)
    return latents, decode_latents(editor.vae, latents)


@dataclass(frozen=True)
class Outcome:
    """What IEI ended with: images, probability of the target, SSIM, iteration of acceptance (0: never) per edit."""

    images: Tensor
    p_target: Tensor
    ssim: Tensor
    accepted_at: Tensor


def infer_iteratively(
    editor: Editor, wanted: Request, settings: SamplerSettings, iterations: int, seed: int
) -> Outcome:
    """IEI over a batch: stop at the first pass inside the window, otherwise keep the most confident one."""
    state, p_state = wanted.source, predict(editor.predictor, wanted.images)
    n = wanted.target.shape[0]
    best_images = wanted.images.clone()
    best_p = torch.full((n,), -1.0, device=state.device)
    best_ssim = torch.ones(n, device=state.device)
    accepted_at = torch.zeros(n, dtype=torch.long, device=state.device)
    for i in range(1, iterations + 1):
        latents, images = edit_once(editor, wanted, state, p_state, settings, seed + i)
        p = predict(editor.predictor, images)
        own, similar = p.gather(1, wanted.target[:, None])[:, 0], ssim(wanted.images, images)
        inside = (similar > SSIM_WINDOW[0]) & (similar < SSIM_WINDOW[1])
        passes = inside & (own > P_ACCEPT) & (accepted_at == 0)
        better = passes | ((accepted_at == 0) & (own > best_p))
        best_images = torch.where(better.view(-1, 1, 1, 1), images, best_images)
        best_p, best_ssim = torch.where(better, own, best_p), torch.where(better, similar, best_ssim)
        accepted_at = torch.where(passes, torch.full_like(accepted_at, i), accepted_at)
        # A pass that lost the structure is no start for the next one.
        keep = (similar > SSIM_WINDOW[0]).view(-1, 1, 1, 1)
        state = torch.where(keep, latents, state)
        p_state = torch.where(keep.view(-1, 1), p, p_state)
        if bool((accepted_at > 0).all()):
            break
    return Outcome(best_images, best_p, best_ssim, accepted_at)
