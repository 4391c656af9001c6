"""Kernel ridge regression from directions to valence, arousal and eight shares: closed form, no seeds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from .projection import Blocks, Projection

LEAST = 0.005
"""Regressed shares are cut here: squared error knows no bounds."""
RIDGE = 0.25
GAMMA = 0.1
"""Of exp(-gamma |x - s|²); directions of a picture have a mean square of about 4, one for each block."""


def kernel(a: np.ndarray, b: np.ndarray, gamma: float) -> np.ndarray:
    """exp(-gamma |a - b|²), `[A,B]`."""
    square = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.exp(-gamma * np.maximum(square, 0))


@dataclass(frozen=True)
class Head:
    """Support rows `[N,K]`, their `weights [N,10]`, `bias [10]`; class `factors [8]` and temperature after it."""

    support: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    gamma: float
    factors: np.ndarray
    temperature: float = 1.0

    def raw(self, x: np.ndarray) -> np.ndarray:
        """Regressed numbers `[R,10]`, before anything makes shares of them."""
        return kernel(x, self.support, self.gamma) @ self.weights + self.bias

    def __call__(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ratings `[R,2]` and probabilities `[R,8]`."""
        raw = self.raw(x)
        return raw[:, :2], self.shares(raw)

    def shares(self, raw: np.ndarray) -> np.ndarray:
        """softmax(log(cut shares x factors) / temperature)."""
        powered = (np.maximum(raw[:, 2:], LEAST) * self.factors) ** (1 / self.temperature)
        return powered / powered.sum(1, keepdims=True)


@dataclass(frozen=True)
class Rows:
    """What a head is fitted to: directions `[R,K]`, goals `[R,10]`, weights `[R]`."""

    x: np.ndarray
    goal: np.ndarray
    weight: np.ndarray

    def __add__(self, other: "Rows") -> "Rows":
        both = ((self.x, other.x), (self.goal, other.goal), (self.weight, other.weight))
        return Rows(*(np.concatenate(pair) for pair in both))

    def only(self, stay: np.ndarray) -> "Rows":
        """Some of the rows."""
        return Rows(self.x[stay], self.goal[stay], self.weight[stay])


def fit(rows: Rows, ridge: float = RIDGE, gamma: float = GAMMA) -> Head:
    """Minimises the weighted squared error with a penalty on the function's norm."""
    gram = kernel(rows.x, rows.x, gamma).astype(np.float64)
    bias = (rows.goal * rows.weight[:, None]).sum(0) / rows.weight.sum()
    gram[np.diag_indices_from(gram)] += ridge / rows.weight
    weights = cho_solve(cho_factor(gram, overwrite_a=True, check_finite=False), rows.goal - bias)
    return Head(rows.x, weights.astype(np.float32), bias.astype(np.float32), gamma, np.ones(8))


def with_arousal(head: Head, other: Head) -> Head:
    """A head with the arousal of another one over the same support rows."""
    weights, bias = head.weights.copy(), head.bias.copy()
    weights[:, 1], bias[1] = other.weights[:, 1], other.bias[1]
    return replace(head, weights=weights, bias=bias)


def balanced(head: Head, raw: np.ndarray, is_neutral: np.ndarray, most: float = 0.2) -> Head:
    """Factors at which no class is first in more than `most` of the neutral pictures, of `raw [R,10]` held out."""
    factors, shares = np.ones(8), np.maximum(raw[is_neutral, 2:], LEAST)
    for _ in range(60):
        first = np.bincount((shares * factors).argmax(1), minlength=8) / max(1, len(shares))
        factors *= np.exp(-0.15 * np.maximum(first - most, 0))
    return replace(head, factors=factors)


def calibrated(head: Head, raw: np.ndarray, target: np.ndarray) -> Head:
    """The temperature at which the first class has, on average, the share that it deserves.

    Against `target [R,8]`, on `raw [R,10]` held out.
    """

    def gap(tried: Head) -> float:
        shares = tried.shares(raw)
        deserved = target[np.arange(len(raw)), shares.argmax(1)]
        return abs(float(shares.max(1).mean() - deserved.mean()))

    return min((replace(head, temperature=t) for t in np.geomspace(0.3, 2, 96)), key=gap)


def blended(head: Head, raw: np.ndarray, places: np.ndarray, share: tuple[float, float]) -> Head:
    """Ratings that also follow from the eight shares: content says more than a hundred raters' noise.

    `share`: weight of what the shares' `places [8,2]` say beside the rating regressed for itself (1: as much), in
    standard deviations over `raw [R,10]` held out. Linear, so it goes into the head's own weights.
    """
    weights, bias = head.weights.copy(), head.bias.copy()
    for j, w in enumerate(share):
        said = raw[:, 2:] @ places[:, j]
        ratio = w * raw[:, j].std() / said.std()
        weights[:, j] = (head.weights[:, j] + ratio * head.weights[:, 2:] @ places[:, j]) / (1 + w)
        shift = ratio * (head.bias[2:] @ places[:, j] - said.mean()) + w * raw[:, j].mean()
        bias[j] = (head.bias[j] + shift) / (1 + w)
    return replace(head, weights=weights, bias=bias)


@dataclass(frozen=True)
class Reader:
    """Projection and head together: what reads pooled features."""

    projection: Projection
    head: Head

    def __call__(self, blocks: Blocks) -> np.ndarray:
        """`[R,10]`: valence, arousal, eight probabilities."""
        return np.concatenate(self.head(self.projection(blocks)), 1)


Fit = Callable[[Rows], Head]
