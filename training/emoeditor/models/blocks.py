"""Convolution and attention blocks shared by the VAE and the UNet.

Parameter names follow diffusers 0.42 to the letter, so a state dict moves between the two unchanged.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def _trains_on_cpu(x: Tensor) -> bool:
    """Whether to use plain operations because the fused kernels' backward passes are slow on the device."""
    return x.device.type == "cpu" and torch.is_grad_enabled()


class GroupNorm(nn.GroupNorm):
    """Group norm in the activation's own type: autocast would widen it to fp32 and double the memory traffic."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            weight, bias = self.weight.to(x.dtype), self.bias.to(x.dtype)
            if not _trains_on_cpu(x):
                return F.group_norm(x, self.num_groups, weight, bias, self.eps)
            # Channels-last and bfloat16, torch 2.13's kernels take 6 to 8 times as long: more than two copies.
            y = F.group_norm(x.contiguous(), self.num_groups, weight, bias, self.eps)
            return y.contiguous(memory_format=torch.channels_last)


class LayerNorm(nn.LayerNorm):
    """Layer norm in the activation's own type, for the same reason."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            shape = self.normalized_shape
            return F.layer_norm(x, shape, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps)


class ResnetBlock2D(nn.Module):
    """norm, SiLU, conv, (+ time), norm, SiLU, conv, + input. `[B,C_in,H,W] -> [B,C_out,H,W]`."""

    def __init__(self, c_in: int, c_out: int, groups: int, eps: float, temb_channels: int | None = None):
        super().__init__()
        self.norm1 = GroupNorm(groups, c_in, eps=eps)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, padding=1)
        if temb_channels is not None:
            self.time_emb_proj = nn.Linear(temb_channels, c_out)
        self.norm2 = GroupNorm(groups, c_out, eps=eps)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(c_in, c_out, 1) if c_in != c_out else None

    def forward(self, x: Tensor, temb: Tensor | None = None) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        if temb is not None:
            h = h + self.time_emb_proj(F.silu(temb))[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return (x if self.conv_shortcut is None else self.conv_shortcut(x)) + h


class Downsample2D(nn.Module):
    """Stride-2 convolution. `padding=0` pads right and bottom only, as the VAE of Stable Diffusion does."""

    def __init__(self, channels: int, padding: int):
        super().__init__()
        self.padding = padding
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, (0, 1, 0, 1)) if self.padding == 0 else x)


class Upsample2D(nn.Module):
    """Nearest-neighbour doubling and a convolution."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


def _heads(x: Tensor, heads: int) -> Tensor:
    """`[B,N,heads*d] -> [B,heads,N,d]`."""
    return x.unflatten(2, (heads, -1)).transpose(1, 2)


def _attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q k^T / sqrt(d)) v. `q [B,heads,N,d]`, `k, v [B,heads,M,d]` -> `[B,heads,N,d]`."""
    if not _trains_on_cpu(q):
        return F.scaled_dot_product_attention(q, k, v)
    # A quarter of a training step went to the fused kernel's backward; its products alone take a fifth of that.
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    with torch.autocast(q.device.type, enabled=False):
        shares = scores.softmax(dim=-1)
    return shares @ v


class Attention(nn.Module):
    """Multi-head attention over tokens: `query [B,N,C]`, `context [B,M,C_ctx] -> [B,N,C]`."""

    def __init__(self, dim: int, heads: int, context_dim: int | None = None):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(dim, dim, bias=False)
        self.to_k = nn.Linear(context_dim or dim, dim, bias=False)
        self.to_v = nn.Linear(context_dim or dim, dim, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(dim, dim), nn.Dropout(0.0)])

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        ctx = x if context is None else context
        q, k, v = (_heads(t, self.heads) for t in (self.to_q(x), self.to_k(ctx), self.to_v(ctx)))
        out = _attend(q, k, v)
        return self.to_out[0](out.transpose(1, 2).flatten(2))


class SpatialAttention(nn.Module):
    """The VAE's single-head self-attention over pixels, with its own norm and residual."""

    def __init__(self, channels: int, groups: int, eps: float):
        super().__init__()
        self.group_norm = GroupNorm(groups, channels, eps=eps)
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels), nn.Dropout(0.0)])

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        tokens = self.group_norm(x).flatten(2).transpose(1, 2)
        q, k, v = (_heads(f(tokens), 1) for f in (self.to_q, self.to_k, self.to_v))
        out = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        return x + self.to_out[0](out).transpose(1, 2).reshape(b, c, h, w)


class GEGLU(nn.Module):
    """Gated linear unit with the exact (erf) GELU."""

    def __init__(self, dim: int, inner: int):
        super().__init__()
        self.proj = nn.Linear(dim, inner * 2)

    def forward(self, x: Tensor) -> Tensor:
        value, gate = self.proj(x).chunk(2, dim=-1)
        return value * F.gelu(gate)


class FeedForward(nn.Module):
    """GEGLU feed-forward with a four-fold inner width."""

    def __init__(self, dim: int):
        super().__init__()
        self.net = nn.ModuleList([GEGLU(dim, dim * 4), nn.Dropout(0.0), nn.Linear(dim * 4, dim)])

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.net:
            x = layer(x)
        return x


class BasicTransformerBlock(nn.Module):
    """Self-attention, cross-attention, feed-forward; pre-norm with residuals."""

    def __init__(self, dim: int, heads: int, context_dim: int):
        super().__init__()
        self.norm1 = LayerNorm(dim)
        self.attn1 = Attention(dim, heads)
        self.norm2 = LayerNorm(dim)
        self.attn2 = Attention(dim, heads, context_dim)
        self.norm3 = LayerNorm(dim)
        self.ff = FeedForward(dim)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        x = x + self.attn1(self.norm1(x))
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class Transformer2DModel(nn.Module):
    """A transformer block over the pixels of a feature map, conditioned on tokens."""

    def __init__(self, channels: int, heads: int, context_dim: int, groups: int):
        super().__init__()
        self.norm = GroupNorm(groups, channels, eps=1e-6)
        self.proj_in = nn.Conv2d(channels, channels, 1)
        self.transformer_blocks = nn.ModuleList([BasicTransformerBlock(channels, heads, context_dim)])
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        b, c, h, w = x.shape
        tokens = self.proj_in(self.norm(x)).flatten(2).transpose(1, 2)
        for block in self.transformer_blocks:
            tokens = block(tokens, context)
        return x + self.proj_out(tokens.transpose(1, 2).reshape(b, c, h, w))


class TimestepEmbedding(nn.Module):
    """Two linear layers on the sinusoidal embedding of the timestep."""

    def __init__(self, c_in: int, dim: int):
        super().__init__()
        self.linear_1 = nn.Linear(c_in, dim)
        self.linear_2 = nn.Linear(dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(F.silu(self.linear_1(x)))


def timestep_features(timesteps: Tensor, dim: int) -> Tensor:
    """Sinusoidal features, cosine half first (`flip_sin_to_cos`). `[B] -> [B,dim]` float32."""
    half = dim // 2
    freqs = torch.exp(-math.log(10000.0) * torch.arange(half, device=timesteps.device, dtype=torch.float32) / half)
    angles = timesteps.float()[:, None] * freqs[None]
    return torch.cat([angles.cos(), angles.sin()], dim=1)
