"""Text embeddings of an instruction bank: `python -m emoeditor.embed_bank ../models/starter`.

The alignment loss pulls an emotion encoder's tokens towards the instruction encoder's tokens of the instruction that
was carried out. Used forwards, that says which instructions a direction points at: the cosine between the tokens of a
direction and an instruction's embedding. Here an instruction encoder learns what the bundle's emotion encoder says of
the directions for which each instruction is chosen in training (`emopair/light/editor.py`), and every instruction's
embedding is the mean over its phrasings. `instructions.safetensors` beside the bank holds `embeddings`
[instructions, tokens x width] as int8, a `scales` entry each, and in its metadata the ids in order.
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor

from emopair.light.editor import LightEditor, Wish
from emopair.light.hints import Bank, read_bank

from .models import EmotionEncoder, InstructionEncoder, TextEncoderConfig, Vocabulary
from .optimisation.losses import alignment_loss
from .photographs.data import EMOTION_COUNT
from .photographs.lit import any_of
from .weights.bundle_networks import read_emotion_encoder

NAME = "instructions.safetensors"


def directions(editor: LightEditor, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Directions `[count,8]` and the instruction that training would choose for each, in a scene that has all."""
    p = any_of(count, generator)
    target = torch.randint(0, EMOTION_COUNT, (count,), generator=generator)
    # A quarter of sky, middle grey: no instruction of the bank is ruled out by these.
    pictures, regions = torch.full((count, 3, 2, 2), 0.5), torch.full((count, 5, 2, 2), 0.25)
    chosen = editor.choose(Wish(pictures, regions, p, target), generator)
    return F.one_hot(target, EMOTION_COUNT).float() - p, chosen


def embed(bank: Bank, emotions: EmotionEncoder, steps: int, seed: int = 7) -> Tensor:
    """Unit embeddings `[instructions, tokens x width]`."""
    torch.manual_seed(seed)
    tokens, width = emotions.config.num_tokens, emotions.config.token_dim
    texts = [i.texts for i in bank.instructions]
    vocabulary = Vocabulary.of_texts(text for said in texts for text in said)
    ids = [torch.tensor([vocabulary.encode(text, tokens) for text in said]) for said in texts]
    encoder = InstructionEncoder(TextEncoderConfig(len(vocabulary), tokens, width, layers=1))
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=1e-3, betas=(0.9, 0.99))
    editor = LightEditor(bank)
    for step in range(steps):
        generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
        direction, chosen = directions(editor, 64, generator)
        with torch.no_grad():
            wanted = emotions(direction)
        said = [ids[i][int(torch.randint(0, len(ids[i]), (1,), generator=generator))] for i in chosen.tolist()]
        read = encoder(torch.stack(said))
        loss = alignment_loss(read, wanted) + F.mse_loss(read, wanted) / wanted.square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        means = torch.stack([F.normalize(encoder(said).flatten(1), dim=1).mean(0) for said in ids])
    return F.normalize(means, dim=1)


def agreement(bank: Bank, emotions: EmotionEncoder, embeddings: Tensor) -> dict[str, float]:
    """Of fresh directions: how often the nearest embedding is of the target, and where the chosen one comes among the
    target's (mean rank from 0 best to 1 worst; 0.5 is no better than the prior of the class)."""
    direction, chosen = directions(LightEditor(bank), 2000, torch.Generator().manual_seed(99))
    with torch.no_grad():
        cosine = F.normalize(emotions(direction).flatten(1), dim=1) @ embeddings.T
    own = bank.emotions[None] == bank.emotions[chosen][:, None]
    better = ((cosine > cosine.gather(1, chosen[:, None])) & own).sum(1).float()
    rank = better / (own.sum(1).float() - 1)
    hit = bank.emotions[cosine.argmax(1)] == bank.emotions[chosen]
    return {"target": float(hit.float().mean()), "rank": float(rank.mean())}


def write(path: Path, bank: Bank, embeddings: Tensor) -> None:
    """Store as int8, one scale for each instruction."""
    scales = embeddings.abs().amax(1) / 127
    stored = (embeddings / scales[:, None]).round().to(torch.int8)
    ids = json.dumps([i.id for i in bank.instructions])
    save_file({"embeddings": stored, "scales": scales}, path, metadata={"format": "1", "ids": ids})


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle", type=Path, help="bundle with instructions.json; the embeddings are written beside it")
    parser.add_argument("--steps", type=int, default=800)
    args = parser.parse_args()
    bank = read_bank(args.bundle / "instructions.json")
    emotions = read_emotion_encoder(args.bundle)
    embeddings = embed(bank, emotions, args.steps)
    write(args.bundle / NAME, bank, embeddings)
    print(json.dumps({k: round(v, 3) for k, v in agreement(bank, emotions, embeddings).items()}))


if __name__ == "__main__":
    main()
