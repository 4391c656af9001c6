"""What the Python contenders share: the task, its inputs, its weights, and the loop of lines. See ../contender.mts."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

TASK = json.loads(sys.argv[1])
OPTIONS = sys.argv[2:]
FOLDER = Path(TASK["folder"])


def wave(shape: tuple[int, ...], k: float) -> np.ndarray:
    """sin(k · i), computed in float64 as the TypeScript side does."""
    count = int(np.prod(shape))
    return np.sin(k * np.arange(1, count + 1)).astype(np.float32).reshape(shape)


def inputs(height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sample, timestep, tokens."""
    return (
        wave((1, TASK["inChannels"], height, width), 1.0),
        np.array([500], dtype=np.float32),
        wave((1, TASK["tokens"], TASK["tokenWidth"]), 0.7),
    )


def weights() -> dict[str, np.ndarray]:
    """Every tensor by its PyTorch name, mapped from the engine's own file."""
    index = json.loads((FOLDER / "index.json").read_text())
    data = np.memmap(FOLDER / "unet.weights", dtype=np.uint8, mode="c")
    return {
        name: data[offset : offset + 4 * int(np.prod(shape))].view(np.float32).reshape(shape)
        for name, (offset, shape) in index.items()
    }


def serve(
    run: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    count: Callable[[np.ndarray, np.ndarray, np.ndarray], float] = lambda *_: 0.0,
    **facts: str,
) -> None:
    """Answers each size with one timed evaluation. `count` gives its work in GFLOP, where that can be told."""
    work: dict[tuple[int, ...], float] = {}
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        size = json.loads(line)
        given = inputs(*size)
        if tuple(size) not in work:
            work[tuple(size)] = count(*given)
        started = time.perf_counter()
        out = run(*given)
        ms = (time.perf_counter() - started) * 1000
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answer = {"ms": ms, "probe": out.reshape(-1)[::97].tolist(), "rss": rss}
        gflop = work[tuple(size)]
        print(json.dumps(answer | ({"gflop": gflop} if gflop else {})), flush=True)
