"""Units of work over processes, each with a worker of its own that is made once."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any, Protocol

from ..records import Record
from .store import Store
from .tally import Tally

Log = Callable[[str], None]


class Worker(Protocol):
    """Makes the pairs of one unit; holds what is slow to load."""

    def make(self, number: int, unit: Any) -> tuple[list[Record], Tally]:
        """Records of a unit and what its filters kept."""
        ...


MakeWorker = Callable[[], Worker]
"""A picklable factory, called once in each process."""
_worker: list[Worker] = []


def _start(make: MakeWorker) -> None:
    import torch

    torch.set_num_threads(1)
    _worker[:] = [make()]


def _work(store: Store, number: int, unit: Any) -> int:
    records, tally = _worker[0].make(number, unit)
    store.write(number, records, tally)
    return len(records)


def run_units(store: Store, make: MakeWorker, units: Sequence[Any], workers: int, log: Log) -> None:
    """All units that are not done yet; a unit that fails ends the build, and the others' shards stay."""
    missing = [number for number in range(len(units)) if not store.is_done(number)]
    if len(missing) < len(units):
        log(f"{len(units) - len(missing)} of {len(units)} units were done before")
    if workers == 1:
        if missing:
            _start(make)
        for done, number in enumerate(missing, 1):
            log(f"unit {done} of {len(missing)}: {_work(store, number, units[number])} pairs")
        return
    begun, pairs = time.monotonic(), 0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, (make,)) as pool:
        jobs = [pool.submit(_work, store, number, units[number]) for number in missing]
        try:
            for done, job in enumerate(as_completed(jobs), 1):
                pairs += job.result()
                left = (time.monotonic() - begun) / done * (len(jobs) - done)
                log(f"unit {done} of {len(jobs)}: {pairs} pairs, about {left / 60:.1f} minutes left")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
