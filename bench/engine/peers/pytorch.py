"""The same UNet in PyTorch: diffusers' for the full size, training/emoeditor's for the starter.

Options: compile; card, for the graphics card; half, for float16.
"""

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

        return UNet2DConditionModel.from_config(
            {k: v for k, v in config.items() if k not in ("parametrisation", "pool_tokens")}
        )
    from emoeditor.models.unet import UNet2DConditionModel as Starter
    from emoeditor.models.unet import UNetConfig

    known = UNetConfig.__dataclass_fields__
    return Starter(UNetConfig(**{k: tuple(v) if isinstance(v, list) else v for k, v in config.items() if k in known}))


IS_HALF = "half" in OPTIONS


def device_for() -> torch.device:
    """The graphics card that PyTorch sees, where one is asked for."""
    if "card" not in OPTIONS:
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    sys.exit("PyTorch sees no graphics card.")


def card_name() -> dict[str, str]:
    return {"card": torch.cuda.get_device_name(DEVICE)} if DEVICE.type == "cuda" else {}


def synchronise() -> None:
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()
    elif DEVICE.type == "mps":
        torch.mps.synchronize()


DEVICE = device_for()
torch.set_num_threads(TASK["threads"])
with torch.device("meta"):
    model = build()
numbers = torch.float16 if IS_HALF else torch.float32
state = {name: torch.from_numpy(values).to(DEVICE, numbers) for name, values in weights().items()}
model.load_state_dict(state, strict=True, assign=True)
model = model.eval().to(memory_format=torch.channels_last)
call = torch.compile(model) if "compile" in OPTIONS else model
# The starter's own network has parts in float32, as it was trained.
mixed = torch.autocast(DEVICE.type, torch.float16, enabled=IS_HALF and TASK["model"] == "starter")


def placed(sample, timestep, tokens) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return (
        torch.from_numpy(sample).to(DEVICE, numbers, memory_format=torch.channels_last),
        torch.from_numpy(timestep).to(DEVICE),
        torch.from_numpy(tokens).to(DEVICE, numbers),
    )


@torch.inference_mode()
def run(sample, timestep, tokens):
    """From memory to memory, as ours."""
    with mixed:
        out = call(*placed(sample, timestep, tokens))
    synchronise()
    return (out if torch.is_tensor(out) else out.sample).float().cpu().contiguous().numpy()


@torch.inference_mode()
def count(sample, timestep, tokens) -> float:
    with FlopCounterMode(display=False) as counter, mixed:
        model(*placed(sample, timestep, tokens))
    return counter.get_total_flops() / 1e9


serve(run, count, **card_name())
