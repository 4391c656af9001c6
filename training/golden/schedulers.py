"""Write `test/golden/schedulers.json`: DDIM, DPM-Solver++ 2M and Euler ancestral step by step, as diffusers does.

Run from `training/`: `python -m golden.schedulers [--out FILE]`.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, EulerAncestralDiscreteScheduler

SCHEDULE = {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
SHAPE = (2, 3)
OUT = Path(__file__).parents[2] / "test" / "golden" / "schedulers.json"


def _numbers(x: torch.Tensor) -> list[float]:
    return [float(f"{v:.9g}") for v in x.double().flatten().tolist()]


def scheduler_of(kind: str, spacing: str, offset: int, train_timesteps: int) -> Any:
    """diffusers' of that kind, eta 0 or second order; `train_timesteps` is T, where sampling starts."""
    if kind == "ddim":
        scheduler = DDIMScheduler(
            **SCHEDULE, timestep_spacing=spacing, steps_offset=offset, clip_sample=False, set_alpha_to_one=False
        )
    else:
        scheduler = DPMSolverMultistepScheduler(
            **SCHEDULE,
            timestep_spacing=spacing,
            steps_offset=offset,
            algorithm_type="dpmsolver++",
            solver_order=2,
            solver_type="midpoint",
            lower_order_final=True,
            final_sigmas_type="zero",
        )
    # The authors' code starts at T by lowering this number after construction, betas unchanged.
    scheduler.register_to_config(num_train_timesteps=train_timesteps)
    return scheduler


def _case(kind: str, spacing: str, steps: int, offset: int, strength: float, train_timesteps: int) -> dict[str, Any]:
    """One full sampling run with seeded model outputs; every intermediate sample is kept."""
    scheduler = scheduler_of(kind, spacing, offset, train_timesteps)
    scheduler.set_timesteps(steps)
    begin = max(steps - min(int(steps * strength), steps), 0)
    timesteps = scheduler.timesteps[begin:]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin)
    generator = torch.Generator().manual_seed(1000 * steps + train_timesteps)
    source = torch.randn(SHAPE, generator=generator)
    noise = torch.randn(SHAPE, generator=generator)
    sample = scheduler.add_noise(source, noise, timesteps[:1])
    start, outputs, samples = sample, [], []
    for t in timesteps:
        output = torch.randn(SHAPE, generator=generator)
        kwargs = {"eta": 0.0} if kind == "ddim" else {}
        sample = scheduler.step(output, t, sample, **kwargs).prev_sample
        outputs.append(_numbers(output))
        samples.append(_numbers(sample))
    return {
        "name": f"{kind} {spacing} {steps} steps, strength {strength}, {train_timesteps} train timesteps",
        "scheduler": kind,
        "spacing": spacing,
        "steps": steps,
        "stepsOffset": offset,
        "strength": strength,
        "trainTimesteps": train_timesteps,
        "timesteps": [int(t) for t in timesteps],
        "source": _numbers(source),
        "noise": _numbers(noise),
        "start": _numbers(start),
        "modelOutputs": outputs,
        "samples": samples,
    }


def _ancestral_case(steps: int) -> dict[str, Any]:
    """From pure noise; samples are what the UNet gets (`scale_model_input`), and the noise of each step is kept too."""
    scheduler = EulerAncestralDiscreteScheduler(**SCHEDULE, timestep_spacing="linspace", steps_offset=1)
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(steps)
    noise = torch.randn(SHAPE, generator=generator)
    sample = noise * scheduler.init_noise_sigma
    start, outputs, samples, fresh = None, [], [], []
    for i, t in enumerate(scheduler.timesteps):
        seen = scheduler.scale_model_input(sample, t)
        start = seen if start is None else start
        output = torch.randn(SHAPE, generator=generator)
        # The step draws the same numbers from a generator of the same seed.
        fresh.append(_numbers(torch.randn(SHAPE, generator=torch.Generator().manual_seed(i))))
        sample = scheduler.step(output, t, sample, generator=torch.Generator().manual_seed(i)).prev_sample
        outputs.append(_numbers(output))
        last = i + 1 == steps
        samples.append(_numbers(sample if last else sample / (scheduler.sigmas[i + 1] ** 2 + 1) ** 0.5))
    return {
        "name": f"euler ancestral {steps} steps from pure noise",
        "steps": steps,
        "timesteps": _numbers(scheduler.timesteps),
        "noise": _numbers(noise),
        "start": _numbers(start),
        "modelOutputs": outputs,
        "fresh": fresh,
        "samples": samples,
    }


def build() -> dict[str, Any]:
    """All cases with their provenance."""
    cases = []
    for kind in ("ddim", "dpmsolver++"):
        for spacing, offset in (("leading", 1), ("trailing", 0)):
            for steps in (1, 2, 5, 8, 20, 30):
                cases.append(_case(kind, spacing, steps, offset, 1.0, 1000))
            for steps, strength in ((8, 0.7), (10, 0.85), (20, 0.98)):
                cases.append(_case(kind, spacing, steps, offset, strength, 1000))
            # diffusers' trailing spacing runs past 0 where T / steps rounds badly (980 / 30): 20 steps are exact.
            for steps, train in ((8, 700), (12, 850), (30, 700), (20, 980)):
                cases.append(_case(kind, spacing, steps, offset, 1.0, train))
        cases.append(_case(kind, "leading", 30, 1, 1.0, 980))
    reference = DDIMScheduler(**SCHEDULE)
    at = [0, 1, 10, 100, 250, 500, 700, 850, 980, 999]
    return {
        "provenance": {
            "generator": "training/golden/schedulers.py",
            "diffusers": diffusers.__version__,
            "torch": torch.__version__,
            "ddim": "DDIMScheduler eta 0, clip_sample false, set_alpha_to_one false",
            "dpmsolver++": "DPMSolverMultistepScheduler order 2, midpoint, lower_order_final, final_sigmas_type zero",
            "start": "add_noise(source, noise, timesteps[0]); strength cuts the front of the timesteps as img2img does",
        },
        "schedule": SCHEDULE,
        "alphasCumprod": {str(t): _numbers(reference.alphas_cumprod[t])[0] for t in at},
        "cases": cases,
        "ancestral": [_ancestral_case(steps) for steps in (2, 5, 20, 100)],
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(build(), separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
