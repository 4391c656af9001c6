"""Reading photographs with readers that did not learn their themes."""

from collections.abc import Callable

import numpy as np

from .head import Reader
from .measures import Held
from .recipe import Data, Recipe, train
from .roles import ROLES

Trained = Callable[[np.ndarray], Reader]


def theme_folds(themes: np.ndarray, count: int, seed: int = 0) -> list[np.ndarray]:
    """`[N]` booleans for each fold: whole themes."""
    names = np.random.default_rng(seed).permutation(np.unique(themes))
    return [np.isin(themes, names[fold::count]) for fold in range(count)]


def held_out(data: Data, recipe: Recipe, count: int, seed: int = 0, trained: Trained | None = None) -> Held:
    """Every row read by the reader of the fold that its theme was left out of."""
    fit = trained or (lambda learnt: train(data, learnt, recipe))
    mine = data.rated.role(data.role)
    read = np.zeros((len(data.table.photo), 10))
    for out in theme_folds(data.rated.themes, count, seed):
        rows = out[data.table.photo]
        read[rows] = fit(mine & ~out)(data.table.at(rows))
    (other,) = (name for name in ROLES if name != data.role)
    return Held(data.table, read, data.goal, other)
