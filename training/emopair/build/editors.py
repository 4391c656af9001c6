"""Who carries an instruction out: the procedural editor, or a text-following bundle through the product's engine."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from PIL import Image

from .. import EMOTIONS, regions
from ..instructions import INSTRUCTIONS, by_emotion
from ..procedural.editor import ProceduralEditor

Ranked = Mapping[str, Sequence[str]]
"""Instructions of each emotion, best first: texts, or ids of the bank (`fear/bats`) for the procedural editor."""
PRODUCT = Path(__file__).parents[3]
QUALITY = 95


@dataclass(frozen=True)
class Order:
    """One edit to make: of `source [h,w,3]`, into files of the given names without ending."""

    source: np.ndarray
    emotion: str
    instruction: str
    seed: int
    source_stem: Path
    edit_stem: Path


@dataclass(frozen=True)
class Made:
    """Source and edit at one size, the files that hold them, and the words that say what was done."""

    source: np.ndarray
    edit: np.ndarray
    source_file: Path
    edit_file: Path
    prompt: str


class Editor(Protocol):
    """Carries out one order; None where it cannot."""

    def make(self, order: Order) -> Made | None:
        """See Order and Made."""
        ...


def save(picture: np.ndarray, path: Path) -> Path:
    """A picture as JPEG."""
    Image.fromarray(picture).save(path, quality=QUALITY, subsampling=0)
    return path


class Procedural:
    """The bank's own recipes on squares around the middle."""

    def __init__(self, side: int):
        self.side, self.editor = side, ProceduralEditor()

    def make(self, order: Order) -> Made | None:
        """See Editor; of the ways to say an instruction the seed picks one."""
        source = _square(order.source, self.side)
        image = torch.from_numpy(source).permute(2, 0, 1)[None].float() / 255
        maps = torch.from_numpy(regions.compute(source))[None].float() / 255
        generator = torch.Generator().manual_seed(order.seed)
        edited = self.editor.apply(image, maps, order.instruction, generator)[0]
        edit = (edited.permute(1, 2, 0) * 255).round().byte().numpy()
        phrasings = self.editor.find(order.instruction).paraphrases
        files = order.source_stem.with_suffix(".jpg"), order.edit_stem.with_suffix(".jpg")
        save(source, files[0])
        save(edit, files[1])
        return Made(source, edit, *files, phrasings[order.seed % len(phrasings)])


class Engine:
    """`emoeditor batch` over a bundle: one iteration, conditioned on the instruction's text."""

    def __init__(self, bundle: str, steps: int | None):
        self.steps = steps
        command = ["npx", "emoeditor", "batch", "--bundle", bundle, "--conditioning", "text", "--no-iei", "--overwrite"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=PRODUCT, text=True, **pipes)

    def make(self, order: Order) -> Made | None:
        """See Editor; raises RuntimeError where the engine has ended."""
        given = order.edit_stem.with_name(order.edit_stem.name + "-given.png")
        Image.fromarray(order.source).save(given)
        files = order.source_stem.with_suffix(".jpg"), order.edit_stem.with_suffix(".jpg")
        job: dict[str, Any] = {
            "input": given, "source": files[0], "output": files[1],
            "emotion": order.emotion, "instruction": order.instruction, "seed": order.seed,
        }  # fmt: skip
        values = {name: str(v.resolve()) if isinstance(v, Path) else v for name, v in job.items()}
        answer = self._ask(values | ({"steps": self.steps} if self.steps else {}))
        given.unlink()
        if "error" in answer:
            return None
        source, edit = (np.asarray(Image.open(file).convert("RGB")) for file in files)
        return Made(source, edit, *files, order.instruction)

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("expected pipes to the engine")
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            told = "npx emoeditor batch --bundle ... --conditioning text"
            raise RuntimeError(f"expected an answer of the engine, but it has ended: try `{told}` by hand")
        return json.loads(line)

    def close(self) -> None:
        """End the engine."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(timeout=30)


def _square(picture: np.ndarray, side: int) -> np.ndarray:
    height, width = picture.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    cut = picture[top : top + short, left : left + short]
    how = cv2.INTER_AREA if short > side else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(cut, (side, side), interpolation=how))


def bank() -> dict[str, list[str]]:
    """Ids of the procedural bank."""
    return {emotion: [i.id for i in by_emotion(emotion)] for emotion in EMOTIONS}


def read_ranked(path: Path | None, is_procedural: bool) -> dict[str, list[str]]:
    """Ranked lists from a file, `instructions.json` of a bundle or `ranking.json` of an earlier build.

    Without a file the procedural bank in its order. Raises ValueError where an emotion is missing or an id unknown.
    """
    if path is None and not is_procedural:
        raise ValueError("expected --instructions, such as a bundle's instructions.json, for the engine")
    lists = bank() if path is None else json.loads(path.read_text(encoding="utf-8"))
    missing = [emotion for emotion in EMOTIONS if not lists.get(emotion)]
    if missing:
        raise ValueError(f"expected instructions for {', '.join(missing)} in {path}")
    known = {i.id for i in INSTRUCTIONS}
    unknown = [name for names in lists.values() for name in names if is_procedural and name not in known]
    if unknown:
        raise ValueError(f"expected ids of the bank such as {INSTRUCTIONS[0].id}, but {path} has {unknown[0]!r}")
    return {emotion: list(lists[emotion]) for emotion in EMOTIONS}
