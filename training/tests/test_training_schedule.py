"""The evaluation's solvers against diffusers' golden numbers."""

import json
from pathlib import Path

import pytest
import torch

from emoeditor.models.schedule import NoiseSchedule, SamplerSettings, sample, timesteps_for

GOLDEN = json.loads((Path(__file__).parents[2] / "test" / "golden" / "schedulers.json").read_text())
CASES = [c for c in GOLDEN["cases"] if c["strength"] == 1.0]


def settings(case: dict) -> SamplerSettings:
    return SamplerSettings(case["scheduler"], case["spacing"], case["steps"], case["trainTimesteps"] / 1000)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_solver_follows_diffusers(case: dict) -> None:
    assert timesteps_for(settings(case)) == case["timesteps"]
    outputs = iter(case["modelOutputs"])
    shape = (1, 1, 2, 3)
    source, noise = (torch.tensor(case[k]).view(shape) for k in ("source", "noise"))
    end = sample(lambda x, t: torch.tensor(next(outputs)).view(shape), NoiseSchedule(), source, noise, settings(case))
    torch.testing.assert_close(end.flatten(), torch.tensor(case["samples"][-1]), rtol=2e-4, atol=2e-4)


def test_late_timesteps_weigh_most_and_the_mean_is_one() -> None:
    weights = NoiseSchedule().loss_weights(torch.arange(1000), gamma=5.0, ceiling=20.0)
    assert weights.mean() == pytest.approx(1.0, abs=1e-4)
    assert weights[950] > weights[600] > weights[200] > weights[5]
