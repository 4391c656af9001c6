"""Write `test/golden/checkpoints/`: small files as `torch.save` writes them, and what is in them.

`expected.json` gives shape and values of every tensor that must be read, per file. The others must be refused.
Run from `training/`: `python -m golden.checkpoints [--out FOLDER]`.
"""

import argparse
import json
import os
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

OUT = Path(__file__).parents[2] / "test" / "golden" / "checkpoints"


class Attack:
    """A pickle that runs a command when Python loads it."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("echo this must never run",)


def state_dict() -> OrderedDict[str, Any]:
    """Every element type, and tensors that are windows on a storage which they share."""
    generator = torch.Generator().manual_seed(11)
    shared = torch.randn(4, 6, generator=generator)
    return OrderedDict(
        {
            "float32": torch.randn(2, 3, generator=generator),
            "float16": torch.randn(5, generator=generator).half(),
            "bfloat16": torch.randn(5, generator=generator).bfloat16(),
            "float64": torch.randn(3, generator=generator).double(),
            "int64": torch.tensor([[0, -1, 2**40]]),
            "int32": torch.tensor([7, -8], dtype=torch.int32),
            "int16": torch.tensor([300, -300], dtype=torch.int16),
            "int8": torch.tensor([-128, 127], dtype=torch.int8),
            "uint8": torch.tensor([0, 255], dtype=torch.uint8),
            "bool": torch.tensor([True, False, True]),
            "scalar": torch.tensor(0.5),
            "empty": torch.zeros(0, 3),
            "shared.rows": shared[1:3],
            "shared.transposed": shared.t(),
            "shared.steps": shared[::2, 1::3],
            "shared.expanded": shared[0, 0].expand(2, 2),
            "parameter": nn.Parameter(torch.randn(2, 2, generator=generator)),
        }
    )


def readable() -> dict[str, tuple[dict[str, Any], dict[str, Tensor]]]:
    """What is saved, and the tensors that are expected by name."""
    plain = state_dict()
    network = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3))
    torch.manual_seed(3)
    trained = nn.Linear(3, 2)
    optimiser = torch.optim.Adam(trained.parameters())
    trained(torch.ones(1, 3)).sum().backward()
    optimiser.step()
    parts = {"unet": OrderedDict(plain), "text": {"w": torch.arange(3.0)}, "step": 4}
    return {
        "plain.pt": (plain, dict(plain)),
        "module.pth": (network.state_dict(), network.state_dict()),
        "lightning.ckpt": (
            {
                "epoch": 3,
                "global_step": 10**12,
                "pytorch-lightning_version": "1.4.2",
                "rate": 1e-4,
                "state_dict": {f"module.{name}": value for name, value in trained.state_dict().items()},
                "callbacks": {"best": torch.tensor(0.1), "path": None, "sizes": torch.Size([1, 2])},
                "optimizer_states": [optimiser.state_dict()],
                "hyper_parameters": {"betas": (0.9, 0.999), "flags": {"ema"}, "device": torch.device("cpu")},
            },
            trained.state_dict(),
        ),
        "parts.bin": (parts, {"text.w": parts["text"]["w"], **{f"unet.{k}": v for k, v in plain.items()}}),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    expected = {}
    for name, (value, tensors) in readable().items():
        torch.save(value, out / name)
        expected[name] = {
            key: {"shape": list(tensor.shape), "values": tensor.detach().float().flatten().tolist()}
            for key, tensor in tensors.items()
        }
    plain = state_dict()
    torch.save(plain, out / "protocol4.pt", pickle_protocol=4)
    expected["protocol4.pt"] = expected["plain.pt"]
    torch.save({"w": torch.ones(2)}, out / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(nn.Linear(2, 2), out / "wholeModule.pt")
    torch.save({"w": torch.ones(2), "run": Attack()}, out / "attack.pt")
    torch.jit.script(nn.Linear(2, 2)).save(out / "torchScript.pt")
    document = {"generator": "training/golden/checkpoints.py", "torch": torch.__version__, "files": expected}
    (out / "expected.json").write_text(json.dumps(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
