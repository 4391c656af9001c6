"""Pictures for labelling: photographs with a numbered grid, or with their labels in colours.

    python -m scene_labels.sheet LIST NUMBERS --data DATA --out sheet.jpg            photograph with a grid in percent
    python -m scene_labels.sheet LIST NUMBERS --data DATA --out sheet.jpg --labels   labels over the photograph

LIST is test, trainA or trainB; NUMBERS like 7 or 1-4 or 3,9; --cell long side of one picture in pixels;
--crop x0,y0,x1,y1 in percent enlarges a part.
"""

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from . import CLASSES, COLOURS, UNDECIDED
from .format import label_path, points, read_labels, read_list
from .raster import borders, rasterise

TITLE = 18
Box = tuple[float, float, float, float]
WHOLE: Box = (0, 0, 100, 100)


def enlarge(photo: Image.Image, cell: int, crop: Box) -> Image.Image:
    box = tuple(v / 100 * s for v, s in zip(crop, photo.size * 2, strict=True))
    width, height = box[2] - box[0], box[3] - box[1]
    scale = cell / max(width, height)
    return photo.resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS, box=box)


def draw_grid(picture: Image.Image, crop: Box) -> None:
    """Lines every 2 percent, stronger every 10, the place of each crossing of tens printed as x,y. Fainter than the
    picture's own edges: two of them, dark and light, so that one is always seen."""
    pen, font = ImageDraw.Draw(picture, "RGBA"), ImageFont.load_default(size=12)
    width, height = picture.size
    fine, strong = (2, 10) if crop[2] - crop[0] > 40 else (1, 5)

    def place(x: float, y: float) -> tuple[float, float]:
        return (x - crop[0]) / (crop[2] - crop[0]) * width, (y - crop[1]) / (crop[3] - crop[1]) * height

    for k in range(fine, 100, fine):
        alpha = 130 if k % strong == 0 else 40
        for tone, shift in ((0, 1), (255, 0)):
            px, py = place(k, k)
            pen.line([(px + shift, 0), (px + shift, height)], fill=(tone, tone, tone, alpha))
            pen.line([(0, py + shift), (width, py + shift)], fill=(tone, tone, tone, alpha))
    for i in range(0, 100, strong):
        for j in range(0, 100, strong):
            px, py = place(i, j)
            place_text = (px + 2, py + 1)
            pen.text(place_text, f"{i},{j}", (255, 255, 60), font, stroke_width=1, stroke_fill=(0, 0, 0))


def draw_marks(picture: Image.Image, label: dict[str, Any], crop: Box) -> None:
    """Horizon red, lamps and windows orange (lit) or grey, points as squares, pairs as a line from N(ear) to F(ar)."""
    pen, (width, height) = ImageDraw.Draw(picture), picture.size

    def at(text: str) -> list[tuple[float, float]]:
        return [
            ((x - crop[0]) / (crop[2] - crop[0]) * width, (y - crop[1]) / (crop[3] - crop[1]) * height)
            for x, y in points(text)
        ]

    if label["horizon"]:
        pen.line(at(label["horizon"]), fill=(255, 0, 0), width=2)
    for kind in ("lamps", "windows"):
        for text, lit in label.get(kind, []):
            colour, spots = (255, 140, 0) if lit == "lit" else (120, 120, 120), at(text)
            if len(spots) > 2:
                pen.polygon(spots, outline=colour, width=2)
            for x, y in spots if len(spots) <= 2 else []:
                pen.ellipse((x - 5, y - 5, x + 5, y + 5), outline=colour, width=2)
    for name, text in label.get("points", []):
        x, y = at(text)[0]
        pen.rectangle((x - 4, y - 4, x + 4, y + 4), fill=COLOURS[name], outline=(0, 0, 0))
    for near, far in label.get("pairs", []):
        a, b = at(near)[0], at(far)[0]
        pen.line([a, b], fill=(255, 255, 255), width=1)
        for spot, letter in ((a, "N"), (b, "F")):
            pen.text(spot, letter, fill=(255, 255, 255), stroke_width=2, stroke_fill=(0, 0, 0), anchor="mm")


def draw_label(photo: Image.Image, label: dict[str, Any], cell: int, crop: Box) -> Image.Image:
    """The photograph with class colours over it, strong at the borders; undecided pixels are darkened."""
    ids = Image.fromarray(rasterise(label, np.asarray(photo)))
    picture = np.asarray(enlarge(photo, cell, crop)).astype(np.float32)
    box = tuple(v / 100 * s for v, s in zip(crop, photo.size * 2, strict=True))
    large = np.asarray(ids.resize(picture.shape[1::-1], Image.Resampling.NEAREST, box=box))
    edge = cv2.dilate(borders(large).astype(np.uint8), np.ones((2, 2))) > 0
    for k, name in enumerate(CLASSES):
        inside = large == k
        tint = np.array(COLOURS[name], np.float32)
        picture[inside] = 0.62 * picture[inside] + 0.38 * tint
        picture[inside & edge] = tint
    picture[large == UNDECIDED] *= 0.25
    result = Image.fromarray(picture.astype(np.uint8))
    draw_marks(result, label, crop)
    return result


def tile(pictures: list[Image.Image], titles: list[str]) -> Image.Image:
    """Two columns when there are several pictures."""
    columns = 1 if len(pictures) == 1 else 2
    rows = [pictures[i : i + columns] for i in range(0, len(pictures), columns)]
    heights = [max(p.height for p in row) + TITLE for row in rows]
    cell = max(p.width for p in pictures)
    sheet = Image.new("RGB", (cell * columns + 8 * (columns - 1), sum(heights)), (30, 30, 30))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=13)
    for n, (picture, title) in enumerate(zip(pictures, titles, strict=True)):
        x, y = n % columns * (cell + 8), sum(heights[: n // columns])
        pen.text((x + 3, y + 1), title, fill=(230, 230, 230), font=font)
        sheet.paste(picture, (x, y + TITLE))
    return sheet


def numbers(text: str) -> list[int]:
    """`1-3,7` as [1, 2, 3, 7]."""
    result = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        result += range(int(first), int(last or first) + 1)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list")
    parser.add_argument("numbers")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--labels", action="store_true")
    parser.add_argument("--file", type=Path, help="label file, when it is not the list's own")
    parser.add_argument("--cell", type=int, default=740)
    parser.add_argument("--crop", default="0,0,100,100")
    args = parser.parse_args()
    crop: Box = tuple(float(v) for v in args.crop.split(","))
    photos, labels = read_list(args.list), read_labels(args.file or label_path(args.list))
    pictures, titles = [], []
    for n in numbers(args.numbers):
        name = photos[n - 1]
        photo = Image.open(args.data / name).convert("RGB")
        if args.labels and name in labels:
            picture = draw_label(photo, labels[name], args.cell, crop)
        else:
            picture = enlarge(photo, args.cell, crop)
        if not args.labels:
            draw_grid(picture, crop)
        pictures.append(picture)
        titles.append(f"{args.list} {n}  {name}" + ("" if name in labels or not args.labels else "  NOT LABELLED"))
    tile(pictures, titles).save(args.out, quality=92)


if __name__ == "__main__":
    main()
