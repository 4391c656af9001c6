"""UNet2DConditionModel of diffusers at small width: predicts the noise in half of its input channels.

Two parametrisations. `epsilon`: the last layer is the noise, as in diffusers. `source-residual`: the last layer is
what to add to the source's latents; noise follows from that and the noisy latents. An untrained network of the second
kind leaves the picture as it is, and all training goes into what the edit changes, where the first kind must learn to
copy the source through every noise level: the difference between hours and weeks of training.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import (
    Downsample2D,
    GroupNorm,
    ResnetBlock2D,
    TimestepEmbedding,
    Transformer2DModel,
    Upsample2D,
    timestep_features,
)
from .schedule import alphas_cumprod

PARAMETRISATIONS = ("epsilon", "source-residual")


@dataclass(frozen=True)
class UNetConfig:
    """The keys of diffusers' UNet2DConditionModel config that matter here, under their own names.

    `attention_head_dim` is the number of heads per level: diffusers keeps that name by mistake.
    """

    sample_size: int = 32
    in_channels: int = 32
    out_channels: int = 16
    block_out_channels: tuple[int, ...] = (96, 192, 288)
    down_block_types: tuple[str, ...] = ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D")
    mid_block_type: str = "UNetMidBlock2DCrossAttn"
    up_block_types: tuple[str, ...] = ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D")
    layers_per_block: int = 2
    cross_attention_dim: int = 256
    attention_head_dim: tuple[int, ...] = (3, 6, 9)
    norm_num_groups: int = 32
    norm_eps: float = 1e-5
    act_fn: str = "silu"
    flip_sin_to_cos: bool = True
    freq_shift: int = 0
    downsample_padding: int = 1
    center_input_sample: bool = False
    use_linear_projection: bool = False
    parametrisation: str = "epsilon"
    pool_tokens: bool = False
    """Add the mean conditioning token to the time embedding: moods are mostly global changes."""


class _Down(nn.Module):
    def __init__(self, config: UNetConfig, level: int, c_in: int, temb: int):
        super().__init__()
        c_out = config.block_out_channels[level]
        cross = config.down_block_types[level].startswith("CrossAttn")
        self.attentions = nn.ModuleList()
        self.resnets = nn.ModuleList()
        for i in range(config.layers_per_block):
            width = c_in if i == 0 else c_out
            self.resnets.append(ResnetBlock2D(width, c_out, config.norm_num_groups, config.norm_eps, temb))
            if cross:
                self.attentions.append(_transformer(config, level))
        last = level == len(config.block_out_channels) - 1
        if not last:
            self.downsamplers = nn.ModuleList([Downsample2D(c_out, config.downsample_padding)])
        self.has_resampler = not last

    def forward(self, x: Tensor, temb: Tensor, context: Tensor) -> list[Tensor]:
        skips = []
        for i, resnet in enumerate(self.resnets):
            x = resnet(x, temb)
            if len(self.attentions) > 0:
                x = self.attentions[i](x, context)
            skips.append(x)
        if self.has_resampler:
            skips.append(self.downsamplers[0](x))
        return skips


class _Mid(nn.Module):
    def __init__(self, config: UNetConfig, temb: int):
        super().__init__()
        width = config.block_out_channels[-1]
        groups, eps = config.norm_num_groups, config.norm_eps
        self.attentions = nn.ModuleList([_transformer(config, len(config.block_out_channels) - 1)])
        self.resnets = nn.ModuleList([ResnetBlock2D(width, width, groups, eps, temb) for _ in range(2)])

    def forward(self, x: Tensor, temb: Tensor, context: Tensor) -> Tensor:
        x = self.resnets[0](x, temb)
        return self.resnets[1](self.attentions[0](x, context), temb)


class _Up(nn.Module):
    def __init__(self, config: UNetConfig, level: int, c_prev: int, c_skip_last: int, temb: int):
        """`level` counts from the coarsest; `c_skip_last` is the width of the finest skip it takes."""
        super().__init__()
        down_level = len(config.block_out_channels) - 1 - level
        c_out = config.block_out_channels[down_level]
        cross = config.up_block_types[level].startswith("CrossAttn")
        layers = config.layers_per_block + 1
        self.attentions = nn.ModuleList()
        self.resnets = nn.ModuleList()
        for i in range(layers):
            c_skip = c_skip_last if i == layers - 1 else c_out
            c_in = (c_prev if i == 0 else c_out) + c_skip
            self.resnets.append(ResnetBlock2D(c_in, c_out, config.norm_num_groups, config.norm_eps, temb))
            if cross:
                self.attentions.append(_transformer(config, down_level))
        self.has_resampler = down_level > 0
        if self.has_resampler:
            self.upsamplers = nn.ModuleList([Upsample2D(c_out)])

    def forward(self, x: Tensor, skips: list[Tensor], temb: Tensor, context: Tensor) -> Tensor:
        for i, resnet in enumerate(self.resnets):
            x = resnet(torch.cat([x, skips.pop()], dim=1), temb)
            if len(self.attentions) > 0:
                x = self.attentions[i](x, context)
        return self.upsamplers[0](x) if self.has_resampler else x


def _transformer(config: UNetConfig, level: int) -> Transformer2DModel:
    return Transformer2DModel(
        config.block_out_channels[level],
        config.attention_head_dim[level],
        config.cross_attention_dim,
        config.norm_num_groups,
    )


class UNet2DConditionModel(nn.Module):
    """Noise prediction `eps(x [B,32,h,w], t [B], tokens [B,16,256]) -> [B,16,h,w]`.

    The first half of the input channels are noisy latents, the second half the source's clean latents.
    """

    def __init__(self, config: UNetConfig):
        super().__init__()
        self.config = config
        widths = config.block_out_channels
        temb = widths[0] * 4
        self.conv_in = nn.Conv2d(config.in_channels, widths[0], 3, padding=1)
        self.time_embedding = TimestepEmbedding(widths[0], temb)
        if config.pool_tokens:
            self.token_pooling = nn.Linear(config.cross_attention_dim, temb)
            nn.init.zeros_(self.token_pooling.weight)
            nn.init.zeros_(self.token_pooling.bias)
        self.down_blocks = nn.ModuleList([_Down(config, i, widths[max(i - 1, 0)], temb) for i in range(len(widths))])
        self.mid_block = _Mid(config, temb)
        back = widths[::-1]
        self.up_blocks = nn.ModuleList(
            [_Up(config, i, back[max(i - 1, 0)], back[min(i + 1, len(back) - 1)], temb) for i in range(len(back))]
        )
        self.conv_norm_out = GroupNorm(config.norm_num_groups, widths[0], eps=config.norm_eps)
        self.conv_out = nn.Conv2d(widths[0], config.out_channels, 3, padding=1)
        if config.parametrisation not in PARAMETRISATIONS:
            raise ValueError(f"expected a parametrisation of {PARAMETRISATIONS}, but got {config.parametrisation!r}")

    def forward(self, x: Tensor, timesteps: Tensor, context: Tensor) -> Tensor:
        """See the class. `x` holds noisy latents in its first `out_channels`, the source's in the rest."""
        if self.config.parametrisation == "epsilon":
            return self._last_layer(x, timesteps, context)
        noisy, source = x.float().chunk(2, dim=1)
        alpha = alphas_cumprod(x.device)[timesteps.long()].view(-1, 1, 1, 1)
        a = alpha.sqrt()
        # Noisy latents weigh as much as there is signal in them: at late timesteps they are noise, and a network
        # that sees it at full strength paints with it until it has learnt not to.
        joined = torch.cat([a * noisy, source], dim=1).contiguous(memory_format=torch.channels_last)
        out = self._last_layer(joined, timesteps, context)
        return (noisy - a * (source + out)) / (1 - alpha).sqrt()

    def _last_layer(self, x: Tensor, timesteps: Tensor, context: Tensor) -> Tensor:
        features = timestep_features(timesteps, self.config.block_out_channels[0])
        temb = self.time_embedding(features.to(self.conv_in.weight.dtype))
        if self.config.pool_tokens:
            temb = temb + self.token_pooling(context.mean(dim=1))
        x = self.conv_in(x)
        skips = [x]
        for down in self.down_blocks:
            skips.extend(down(x, temb, context))
            x = skips[-1]
        x = self.mid_block(x, temb, context)
        for up in self.up_blocks:
            x = up(x, skips, temb, context)
        x = F.silu(self.conv_norm_out(x))
        # What the last layer says is multiplied by up to 26 on its way to noise: keep it in full precision.
        with torch.autocast(x.device.type, enabled=False):
            return self.conv_out(x.to(self.conv_out.weight.dtype))

    def zero_residuals(self) -> None:
        """Start every residual branch and the output at zero, which steadies training from scratch."""
        for module in self.modules():
            if isinstance(module, ResnetBlock2D):
                nn.init.zeros_(module.conv2.weight)
                nn.init.zeros_(module.conv2.bias)
            elif isinstance(module, Transformer2DModel):
                nn.init.zeros_(module.proj_out.weight)
                nn.init.zeros_(module.proj_out.bias)
        nn.init.zeros_(self.conv_out.weight)
        nn.init.zeros_(self.conv_out.bias)
