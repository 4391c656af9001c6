"""Every photograph in its variants: as it is, mirrored, in other palettes, edited; and the table of their features."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from emopair import EMOTIONS, regions
from emopair.procedural.editor import ProceduralEditor

from .backbone import BLOCKS
from .palettes import FILTERS, Picture, jitter, tinted
from .roles import ROLES, role_of_instruction

KINDS = ("picture", "mirror", "jitter", "filter", "edit", "view")
EDIT_SIDE = 256


@dataclass(frozen=True)
class Wanted:
    """Which variants of each photograph are looked at."""

    jitters: int
    filters: bool
    edits: tuple[str, ...]
    """Whose instructions they are by: names of roles."""
    mirror: bool = True
    views: int = 0
    """Parts of the photograph, three quarters of each side or more."""
    tints: int = 0
    """Of the jitters, how many are without colours of their own."""


def of_rated(role: str, is_trained_on: bool, number: int, views: int = 0) -> Wanted:
    """Rated photographs are measured as edits by instructions that the role never learns, every other one of those that
    it does not learn from itself; its own also under filters."""
    (other,) = (name for name in ROLES if name != role)
    if is_trained_on:
        return Wanted(2, True, (role, other), views=views)
    return Wanted(0, False, (other,) if number % 2 else ())


def of_pool(role: str, jitters: int, views: int = 0) -> Wanted:
    """Pool photographs only train: no filters, and no edits that another role learns from."""
    return Wanted(jitters, False, (role,), mirror=views > 0, views=views, tints=jitters // 4)


@dataclass(frozen=True)
class Variant:
    """One picture; `which` is the number of the filter or the instruction, `emotion` the edit's, otherwise -1."""

    kind: str
    which: int
    emotion: int
    picture: Picture


def read(path: Path) -> np.ndarray:
    """`[H,W,3]` uint8 RGB."""
    found = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if found is None:
        raise FileNotFoundError(f"expected a picture at {path}, but it cannot be read")
    return cv2.cvtColor(found, cv2.COLOR_BGR2RGB)


def squash(picture: Picture, side: int) -> Picture:
    """As the predictor's own resize: bilinear, antialiased, no regard to aspect."""
    x = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float()
    return F.interpolate(x, (side, side), mode="bilinear", antialias=True)[0].permute(1, 2, 0).numpy()


class Variants:
    """Makes the variants of photographs, always the same for the same file name."""

    def __init__(self, side: int):
        self.side = side
        self.editor = ProceduralEditor()

    def of(self, path: Path, wanted: Wanted) -> Iterator[Variant]:
        """In the order of KINDS."""
        rng = np.random.default_rng(zlib.crc32(path.name.encode()))
        rgb = read(path)
        base = squash(rgb.astype(np.float32) / 255, self.side)
        yield Variant("picture", 0, -1, base)
        if wanted.mirror:
            yield Variant("mirror", 0, -1, base[:, ::-1])
        for number in range(wanted.jitters):
            changed = tinted(base, rng) if number >= wanted.jitters - wanted.tints else jitter(base, rng)
            yield Variant("jitter", number, -1, changed[:, ::-1] if rng.random() < 0.5 else changed)
        if wanted.filters:
            for number, apply in enumerate(FILTERS.values()):
                yield Variant("filter", number, -1, apply(base))
        if wanted.edits:
            yield from self._edits(rgb, wanted.edits, rng)
        yield from self._views(rgb, path, wanted.views)

    def _views(self, rgb: np.ndarray, path: Path, count: int) -> Iterator[Variant]:
        rng = np.random.default_rng(zlib.crc32(f"{path.name} views".encode()))
        height, width = rgb.shape[:2]
        for number in range(count):
            h, w = (round(side * rng.uniform(0.75, 0.95)) for side in (height, width))
            top, left = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
            part = squash(rgb[top : top + h, left : left + w].astype(np.float32) / 255, self.side)
            yield Variant("view", number, -1, part[:, ::-1] if rng.random() < 0.5 else part)

    def _edits(self, rgb: np.ndarray, roles: tuple[str, ...], rng: np.random.Generator) -> Iterator[Variant]:
        small = squash(rgb.astype(np.float32) / 255, EDIT_SIDE)
        maps = torch.from_numpy(regions.compute((small * 255 + 0.5).astype(np.uint8))).float()[None] / 255
        x = torch.from_numpy(small).permute(2, 0, 1)[None]
        for role, emotion in zip(roles, rng.permutation(len(EMOTIONS)), strict=False):
            fit = [i for i, e in enumerate(self.editor.emotions) if e == emotion and role_of_instruction(i) == role]
            instruction = int(rng.choice(fit))
            dice = torch.Generator().manual_seed(int(rng.integers(1 << 30)))
            edited = self.editor.apply(x, maps, instruction, dice)[0].permute(1, 2, 0).numpy()
            yield Variant("edit", instruction, int(emotion), squash(edited, self.side))


@dataclass
class Table:
    """Features of all variants of some photographs, a row each."""

    photo: np.ndarray
    """`[R]`: number of the photograph."""
    kind: np.ndarray
    """`[R]`: number in KINDS."""
    which: np.ndarray
    emotion: np.ndarray
    blocks: dict[str, np.ndarray]
    """`[R,·]` float32 for each of BLOCKS."""

    def is_kind(self, kind: str) -> np.ndarray:
        """`[R]` booleans."""
        return self.kind == KINDS.index(kind)

    def instruction_of(self, role: str) -> np.ndarray:
        """`[R]`: edits by the role's instructions."""
        return self.is_kind("edit") & np.array([role_of_instruction(i) == role for i in self.which])

    def at(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Blocks of some rows."""
        return {name: block[rows] for name, block in self.blocks.items()}

    def only(self, rows: np.ndarray) -> "Table":
        """Some rows as a table."""
        return Table(self.photo[rows], self.kind[rows], self.which[rows], self.emotion[rows], self.at(rows))


COLUMNS = ("photo", "kind", "which", "emotion")


def save(table: Table, file: Path) -> None:
    """Features as float16: their noise is far above its steps."""
    columns = {name: getattr(table, name) for name in COLUMNS}
    np.savez(file, **columns, **{name: block.astype(np.float16) for name, block in table.blocks.items()})


def load(file: Path) -> Table:
    """What `save` wrote."""
    with np.load(file) as found:
        blocks = {name: found[name].astype(np.float32) for name in BLOCKS}
        return Table(*(found[name] for name in COLUMNS), blocks)


def join(tables: list[Table]) -> Table:
    """One after the other; the photographs keep their numbers."""
    columns = [np.concatenate([getattr(t, name) for t in tables]) for name in COLUMNS]
    return Table(*columns, {name: np.concatenate([t.blocks[name] for t in tables]) for name in BLOCKS})
