"""Picture grids of edits, one per emotion or one for all eight.

python -m emopair.contact_sheet PHOTO_OR_FOLDER... --out sheets [--emotion awe] [--size 256]
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from . import EMOTIONS, regions
from .instructions import by_emotion
from .procedural.editor import ProceduralEditor
from .ssim import ssim

TITLE = 16
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def read_photos(paths: Sequence[Path], size: int) -> tuple[Tensor, Tensor]:
    """Photographs as squares `[N,3,size,size]` 0..1 around their subject, with their region maps `[N,K,64,64]`."""
    images, maps = [], []
    for path in paths:
        photo = Image.open(path).convert("RGB")
        photo.thumbnail((4 * size, 2 * size), Image.Resampling.LANCZOS)
        rgb = np.asarray(photo)
        h, w = rgb.shape[:2]
        side = min(h, w)
        left, top = (w - side) // 2, (h - side) // 2
        cut = cv2.resize(rgb[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_AREA)
        images.append(torch.from_numpy(cut).permute(2, 0, 1).float() / 255)
        maps.append(torch.from_numpy(regions.compute(cut)).float() / 255)
    return torch.stack(images), torch.stack(maps)


def grid(rows: list[Tensor], labels: list[list[str]], cell: int) -> Image.Image:
    """Pictures `[n,3,H,W]` in rows, squared to `cell` pixels, a text under each."""
    sheet = Image.new("RGB", (cell * max(len(r) for r in rows), (cell + TITLE) * len(rows)), (18, 18, 18))
    pen = ImageDraw.Draw(sheet)
    for y, (row, texts) in enumerate(zip(rows, labels, strict=True)):
        for x, (picture, text) in enumerate(zip(row, texts, strict=True)):
            rgb = (picture.clamp(0, 1) * 255 + 0.5).byte().permute(1, 2, 0).numpy()
            sheet.paste(
                Image.fromarray(rgb).resize((cell, cell), Image.Resampling.LANCZOS), (x * cell, y * (cell + TITLE))
            )
            pen.text((x * cell + 3, y * (cell + TITLE) + cell + 2), text[: cell // 6], fill=(220, 220, 220))
    return sheet


def emotion_sheet(images: Tensor, maps: Tensor, emotion: str, seed: int, cell: int) -> Image.Image:
    """One row per photograph, one column per instruction; SSIM under each."""
    editor = ProceduralEditor()
    columns, texts = [images], [["source"] * len(images)]
    for instruction in by_emotion(emotion):
        edited = editor.apply(images, maps, instruction, torch.Generator().manual_seed(seed))
        columns.append(edited)
        name = instruction.id.split("/")[1]
        texts.append([f"{name} {value:.2f}" for value in ssim(images, edited).tolist()])
    return grid(
        [torch.stack(list(r)) for r in zip(*columns, strict=True)], [list(t) for t in zip(*texts, strict=True)], cell
    )


def overview(images: Tensor, maps: Tensor, seed: int, cell: int, draws: int = 1) -> Image.Image:
    """One row per photograph and draw: the source, then one random instruction of each emotion."""
    editor = ProceduralEditor()
    rows, labels = [], []
    for i in range(len(images) * draws):
        k = i // draws
        one, region = images[k : k + 1], maps[k : k + 1]
        row, text = [one[0]], ["source"]
        for e, emotion in enumerate(EMOTIONS):
            bank = by_emotion(emotion)
            chosen = bank[(seed + 5 * i + 3 * e) % len(bank)]
            row.append(editor.apply(one, region, chosen, torch.Generator().manual_seed(seed + i))[0])
            text.append(chosen.id)
        rows.append(torch.stack(row))
        labels.append(text)
    return grid(rows, labels, cell)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("sheets"))
    parser.add_argument("--emotion", choices=(*EMOTIONS, "overview", "all"), default="all")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--cell", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    files = [f for p in given.photos for f in (sorted(p.iterdir()) if p.is_dir() else [p])]
    images, maps = read_photos([f for f in files if f.suffix.lower() in SUFFIXES], given.size)
    given.out.mkdir(parents=True, exist_ok=True)
    for name in (*EMOTIONS, "overview") if given.emotion == "all" else (given.emotion,):
        sheet = (
            overview(images, maps, given.seed, given.cell)
            if name == "overview"
            else emotion_sheet(images, maps, name, given.seed, given.cell)
        )
        sheet.save(given.out / f"{name}.png")
        print(given.out / f"{name}.png")


if __name__ == "__main__":
    main()
