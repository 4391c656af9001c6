"""From pooled features to the few directions that the head's kernel compares.

Blocks are standardised and given equal weight, the first principal directions kept, and those directions shortened
along which nothing but the palette moves a picture.
"""

from dataclasses import dataclass

import numpy as np

from .backbone import BLOCKS

Blocks = dict[str, np.ndarray]
DIRECTIONS = 320


@dataclass(frozen=True)
class Projection:
    """`x [R,D]` of joined standardised blocks -> `(x - centre) @ directions`, `[R,K]`."""

    mean: Blocks
    scale: Blocks
    centre: np.ndarray
    directions: np.ndarray

    def __call__(self, blocks: Blocks) -> np.ndarray:
        """Directions `[R,K]` of rows."""
        return (self.join(blocks) - self.centre) @ self.directions

    def join(self, blocks: Blocks) -> np.ndarray:
        """Standardised blocks side by side, each with a mean square of one over all its columns."""
        return np.concatenate([(blocks[n] - self.mean[n]) / self.scale[n] for n in BLOCKS], 1)

    def linear(self, fc_weight: np.ndarray, fc_bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same as one linear layer over head, s32 and s16: `[K, ·]` and `[K]`.

        The logits are themselves a linear layer over the head, so their columns go into those of the head.
        """
        parts = dict(zip(BLOCKS, np.split(self.directions, self._ends()), strict=True))
        weight = {n: (parts[n] / self.scale[n][:, None]).T for n in BLOCKS}
        bias = -self.centre @ self.directions - sum(weight[n] @ self.mean[n] for n in BLOCKS)
        head = weight["head"] + weight["logits"] @ fc_weight
        joined = np.concatenate([head, weight["s32"], weight["s16"]], 1)
        return joined.astype(np.float32), (bias + weight["logits"] @ fc_bias).astype(np.float32)

    def _ends(self) -> np.ndarray:
        return np.cumsum([len(self.mean[n]) for n in BLOCKS])[:-1]


def principal(x: np.ndarray, count: int, rounds: int = 3) -> np.ndarray:
    """First principal directions `[D,count]` of centred rows `[R,D]`, by subspace iteration from a fixed start.

    Halko, Martinsson & Tropp (2011): seconds, where all eigenvectors take minutes.
    """
    more = min(count + 40, *x.shape)
    y = np.random.default_rng(0).standard_normal((x.shape[1], more)).astype(np.float32)
    for _ in range(rounds):
        y, _ = np.linalg.qr(x.T @ (x @ y))
    _, _, axes = np.linalg.svd(x @ y, full_matrices=False)
    return (y @ axes[:count].T).astype(np.float32)


def fit(
    pictures: Blocks,
    all_rows: Blocks,
    pairs: tuple[Blocks, Blocks] | None = None,
    calm: float = 0.0,
    count: int = DIRECTIONS,
) -> Projection:
    """Standardises on `pictures`, finds the directions of `all_rows`.

    `pairs`: rows of the same pictures in two palettes. Directions are shortened by `(1 + calm * v)^-1/2`, v the
    variance of the difference in units of its mean over directions.
    """
    mean = {n: pictures[n].mean(0) for n in BLOCKS}
    scale = {n: (pictures[n].std(0) + 1e-3) * np.sqrt(pictures[n].shape[1]) for n in BLOCKS}
    plain = Projection(mean, scale, np.zeros(1, np.float32), np.eye(1, dtype=np.float32))
    x = plain.join(all_rows)
    centre = x.mean(0)
    directions = principal(x - centre, count)
    if pairs is not None and calm > 0:
        change = (plain.join(pairs[0]) - plain.join(pairs[1])) @ directions
        spread = (change.T @ change / len(change)).astype(np.float64)
        values, axes = np.linalg.eigh(spread)
        shrink = axes @ np.diag((1 + calm * values / values.mean()) ** -0.5) @ axes.T
        before = ((x - centre) @ directions).var(0).sum()
        directions = directions @ shrink.astype(np.float32)
        directions *= np.sqrt(before / ((x - centre) @ directions).var(0).sum())
    return Projection(mean, scale, centre, directions)
