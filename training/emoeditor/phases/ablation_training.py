"""The models behind the ablation, all from one text-conditioned model, as the paper's begin with InstructPix2Pix.

Encoded pairs are made once and kept: two models differ in their conditioning, not in what
they saw.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from ..models import UNet2DConditionModel
from ..optimisation.loop import Budget, Trainer
from ..photographs.data import EditSource, Photos
from ..photographs.pool import Pairs, PoolSize
from ..settings import UNetPhase
from ..weights.networks import read_final, write_final
from .diffusion_networks import UNET_NETWORKS, DiffusionNetworks, untrained_networks
from .unet_task import Frozen, UNetTask

NEVER = 1 << 40
KNOWING_SHARE = 0.9
"""Share of the samples with conditioning; the rest trains the unconditional prediction that guidance needs."""


@dataclass(frozen=True)
class Variant:
    """Conditioning of a model in training: an emotion as direction or as one-hot vector, or an instruction's text."""

    text: bool = False
    one_hot: bool = False
    aligned: bool = False


VARIANTS = {
    "one-hot": Variant(one_hot=True, aligned=True),
    "direction": Variant(aligned=True),
    "direction-unaligned": Variant(),
    "text": Variant(text=True),
}
FIRST = "first"
"""The text-conditioned model that all variants go on from."""


def phase_of(phase: UNetPhase, variant: Variant) -> UNetPhase:
    """The settings of a variant: nothing but the conditioning differs, and no critic takes part."""
    return dataclasses.replace(
        phase,
        emotion_share=0.0 if variant.text else KNOWING_SHARE,
        text_share=KNOWING_SHARE if variant.text else 0.0,
        alignment=phase.alignment if variant.aligned else 0.0,
        critic=0.0,
        pool=PoolSize(phase.pool.chunks, NEVER),
    )


class AblationTask(UNetTask):
    """UNet training with the variant's conditioning; the encoder that it does not use is not changed."""

    def __init__(self, variant: Variant, phase: UNetPhase, networks: DiffusionNetworks, workshop: "Workshop"):
        given = (workshop.photos, workshop.editor, workshop.device, workshop.pairs or workshop.out / "pairs")
        super().__init__(phase_of(phase, variant), networks, workshop.frozen, *given)
        self.variant = variant
        unused = "emotion_encoder" if variant.text else "text_encoder"
        self.modules.pop(unused).requires_grad_(False)

    def _tokens(self, pairs: Pairs, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        if self.variant.one_hot:
            nothing = torch.zeros_like(pairs.p_source)
            pairs = dataclasses.replace(pairs, p_source=nothing, p_partial=nothing)
        return super()._tokens(pairs, generator)


@dataclass
class Workshop:
    """What all trainings of an ablation share."""

    phase: UNetPhase
    frozen: Frozen
    photos: Photos
    editor: EditSource
    device: torch.device
    out: Path
    unet: UNet2DConditionModel | None
    """Weights to begin with; None begins with an untrained UNet."""
    log: Callable[[str], None]
    pairs: Path | None = None
    """Folder of encoded pairs of the same settings; None: one in `out`."""

    def _networks(self, name: str) -> DiffusionNetworks:
        """Those of the first model or, for that one itself, new encoders around the given UNet."""
        if name != FIRST:
            first = (read_final(self.out / FIRST, kind, self.device) for kind in UNET_NETWORKS)
            return cast(DiffusionNetworks, tuple(first))
        torch.manual_seed(self.phase.optimisation.seed)
        if self.unet is None:
            return untrained_networks(self.phase, self.device)
        networks = untrained_networks(dataclasses.replace(self.phase, model=self.unet.config), self.device)
        networks[0].load_state_dict(self.unet.state_dict())
        return networks

    def train(self, name: str, budget: Budget) -> None:
        """Train a variant, or the first model, to the end of its budget; one that is finished is left alone."""
        folder = self.out / name
        if (folder / f"{UNET_NETWORKS[-1]}.safetensors").exists():
            self.log(f"{name} is finished already")
            return
        variant = VARIANTS["text"] if name == FIRST else VARIANTS[name]
        networks = self._networks(name)
        for network in networks:
            network.requires_grad_(True)
        task = AblationTask(variant, self.phase, networks, self)
        task.pool.advance(0)
        trainer = Trainer(task, self.phase.optimisation, budget, folder, self.device, self.log)
        trainer.run()
        trainer.averages.swap()
        for kind, network in zip(UNET_NETWORKS, networks, strict=True):
            write_final(folder, kind, cast(nn.Module, network))
        trainer.path.unlink()
        self.log(f"{name}: {trainer.state.step} steps in {trainer.state.elapsed:.0f} s")
