"""A pool of encoded training pairs on the device, refreshed as training goes on.

Editing and encoding a pair costs as much as a training step on it, and a pair serves many steps well because
noise and timestep differ each time. Chunk k is made from seed (seed, k) alone and the pool at step n holds fixed
chunks, so a resumed run rebuilds exactly the pool it had.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
from torch import Tensor


@dataclass
class Pairs:
    """Encoded pairs: `source, target [n,C,h,w]` scaled latents (half), `p_source, p_partial [n,8]`, labels `[n]`."""

    source: Tensor
    target: Tensor
    p_source: Tensor
    p_partial: Tensor
    emotion: Tensor
    instruction: Tensor


PairMaker = Callable[[int, torch.Generator], Pairs]
"""`(bucket, generator) -> pairs`, always the same number of them."""


class PairPool:
    """Ring of chunks; chunk k belongs to bucket `k mod buckets` and replaces chunk `k - slots`."""

    def __init__(self, make: PairMaker, buckets: int, slots: int, refresh_every: int, seed: int, device: torch.device):
        if slots % buckets:
            raise ValueError(f"expected the pool's {slots} chunks to be a multiple of its {buckets} buckets")
        self.make, self.buckets, self.slots = make, buckets, slots
        self.refresh_every, self.seed, self.device = refresh_every, seed, device
        self.store: list[Pairs | None] = [None] * buckets
        self.made = 0
        self.chunk_size = 0

    def _put(self, number: int) -> None:
        generator = torch.Generator(self.device).manual_seed(self.seed * 1_000_003 + number)
        bucket = number % self.buckets
        chunk = self.make(bucket, generator)
        self.chunk_size = n = chunk.emotion.shape[0]
        row = (number % self.slots) // self.buckets
        rows = self.slots // self.buckets
        store = self.store[bucket]
        if store is None:
            store = Pairs(*(_rows(getattr(chunk, f.name), rows) for f in fields(Pairs)))
            self.store[bucket] = store
        for f in fields(Pairs):
            getattr(store, f.name)[row * n : (row + 1) * n] = getattr(chunk, f.name)

    def advance(self, step: int) -> None:
        """Bring the pool to its state at `step`: filled, plus one new chunk every `refresh_every` steps."""
        wanted = self.slots + step // self.refresh_every
        for number in range(max(self.made, wanted - self.slots), wanted):
            self._put(number)
        self.made = max(self.made, wanted)

    def draw(self, bucket: int, count: int, generator: torch.Generator) -> Pairs:
        """Random pairs of one bucket."""
        store = self.store[bucket]
        if store is None:
            raise RuntimeError("expected a filled pool, but nothing was made yet: call advance() first")
        total = store.emotion.shape[0]
        index = torch.randint(0, total, (count,), generator=generator, device=generator.device)
        return Pairs(*(getattr(store, f.name)[index] for f in fields(Pairs)))


def _rows(value: Tensor, rows: int) -> Tensor:
    return torch.empty((rows * value.shape[0], *value.shape[1:]), dtype=value.dtype, device=value.device)
