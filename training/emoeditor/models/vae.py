"""AutoencoderKL of diffusers at small width: images `[B,3,H,W]` in [-1,1] to latents `[B,C,H/8,W/8]`."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import Downsample2D, GroupNorm, ResnetBlock2D, SpatialAttention, Upsample2D

EPS = 1e-6


@dataclass(frozen=True)
class VAEConfig:
    """The keys of diffusers' AutoencoderKL config that matter here, under their own names."""

    in_channels: int = 3
    out_channels: int = 3
    block_out_channels: tuple[int, ...] = (32, 64, 96, 128)
    down_block_types: tuple[str, ...] = ("DownEncoderBlock2D",) * 4
    up_block_types: tuple[str, ...] = ("UpDecoderBlock2D",) * 4
    layers_per_block: int = 1
    act_fn: str = "silu"
    latent_channels: int = 16
    norm_num_groups: int = 16
    sample_size: int = 256
    scaling_factor: float = 1.0
    shift_factor: float | None = None
    latents_mean: tuple[float, ...] | None = None
    latents_std: tuple[float, ...] | None = None
    force_upcast: bool = False
    use_quant_conv: bool = True
    use_post_quant_conv: bool = True
    mid_block_add_attention: bool = True


class _Mid(nn.Module):
    def __init__(self, channels: int, groups: int, attention: bool):
        super().__init__()
        self.attentions = nn.ModuleList([SpatialAttention(channels, groups, EPS)] if attention else [])
        self.resnets = nn.ModuleList([ResnetBlock2D(channels, channels, groups, EPS) for _ in range(2)])

    def forward(self, x: Tensor) -> Tensor:
        x = self.resnets[0](x)
        for attention in self.attentions:
            x = attention(x)
        return self.resnets[1](x)


class _Stage(nn.Module):
    """A run of resnets followed by an optional resampler, named as diffusers names it."""

    def __init__(self, c_in: int, c_out: int, layers: int, groups: int, resample: str | None):
        super().__init__()
        self.resnets = nn.ModuleList(
            [ResnetBlock2D(c_in if i == 0 else c_out, c_out, groups, EPS) for i in range(layers)]
        )
        self.resample = resample
        if resample == "down":
            self.downsamplers = nn.ModuleList([Downsample2D(c_out, padding=0)])
        elif resample == "up":
            self.upsamplers = nn.ModuleList([Upsample2D(c_out)])

    def forward(self, x: Tensor) -> Tensor:
        for resnet in self.resnets:
            x = resnet(x)
        if self.resample == "down":
            x = self.downsamplers[0](x)
        elif self.resample == "up":
            x = self.upsamplers[0](x)
        return x


class Encoder(nn.Module):
    """`[B,3,H,W] -> [B,2*latent,H/8,W/8]` (mean and log-variance before `quant_conv`)."""

    def __init__(self, config: VAEConfig):
        super().__init__()
        widths, groups = config.block_out_channels, config.norm_num_groups
        self.conv_in = nn.Conv2d(config.in_channels, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        c_in = widths[0]
        for i, c_out in enumerate(widths):
            resample = "down" if i < len(widths) - 1 else None
            self.down_blocks.append(_Stage(c_in, c_out, config.layers_per_block, groups, resample))
            c_in = c_out
        self.mid_block = _Mid(c_in, groups, config.mid_block_add_attention)
        self.conv_norm_out = GroupNorm(groups, c_in, eps=EPS)
        self.conv_out = nn.Conv2d(c_in, 2 * config.latent_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for block in self.down_blocks:
            x = block(x)
        x = self.mid_block(x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


class Decoder(nn.Module):
    """`[B,latent,h,w] -> [B,3,8h,8w]`."""

    def __init__(self, config: VAEConfig):
        super().__init__()
        widths, groups = config.block_out_channels[::-1], config.norm_num_groups
        self.conv_in = nn.Conv2d(config.latent_channels, widths[0], 3, padding=1)
        self.mid_block = _Mid(widths[0], groups, config.mid_block_add_attention)
        self.up_blocks = nn.ModuleList()
        c_in = widths[0]
        for i, c_out in enumerate(widths):
            resample = "up" if i < len(widths) - 1 else None
            self.up_blocks.append(_Stage(c_in, c_out, config.layers_per_block + 1, groups, resample))
            c_in = c_out
        self.conv_norm_out = GroupNorm(groups, c_in, eps=EPS)
        self.conv_out = nn.Conv2d(c_in, config.out_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.mid_block(self.conv_in(x))
        for block in self.up_blocks:
            x = block(x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


class AutoencoderKL(nn.Module):
    """KL-regularised autoencoder. Latents handed to the UNet are `mode * scaling_factor`."""

    def __init__(self, config: VAEConfig):
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.quant_conv = nn.Conv2d(2 * config.latent_channels, 2 * config.latent_channels, 1)
        self.post_quant_conv = nn.Conv2d(config.latent_channels, config.latent_channels, 1)

    def moments(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Posterior mean and log-variance, each `[B,C,H/8,W/8]`, of images in [-1,1]."""
        mean, logvar = self.quant_conv(self.encoder(images)).chunk(2, dim=1)
        return mean, logvar.clamp(-30.0, 20.0)

    def encode(self, images: Tensor) -> Tensor:
        """Scaled latents (`mode * scaling_factor`) of images in [-1,1]."""
        return self.moments(images)[0] * self.config.scaling_factor

    def decode_raw(self, z: Tensor) -> Tensor:
        """Images of unscaled latents."""
        return self.decoder(self.post_quant_conv(z))

    def decode(self, latents: Tensor) -> Tensor:
        """Images in about [-1,1] of scaled latents."""
        return self.decode_raw(latents / self.config.scaling_factor)

    def forward(self, images: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Reconstruction with sampled latents (`noise` `[B,C,h,w]`), mean and log-variance."""
        mean, logvar = self.moments(images)
        z = mean if noise is None else mean + torch.exp(0.5 * logvar) * noise
        return self.decode_raw(z), mean, logvar
