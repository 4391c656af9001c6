"""The phases of a training run: what each needs, trains and leaves behind."""

import dataclasses
import json
import time
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from ..models import EmotionPredictor, PatchAutoencoder, UNet2DConditionModel
from ..optimisation.loop import Budget, Optimisation, Task, Trainer
from ..optimisation.processes import processes
from ..photographs.data import Photos, crop, draw_photos, halves
from ..photographs.pictures import save_curves
from ..settings import PredictorPhase, VAEPhase
from ..weights.networks import imagenet_backbone, placed, write_final
from . import report
from .calibrate import calibrate
from .diffusion_networks import UNET_NETWORKS, untrained_networks
from .predictor_and_vae_tasks import PredictorTask, VAETask, measure_scaling
from .run_state import Run
from .text_warmup import learn_texts
from .unet_task import Frozen, UNetTask


def _train(run: Run, name: str, task: Task, optimisation: Optimisation, minutes: float | None) -> Trainer:
    """Train to the end of the budget (two steps without one) and leave the averaged weights in the modules."""
    budget = Budget(minutes=minutes) if minutes else Budget(steps=2)
    trainer = Trainer(task, optimisation, budget, run.out / name, run.device, run.log)
    trainer.run(log_every=20 if run.device.type == "cuda" else 5)
    state = trainer.state
    run.log(f"{name}: {state.step} steps in {state.elapsed:.0f} s")
    trainer.averages.swap()
    keys = ("loss", "psnr", "perceptual", "mse", "align", "agree", "grad")
    if processes().is_first:
        save_curves(run.out / "report" / f"curves-{name}.png", state.history, keys)
    for module in task.modules.values():
        module.eval()
    return trainer


def _note(path: Path, text: str) -> None:
    if processes().is_first:
        path.write_text(text + "\n", encoding="utf-8")


def _patch_sample(photos: Photos, phase: VAEPhase) -> Tensor:
    """Photographs `[N,3,S,S]` in [-1,1] to take principal components from."""
    generator = torch.Generator(photos.images.device).manual_seed(1)
    index = draw_photos(photos, min(256, len(photos)), generator)
    return crop(photos, index, (phase.size, phase.size), generator).images * 2 - 1


def train_vae(run: Run, minutes: float | None) -> None:
    """Autoencoder on originals and edits; ends with the latents' scaling factor in its config."""
    phase = run.settings.vae
    torch.manual_seed(phase.optimisation.seed)
    vae = cast(PatchAutoencoder, placed(PatchAutoencoder(phase.model), run.device))
    photos, _ = run.photos("train", later=False)
    editor = run.editor()
    vae.start_from(_patch_sample(photos, phase))
    _train(run, "vae", VAETask(phase, vae, run.imagenet(), photos, editor), phase.optimisation, minutes)
    scaling = measure_scaling(vae, photos, editor, phase.size, run.device)
    vae.config = dataclasses.replace(vae.config, scaling_factor=round(scaling, 6))
    run.log(f"scaling factor {scaling:.5f}")
    write_final(run.out / "vae", "vae", vae)


def train_predictor(run: Run, name: str, phase: PredictorPhase, minutes: float | None) -> None:
    """Predictor or judge on its half of the photographs; ends calibrated."""
    torch.manual_seed(phase.optimisation.seed)
    predictor = cast(EmotionPredictor, placed(imagenet_backbone(phase.model, run.backbones), run.device))
    nn.init.zeros_(predictor._fc.weight)
    nn.init.zeros_(predictor._fc.bias)
    predictor.freeze_first(phase.frozen_blocks)
    vae = cast(PatchAutoencoder, run.network("vae", "vae"))
    everything, _ = run.photos("train")
    photos = everything.subset(halves(len(everything), phase.half, run.device))
    editor = run.editor()
    _train(run, name, PredictorTask(phase, predictor, vae, photos, editor), phase.optimisation, minutes)
    temperature, figures = calibrate(predictor, vae, run.photos("heldout")[0], editor, phase)
    predictor.config = dataclasses.replace(predictor.config, temperature=round(temperature, 5))
    run.log(f"{name}: {json.dumps({k: round(v, 4) for k, v in figures.items()})}")
    write_final(run.out / name, "predictor", predictor)
    _note(run.out / name / "figures.json", json.dumps(figures, indent=2))


def _start_from(checkpoint: Path, networks: dict[str, nn.Module]) -> bool:
    """Weights of an earlier run as the first guess; layers that it did not have stay as they are.

    Returns whether the checkpoint knows an instruction encoder, which that of a bundle does not.
    """
    modules = torch.load(checkpoint, map_location="cpu", weights_only=True)["modules"]
    for name, network in networks.items():
        unknown = network.load_state_dict(modules[name], strict=False).unexpected_keys
        if unknown:
            raise ValueError(f"expected weights of the same {name} in {checkpoint}, but {unknown[:3]} are unknown")
    return bool(modules["text_encoder"])


def _unet_task(run: Run) -> tuple[UNetTask, bool]:
    """The diffusion model's task, and whether its instruction encoder is already aligned with the emotion encoder."""
    phase = run.settings.unet
    torch.manual_seed(phase.optimisation.seed)
    networks = untrained_networks(phase, run.device)
    knows_texts = True
    if run.start_from is not None:
        knows_texts = _start_from(run.start_from, dict(zip(UNET_NETWORKS, networks, strict=True)))
    predictor = cast(EmotionPredictor, run.network("predictor", "predictor"))
    fixed = Frozen(cast(PatchAutoencoder, run.network("vae", "vae")), predictor)
    for network in (fixed.vae, fixed.predictor):
        network.requires_grad_(False)
    photos, editor = run.photos("train")[0], run.editor(phase.instructions)
    task = UNetTask(phase, networks, fixed, photos, editor, run.device, run.pairs)
    if len(task.vocabulary) > phase.text_encoder.vocab_size:
        raise ValueError(
            f"{len(task.vocabulary)} words, but room for {phase.text_encoder.vocab_size}: raise vocab_size"
        )
    if run.compile_unet:
        task.forward_unet = cast(UNet2DConditionModel, torch.compile(task.unet))
    return task, knows_texts


def make_pairs(run: Run) -> None:
    """Fill this process's share of the folder of pairs; another run takes them from there."""
    if run.pairs is None:
        raise ValueError("expected --pairs FOLDER for the phase pairs, but got none")
    task, _ = _unet_task(run)
    part, parts = run.pairs_share
    for number in range(part - 1, run.pairs_chunks, parts):
        begun = time.monotonic()
        task.pool.chunk(number)
        run.log(f"chunk {number} of {run.pairs_chunks} in {time.monotonic() - begun:.1f} s")


def train_unet(run: Run, minutes: float | None) -> None:
    """Diffusion model, emotion encoder and instruction encoder together."""
    task, knows_texts = _unet_task(run)
    phase, networks = task.phase, (task.unet, task.emotions, task.texts)
    begun = time.monotonic()
    task.pool.advance(0)
    run.log(f"pool of {phase.pool.chunks} x {phase.chunk} pairs in {time.monotonic() - begun:.1f} s")
    if not knows_texts and not (run.out / "unet" / "checkpoint.pt").exists():
        run.log(f"a new instruction encoder says what the emotion encoder says, to {learn_texts(task):.3f} of 1 - cos")
    spent = (time.monotonic() - begun) / 60
    _train(run, "unet", task, phase.optimisation, max(minutes - spent, 0.1) if minutes else None)
    for kind, network in zip(UNET_NETWORKS, networks, strict=True):
        write_final(run.out / "unet", kind, network)
    _note(run.out / "unet" / "vocabulary.json", json.dumps(task.vocabulary.words))


def run_phase(run: Run, name: str, minutes: float | None) -> None:
    """Run one phase by name; a phase whose final weights exist is skipped."""
    finals = {"vae": "vae", "predictor": "predictor", "judge": "predictor", "unet": "text_encoder"}
    finished = name in finals and (run.out / name / f"{finals[name]}.safetensors").exists()
    if processes().agree(finished):
        run.log(f"{name} is finished already")
        return
    if name == "vae":
        train_vae(run, minutes)
    elif name == "predictor":
        train_predictor(run, name, run.settings.predictor, minutes)
    elif name == "judge":
        train_predictor(run, name, run.settings.judge, minutes)
    elif name == "pairs":
        make_pairs(run)
    elif name == "unet":
        train_unet(run, minutes)
    elif name in ("evaluate", "export"):
        if processes().is_first:
            (report.evaluate if name == "evaluate" else report.export)(run)
    else:
        raise ValueError(f"unknown phase {name!r}")
    processes().wait()
