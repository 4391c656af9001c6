"""Write `test/golden/leads.json`: choices of instructions by the rule that training follows, and a map that has not
seen a quarter of the instructions.

`all` are fresh choices among all instructions, `heldOut` among the quarter that `map` was not fitted on: rows of the
instruction's id and the direction [8]. `light` is that of the first instruction.
Run from `training/`: `python -m golden.leads`.
"""

import json
from pathlib import Path

import torch
from torch import Tensor

from emoeditor.fit_leads import FOLDS, Choices, draw, fit, lights
from emoeditor.weights.bundle_networks import read_emotion_encoder
from emopair.light.hints import read_bank

OUT = Path(__file__).parents[2] / "test" / "golden" / "leads.json"
BUNDLE = Path(__file__).parents[2] / "models" / "starter"
COUNT = 600


def rows(choices: Choices, ids: list[str], among: Tensor) -> list[list[object]]:
    """The first choices among some instructions."""
    chosen = torch.nonzero(among[choices.chosen])[:COUNT, 0].tolist()
    return [[ids[int(choices.chosen[i])], [round(float(v), 3) for v in choices.direction[i]]] for i in chosen]


def main() -> None:
    """Fit without a quarter, and draw."""
    bank, emotions = read_bank(BUNDLE / "instructions.json"), read_emotion_encoder(BUNDLE)
    ids, light = [i.id for i in bank.instructions], lights(bank)
    nothing = torch.zeros(len(ids), emotions.config.num_tokens * emotions.config.token_dim)
    seen, fresh = (draw(bank, emotions, nothing, seed) for seed in (7, 2024))
    held = torch.arange(len(ids)) % FOLDS == 0
    leads = fit(seen, light, ~held)
    content = {
        "map": [[round(v, 4) for v in row] for row in leads.map.tolist()],
        "weight": round(float(leads.weight), 4),
        "heldOutIds": [name for name, out in zip(ids, held.tolist(), strict=True) if out],
        "light": [round(v, 5) for v in light[0].tolist()],
        "all": rows(fresh, ids, torch.ones(len(ids), dtype=torch.bool)),
        "heldOut": rows(fresh, ids, held),
    }
    OUT.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
