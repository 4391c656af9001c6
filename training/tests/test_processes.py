"""Several processes train as one: under `accelerate launch`, two on a CPU, against one that sees both batches."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from emoeditor.optimisation import processes
from emoeditor.optimisation.loop import Budget, Optimisation, Trainer

pytest.importorskip("accelerate", reason="pip install accelerate")
TRAINING = Path(__file__).parents[1]
CPU = torch.device("cpu")
SETTINGS = Optimisation(lr=1e-2, seed=5)


class Line:
    """Fits a line to points that each batch draws anew; one weight has a gradient in every second process only."""

    def __init__(self) -> None:
        torch.manual_seed(3)
        self.layer, self.odd = nn.Linear(3, 1), nn.Linear(1, 1, bias=False)
        self.modules: dict[str, nn.Module] = {"layer": self.layer, "odd": self.odd}

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        x = torch.randn(8, 3, generator=generator)
        loss = ((self.layer(x) - x.sum(1, keepdim=True)) ** 2).mean()
        if processes.processes().index % 2 == 1:
            loss = loss + self.odd.weight.square().sum()
        return {"loss": loss}


class BothBatches(Line):
    """What two processes see together."""

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        seeds = [SETTINGS.seed * 1_000_003 + step + processes.SEED_STEP * index for index in (0, 1)]
        losses = [super(BothBatches, self).loss(step, progress, torch.Generator().manual_seed(s)) for s in seeds]
        return {"loss": sum(part["loss"] for part in losses) / 2 + self.odd.weight.square().sum() / 2}


def fit(task: Line, folder: Path) -> dict[str, list[float]]:
    Trainer(task, SETTINGS, Budget(steps=6), folder, CPU, lambda _: None).run()
    return {name: module.weight.flatten().tolist() for name, module in task.modules.items()}


def launch(*command: str, count: int = 2) -> str:
    environment = {**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"}
    accelerate = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", str(count)]
    options = ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]
    return subprocess.run(
        [*accelerate, *options, "-m", *command],
        cwd=TRAINING, env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def test_two_processes_equal_one_with_both_batches(tmp_path: Path) -> None:
    launch("tests.test_processes", str(tmp_path / "two"))
    two = [json.loads((tmp_path / "two" / f"{index}.json").read_text()) for index in (0, 1)]
    assert two[0] == two[1]
    one = fit(BothBatches(), tmp_path / "one")
    for name, weights in one.items():
        assert two[0][name] == pytest.approx(weights, abs=1e-6)


def test_a_run_of_all_phases_under_accelerate_leaves_one_export(tmp_path: Path) -> None:
    config = str(TRAINING / "configs" / "tiny.json")
    options = ["--config", config, "--out", str(tmp_path), "--standin", "--workers", "1"]
    options += ["--pairs", str(tmp_path / "pairs")]
    text = launch("emoeditor.run", *options, "--phases", "vae,predictor,unet,export")
    assert text.count("== unet done") == 1 and "2 x cpu" in text
    assert load_file(tmp_path / "export" / "unet" / "diffusion_pytorch_model.safetensors")
    again = launch("emoeditor.run", *options, "--phases", "unet")
    assert "unet is finished already" in again
    shutil.rmtree(tmp_path / "unet")
    once_more = launch("emoeditor.run", *options, "--phases", "unet")  # now with the pairs that are there
    assert once_more.count("== unet done") == 1


def test_gradients_travel_in_pieces_and_keep_their_order() -> None:
    tensors = [torch.zeros(n) for n in (1, 20_000_000, 3, 4)]
    assert [len(bucket) for bucket in processes._buckets(tensors)] == [1, 1, 2]


if __name__ == "__main__":
    everyone = processes.join()
    out = Path(sys.argv[1])
    out.mkdir(exist_ok=True)
    found = fit(Line(), out)
    (out / f"{everyone.index}.json").write_text(json.dumps(found))
    everyone.leave()
