"""The rows that a reader learns from and what it is told of them: people's ratings, content priors, edits."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from emopair.pack import class_of
from emopair.priors import prior

from . import head as heads
from . import projection as projections
from .head import Head, Reader, Rows
from .roles import ROLES, Rated, pool, read_rated
from .rows import Table
from .targets import PLACES, soft_targets

NEUTRAL = 0.25
"""A photograph whose largest share is below this belongs to no class."""
CLEAR = 0.35
EDIT_WEIGHT = 3.0
"""Of an edit beside the other variants of its photograph, of which there are many."""


@dataclass(frozen=True)
class Recipe:
    """What may be turned."""

    ridge: float = heads.RIDGE
    gamma: float = heads.GAMMA
    steady: float = 0.5
    """Share of what differs between views and palettes of one photograph that is taken out: see `projection.fit`."""
    pool: int = 24
    """Photographs of each folder of the pool that the head learns from; all of them tell what views have in common."""
    aside: float = 0.35
    """Weight of a pool photograph or an edit, a rated photograph being one."""
    arousal_aside: float = 0.2
    """And that weight again, for arousal: nobody rated those pictures, and classes tell valence better."""
    towards: float = 0.53
    """An edit's goal: so much its target emotion, the rest what its source is told."""
    lift: float = 0.35
    """And its ratings moved so far towards the emotion's place."""
    filters: tuple[int, ...] = (2, 3, 5)
    """Which of the fixed filters the rated photographs are also learnt under."""
    blend: tuple[float, float] = (1.0, 0.5)
    """How much valence and arousal also follow from the shares: see `head.blended`."""
    most: float = 0.2
    """Largest share of neutral training photographs of which one class may be first."""


@dataclass(frozen=True)
class Data:
    """Features of one role's photographs and what is known of them."""

    rated: Rated
    table: Table
    pool: Table
    prior: np.ndarray
    """`[P,8]` by photograph of the pool."""
    place: np.ndarray
    """`[P]`: which of its folder's photographs it is."""
    goal: np.ndarray
    """`[N,10]` by rated photograph: valence, arousal, soft targets."""
    role: str


def data_of(oasis: Path, photos: Path, table: Table, pool_table: Table, role: str, most: int) -> Data:
    """Features with their goals; `most` as it was extracted."""
    rated = read_rated(oasis)
    soft = soft_targets(rated.themes, rated.ratings[:, 0], rated.ratings[:, 1])
    paths = pool(photos, role, most)
    told = np.stack([prior(p.parent.name, class_of(p.parent.name, p.name)) for p in paths])
    place = np.array([sum(q.parent == p.parent for q in paths[:n]) for n, p in enumerate(paths)])
    return Data(rated, table, pool_table, told, place, np.concatenate([rated.ratings, soft], 1), role)


def train(data: Data, learnt: np.ndarray, recipe: Recipe) -> Reader:
    """A reader from the rated photographs `learnt [N]` of the data's role, its pool and the edits of both."""
    assert (data.rated.role(data.role) >= learnt).all(), "expected photographs of the role's own themes"
    table, theirs = data.table, learnt[data.table.photo]
    pictures = theirs & table.is_kind("picture")
    pooled = data.pool.is_kind("picture") | data.pool.is_kind("edit")
    projection = projections.fit(
        table.at(pictures),
        {n: np.concatenate([table.blocks[n][pictures], data.pool.blocks[n][pooled]]) for n in table.blocks},
        _steady(data, theirs),
        recipe.steady,
    )
    people, photo = _people(data, projection, theirs, recipe)
    rest, of = _aside(data, projection, theirs, recipe, _head(people, recipe))
    head = _both(people, rest, recipe)
    held = _inner(data.rated.themes, (people, photo), (rest, of), recipe)
    neutral = data.goal[held.photo, 2:].max(1) < NEUTRAL
    head = heads.blended(head, held.raw, PLACES, recipe.blend)
    head = heads.balanced(head, held.raw, neutral, recipe.most)
    return Reader(projection, heads.calibrated(head, held.raw, data.goal[held.photo, 2:]))


def _head(rows: Rows, recipe: Recipe) -> Head:
    return heads.fit(rows, recipe.ridge, recipe.gamma)


def _both(people: Rows, rest: Rows, recipe: Recipe) -> Head:
    """A head over rated and other rows; its arousal is fitted apart where the others count less for it."""
    head = _head(people + rest, recipe)
    if recipe.arousal_aside == 1:
        return head
    lighter = replace(rest, weight=np.maximum(rest.weight * recipe.arousal_aside, 1e-6))
    return heads.with_arousal(head, _head(people + lighter, recipe))


def _steady(data: Data, theirs: np.ndarray) -> projections.Steady:
    """Each row is to be seen as the mean of its photograph's own views; an edit keeps its distance from the picture."""
    rated, pooled = (
        steadied(table, mine & ~table.instruction_of(_other(data.role)))
        for table, mine in ((data.table, theirs), (data.pool, np.ones(len(data.pool.photo), bool)))
    )
    seen, goal = (
        {n: np.concatenate([first[n], second[n]]) for n in first}
        for first, second in ((rated.seen, pooled.seen), (rated.goal, pooled.goal))
    )
    return projections.Steady(seen, goal, np.concatenate([rated.weight, pooled.weight]))


def _other(role: str) -> str:
    return next(name for name in ROLES if name != role)


def steadied(table: Table, rows: np.ndarray) -> projections.Steady:
    """Some rows of a table `[R]` with their goals; the photographs of all of them are in it as pictures."""
    own = table.is_kind("picture") | table.is_kind("mirror") | table.is_kind("view")
    count = np.bincount(table.photo[own], minlength=table.photo.max() + 1).clip(1)
    place = np.full(table.photo.max() + 1, -1)
    pictures = np.flatnonzero(table.is_kind("picture"))
    place[table.photo[pictures]] = pictures
    photo, edit = table.photo[rows], table.is_kind("edit")[rows][:, None]
    goal = {}
    for name, block in table.blocks.items():
        total = np.zeros((len(count), block.shape[1]), np.float32)
        np.add.at(total, table.photo[own], block[own])
        mean = (total / count[:, None])[photo]
        goal[name] = mean + edit * (block[rows] - block[place[photo]])
    return projections.Steady(table.at(rows), goal, np.where(edit[:, 0], EDIT_WEIGHT, 1.0))


def _people(
    data: Data, projection: projections.Projection, theirs: np.ndarray, recipe: Recipe
) -> tuple[Rows, np.ndarray]:
    """Rated photographs, mirrored and in other palettes; and which photograph each row is of."""
    table = data.table
    filtered = table.is_kind("filter") & np.isin(table.which, recipe.filters)
    kinds = ("picture", "mirror", "view", "jitter")
    mine = np.flatnonzero(theirs & (filtered | np.logical_or.reduce([table.is_kind(kind) for kind in kinds])))
    rows = mine[np.argsort(table.photo[mine], kind="stable")]
    photo = table.photo[rows]
    weight = 1 / np.bincount(photo)[photo]
    return Rows(projection(table.at(rows)), data.goal[photo], weight), photo


def _aside(
    data: Data, projection: projections.Projection, theirs: np.ndarray, recipe: Recipe, teacher: Head
) -> tuple[Rows, np.ndarray]:
    """Pool photographs, half content prior and half what the teacher says; edits of these and of rated ones.

    And which rated photograph each row is of, -1 for the pool.
    """
    pooled = data.pool.only(data.place[data.pool.photo] < recipe.pool)
    x = projection(pooled.blocks)
    pictures = pooled.is_kind("picture")
    told = _told(teacher, x[pictures])
    goal = told.copy()
    goal[:, 2:] = 0.5 * told[:, 2:] + 0.5 * data.prior[pooled.photo[pictures]]
    rows, of = Rows(x[pictures], goal, np.full(len(goal), recipe.aside)), [np.full(len(goal), -1)]
    for table, found, mine in (
        (pooled, x, np.ones(len(x), bool)),
        (data.table, projection(data.table.blocks), theirs),
    ):
        pictures = table.is_kind("picture")
        by_photo = np.zeros((table.photo.max() + 1, 10), np.float32)
        by_photo[table.photo[pictures]] = _told(teacher, found[pictures])
        edits = mine & table.instruction_of(data.role)
        goal = edit_goals(by_photo[table.photo[edits]], table.emotion[edits], recipe)
        rows = rows + Rows(found[edits], goal, np.full(len(goal), recipe.aside))
        of.append(table.photo[edits] if table is data.table else np.full(len(goal), -1))
    return rows, np.concatenate(of)


def edit_goals(told: np.ndarray, emotion: np.ndarray, recipe: Recipe) -> np.ndarray:
    """What an edit of a picture that is told `told [R,10]` shall be read as."""
    goal = told.copy()
    goal[:, :2] += recipe.lift * (PLACES[emotion] - goal[:, :2])
    goal[:, 2:] = (1 - recipe.towards) * goal[:, 2:] + recipe.towards * np.eye(8)[emotion]
    return goal


def _told(teacher: Head, x: np.ndarray) -> np.ndarray:
    return np.concatenate(teacher(x), 1)


@dataclass(frozen=True)
class _Held:
    photo: np.ndarray
    raw: np.ndarray


def _inner(
    themes: np.ndarray, people: tuple[Rows, np.ndarray], rest: tuple[Rows, np.ndarray], recipe: Recipe, folds: int = 3
) -> _Held:
    """What heads say of pictures whose themes they did not learn, inside the learnt ones; `themes [N]`."""
    (rows, photo), (others, of) = people, rest
    names = np.random.default_rng(5).permutation(np.unique(themes[photo]))
    first = np.flatnonzero(np.r_[True, photo[1:] != photo[:-1]])
    raw = np.zeros((len(first), 10))
    for fold in range(folds):
        away = names[fold::folds]
        out = np.isin(themes[photo], away)
        stay = (of < 0) | ~np.isin(themes[of], away)
        head = _both(rows.only(~out), others.only(stay), recipe)
        raw[out[first]] = head.raw(rows.x[first][out[first]])
    return _Held(photo[first], raw)
