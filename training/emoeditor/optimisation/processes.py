"""One process or many: what a training run asks of Hugging Face Accelerate, and the same for a process alone.

    accelerate launch --multi_gpu --num_processes 4 -m emoeditor.run --config ...

Every process makes its own examples and takes its own step; gradients are averaged before the optimiser, so weights,
averages and optimiser state stay equal. The first process alone writes files and says when the budget is used. All
machines see the same run folder.
"""

import os
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

BUCKET_BYTES = 64 << 20
"""Gradients travel in pieces of about this size, so that the copy stays small beside the model."""
SEED_STEP = 104_729
"""Between the seeds of two processes: a prime, so that the streams of neighbouring runs do not meet."""


class Processes:
    """A process alone: nothing to agree on."""

    index = 0
    count = 1

    def __init__(self, device: torch.device):
        self.device = device

    @property
    def is_first(self) -> bool:
        """Whether this process writes files."""
        return self.index == 0

    def average_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        """Replace gradients by their mean over all processes."""

    def agree(self, value: float) -> float:
        """The first process's value, everywhere."""
        return value

    def share(self, modules: Sequence[nn.Module]) -> None:
        """Give every process the first one's parameters and buffers."""

    def wait(self) -> None:
        """Wait for all."""

    def leave(self) -> None:
        """Part from the others; call last, when nothing more is to be agreed."""


class AcceleratedProcesses(Processes):
    """Processes that `accelerate launch` started."""

    def __init__(self) -> None:
        from accelerate import Accelerator

        self.accelerator = Accelerator()
        device = self.accelerator.device
        # `cpu:0`, as some versions say, is a place that torch.load does not know.
        super().__init__(torch.device("cpu") if device.type == "cpu" else device)
        self.index, self.count = self.accelerator.process_index, self.accelerator.num_processes

    def average_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        for parameter in parameters:
            # What had no part in this process's batch may have had one in another's.
            if parameter.requires_grad and parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        gradients = [p.grad for p in parameters if p.grad is not None]
        for bucket in _buckets(gradients):
            flat = self.accelerator.reduce(torch.cat([g.flatten() for g in bucket]), "mean")
            for gradient, mean in zip(bucket, flat.split([g.numel() for g in bucket]), strict=True):
                gradient.copy_(mean.view_as(gradient))

    def agree(self, value: float) -> float:
        from accelerate.utils import broadcast

        return float(broadcast(torch.tensor([value], dtype=torch.float64, device=self.device))[0])

    @torch.no_grad()
    def share(self, modules: Sequence[nn.Module]) -> None:
        from accelerate.utils import broadcast

        for module in modules:
            for tensor in (*module.parameters(), *module.buffers()):
                tensor.copy_(broadcast(tensor.detach().contiguous()))

    def wait(self) -> None:
        self.accelerator.wait_for_everyone()

    def leave(self) -> None:
        # A process that ends while another still talks to it takes that one down.
        self.wait()
        torch.distributed.destroy_process_group()


def _buckets(tensors: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    bucket: list[Tensor] = []
    size = 0
    for tensor in tensors:
        if bucket and size + tensor.nbytes > BUCKET_BYTES:
            yield bucket
            bucket, size = [], 0
        bucket.append(tensor)
        size += tensor.nbytes
    if bucket:
        yield bucket


_joined: list[Processes] = []


def join(device: str | None = None) -> Processes:
    """The processes of this run; call once, before anything is made. `device` counts for a process alone."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        _joined[:] = [AcceleratedProcesses()]
    else:
        usual = "cuda" if torch.cuda.is_available() else "cpu"
        _joined[:] = [Processes(torch.device(device or usual))]
    return _joined[0]


def processes() -> Processes:
    """The processes that were joined; a process alone where none were."""
    return _joined[0] if _joined else Processes(torch.device("cpu"))


def process_seed(seed: int) -> int:
    """A seed of this process's own; the first keeps the one given."""
    return seed + SEED_STEP * processes().index
