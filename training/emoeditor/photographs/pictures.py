"""Small pictures for the eye: grids of edits and loss curves."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from torch import Tensor

INK, PAPER = (40, 40, 40), (255, 255, 255)
COLOURS = ((31, 119, 180), (214, 39, 40), (44, 160, 44), (148, 103, 189), (255, 127, 14))


def to_pixels(image: Tensor) -> np.ndarray:
    """`[3,H,W]` 0..1 to `[H,W,3]` uint8."""
    return (image.detach().float().clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()


def save_grid(
    path: Path, rows: Sequence[Sequence[Tensor]], heads: Sequence[str], notes: Sequence[Sequence[str]]
) -> None:
    """A JPEG of rows of pictures `[3,H,W]`, column heads above and a note under each cell."""
    cell_h, cell_w = max(i.shape[1] for r in rows for i in r), max(i.shape[2] for r in rows for i in r)
    pitch_h, pitch_w = cell_h + 16, cell_w + 4
    canvas = Image.new("RGB", (pitch_w * len(heads), 16 + pitch_h * len(rows)), PAPER)
    draw = ImageDraw.Draw(canvas)
    for column, head in enumerate(heads):
        draw.text((column * pitch_w + 4, 2), head, fill=INK)
    for y, row in enumerate(rows):
        for x, image in enumerate(row):
            left, top = x * pitch_w, 16 + y * pitch_h
            canvas.paste(Image.fromarray(to_pixels(image)), (left, top))
            draw.text((left + 4, top + cell_h + 2), notes[y][x], fill=INK)
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas.save(path, quality=85)


def save_curves(path: Path, history: Sequence[dict[str, float]], keys: Sequence[str]) -> None:
    """A PNG with one panel per figure over the training time in seconds."""
    keys = [k for k in keys if history and k in history[-1]]
    if not keys:
        return
    width, height, margin = 420, 180, 34
    canvas = Image.new("RGB", (width, height * len(keys)), PAPER)
    draw = ImageDraw.Draw(canvas)
    seconds = np.array([row["seconds"] for row in history])
    for i, key in enumerate(keys):
        values = np.array([row[key] for row in history])
        good = np.isfinite(values)
        if good.sum() < 2:
            continue
        late = values[good][len(values[good]) // 50 :]
        low, high = float(late.min()), float(np.quantile(late, 0.99))
        span = max(high - low, 1e-9)
        top = i * height
        x = margin + (width - margin - 8) * seconds / max(seconds[-1], 1e-9)
        y = top + height - 18 - (height - 40) * (np.clip(values, low, high) - low) / span
        points = [(float(a), float(b)) for a, b, ok in zip(x, y, good, strict=True) if ok]
        draw.rectangle((margin, top + 20, width - 8, top + height - 18), outline=(200, 200, 200))
        draw.line(points, fill=COLOURS[i % len(COLOURS)], width=1)
        draw.text((margin, top + 4), f"{key}: last {values[-1]:.4g}, low {low:.4g}, {seconds[-1]:.0f} s", fill=INK)
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas.save(path)
