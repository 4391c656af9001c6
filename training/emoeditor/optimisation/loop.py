"""One training loop for all phases: time budget, warm-up and cosine, accumulation, EMA, checkpoints, a log."""

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from .processes import process_seed, processes

Log = Callable[[str], None]
FINISH = "finish"
"""A file of this name in a phase's folder ends its training early, as if the budget were used."""


class Task(Protocol):
    """What a phase adds to the loop: modules to train and a loss per step."""

    modules: dict[str, nn.Module]

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        """Losses of one batch; the entry `loss` is minimised, the others are logged."""
        ...


@dataclass(frozen=True)
class Budget:
    """How long to train: by the clock, or by steps where a run must be repeatable."""

    minutes: float | None = None
    steps: int | None = None

    def progress(self, step: int, elapsed: float) -> float:
        """Share of the budget that is used, 0..1."""
        by_time = elapsed / (60 * self.minutes) if self.minutes else 0.0
        by_step = step / self.steps if self.steps else 0.0
        return min(1.0, max(by_time, by_step))


@dataclass(frozen=True)
class Optimisation:
    """Optimiser settings; `warmup` is a share of the budget; a step's gradient is the mean of `accumulate` batches."""

    lr: float = 2e-4
    betas: tuple[float, float] = (0.9, 0.99)
    weight_decay: float = 0.01
    clip: float = 1.0
    warmup: float = 0.03
    final_lr: float = 0.02
    ema_decay: float = 0.999
    accumulate: int = 1
    rates: tuple[tuple[str, float], ...] = ()
    """Modules whose learning rate is a multiple of `lr`, by name."""
    seed: int = 0

    def lr_at(self, progress: float) -> float:
        """Linear warm-up, then cosine down to `final_lr` of the peak."""
        if progress < self.warmup:
            return self.lr * max(progress / self.warmup, 0.01)
        x = (progress - self.warmup) / (1 - self.warmup)
        return self.lr * (self.final_lr + (1 - self.final_lr) * 0.5 * (1 + math.cos(math.pi * min(x, 1.0))))


class Averages:
    """Exponential moving averages of parameters, with a decay that grows from 0."""

    def __init__(self, modules: dict[str, nn.Module], decay: float):
        self.decay = decay
        self.live = [p for m in modules.values() for p in m.parameters()]
        self.shadow = [p.detach().clone() for p in self.live]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move the averages towards the live parameters."""
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self.shadow, [p.detach() for p in self.live], 1 - decay)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange averages and live parameters."""
        for live, shadow in zip(self.live, self.shadow, strict=True):
            kept = live.detach().clone()
            live.copy_(shadow)
            shadow.copy_(kept)


@dataclass
class Progress:
    """Where a run stands; saved with the weights."""

    step: int = 0
    elapsed: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


class Trainer:
    """Runs a task to the end of its budget; stop it at any time and it goes on where it was.

    Every random number of batch n comes from a generator seeded with (seed, n), so a resumed run repeats an
    uninterrupted one to the bit where the kernels do. Under Accelerate every process draws its own.
    """

    def __init__(
        self, task: Task, settings: Optimisation, budget: Budget, folder: Path, device: torch.device, log: Log
    ):
        self.task, self.settings, self.budget, self.folder = task, settings, budget, folder
        self.device, self.log, self.processes = device, log, processes()
        rates = dict(settings.rates)
        unknown = set(rates) - set(task.modules)
        if unknown:
            raise ValueError(f"expected rates of {sorted(task.modules)}, but got some of {sorted(unknown)}")
        groups = [
            {"params": [p for name, m in task.modules.items() if rates.get(name, 1.0) == rate for p in m.parameters()]}
            | {"rate": rate}
            for rate in sorted({rates.get(name, 1.0) for name in task.modules})
        ]
        self.optimizer = torch.optim.AdamW(
            groups, lr=settings.lr, betas=settings.betas, weight_decay=settings.weight_decay, fused=True
        )
        self.processes.share(list(task.modules.values()))
        self.averages = Averages(task.modules, settings.ema_decay)
        self.state = Progress()

    @property
    def path(self) -> Path:
        """The checkpoint."""
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        """Write the checkpoint, whole or not at all; of several processes only the first does."""
        if not self.processes.is_first:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        values: dict[str, Any] = {
            "modules": {k: m.state_dict() for k, m in self.task.modules.items()},
            "averages": self.averages.shadow,
            "optimizer": self.optimizer.state_dict(),
            "step": self.state.step,
            "elapsed": self.state.elapsed,
            "history": self.state.history,
        }
        partial = self.path.with_suffix(".partial")
        torch.save(values, partial)
        os.replace(partial, self.path)
        (self.folder / "history.json").write_text(json.dumps(self.state.history), encoding="utf-8")

    def resume(self) -> bool:
        """Load the checkpoint if there is one."""
        self.processes.wait()
        if not self.path.exists():
            return False
        values = torch.load(self.path, map_location=self.device, weights_only=True)
        for name, module in self.task.modules.items():
            module.load_state_dict(values["modules"][name])
        self.optimizer.load_state_dict(values["optimizer"])
        for shadow, saved in zip(self.averages.shadow, values["averages"], strict=True):
            shadow.copy_(saved)
        self.state = Progress(values["step"], values["elapsed"], values["history"])
        return True

    def run(self, log_every: int = 20, save_seconds: float = 120.0, stop_at: int | None = None) -> None:
        """Train until the budget is used (or step `stop_at`), then save."""
        if self.resume():
            self.log(f"resumed at step {self.state.step} after {self.state.elapsed:.0f} s")
        for module in self.task.modules.values():
            module.train()
        begun, before = time.monotonic(), self.state.elapsed
        saved = logged = begun
        logged_step = self.state.step
        while self.state.step != stop_at:
            progress = self.processes.agree(self.budget.progress(self.state.step, self.state.elapsed))
            if progress >= 1.0:
                break
            losses = self._step(progress)
            self.state.step += 1
            self.state.elapsed = before + time.monotonic() - begun
            if self.state.step % log_every == 0 or self.state.step <= 2:
                figures = {k: float(v) for k, v in losses.items()}  # waits for the device
                now = time.monotonic()
                self.state.elapsed = before + now - begun
                rate = (self.state.step - logged_step) / max(now - logged, 1e-9)
                self._record(figures, progress, rate)
                logged, logged_step = now, self.state.step
                if self.processes.agree((self.folder / FINISH).exists()):
                    self.log(f"asked to finish at step {self.state.step}")
                    break
                if now - saved > save_seconds:
                    self.save()
                    saved = time.monotonic()
        self.save()
        # Running statistics are each process's own until here.
        self.processes.share(list(self.task.modules.values()))
        self.processes.wait()

    def _step(self, progress: float) -> dict[str, Tensor]:
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.lr_at(progress) * group.get("rate", 1.0)
        self.optimizer.zero_grad(set_to_none=True)
        losses: dict[str, Tensor] = {}
        for batch in range(self.settings.accumulate):
            for name, value in self._backward(self.state.step * self.settings.accumulate + batch, progress).items():
                losses[name] = losses[name] + value if name in losses else value
        self.processes.average_gradients(self.averages.live)
        norm = torch.nn.utils.clip_grad_norm_(self.averages.live, self.settings.clip)
        # The fused optimiser leaves the weights alone where `found_inf` is set: one bad batch costs nothing.
        self.optimizer.found_inf = (~torch.isfinite(norm)).float()  # type: ignore[attr-defined]
        self.optimizer.step()
        self.averages.update(self.state.step)
        return {**losses, "grad": norm.detach()}

    def _backward(self, batch: int, progress: float) -> dict[str, Tensor]:
        """Add one batch's share of the step's gradient; returns its share of the step's losses."""
        seed = process_seed(self.settings.seed * 1_000_003 + batch)
        generator = torch.Generator(self.device).manual_seed(seed)
        losses = self.task.loss(batch, progress, generator)
        share = 1 / self.settings.accumulate
        (losses["loss"] * share).backward()
        return {name: value.detach() * share for name, value in losses.items()}

    def _record(self, figures: dict[str, float], progress: float, rate: float) -> None:
        if not math.isfinite(figures["loss"]):
            self.log(f"step {self.state.step}: loss {figures['loss']}, batch skipped")
        row = {"step": float(self.state.step), "seconds": self.state.elapsed, **figures}
        self.state.history.append(row)
        text = "  ".join(f"{k} {v:.4g}" for k, v in figures.items())
        self.log(f"step {self.state.step:6d}  {100 * progress:5.1f} %  {rate:6.2f} steps/s  {text}")
