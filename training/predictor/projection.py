"""From pooled features to the few directions that the head's kernel compares.

Blocks are standardised and given equal weight, the first principal directions kept, and taken out of them what differs
between views and palettes of the same photograph.
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


@dataclass(frozen=True)
class Steady:
    """Rows as they are seen, what they shall be seen as, and how much each counts `[R]`."""

    seen: Blocks
    goal: Blocks
    weight: np.ndarray


def fit(
    pictures: Blocks, all_rows: Blocks, steady: Steady | None = None, share: float = 1.0, count: int = DIRECTIONS
) -> Projection:
    """Standardises on `pictures`, finds the directions of `all_rows`.

    `steady`: what differs between views and palettes of the same photograph is taken out of the directions, by the
    linear map that tells the goals from what is seen with the least squared error; `share` of it.
    """
    mean = {n: pictures[n].mean(0) for n in BLOCKS}
    scale = {n: (pictures[n].std(0) + 1e-3) * np.sqrt(pictures[n].shape[1]) for n in BLOCKS}
    plain = Projection(mean, scale, np.zeros(1, np.float32), np.eye(1, dtype=np.float32))
    x = plain.join(all_rows)
    centre = x.mean(0)
    directions = principal(x - centre, count)
    if steady is not None and share > 0:
        before = ((x - centre) @ directions).var(0).sum()
        told = _least_squares(Projection(mean, scale, centre, directions), steady)
        directions = directions @ ((1 - share) * np.eye(count, dtype=np.float32) + share * told)
        directions *= np.sqrt(before / ((x - centre) @ directions).var(0).sum())
    return Projection(mean, scale, centre, directions)


def _least_squares(plain: Projection, steady: Steady, ridge: float = 1e-3) -> np.ndarray:
    """`[K,K]`: seen directions times it are nearest to the goals."""
    seen, goal = plain(steady.seen).astype(np.float64), plain(steady.goal).astype(np.float64)
    weighted = seen * steady.weight[:, None]
    gram = weighted.T @ seen / steady.weight.sum()
    gram[np.diag_indices_from(gram)] += ridge * np.trace(gram) / len(gram)
    return np.linalg.solve(gram, weighted.T @ goal / steady.weight.sum()).astype(np.float32)
