"""Settings of a training run, read from `configs/*.json`; each phase has its own block."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from .models import EmotionEncoderConfig, PatchAutoencoderConfig, PredictorConfig, TextEncoderConfig, UNetConfig
from .models.predictor import lite1_config
from .optimisation.loop import Optimisation
from .photographs.pool import PoolSize

Size = tuple[int, int]
SQUARE: Size = (256, 256)


@dataclass(frozen=True)
class VAEPhase:
    """Autoencoder training: crops first, whole pictures for the last part of the budget."""

    model: PatchAutoencoderConfig = PatchAutoencoderConfig()
    optimisation: Optimisation = Optimisation(lr=6e-4, betas=(0.9, 0.99), weight_decay=0.0, ema_decay=0.998)
    size: int = 256
    photos: int = 32
    crop: int = 128
    crops_per_photo: int = 2
    whole_from: float = 0.75
    whole_photos: int = 24
    pool: PoolSize = PoolSize(chunks=48, refresh_every=12)
    chunk: int = 96
    edit_groups: int = 3
    perceptual: float = 0.1
    gradient: float = 1.0
    square: float = 1.0
    latent_noise: float = 0.08


@dataclass(frozen=True)
class PredictorPhase:
    """Emotion classifier training; `half` selects which half of the photographs it sees (0, 1 or both: -1)."""

    model: PredictorConfig = PredictorConfig()
    optimisation: Optimisation = Optimisation(lr=6e-4, weight_decay=0.02, ema_decay=0.99, seed=11)
    batch: int = 192
    pool: PoolSize = PoolSize(chunks=48, refresh_every=8)
    chunk: int = 128
    edit_groups: int = 8
    size: int = 256
    half: int = 0
    original_share: float = 0.35
    original_weight: float = 0.4
    reconstruct_share: float = 0.35
    strong_augmentation: bool = False
    smoothing: float = 0.08
    frozen_blocks: int = 0
    """Blocks of the ImageNet backbone, counted from the stem, that keep their weights: less to compute on CPUs."""


@dataclass(frozen=True)
class UNetPhase:
    """Diffusion training on a pool of encoded pairs that is refreshed as training goes on."""

    model: UNetConfig = UNetConfig()
    emotion_encoder: EmotionEncoderConfig = EmotionEncoderConfig()
    text_encoder: TextEncoderConfig = TextEncoderConfig()
    optimisation: Optimisation = Optimisation(
        lr=3e-4, betas=(0.9, 0.99), weight_decay=0.01, ema_decay=0.9995, final_lr=0.01, seed=23
    )
    batch: int = 256
    buckets: tuple[Size, ...] = (SQUARE, (224, 288), SQUARE, (288, 224), SQUARE, (192, 320), SQUARE, (320, 192))
    pool: PoolSize = PoolSize(chunks=96, refresh_every=6)
    chunk: int = 256
    edit_groups: int = 8
    instructions: tuple[str, ...] = ()
    """Ids of the bank's instructions to learn; none means all. A small budget suffices for few."""
    records: tuple[str, ...] = ()
    """Folders or files of EmoPair to learn from, in place of photographs that the procedural editor edits."""
    bank: str = ""
    """An instruction bank whose light is to be learnt, in place of the procedural editor; relative to where it runs."""
    untold_keeps: bool = False
    """Train the unconditional prediction to leave the picture unchanged: guidance then scales the change itself."""
    window: int = 0
    """Side, in latents, of windows that two steps of three see instead of whole pictures: colour is learnt there, at a
    fraction of the cost. 0 disables them."""
    window_batch: int = 8
    emotion_share: float = 0.5
    text_share: float = 0.4
    partial_share: float = 0.3
    timestep_power: float = 1.0
    """Timesteps are 1000 u^power for uniform u: below 1, late timesteps are drawn more often."""
    source_start_share: float = 0.3
    source_start_from: int = 600
    alignment: float = 0.5
    gamma: float = 5.0
    ceiling: float = 20.0
    critic: float = 0.0
    """Weight of the predictor's cross-entropy on the decoded estimate of the edit; 0 leaves it out."""
    critic_every: int = 3
    """The predictor's loss is computed every so many steps: decoding and predicting cost half a step on CPUs."""
    critic_samples: int = 6


@dataclass(frozen=True)
class EvaluatePhase:
    """Held-out evaluation."""

    photos: int = 48
    grid_photos: int = 8
    batch: int = 128
    settings: tuple[dict[str, Any], ...] = ()
    grid: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RunSettings:
    """A whole run."""

    vae: VAEPhase = VAEPhase()
    predictor: PredictorPhase = PredictorPhase()
    judge: PredictorPhase = PredictorPhase(
        model=lite1_config(),
        optimisation=Optimisation(lr=4e-4, weight_decay=0.02, ema_decay=0.99, seed=47),
        batch=128,
        half=1,
        original_share=0.4,
        original_weight=0.5,
        strong_augmentation=True,
        smoothing=0.05,
    )
    unet: UNetPhase = UNetPhase()
    evaluate: EvaluatePhase = EvaluatePhase()
    fast: dict[str, Any] = field(default_factory=dict)
    """What the card recommends for the product's `fast` rules; empty: the product's own defaults."""
    photo_side: int = 272
    photo_limit: int | None = None
    held_out_limit: int | None = 256


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


def override(base: Any, values: dict[str, Any]) -> Any:
    """A frozen dataclass with some keys replaced, nested blocks likewise; an unknown key is an error."""
    hints = get_type_hints(type(base))
    changed: dict[str, Any] = {}
    for key, value in values.items():
        if key not in hints:
            raise ValueError(f"unknown setting {key!r} for {type(base).__name__}: expected one of {sorted(hints)}")
        current = getattr(base, key)
        changed[key] = override(current, value) if dataclasses.is_dataclass(current) else _tuples(value)
    return dataclasses.replace(base, **changed)


def load(path: Path) -> RunSettings:
    """Defaults (the starter model) overridden by a JSON file, and before it by the file that it `extends`."""
    values = json.loads(path.read_text(encoding="utf-8"))
    base = values.pop("extends", None)
    return override(RunSettings() if base is None else load(path.parent / base), values)
