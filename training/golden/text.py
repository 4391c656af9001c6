"""Write `test/golden/text/`: what transformers' CLIP tokenizer and text encoder make of some texts.

The tokenizer has OpenAI's own merges (`companion-server/clip/merges.txt`); the text encoder is tiny, with random
weights stored as fp16 and outputs computed in fp32 from the rounded weights. `--full` writes a text encoder of
ViT-L/14's size instead, to compare by hand.
Run from `training/`: `python -m golden.text [--out FOLDER] [--full]`.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

REPOSITORY = Path(__file__).parents[2]
OUT = REPOSITORY / "test" / "golden" / "text"
LENGTH = 77
TEXTS = (
    "",
    " ",
    "make it rain",
    "Turn the sky into a RAGING thunderstorm, please!!",
    "add   piles of\tgarbage\n in the background",
    "don't we'll I'd they're you've it's I'm can'T",
    "a photo of 12345 people in 1984",
    "what's 3.14159? 50% (approx.) — ok…",
    "café naïve résumé Übermut straße",
    "cafe\u0301 with a combining accent",
    "ΟΔΥΣΣΕΥΣ καὶ Σίσυφος",
    "İstanbul'da DİYARBAKIR",
    "日本語の文章 と 中文",
    "Привет, мир",
    "مرحبا بالعالم",
    "emoji 😀👩‍👩‍👧‍👦 🇩🇪 ❤️",
    "<|startoftext|> inside <|endoftext|> the text",
    "<|STARTOFTEXT|>",
    "hyphen-ated under_scored e-mail@example.org http://example.org/a?b=c&d=e",
    "&amp; &lt;b&gt; html",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "x" * 300,
    "\u00a0non\u00a0breaking\u2003spaces\u3000wide\u200bzero",
    "½ ² Ⅷ ٣ digits that are not ASCII",
    "''' '' 'S 'sss",
    "tab\x00nul\x1fcontrol",
    " ".join(["word"] * 74),
    " ".join(["word"] * 75),
    " ".join(["word"] * 76),
    " ".join(f"sunset{i}" for i in range(60)),
)


def own_tokenizer() -> CLIPTokenizer:
    """The tokenizer of CLIP and Stable Diffusion 1; ids as openai/CLIP's simple_tokenizer.py counts them."""
    lines = (REPOSITORY / "companion-server" / "clip" / "merges.txt").read_text(encoding="utf-8").split("\n")
    merges = [tuple(line.split()) for line in lines[1:] if line]
    visible = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    letters = [chr(b) for b in visible]
    letters += [chr(256 + n) for n in range(256 - len(visible))]
    tokens = [*letters, *(letter + "</w>" for letter in letters), *("".join(m) for m in merges)]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocab = {token: index for index, token in enumerate(tokens)}
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=LENGTH)


def random_encoder(config: CLIPTextConfig) -> CLIPTextModel:
    """Seeded weights that fp16 holds exactly; norms and biases are not left at one and zero."""
    torch.manual_seed(20241101)
    network = CLIPTextModel(config)
    for name, value in network.named_parameters():
        if value.ndim == 1:
            torch.nn.init.normal_(value, mean=1.0 if "norm" in name and name.endswith("weight") else 0.0, std=0.2)
        elif "embedding" in name:
            torch.nn.init.normal_(value, std=0.5)
        else:
            torch.nn.init.normal_(value, std=value.shape[1] ** -0.5)
        value.data = value.data.half().float()
    return network.eval().requires_grad_(False)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer = own_tokenizer()
    encoded = [tokenizer(t, padding="max_length", max_length=LENGTH, truncation=True).input_ids for t in TEXTS]
    pairs = [{"text": text, "ids": ids} for text, ids in zip(TEXTS, encoded, strict=True)]
    lines = ",\n".join(json.dumps(pair) for pair in pairs)
    (args.out / "tokens.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    size = (
        {}
        if args.full
        else {
            "vocab_size": 300,
            "hidden_size": 24,
            "intermediate_size": 40,
            "num_hidden_layers": 2,
            "num_attention_heads": 3,
        }
    )
    full = {
        "vocab_size": 49408,
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
    }
    config = CLIPTextConfig(
        **(full | size), max_position_embeddings=LENGTH, bos_token_id=0, eos_token_id=2, pad_token_id=1
    )
    network = random_encoder(config)
    ids = torch.randint(0, config.vocab_size, (2, LENGTH))
    tokens = network(ids).last_hidden_state
    # Before transformers 5 the names began with `text_model.`, and all published files have it.
    weights = {f"text_model.{k}": v.half().contiguous() for k, v in network.state_dict().items()}
    save_file(weights, args.out / "model.safetensors", metadata={"format": "pt"})
    save_file(
        {"ids": ids.float(), "tokens": tokens.contiguous()}, args.out / "io.safetensors", metadata={"format": "pt"}
    )
    config.architectures = ["CLIPTextModel"]
    config.to_json_file(args.out / "config.json")
    provenance = {
        "generator": "training/golden/text.py",
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "tokens.json": "transformers' CLIPTokenizer over companion-server/clip/merges.txt, padded to 77",
        "io": "transformers' CLIPTextModel, float32, weights rounded to float16",
    }
    (args.out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
