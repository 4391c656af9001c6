"""A pool of training examples on the device, refreshed as training goes on.

Editing, encoding and decoding pictures costs as much as a training step on them, and an example serves many steps
well because noise, window and degradation differ each time. Chunk k is made from seed (seed, k) alone and the pool
at step n holds fixed chunks, so a resumed run rebuilds exactly the pool it had, and runs over the same examples can
share a folder of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from ..optimisation.processes import process_seed
from .chunk_folder import ChunkFolder


@dataclass
class Pairs:
    """Encoded pairs: `source, target [n,C,h,w]` scaled latents (half), `p_source, p_partial [n,8]`, labels `[n]`."""

    source: Tensor
    target: Tensor
    p_source: Tensor
    p_partial: Tensor
    emotion: Tensor
    instruction: Tensor


@dataclass
class Pictures:
    """Pictures `images [n,3,H,W]` uint8 with label distributions `[n,8]` and weights `[n]`."""

    images: Tensor
    labels: Tensor
    weights: Tensor


T = TypeVar("T", bound=Any)
Maker = Callable[[int, torch.Generator], T]
"""`(bucket, generator) -> examples`: a dataclass of tensors, always with the same number of rows."""


@dataclass(frozen=True)
class PoolSize:
    """Chunks held, and steps between two new ones."""

    chunks: int
    refresh_every: int


class Pool(Generic[T]):
    """Ring of chunks; chunk k belongs to bucket `k mod buckets` and replaces chunk `k - chunks`."""

    def __init__(
        self,
        make: Maker[T],
        buckets: int,
        size: PoolSize,
        seed: int,
        device: torch.device,
        finished: ChunkFolder[T] | None = None,
    ):
        if size.chunks % buckets:
            raise ValueError(f"expected the pool's {size.chunks} chunks to be a multiple of its {buckets} buckets")
        self.make, self.buckets, self.size = make, buckets, size
        self.seed, self.device, self.finished = seed, device, finished
        self.store: list[T | None] = [None] * buckets
        self.made = 0

    @torch.no_grad()
    def chunk(self, number: int) -> T:
        """Chunk `number` of this process, from the folder of finished ones where that has it."""
        seed = process_seed(self.seed * 1_000_003 + number)

        def make() -> T:
            return self.make(number % self.buckets, torch.Generator(self.device).manual_seed(seed))

        return make() if self.finished is None else self.finished.get(seed, make)

    def _put(self, number: int) -> None:
        bucket = number % self.buckets
        chunk = self.chunk(number)
        names = [f.name for f in fields(chunk)]
        n = getattr(chunk, names[0]).shape[0]
        rows = self.size.chunks // self.buckets
        row = (number % self.size.chunks) // self.buckets
        store = self.store[bucket]
        if store is None:
            store = type(chunk)(*(_rows(getattr(chunk, name), rows) for name in names))
            self.store[bucket] = store
        for name in names:
            getattr(store, name)[row * n : (row + 1) * n] = getattr(chunk, name)

    @torch.no_grad()
    def advance(self, step: int) -> None:
        """Bring the pool to its state at `step`: filled, plus one new chunk every `refresh_every` steps."""
        wanted = self.size.chunks + step // self.size.refresh_every
        for number in range(max(self.made, wanted - self.size.chunks), wanted):
            self._put(number)
        self.made = max(self.made, wanted)

    def draw(self, bucket: int, count: int, generator: torch.Generator) -> T:
        """Random examples of one bucket."""
        store = self.store[bucket]
        if store is None:
            raise RuntimeError("expected a filled pool, but nothing was made yet: call advance() first")
        names = [f.name for f in fields(store)]
        total = getattr(store, names[0]).shape[0]
        index = torch.randint(0, total, (count,), generator=generator, device=generator.device)
        return type(store)(*(getattr(store, name)[index] for name in names))


def _rows(value: Tensor, rows: int) -> Tensor:
    return torch.empty((rows * value.shape[0], *value.shape[1:]), dtype=value.dtype, device=value.device)
