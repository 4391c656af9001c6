"""The editor as the product runs it: direction, tokens, guided sampling, and a plain IEI loop for measuring."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import Tensor

from emopair.ssim import ssim

from ..models import EmotionEncoder, EmotionPredictor, PatchAutoencoder, UNet2DConditionModel
from ..models.schedule import NoiseSchedule, SamplerSettings, sample
from ..optimisation.inference import autocast, decode_latents, encode_images, predict
from ..photographs.data import EMOTION_COUNT

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
    """Edits: `images [B,3,H,W]` 0..1, `source` their latents, `target [B]` classes, `number [B]` in their batch."""

    images: Tensor
    source: Tensor
    target: Tensor
    number: Tensor

    def at(self, index: Tensor) -> "Request":
        """The edits of an index."""
        return Request(*(getattr(self, f.name)[index] for f in fields(self)))


Conditioning = Callable[[Request, Tensor], Tensor]
"""Conditioning: `(edits, predictor's distributions of their states [B,8]) -> tokens [B,length,width]`."""


def by_direction(encoder: EmotionEncoder) -> Conditioning:
    """Tokens of the target's one-hot vector minus the picture's current distribution."""
    return lambda wanted, p_state: encoder(F.one_hot(wanted.target, EMOTION_COUNT).float() - p_state)


def by_one_hot(encoder: EmotionEncoder) -> Conditioning:
    """The target alone, as in the paper's ablation."""
    return lambda wanted, _: encoder(F.one_hot(wanted.target, EMOTION_COUNT).float())


def by_text(tokens: Tensor, emotions: Sequence[int]) -> Conditioning:
    """An instruction of the target emotion, another for each edit: `tokens [N,length,width]` of N instructions."""
    banks = [[i for i, e in enumerate(emotions) if e == emotion] for emotion in range(EMOTION_COUNT)]

    def tokens_of(wanted: Request, _: Tensor) -> Tensor:
        pairs = zip(wanted.target.tolist(), wanted.number.tolist(), strict=True)
        return tokens[[banks[target][number % len(banks[target])] for target, number in pairs]]

    return tokens_of


def request(editor: Editor, images: Tensor, target: Tensor) -> Request:
    """Encode the sources of a batch."""
    return Request(images, encode_images(editor.vae, images), target, torch.arange(len(target), device=target.device))


@torch.no_grad()
def edit_once(
    editor: Editor, wanted: Request, state: Tensor, tokens: Tensor, settings: SamplerSettings, noise: Tensor
) -> tuple[Tensor, Tensor]:
    """One iteration: from `state` latents, conditioning tokens and noise to new latents and images."""

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
    """Result of IEI per edit: images, probability of the target, SSIM, iteration of acceptance (0: never)."""

    images: Tensor
    p_target: Tensor
    ssim: Tensor
    accepted_at: Tensor


@torch.no_grad()
def infer_iteratively(
    editor: Editor,
    wanted: Request,
    settings: SamplerSettings,
    iterations: int,
    seed: int,
    conditioning: Conditioning | None = None,
) -> Outcome:
    """IEI over a batch: each edit stops at the first accepted iteration, otherwise the most confident one is kept.

    An edit's noise depends on seed, iteration and its place in the batch alone; accepted edits are left out.
    """
    tokens_of = conditioning or by_direction(editor.emotion_encoder)
    state, p_state = wanted.source.clone(), predict(editor.predictor, wanted.images)
    n = wanted.target.shape[0]
    best = Outcome(
        wanted.images.clone(),
        torch.full((n,), -1.0, device=state.device),
        torch.ones(n, device=state.device),
        torch.zeros(n, dtype=torch.long, device=state.device),
    )
    for i in range(1, iterations + 1):
        active = (best.accepted_at == 0).nonzero().flatten()
        if len(active) == 0:
            break
        generator = torch.Generator(state.device).manual_seed(seed + i)
        noise = torch.randn(state.shape, generator=generator, device=state.device)[active]
        part = wanted.at(active)
        tokens = tokens_of(part, p_state[active])
        latents, images = edit_once(editor, part, state[active], tokens, settings, noise)
        p, similar = predict(editor.predictor, images), ssim(part.images, images)
        _keep_better(best, active, Outcome(images, p.gather(1, part.target[:, None])[:, 0], similar, active), i)
        # An iteration that lost the source's structure is not the next one's starting point.
        kept = similar > SSIM_WINDOW[0]
        state[active[kept]], p_state[active[kept]] = latents[kept], p[kept]
    return best


def _keep_better(best: Outcome, active: Tensor, found: Outcome, iteration: int) -> None:
    """Update `best` in place where an edit is accepted or more confident than before."""
    inside = (found.ssim > SSIM_WINDOW[0]) & (found.ssim < SSIM_WINDOW[1])
    accepted = inside & (found.p_target > P_ACCEPT)
    better = accepted | (found.p_target > best.p_target[active])
    index = active[better]
    best.images[index] = found.images[better]
    best.p_target[index], best.ssim[index] = found.p_target[better], found.ssim[better]
    best.accepted_at[active[accepted]] = iteration
