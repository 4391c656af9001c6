"""The paper's ablation at our scale: six rows, five trainings, one table.

    python -m emoeditor.from_bundle ../models/starter --out runs/next
    python -m emoeditor.ablation --config configs/starter-cpu.json --base runs/next --judge RUN/judge \\
        --photos packed --out runs/ablation --minutes 8

As in the paper, all models go on from one that follows text; here that is itself trained for `--minutes`, from the
UNet in the base run's `start/` where there is one. The table's rows are those of the paper's table: one-hot vectors
and directions with the alignment loss in a single iteration, directions with IEI, both together, and text without and
with IEI. IEI here is the paper's: iterations at one strength, the direction estimated anew from each result. A stopped
command resumes where it was. Two processes may share the work: one trains with `--only first`, then each with
`--only` some of the variants, and the command without it makes the table.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any, cast

import torch
from torch import Tensor

from .evaluation import esmi
from .evaluation.editing import (
    Conditioning,
    Editor,
    Outcome,
    by_direction,
    by_one_hot,
    by_text,
    infer_iteratively,
    request,
)
from .evaluation.evaluate import all_targets
from .models import (
    EmotionEncoder,
    EmotionPredictor,
    InstructionEncoder,
    PatchAutoencoder,
    UNet2DConditionModel,
    Vocabulary,
)
from .models.schedule import NoiseSchedule, SamplerSettings
from .optimisation.inference import predict
from .optimisation.loop import Budget
from .phases.ablation_training import FIRST, VARIANTS, Workshop
from .phases.run_state import Run
from .phases.unet_task import Frozen
from .photographs.data import EditSource, Photos, crop
from .settings import RunSettings, load
from .weights.networks import read_final

BATCH = 32


@dataclass(frozen=True)
class RowOf:
    """A row of the table: the model it is measured with, and whether IEI continues after the first iteration."""

    words: str
    variant: str
    iei: bool
    paper: float
    """ESMI in the paper's table."""


ROWS = (
    RowOf("one-hot + alignment loss", "one-hot", False, 7.36),
    RowOf("direction + alignment loss", "direction", False, 8.51),
    RowOf("direction + IEI", "direction-unaligned", True, 47.36),
    RowOf("direction + alignment loss + IEI", "direction", True, 51.56),
    RowOf("text", "text", False, 5.85),
    RowOf("text + IEI", "text", True, 50.24),
)


@dataclass(frozen=True)
class Bench:
    """Networks and edits of all rows: `images [N,3,H,W]`, `target [N]`, photographs times their targets."""

    frozen: Frozen
    judge: EmotionPredictor
    images: Tensor
    target: Tensor
    editor: EditSource
    settings: SamplerSettings
    iterations: int

    def outcome(self, folder: Path, row: RowOf) -> Outcome:
        """The edits of one row."""
        device = self.images.device
        unet, encoder, texts = (
            read_final(folder, kind, device) for kind in ("unet", "emotion_encoder", "text_encoder")
        )
        vae, predictor = self.frozen.vae, self.frozen.predictor
        emotions = cast(EmotionEncoder, encoder)
        editor = Editor(cast(UNet2DConditionModel, unet), vae, emotions, predictor, NoiseSchedule(device))
        conditioning = self._conditioning(row, emotions, cast(InstructionEncoder, texts))
        iterations = self.iterations if row.iei else 1
        parts = []
        for i, (images, target) in enumerate(zip(self.images.split(BATCH), self.target.split(BATCH), strict=True)):
            job = request(editor, images, target)
            parts.append(infer_iteratively(editor, job, self.settings, iterations, 1000 * i, conditioning))
        return Outcome(*(torch.cat([getattr(p, f) for p in parts]) for f in vars(parts[0])))

    @torch.no_grad()
    def _conditioning(self, row: RowOf, emotions: EmotionEncoder, texts: InstructionEncoder) -> Conditioning:
        variant = VARIANTS[row.variant]
        if not variant.text:
            return by_one_hot(emotions) if variant.one_hot else by_direction(emotions)
        vocabulary = Vocabulary.of_texts(text for phrasings in self.editor.phrasings for text in phrasings)
        length = texts.config.num_tokens
        ids = [vocabulary.encode(phrasings[0], length) for phrasings in self.editor.phrasings]
        return by_text(texts(torch.tensor(ids, device=self.images.device)), self.editor.emotions)

    @torch.no_grad()
    def figures(self, outcome: Outcome) -> dict[str, float]:
        """ESMI, and what predictor and judge say."""
        found: list[dict[str, float]] = []
        networks = {"own": self.frozen.predictor, "judge": self.judge}
        for i in range(len(self.target)):
            target = int(self.target[i])
            source, edit = self.images[i : i + 1], outcome.images[i : i + 1]
            small = esmi.squash(source), esmi.squash(edit)
            row: dict[str, float] = {}
            for name, network in networks.items():
                before, after = esmi.read(network, source), network.probabilities(edit)[0]
                row[f"esmi_{name}"] = esmi.esmi(before, small[0], after, small[1], target)
                row[f"{name}_top1"] = float(int(after.argmax()) == target)
                row[f"{name}_rise"] = float(after[target] - before.distribution[target])
            found.append(row)
        figures = {key: mean(row[key] for row in found) for key in found[0] if not key.endswith("_rise")}
        figures |= {f"{name}_median_rise": median(row[f"{name}_rise"] for row in found) for name in networks}
        accepted_at = outcome.accepted_at
        figures["accepted"] = float((accepted_at > 0).float().mean())
        figures["iterations"] = float(torch.where(accepted_at > 0, accepted_at, self.iterations).float().mean())
        return figures | {"ssim": float(outcome.ssim.mean()), "edits": float(len(found))}


def photographs(photos: Photos, count: int, size: int, predictor: EmotionPredictor) -> tuple[Tensor, Tensor]:
    """Evenly drawn photographs, each seven times, and their seven targets: not the predictor's first."""
    chosen = torch.linspace(0, len(photos) - 1, min(count, len(photos)), device=photos.images.device).long()
    generator = torch.Generator(photos.images.device).manual_seed(9)
    images = crop(photos, chosen, (size, size), generator, zoom=(1.0, 1.0)).images
    repeated, target = all_targets(images)
    own = predict(predictor, images).argmax(1).repeat_interleave(len(target) // len(images))
    return repeated[target != own], target[target != own]


def table(rows: dict[str, dict[str, float]]) -> str:
    """The rows in Markdown, the paper's ESMI beside ours; "before" is the share of targets that were first unedited."""
    head = "ESMI | ESMI by the judge | judge's first | judge's median rise | accepted | mean SSIM | ESMI in the paper"
    lines = [f"| conditioning | {head} |", "|---" * 8 + "|"]
    for row in ROWS:
        if row.words not in rows:
            continue
        f = rows[row.words]
        lines.append(
            f"| {row.words} | {f['esmi_own']:.2f} | {f['esmi_judge']:.2f} | {100 * f['judge_top1']:.1f} % "
            f"| {f['judge_median_rise']:.2f} | {100 * f['accepted']:.1f} % | {f['ssim']:.2f} | {row.paper:.2f} |"
        )
    return "\n".join(lines)


def measure(bench: Bench, out: Path, log: Callable[[str], None], rows: Sequence[RowOf] = ROWS) -> dict[str, Any]:
    """All rows; each is kept in `rows.json` as soon as it is measured."""
    path = out / "rows.json"
    found: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for row in rows:
        if row.words in found:
            continue
        begun = time.monotonic()
        found[row.words] = bench.figures(bench.outcome(out / row.variant, row))
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        log(f"{row.words}: {len(bench.target)} edits in {time.monotonic() - begun:.0f} s")
    (out / "ablation.md").write_text(table(found) + "\n", encoding="utf-8")
    return found


def ablate(
    run: Run,
    judge: EmotionPredictor,
    out: Path,
    budget: Budget,
    held_out: int,
    iterations: int,
    pairs: Path | None = None,
    only: Sequence[str] = (),
) -> str:
    """Trainings and table; `run` is the base, whose autoencoder and predictor all models share.

    With `only`, just the trainings of those names, so that several processes can share the work.
    """
    settings: RunSettings = run.settings
    predictor = cast(EmotionPredictor, run.network("predictor", "predictor"))
    frozen = Frozen(cast(PatchAutoencoder, run.network("vae", "vae")), predictor)
    has_start = (run.out / "start" / "unet.safetensors").exists()
    unet = cast(UNet2DConditionModel, run.network("start", "unet")) if has_start else None
    out.mkdir(parents=True, exist_ok=True)
    editor = run.editor(settings.unet.instructions)
    photos = run.photos("train")[0]
    workshop = Workshop(settings.unet, frozen, photos, editor, run.device, out, unet, run.log, pairs)
    for name in only or (FIRST, *VARIANTS):
        workshop.train(name, budget)
    if only:
        return f"trained: {', '.join(only)}"
    images, target = photographs(run.photos("heldout")[0], held_out, settings.vae.size, predictor)
    sampler = SamplerSettings(**settings.evaluate.grid)
    bench = Bench(frozen, judge, images, target, editor, sampler, iterations)
    return table(measure(bench, out, run.log))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True, help="run with vae/, predictor/ and perhaps start/")
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of packed photographs")
    parser.add_argument("--pairs", type=Path, help="folder of encoded pairs, see emoeditor.run")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="of each of the five trainings")
    parser.add_argument("--only", nargs="+", default=(), choices=(FIRST, *VARIANTS), help="train these and stop")
    parser.add_argument("--held-out", type=int, default=24, help="photographs to measure on")
    parser.add_argument("--iterations", type=int, default=6)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    device = torch.device(args.device)
    begun = time.monotonic()
    run = Run(
        settings=load(args.config),
        out=args.base,
        device=device,
        photo_folders=tuple(args.photos),
        later_folders=(),
        samples=None,
        backbones=None,
        standin=False,
        workers=args.workers,
        compile_unet=False,
        dtype=torch.float32,
        start_from=None,
        log=lambda text: print(f"[{time.monotonic() - begun:7.1f} s] {text}", flush=True),
    )
    judge = cast(EmotionPredictor, read_final(args.judge, "predictor", device))
    budget = Budget(minutes=args.minutes)
    print(ablate(run, judge, args.out, budget, args.held_out, args.iterations, args.pairs, args.only))


if __name__ == "__main__":
    main()
