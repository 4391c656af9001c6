"""The full EmoEditor: fine-tunes InstructPix2Pix on EmoPair and ends in a folder for `npx emoeditor import`.

    python -m emoeditor.finetune --config configs/emoeditor.json --base instruct-pix2pix \\
        --records pairs/EPAS pairs/EPGS --predictor runs/starter/predictor --out runs/emoeditor
    npx emoeditor import training/runs/emoeditor/export --out ~/.local/share/emoeditor/models/emoeditor

`--base` is a diffusers folder (unet/, vae/, text_encoder/, tokenizer/). Stopped, it goes on where it was; on several
GPUs it runs under `accelerate launch`, see processes.py. Curves and a grid of samples are left in `report/`.
"""

import argparse
import json
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from emopair import EMOTIONS

from .figures import ROOT
from .models import EmotionPredictor, config
from .models.schedule import SamplerSettings, sample
from .optimisation.inference import autocast
from .optimisation.loop import Budget, Optimisation, Trainer
from .optimisation.processes import join
from .phases.finetune_task import FineTunePhase, FineTuneTask, emotion_encoder_for, read_base
from .photographs.pictures import save_curves, save_grid
from .photographs.recorded import RecordedPairs, read_terms
from .settings import override
from .weights.export import SCHEDULER, Card, save_weights, write_card
from .weights.networks import read_predictor

LICENCE = "CreativeML Open RAIL-M, as the InstructPix2Pix that it was fine-tuned from"
LIMITS = [
    "What InstructPix2Pix cannot paint it cannot paint either.",
    "The eight emotions are coarse and culture-bound.",
    "Works at about 256 x 256; detail at document size comes from the compositor.",
]
GRID_PAIRS = 6


@dataclass(frozen=True)
class FineTuneSettings:
    """A run of fine-tuning."""

    phase: FineTunePhase = FineTunePhase()
    optimisation: Optimisation = Optimisation(lr=1e-5, betas=(0.9, 0.999), warmup=0.01, ema_decay=0.9999)
    steps: int = 100_000
    sampler: dict[str, Any] = field(default_factory=lambda: {"solver": "ddim", "spacing": "leading", "steps": 30})


@torch.no_grad()
def sample_grid(task: FineTuneTask, settings: SamplerSettings, path: Path) -> None:
    """Source, what the model makes of it, and the recorded edit of a few pairs."""
    generator = torch.Generator(task.schedule.alphas_cumprod.device).manual_seed(1)
    drawn = task.pairs.draw(GRID_PAIRS, task.phase.size, generator, zoom=(1.0, 1.0))
    source, scale = task.encode(drawn.source), task.base.vae.config.scaling_factor
    numbers = drawn.index.tolist()
    emotions = [task.pairs.emotions[i] for i in numbers]
    p_source = task.pairs.source_softmax.to(source.device)[drawn.index]
    tokens = task.encoder(torch.eye(len(EMOTIONS), device=source.device)[emotions] - p_source)

    def denoise(x: Tensor, t: int) -> Tensor:
        timesteps = torch.full((x.shape[0],), t, device=x.device)
        with autocast(x.device):
            return task.base.unet(torch.cat([x, source], dim=1), timesteps, tokens).sample.float()

    noise = torch.randn(source.shape, generator=generator, device=source.device)
    latents = sample(denoise, task.schedule, source * scale, noise, settings)
    made = (task.base.vae.decode(latents / scale).sample / 2 + 0.5).clamp(0, 1)
    rows = [list(row) for row in zip(drawn.source, made, drawn.edited, strict=True)]
    notes = [["", EMOTIONS[e], task.pairs.records[i].prompt] for e, i in zip(emotions, numbers, strict=True)]
    save_grid(path, rows, ["source", "model", "recorded"], notes)


def export(task: FineTuneTask, base: Path, predictor: EmotionPredictor, card: Card, folder: Path) -> None:
    """Write what `emoeditor import` reads: UNet and emotion encoder as trained, the rest as it was."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("unet", "vae"):
        (folder / part).mkdir(parents=True)
        shutil.copyfile(base / part / "config.json", folder / part / "config.json")
    save_weights(task.base.unet, folder / "unet/diffusion_pytorch_model.safetensors", torch.float16)
    save_weights(task.base.vae, folder / "vae/diffusion_pytorch_model.safetensors", torch.float16)
    config.write(task.encoder.config, folder / "emotion_encoder/config.json", "EmotionEncoder")
    save_weights(task.encoder, folder / "emotion_encoder/model.safetensors", torch.float16)
    config.write(predictor.config, folder / "predictor/config.json", "EmotionPredictor")
    save_weights(predictor, folder / "predictor/model.safetensors", torch.float16)
    (folder / "scheduler").mkdir()
    (folder / "scheduler/scheduler_config.json").write_text(json.dumps(SCHEDULER, indent=2) + "\n", encoding="utf-8")
    height, width = task.phase.size
    vae = task.base.vae.config
    scale = vae.scaling_factor
    write_card(
        folder,
        card,
        predictor.config,
        # The UNet sees the source's latents unscaled, the noisy ones scaled.
        latents={"channels": vae.latent_channels, "scaling_factor": scale, "source_scale": 1 / scale},
        working_size={"area": height * width, "multiple": 32},
        storage="float16",
    )


def fine_tune(args: argparse.Namespace) -> None:
    """Train, show and export."""
    begun, everyone = time.monotonic(), join(args.device)

    def log(text: str) -> None:
        if everyone.is_first:
            print(f"[{time.monotonic() - begun:7.1f} s] {text}", flush=True)

    values = json.loads(args.config.read_text(encoding="utf-8"))
    settings: FineTuneSettings = override(FineTuneSettings(), values)
    terms = read_terms(args.records)
    base = read_base(args.base, everyone.device)
    torch.manual_seed(settings.optimisation.seed)
    encoder = emotion_encoder_for(base, settings.phase.hidden_dims).to(everyone.device)
    pairs = RecordedPairs(args.records)
    log(f"{len(pairs)} pairs, {sum(p.numel() for p in encoder.parameters()) / 1e6:.1f} M parameters in the encoder")
    task = FineTuneTask(settings.phase, base, encoder, pairs, everyone.device)
    steps = args.steps or settings.steps
    trainer = Trainer(task, settings.optimisation, Budget(steps=steps), args.out / "unet", everyone.device, log)
    trainer.run()
    trainer.averages.swap()
    if everyone.is_first:
        for module in task.modules.values():
            module.eval()
        report = args.out / "report"
        save_curves(report / "curves-unet.png", trainer.state.history, ("loss", "mse", "align", "grad"))
        sample_grid(task, SamplerSettings(**settings.sampler), report / "grid.jpg")
        figures = {"training": {"unet": {"steps": trainer.state.step, "seconds": round(trainer.state.elapsed, 1)}}}
        card = Card("EmoEditor", "1.0.0", args.licence, [*terms, {"pairs": len(pairs)}], figures=figures, limits=LIMITS)
        export(task, args.base, read_predictor(args.predictor, args.bundle), card, args.out / "export")
        log(f"export in {args.out / 'export'}")
    everyone.leave()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True, help="diffusers folder of InstructPix2Pix")
    parser.add_argument("--records", type=Path, nargs="+", required=True, help="folders or files of EmoPair")
    parser.add_argument("--predictor", type=Path, help="predictor of a training run; left out: that of --bundle")
    parser.add_argument("--bundle", type=Path, default=ROOT / "models" / "starter")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, help="in place of the config's")
    parser.add_argument("--licence", default=LICENCE)
    parser.add_argument("--device")
    fine_tune(parser.parse_args())


if __name__ == "__main__":
    main()
