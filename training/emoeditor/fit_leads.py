"""Where a direction leads, for choosing an instruction: `python -m emoeditor.fit_leads ../models/starter`.

P(instruction | direction) is the prior of the target's instructions times
exp(weight . cos(mood . map, light) + alignment . cosine). `mood` is what the source evokes, target less direction,
squared and normalised, less 1/8; `light` is the middle of an instruction's grade hint against the mean of its emotion,
in standard deviations; the other cosine is that of the emotion encoder's tokens with the instruction's embedding. Map
and weights are fitted by cross-entropy on the choices that the diffusion model is trained with
(`emopair/light/editor.py`), and go to `leads.json` beside the bank. An instruction that a user adds has a light and
needs no embedding.

Printed: mean cross-entropy in nats of fresh choices, and of choices among the quarter of the instructions that the map
was not fitted on, beside the prior of the class (every instruction of the target alike) and the rule that chose.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import Tensor

from emopair.light.editor import CHOICE, LightEditor
from emopair.light.hints import NAMES, Bank, read_bank

from . import embed_bank
from .models import EmotionEncoder
from .photographs.data import EMOTION_COUNT
from .photographs.lit import any_of
from .weights.bundle_networks import read_emotion_encoder

NAME = "leads.json"
DRAWS = 20_000
RIDGE = 1e-4
FOLDS = 4
NEVER = -1e9


def lights(bank: Bank) -> Tensor:
    """Unit vectors `[instructions, fields]`."""
    moods = bank.moods()
    middle = (bank.low + bank.high) / 2 - moods[bank.emotions]
    return F.normalize(middle / moods.std(0).clamp(min=1e-3), dim=1)


@dataclass(frozen=True)
class Choices:
    """Directions, moods `[n, 8]`, cosines, log-probabilities of the rule `[n, instructions]`, and the chosen `[n]`."""

    direction: Tensor
    mood: Tensor
    cosine: Tensor
    rule: Tensor
    chosen: Tensor


def draw(bank: Bank, emotions: EmotionEncoder, embeddings: Tensor, seed: int) -> Choices:
    """Choices in scenes that have all that any instruction needs."""
    generator = torch.Generator().manual_seed(seed)
    editor = LightEditor(bank)
    p = any_of(DRAWS, generator)
    target = torch.randint(0, EMOTION_COUNT, (DRAWS,), generator=generator)
    leads = lights(bank) @ F.normalize(editor.away(p) / editor.scale, dim=1).T
    own = bank.emotions[None] == target[:, None]
    rule = (CHOICE * leads.T).masked_fill(~own, NEVER).log_softmax(1)
    chosen = torch.multinomial(rule.exp(), 1, generator=generator)[:, 0]
    direction = F.one_hot(target, EMOTION_COUNT).float() - p
    with torch.no_grad():
        cosine = F.normalize(emotions(direction).flatten(1), dim=1) @ embeddings.T
    squared = p.square()
    mood = squared / squared.sum(1, keepdim=True) - 1 / EMOTION_COUNT
    return Choices(direction, mood, cosine, rule, chosen)


@dataclass(frozen=True)
class Leads:
    """`map [8, fields]`, its weight and that of the alignment."""

    map: Tensor
    weight: Tensor
    alignment: Tensor

    def scores(self, choices: Choices, light: Tensor) -> Tensor:
        """`[n, instructions]`, up to a constant a row."""
        wanted = F.normalize(choices.mood @ self.map, dim=1)
        return self.weight * wanted @ light.T + self.alignment * choices.cosine


def cross_entropy(scores: Tensor, choices: Choices, among: Tensor) -> Tensor:
    """Of the choices that fell among some instructions, given that they did."""
    rows = among[choices.chosen]
    own = (choices.rule > NEVER / 2) & among
    return F.cross_entropy(scores.masked_fill(~own, NEVER)[rows], choices.chosen[rows])


def fit(choices: Choices, light: Tensor, among: Tensor) -> Leads:
    """By L-BFGS, with a ridge on the map; weights are not negative."""
    torch.manual_seed(1)
    weights = (0.1 * torch.randn(EMOTION_COUNT, light.shape[1])).requires_grad_()
    roots = torch.tensor([1.0, 0.1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, roots], max_iter=100, line_search_fn="strong_wolfe")

    def leads() -> Leads:
        weight, alignment = roots.square()
        return Leads(weights, weight, alignment)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = cross_entropy(leads().scores(choices, light), choices, among) + RIDGE * weights.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    weight, alignment = roots.detach().square()
    return Leads(F.normalize(weights.detach().flatten(), dim=0).view_as(weights), weight, alignment)


def figures(bank: Bank, seen: Choices, fresh: Choices) -> tuple[Leads, dict[str, float]]:
    """The map of all instructions, and what is printed."""
    light, count = lights(bank), len(bank.instructions)
    all_of = torch.ones(count, dtype=torch.bool)
    flat = torch.zeros_like(fresh.rule)
    leads = fit(seen, light, all_of)
    told = {
        "fresh": cross_entropy(leads.scores(fresh, light), fresh, all_of),
        "fresh_prior": cross_entropy(flat, fresh, all_of),
        "fresh_rule": cross_entropy(fresh.rule, fresh, all_of),
        "alignment_alone": cross_entropy(4 * fresh.cosine, fresh, all_of),
    }
    held = [torch.arange(count) % FOLDS == fold for fold in range(FOLDS)]
    folds = [(fit(seen, light, ~out), out) for out in held]
    told["held_out"] = sum(cross_entropy(m.scores(fresh, light), fresh, out) for m, out in folds) / FOLDS
    told["held_out_prior"] = sum(cross_entropy(flat, fresh, out) for out in held) / FOLDS
    told["held_out_rule"] = sum(cross_entropy(fresh.rule, fresh, out) for out in held) / FOLDS
    return leads, {name: round(float(value), 4) for name, value in told.items()}


def _rows(rows: list[list[float]]) -> str:
    return "[\n" + ",\n".join(f"    {json.dumps(row)}" for row in rows) + "\n  ]"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path, help="bundle with instructions and their embeddings")
    bundle = parser.parse_args().bundle
    bank, emotions = read_bank(bundle / "instructions.json"), read_emotion_encoder(bundle)
    with safe_open(bundle / embed_bank.NAME, "pt") as stored:
        embeddings = stored.get_tensor("embeddings").float() * stored.get_tensor("scales")[:, None]
    seen, fresh = (draw(bank, emotions, embeddings, seed) for seed in (7, 99))
    leads, told = figures(bank, seen, fresh)
    rows = [[round(value, 4) for value in row] for row in leads.map.tolist()]
    content = {
        "format": 1,
        "fields": NAMES,
        "map": rows,
        "weight": round(float(leads.weight), 3),
        "alignment": round(float(leads.alignment), 3),
        "figures": told,
    }
    lines = (
        f"  {json.dumps(name)}: {_rows(rows) if name == 'map' else json.dumps(value)}"
        for name, value in content.items()
    )
    (bundle / NAME).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
