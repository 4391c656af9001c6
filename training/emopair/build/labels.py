"""What the predictor sees in pictures: distributions for records, features for their similarity."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from .. import EMOTIONS


@dataclass(frozen=True)
class PredictorAt:
    """Where the predictor lies: the folder of a training run, or else a bundle."""

    run: Path | None
    bundle: Path

    def load(self) -> "Labeller":
        """Read it; raises FileNotFoundError where it is not there."""
        from emoeditor.weights.networks import read_predictor

        return Labeller(read_predictor(self.run, self.bundle))

    @property
    def told(self) -> str:
        """For build.json."""
        return str(self.run or self.bundle)


@dataclass(frozen=True)
class Seen:
    """Distributions `[N,8]` and unit-length pooled features `[N,D]` of some pictures."""

    shares: np.ndarray
    features: np.ndarray

    def top(self, row: int) -> str:
        """The strongest emotion of a picture."""
        return EMOTIONS[int(self.shares[row].argmax())]


class Labeller:
    """The predictor over pictures of any sizes."""

    def __init__(self, network: torch.nn.Module):
        self.network = network.eval().requires_grad_(False)
        self.side = network.config.input_size

    @torch.no_grad()
    def look(self, pictures: Sequence[np.ndarray]) -> Seen:
        """`pictures` are `[h,w,3]` uint8; each is squashed to the predictor's input, as the product does."""
        small = torch.cat([self._input(picture) for picture in pictures])
        features = self.network.last_features(small).mean((2, 3))
        shares = torch.softmax(self.network._fc(features).float() / self.network.config.temperature, dim=1)
        return Seen(shares.numpy(), F.normalize(features.float(), dim=1).numpy())

    def _input(self, picture: np.ndarray) -> torch.Tensor:
        image = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255
        size = (self.side, self.side)
        return F.interpolate(image, size=size, mode="bilinear", antialias=True, align_corners=False).clamp(0, 1)


def shares_of(row: np.ndarray) -> tuple[float, ...]:
    """A distribution for a record: rounded, and still summing to 1."""
    rounded = np.round(row.astype(np.float64), 5)
    rounded[rounded.argmax()] += 1 - rounded.sum()
    return tuple(float(v) for v in np.round(rounded, 5))


def read_picture(path: Path) -> np.ndarray:
    """A picture as `[h,w,3]` uint8 RGB."""
    with Image.open(path) as file:
        return np.asarray(file.convert("RGB"))
