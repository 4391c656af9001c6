"""Autoencoder of the starter: a linear transform of 8 x 8 patches, corrected by small convolutional networks.

The linear part starts as the principal components of photographs, so that training begins where a classical
transform coder stands and spends its whole budget on what that cannot do: edges, texture, overlaps of patches.
All convolutions run at 1/4 and 1/8 of the picture's sides, which suits CPUs. No normalisation layers: the latents of
a place do not depend on what is far away.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PATCH = 8
COARSE, FINE = 8, 4
"""Strides of the two levels that the convolutions work at."""


@dataclass(frozen=True)
class PatchAutoencoderConfig:
    """`hidden_channels` are the widths at 1/8 and at 1/4 of the picture's sides, `num_blocks` the blocks there."""

    in_channels: int = 3
    out_channels: int = 3
    latent_channels: int = 16
    hidden_channels: tuple[int, int] = (128, 48)
    num_blocks: tuple[int, int] = (3, 2)
    sample_size: int = 256
    scaling_factor: float = 1.0


class Block(nn.Module):
    """x + conv(SiLU(conv(SiLU(x)))); the last convolution starts at zero."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.silu(self.conv1(F.silu(x))))


def _blocks(channels: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(Block(channels) for _ in range(count)))


class Encoder(nn.Module):
    """`[B,3,H,W] -> [B,C,H/8,W/8]`: `linear` plus the correction."""

    def __init__(self, config: PatchAutoencoderConfig):
        super().__init__()
        (wide, narrow), (coarse, fine) = config.hidden_channels, config.num_blocks
        self.linear = nn.Conv2d(config.in_channels, config.latent_channels, PATCH, stride=PATCH)
        self.conv_in = nn.Conv2d(config.in_channels, narrow, FINE, stride=FINE)
        self.fine_blocks = _blocks(narrow, fine)
        self.conv_down = nn.Conv2d(narrow, wide, 2, stride=2)
        self.coarse_blocks = _blocks(wide, coarse)
        self.conv_out = nn.Conv2d(wide, config.latent_channels, 3, padding=1)
        nn.init.zeros_(self.conv_out.weight)
        nn.init.zeros_(self.conv_out.bias)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv_down(self.fine_blocks(self.conv_in(x)))
        return self.linear(x) + self.conv_out(F.silu(self.coarse_blocks(h)))


class Decoder(nn.Module):
    """`[B,C,h,w] -> [B,3,8h,8w]`: `linear` plus the correction."""

    def __init__(self, config: PatchAutoencoderConfig):
        super().__init__()
        (wide, narrow), (coarse, fine) = config.hidden_channels, config.num_blocks
        self.linear = nn.ConvTranspose2d(config.latent_channels, config.out_channels, PATCH, stride=PATCH)
        self.conv_in = nn.Conv2d(config.latent_channels, wide, 3, padding=1)
        self.coarse_blocks = _blocks(wide, coarse)
        self.conv_up = nn.Conv2d(wide, narrow * (COARSE // FINE) ** 2, 3, padding=1)
        self.fine_blocks = _blocks(narrow, fine)
        self.conv_out = nn.Conv2d(narrow, config.out_channels * FINE**2, 3, padding=1)
        nn.init.zeros_(self.conv_out.weight)
        nn.init.zeros_(self.conv_out.bias)

    def forward(self, z: Tensor) -> Tensor:
        h = F.pixel_shuffle(self.conv_up(self.coarse_blocks(self.conv_in(z))), COARSE // FINE)
        return self.linear(z) + F.pixel_shuffle(self.conv_out(F.silu(self.fine_blocks(h))), FINE)


class PatchAutoencoder(nn.Module):
    """Deterministic autoencoder. Latents handed to the UNet are `encoder(image) * scaling_factor`."""

    def __init__(self, config: PatchAutoencoderConfig):
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    def encode_raw(self, images: Tensor) -> Tensor:
        """Unscaled latents `[B,C,H/8,W/8]` of images in [-1,1]."""
        return self.encoder(images)

    def encode(self, images: Tensor) -> Tensor:
        """Scaled latents of images in [-1,1]."""
        return self.encode_raw(images) * self.config.scaling_factor

    def decode_raw(self, z: Tensor) -> Tensor:
        """Images of unscaled latents."""
        return self.decoder(z)

    def decode(self, latents: Tensor) -> Tensor:
        """Images in about [-1,1] of scaled latents."""
        return self.decode_raw(latents / self.config.scaling_factor)

    @torch.no_grad()
    def start_from(self, images: Tensor) -> None:
        """Set the linear part to the principal components of the patches of `images [N,3,H,W]` in [-1,1].

        Component k is divided by the square root of its standard deviation: half-way to white latents, so that an
        error in a coarse component, which the eye sees more, still costs more.
        """
        patches = F.unfold(images, PATCH, stride=PATCH).transpose(1, 2).flatten(0, 1).double()
        # The decoder's bias is one number per colour channel, so the mean taken off is that of the channel.
        channels = patches.view(len(patches), self.config.in_channels, -1).mean((0, 2))
        mean = channels.repeat_interleave(PATCH * PATCH)
        centred = patches - mean
        variances, axes = torch.linalg.eigh(centred.T @ centred / len(centred))
        count = self.config.latent_channels
        axes, spread = axes.flip(1)[:, :count], variances.flip(0)[:count].clamp(min=1e-12).sqrt()
        gain = spread.rsqrt()
        analysis, synthesis = (axes * gain).T, (axes / gain).T
        shape = (count, self.config.in_channels, PATCH, PATCH)
        self.encoder.linear.weight.copy_(analysis.reshape(shape))
        self.encoder.linear.bias.copy_(-(analysis @ mean))
        self.decoder.linear.weight.copy_(synthesis.reshape(shape))
        self.decoder.linear.bias.copy_(channels)
