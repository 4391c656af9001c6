"""The decoder: maps of four strides become class shares at stride 4."""

from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from scene_labels import CLASSES

from .backbone import CHANNELS, STRIDES

SCALE_FLOOR = 1e-3


@dataclass(frozen=True)
class DecoderConfig:
    width: int = 64
    fine_width: int = 32
    """Channels at stride 4."""
    channels: dict[int, int] = field(default_factory=lambda: dict(CHANNELS))
    """Of the backbone's maps, by stride."""


def up(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class Decoder(nn.Module):
    """`{stride: [B,C,S/s,S/s]}` -> logits `[B,8,S/4,S/4]`.

    What a place is follows from its maps, from what the whole picture shows (`context`) and from how high it lies
    (`rows`: a line and a parabola per channel). Grouped kernels keep it at some 145 thousand weights.
    """

    def __init__(self, config: DecoderConfig | None = None):
        super().__init__()
        config = config or DecoderConfig()
        self.config = config
        wide, fine, given = config.width, config.fine_width, config.channels
        self.take32 = nn.Conv2d(given[32], wide, 1)
        self.context = nn.Linear(given[32], wide)
        self.rows = nn.Parameter(torch.zeros(wide, 2))
        self.take16 = nn.Conv2d(given[16], wide, 1)
        self.take8 = nn.Conv2d(given[8], wide, 1)
        self.take4 = nn.Conv2d(given[4], fine, 1)
        self.mix32 = nn.Conv2d(wide, wide, 3, padding=1)
        self.mix16 = nn.Conv2d(wide, wide, 3, padding=1)
        self.mix8 = nn.Conv2d(wide, wide, 3, padding=1, groups=4)
        self.narrow = nn.Conv2d(wide, fine, 1)
        self.mix4 = nn.Conv2d(fine, fine, 3, padding=1, groups=4)
        self.last = nn.Conv2d(fine, len(CLASSES), 1)

    def scale_inputs(self, spread: dict[int, Tensor]) -> None:
        """Begin as if the channels had unit spread: ImageNet's differ a hundredfold. `{stride: [C]}`."""
        with torch.no_grad():
            for stride in STRIDES:
                take = getattr(self, f"take{stride}")
                take.weight /= spread[stride].clamp(min=SCALE_FLOOR).view(1, -1, 1, 1)
            self.context.weight /= spread[32].clamp(min=SCALE_FLOOR)

    def forward(self, maps: dict[int, Tensor]) -> Tensor:
        drop = 0.15
        m = {k: F.dropout2d(v, drop, self.training) for k, v in maps.items()}
        height = torch.linspace(-1, 1, m[32].shape[2]).view(1, 1, -1, 1)
        placed = self.rows[:, 0].view(1, -1, 1, 1) * height + self.rows[:, 1].view(1, -1, 1, 1) * height**2
        seen = self.context(m[32].mean((2, 3)))[:, :, None, None]
        x = F.relu(self.take32(m[32]) + seen + placed)
        x = x + F.relu(self.mix32(x))
        x = F.relu(up(x) + self.take16(m[16]))
        x = x + F.relu(self.mix16(F.dropout2d(x, drop, self.training)))
        x = F.relu(up(x) + self.take8(m[8]))
        x = x + F.relu(self.mix8(x))
        x = F.relu(up(self.narrow(x)) + self.take4(m[4]))
        x = x + F.relu(self.mix4(x))
        return self.last(x)


def read_decoder(path: Path) -> Decoder:
    saved = torch.load(path, map_location="cpu", weights_only=True)
    decoder = Decoder(DecoderConfig(**saved["config"]))
    decoder.load_state_dict(saved["state"])
    return decoder.eval()
