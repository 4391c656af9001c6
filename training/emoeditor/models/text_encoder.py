"""A small word-level encoder of edit instructions: what the emotion encoder is aligned to in training."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

PAD, UNKNOWN = 0, 1


class Vocabulary:
    """Words of the instruction bank, in order of first appearance after padding and unknown."""

    def __init__(self, words: Iterable[str]):
        self.words = ["<pad>", "<unk>", *dict.fromkeys(words)]
        self.index = {word: i for i, word in enumerate(self.words)}

    @classmethod
    def of_texts(cls, texts: Iterable[str], most: int | None = None) -> "Vocabulary":
        """Vocabulary of all words in some instructions, or of the most frequent ones where there is room for `most`."""
        words = Counter(word for text in texts for word in split_words(text))
        return cls(words if most is None else [word for word, _ in words.most_common(most - 2)])

    def encode(self, text: str, length: int) -> list[int]:
        """Word ids, cut or padded to `length`."""
        ids = [self.index.get(word, UNKNOWN) for word in split_words(text)][:length]
        return ids + [PAD] * (length - len(ids))

    def __len__(self) -> int:
        return len(self.words)


def split_words(text: str) -> list[str]:
    """Lower-case words of a text, punctuation dropped."""
    return re.findall(r"[a-z0-9']+", text.lower())


@dataclass(frozen=True)
class TextEncoderConfig:
    """Size of the instruction encoder; its output has the emotion encoder's shape."""

    vocab_size: int = 1024
    num_tokens: int = 16
    token_dim: int = 256
    layers: int = 2
    heads: int = 4


class InstructionEncoder(nn.Module):
    """`ids [B,16]` -> `tokens [B,16,256]`: embeddings, two transformer layers, a final norm."""

    def __init__(self, config: TextEncoderConfig):
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocab_size, config.token_dim)
        self.positions = nn.Parameter(torch.randn(config.num_tokens, config.token_dim) * 0.02)
        layer = nn.TransformerEncoderLayer(
            config.token_dim, config.heads, config.token_dim * 2, 0.0, "gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(config.token_dim)

    def forward(self, ids: Tensor) -> Tensor:
        return self.norm(self.encoder(self.words(ids) + self.positions))
