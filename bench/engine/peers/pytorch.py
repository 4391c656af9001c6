"""The same UNet in PyTorch: diffusers' for the full size, training/emoeditor's for the starter. Option: compile."""

import json
import sys
from pathlib import Path

import torch
from task import FOLDER, OPTIONS, TASK, serve, weights
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).parents[3] / "training"))


def build() -> torch.nn.Module:
    config = json.loads((FOLDER / "config.json").read_text())
    if config.get("parametrisation", "epsilon") == "epsilon":
        from diffusers import UNet2DConditionModel

        return UNet2DConditionModel.from_config({k: v for k, v in config.items() if k not in ("parametrisation", "pool_tokens")})
    from emoeditor.models.unet import UNet2DConditionModel as Starter
    from emoeditor.models.unet import UNetConfig

    known = UNetConfig.__dataclass_fields__
    return Starter(UNetConfig(**{k: tuple(v) if isinstance(v, list) else v for k, v in config.items() if k in known}))


torch.set_num_threads(TASK["threads"])
with torch.device("meta"):
    model = build()
state = {name: torch.from_numpy(values) for name, values in weights().items()}
model.load_state_dict(state, strict=True, assign=True)
model = model.eval().to(memory_format=torch.channels_last)
call = torch.compile(model) if "compile" in OPTIONS else model


@torch.inference_mode()
def run(sample, timestep, tokens):
    given = torch.from_numpy(sample).to(memory_format=torch.channels_last)
    out = call(given, torch.from_numpy(timestep), torch.from_numpy(tokens))
    return (out if torch.is_tensor(out) else out.sample).contiguous().numpy()


@torch.inference_mode()
def count(sample, timestep, tokens) -> float:
    with FlopCounterMode(display=False) as counter:
        model(torch.from_numpy(sample), torch.from_numpy(timestep), torch.from_numpy(tokens))
    return counter.get_total_flops() / 1e9


serve(run, count)
