"""Stable Diffusion's noise schedule and the two deterministic solvers used for evaluation."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

TRAIN_TIMESTEPS = 1000
Denoiser = Callable[[Tensor, int], Tensor]
"""Noise prediction: `(x [B,C,h,w], timestep) -> eps [B,C,h,w]`."""


@cache
def alphas_cumprod(device: torch.device | str) -> Tensor:
    """Products `[1000]` of 1 - beta for scaled-linear betas 0.00085..0.012."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, TRAIN_TIMESTEPS, dtype=torch.float32) ** 2
    return torch.cumprod(1.0 - betas, dim=0).to(device)


class NoiseSchedule:
    """Scaled-linear betas 0.00085..0.012 over 1000 steps."""

    def __init__(self, device: torch.device | str = "cpu"):
        self.alphas_cumprod = alphas_cumprod(device)

    def add_noise(self, x: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """Diffuse `x [B,C,h,w]` to timesteps `[B]`."""
        a = self.alphas_cumprod[timesteps].view(-1, 1, 1, 1)
        return a.sqrt() * x + (1 - a).sqrt() * noise

    def loss_weights(self, timesteps: Tensor, gamma: float, ceiling: float) -> Tensor:
        """Weights `[B]` of the squared noise error: that of the velocity, cut off at both ends.

        The velocity's error is the noise's divided by alpha, so late timesteps, where an error of the noise is
        multiplied most on its way to the picture, count more (up to `ceiling`); early ones are damped as in
        min-SNR (Hang et al. 2023) with `gamma`. Their mean over all timesteps is 1.
        """
        snr = self.alphas_cumprod / (1 - self.alphas_cumprod)
        weights = (1 / self.alphas_cumprod).clamp(max=ceiling) * (gamma / snr).clamp(max=1.0)
        return (weights / weights.mean())[timesteps]


@dataclass(frozen=True)
class SamplerSettings:
    """One way to run the reverse process; `start` is T, the share of the 1000 timesteps to start from."""

    solver: str = "ddim"
    spacing: str = "trailing"
    steps: int = 8
    start: float = 0.85
    guidance: float = 1.0


def timesteps_for(settings: SamplerSettings) -> list[int]:
    """Timesteps in sampling order, as diffusers spaces them with `num_train_timesteps` lowered to T."""
    n, last = settings.steps, round(settings.start * TRAIN_TIMESTEPS)
    if settings.spacing == "trailing":
        return (np.round(np.arange(last, 0, -last / n)).astype(int) - 1).tolist()[:n]
    if settings.solver == "ddim":
        ratio = last // n
        return [int(i * ratio) + 1 for i in range(n)][::-1]
    ratio = last // (n + 1)
    return [int(i * ratio) + 1 for i in range(n + 1)][::-1][:-1]


def sample(
    denoise: Denoiser, schedule: NoiseSchedule, source: Tensor, noise: Tensor, settings: SamplerSettings
) -> Tensor:
    """Run the reverse process from noised `source` latents `[B,C,h,w]`; returns latents of the same shape."""
    timesteps = timesteps_for(settings)
    x = schedule.add_noise(source, noise, torch.tensor(timesteps[:1], device=source.device))
    solver = _ddim if settings.solver == "ddim" else _dpm_solver_2m
    return solver(denoise, schedule.alphas_cumprod.double().cpu().numpy(), x, timesteps, settings)


def _ddim(denoise: Denoiser, alphas: np.ndarray, x: Tensor, timesteps: list[int], settings: SamplerSettings) -> Tensor:
    stride = round(settings.start * TRAIN_TIMESTEPS) // settings.steps
    for t in timesteps:
        a, previous = alphas[t], alphas[t - stride] if t - stride >= 0 else alphas[0]
        eps = denoise(x, t)
        x0 = (x - math.sqrt(1 - a) * eps) / math.sqrt(a)
        x = math.sqrt(previous) * x0 + math.sqrt(1 - previous) * eps
    return x


def _dpm_solver_2m(
    denoise: Denoiser, alphas: np.ndarray, x: Tensor, timesteps: list[int], settings: SamplerSettings
) -> Tensor:
    """DPM-Solver++ 2M (Lu et al. 2022), midpoint; first and last step of order one, ending at sigma 0."""
    previous_x0: Tensor | None = None
    previous_lambda = 0.0
    for i, t in enumerate(timesteps):
        alpha, sigma = math.sqrt(alphas[t]), math.sqrt(1 - alphas[t])
        lam = math.log(alpha / sigma)
        x0 = (x - sigma * denoise(x, t)) / alpha
        if i == len(timesteps) - 1:
            return x0
        a_next = alphas[timesteps[i + 1]]
        alpha_next, sigma_next = math.sqrt(a_next), math.sqrt(1 - a_next)
        h = math.log(alpha_next / sigma_next) - lam
        blend = x0
        if previous_x0 is not None:
            ratio = (lam - previous_lambda) / h
            blend = x0 + (x0 - previous_x0) * (0.5 / ratio)
        x = (sigma_next / sigma) * x - alpha_next * math.expm1(-h) * blend
        previous_x0, previous_lambda = x0, lam
    return x
