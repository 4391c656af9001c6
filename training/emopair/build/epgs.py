"""EPGS: pairs made for an emotion. Emotion-bearing photographs x ranked instructions x an editor -> filters.

A photograph is emotion-bearing where the predictor is sure enough of its first emotion. For every other emotion a few
of the best instructions are drawn, carried out, and the pairs that pass all filters are kept, the most confident first.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .. import EMOTIONS
from ..records import Record
from .editors import Editor, Engine, Made, Order, Procedural, Ranked
from .filters import STAGES as FILTER_STAGES
from .filters import Filters, Measured, passed, similarity_ssim, structure
from .labels import Labeller, PredictorAt, Seen, read_picture, shares_of
from .tally import Tally

STAGES = ("wanted", "from an emotion", *FILTER_STAGES)
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
RANKING = "ranking.json"


@dataclass(frozen=True)
class EpgsSettings:
    """What is tried on every photograph."""

    ranked: Ranked
    top: int = 10
    """Instructions of each emotion that may be drawn: the first of its list."""
    draws: int = 1
    """Instructions per photograph and emotion."""
    least_source: float = 0.25
    """Least share of the photograph's first emotion."""
    filters: Filters = field(default_factory=Filters)
    seed: int = 1


def find_photos(folders: Sequence[Path]) -> list[Path]:
    """All pictures under some folders, in order; raises FileNotFoundError where there are none."""
    found = [p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix.lower() in SUFFIXES]
    if not found:
        raise FileNotFoundError(f"expected pictures ({', '.join(SUFFIXES)}) in {[str(f) for f in folders]}")
    return found


class EpgsWorker:
    """Makes and filters the pairs of some photographs."""

    def __init__(self, labeller: Labeller, editor: Editor, settings: EpgsSettings, images: Path):
        self.labeller, self.editor, self.settings, self.images = labeller, editor, settings, images
        self.tries: dict[str, list[int]] = {}

    def make(self, number: int, unit: Sequence[str]) -> tuple[list[Record], Tally]:
        """See Worker; leaves beside the pictures how often each instruction was tried and kept."""
        folder = self.images / f"{number:05d}"
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in folder.iterdir():
            left_over.unlink()
        self.tries, tally = {}, Tally(STAGES)
        records = [r for i, path in enumerate(unit) for r in self._photo(folder / f"{i:03d}", Path(path), tally)]
        (folder / "tries.json").write_text(json.dumps(self.tries), encoding="utf-8")
        return records, tally

    def _photo(self, stem: Path, path: Path, tally: Tally) -> list[Record]:
        settings = self.settings
        try:
            picture = read_picture(path)
        except OSError:
            return []
        seen = self.labeller.look([picture])
        own, sure = seen.top(0), float(seen.shares[0].max()) >= settings.least_source
        draw = random.Random(f"{settings.seed} {path.name}")
        records = []
        for emotion in EMOTIONS:
            if emotion == own:
                continue
            choices = list(settings.ranked[emotion][: settings.top])
            for number, instruction in enumerate(draw.sample(choices, min(settings.draws, len(choices)))):
                edit = stem.with_name(f"{stem.name}-{emotion}-{number}")
                order = Order(picture, emotion, instruction, draw.randrange(1 << 31), stem, edit)
                record = self._pair(order, tally) if sure else tally.add(emotion, 0)
                records += [record] if record is not None else []
        if not records:
            stem.with_suffix(".jpg").unlink(missing_ok=True)
        return records

    def _pair(self, order: Order, tally: Tally) -> Record | None:
        made = self.editor.make(order)
        tried = self.tries.setdefault(f"{order.emotion}: {order.instruction}", [0, 0])
        tried[0] += 1
        if made is None:
            tally.add(order.emotion, 1)
            return None
        seen = self.labeller.look([made.source, made.edit])
        found = self._measured(made, seen, order.emotion)
        count = passed(found, self.settings.filters)
        tally.add(order.emotion, 2 + count)
        if count < len(FILTER_STAGES) - 1:
            made.edit_file.unlink()
            return None
        tried[1] += 1
        root = self.images.parent
        files = [file.relative_to(root).as_posix() for file in (made.source_file, made.edit_file)]
        # The label is what was asked for, as in the paper; what the predictor sees stands beside it.
        shares = shares_of(seen.shares[0]), shares_of(seen.shares[1])
        return Record(seen.top(0), order.emotion, made.prompt, shares[0], *files, shares[1])

    def _measured(self, made: Made, seen: Seen, emotion: str) -> Measured:
        if self.settings.filters.similarity == "ssim":
            similar = similarity_ssim(made.source, made.edit)
        else:
            similar = float(seen.features[0] @ seen.features[1])
        share = float(seen.shares[1][EMOTIONS.index(emotion)])
        return Measured(similar, share, structure(made.source, made.edit))


@dataclass(frozen=True)
class MakeEpgs:
    """Makes a worker in its process; `bundle` None edits procedurally."""

    predictor: PredictorAt
    settings: EpgsSettings
    images: Path
    bundle: str | None
    side: int
    steps: int | None

    def __call__(self) -> EpgsWorker:
        editor: Editor = Procedural(self.side) if self.bundle is None else Engine(self.bundle, self.steps)
        return EpgsWorker(self.predictor.load(), editor, self.settings, self.images)


def write_ranking(out: Path, ranked: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Instructions by the share of their edits that were kept, best first; what was never tried comes last.

    The file is what `--instructions` of the next build reads; `ranking.md` shows the shares.
    """
    sums: dict[str, list[int]] = {}
    for path in sorted((out / "images").glob("*/tries.json")):
        for name, (tried, kept) in json.loads(path.read_text(encoding="utf-8")).items():
            row = sums.setdefault(name, [0, 0])
            row[0], row[1] = row[0] + tried, row[1] + kept
    shares = {name: kept / tried for name, (tried, kept) in sums.items() if tried}
    best = {e: sorted(names, key=lambda n, e=e: -shares.get(f"{e}: {n}", -1.0)) for e, names in ranked.items()}
    (out / RANKING).write_text(json.dumps(best, indent=1) + "\n", encoding="utf-8")
    lines = ["| instruction | tried | kept |", "|---|---|---|"]
    for emotion, names in best.items():
        known = [(name, sums[f"{emotion}: {name}"]) for name in names if f"{emotion}: {name}" in sums]
        lines += [f"| {emotion}: {name} | {tried} | {100 * kept / tried:.0f} % |" for name, (tried, kept) in known]
    (out / "ranking.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return best
