"""The diffusion model's task: noise prediction on pairs, beside frozen networks."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models import (
    EmotionEncoder,
    EmotionPredictor,
    InstructionEncoder,
    PatchAutoencoder,
    UNet2DConditionModel,
    Vocabulary,
)
from ..models.schedule import TRAIN_TIMESTEPS, NoiseSchedule
from ..optimisation.inference import autocast, encode_images, predict
from ..optimisation.losses import alignment_loss
from ..photographs.chunk_folder import ChunkFolder
from ..photographs.data import EMOTION_COUNT, Crops, EditSource, Photos, crop, draw_photos, make_edits, uniform
from ..photographs.lit import LightEdits
from ..photographs.pool import Pairs, Pool
from ..photographs.recorded import RecordedPairs
from ..settings import UNetPhase


@dataclass(frozen=True)
class Frozen:
    """Networks that the diffusion model is trained against."""

    vae: PatchAutoencoder
    predictor: EmotionPredictor


class UNetTask:
    """Noise prediction on pooled pairs, conditioned on direction, text or nothing; plus the alignment loss."""

    def __init__(
        self,
        phase: UNetPhase,
        networks: tuple[UNet2DConditionModel, EmotionEncoder, InstructionEncoder],
        frozen: Frozen,
        photos: Photos,
        editor: EditSource,
        device: torch.device,
        pairs: Path | None = None,
    ):
        self.phase, self.frozen, self.photos, self.editor = phase, frozen, photos, editor
        if phase.bank:
            self.editor = editor = LightEdits(Path(phase.bank))
        if phase.records:
            self.editor = editor = RecordedPairs([Path(folder) for folder in phase.records])
        self.unet, self.emotions, self.texts = networks
        self.forward_unet = self.unet  # replaced by a compiled one where that pays
        self.modules: dict[str, nn.Module] = dict(
            zip(("unet", "emotion_encoder", "text_encoder"), networks, strict=True)
        )
        self.schedule = NoiseSchedule(device)
        texts = (text for phrasings in editor.phrasings for text in phrasings)
        # Recorded prompts hold more words than there is room for: the most frequent ones are learnt.
        self.vocabulary = Vocabulary.of_texts(texts, phase.text_encoder.vocab_size if phase.records else None)
        self.ids = self._encode_texts(editor, device)
        seed = phase.optimisation.seed
        finished = ChunkFolder(pairs, Pairs, device) if pairs else None
        self.pool = Pool(self.make_pairs, len(phase.buckets), phase.pool, seed, device, finished)

    def _encode_texts(self, editor: EditSource, device: torch.device) -> Tensor:
        """Word ids `[instructions, phrasings, 16]`; instructions said in fewer ways repeat theirs."""
        length, most = self.phase.text_encoder.num_tokens, max(map(len, editor.phrasings))
        rows = [[p[i % len(p)] for i in range(most)] for p in editor.phrasings]
        return torch.tensor([[self.vocabulary.encode(t, length) for t in row] for row in rows], device=device)

    def make_pairs(self, bucket: int, generator: torch.Generator) -> Pairs:
        """One chunk of the pool: crop, edit (or draw recorded edits) and encode."""
        phase = self.phase
        if isinstance(self.editor, RecordedPairs):
            drawn = self.editor.draw(phase.chunk, phase.buckets[bucket], generator)
            emotion = self.editor.targets.to(drawn.index.device)[drawn.index]
            return self._encoded((drawn.source, drawn.edited), emotion, drawn.index, generator)
        index = draw_photos(self.photos, phase.chunk, generator)
        crops = crop(self.photos, index, phase.buckets[bucket], generator)
        if isinstance(self.editor, LightEdits):
            return self._lit(self.editor, crops, generator)
        edits = make_edits(crops, self.editor, phase.edit_groups, (0.85, 1.0), generator)
        return self._encoded((edits.source, edits.edited), edits.target, edits.instruction, generator)

    def _lit(self, editor: LightEdits, crops: Crops, generator: torch.Generator) -> Pairs:
        """Latents of sources and of their edits in another light, and what was said of the sources."""
        edits = editor.draw(crops, predict(self.frozen.predictor, crops.images), generator)
        share = uniform(generator, len(edits.target), 1, low=0.1, high=0.6)
        return Pairs(
            encode_images(self.frozen.vae, crops.images).half(),
            encode_images(self.frozen.vae, edits.edited).half(),
            edits.p_source,
            torch.lerp(edits.p_source, F.one_hot(edits.target, EMOTION_COUNT).float(), share),
            edits.target,
            edits.instruction,
        )

    def _encoded(
        self, pictures: tuple[Tensor, Tensor], emotion: Tensor, instruction: Tensor, generator: torch.Generator
    ) -> Pairs:
        """Latents of sources and edits, and what the predictor says of the source and a half-way state."""
        source, edited = pictures
        share = uniform(generator, len(source), 1, 1, 1, low=0.2, high=0.9)
        return Pairs(
            encode_images(self.frozen.vae, source).half(),
            encode_images(self.frozen.vae, edited).half(),
            predict(self.frozen.predictor, source),
            predict(self.frozen.predictor, torch.lerp(source, edited, share)),
            emotion,
            instruction,
        )

    def _tokens(self, pairs: Pairs, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Conditioning tokens `[B,16,256]` (direction, text or zeros per sample), the alignment loss, and whether
        each sample knows its emotion `[B]`."""
        phase, n = self.phase, pairs.emotion.shape[0]
        # Later IEI iterations ask from a half-way state: the direction then is shorter, the picture to make the same.
        later = (uniform(generator, n, 1) < phase.partial_share).float()
        state = torch.lerp(pairs.p_source, pairs.p_partial, later)
        direction = F.one_hot(pairs.emotion, EMOTION_COUNT).float() - state
        phrasing = torch.randint(0, self.ids.shape[1], (n,), generator=generator, device=direction.device)
        text = self.texts(self.ids[pairs.instruction, phrasing]).float()
        emotion = self.emotions(direction).float()
        u = uniform(generator, n, 1, 1)
        use_emotion = u < phase.emotion_share
        use_text = (u >= phase.emotion_share) & (u < phase.emotion_share + phase.text_share)
        tokens = torch.where(use_emotion, emotion, torch.where(use_text, text, torch.zeros_like(text)))
        knows = (use_emotion | use_text).view(n)
        return tokens, alignment_loss(emotion, text.detach()), knows

    def _noised(self, pairs: Pairs, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Noisy latents, timesteps and the noise that leads from them to the target.

        Sampling starts from the noised *source*: for a part of the late timesteps the noisy latents are made from
        the source, and the noise to predict is the one that would give the same latents from the target.
        """
        phase = self.phase
        source, target = pairs.source.float(), pairs.target.float()
        n = source.shape[0]
        # Late timesteps decide what the edit is; more than their share of the training goes there.
        u = uniform(generator, n) ** phase.timestep_power
        t = (u * TRAIN_TIMESTEPS).long().clamp(max=TRAIN_TIMESTEPS - 1)
        noise = torch.randn(target.shape, generator=generator, device=source.device)
        from_source = (uniform(generator, n) < phase.source_start_share) & (t >= phase.source_start_from)
        start = torch.where(from_source.view(-1, 1, 1, 1), source, target)
        noisy = self.schedule.add_noise(start, noise, t)
        a = self.schedule.alphas_cumprod[t].view(-1, 1, 1, 1)
        return noisy, t, noise + (a / (1 - a)).sqrt() * (start - target)

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        """See Task."""
        self.pool.advance(step)
        bucket = int(torch.randint(0, len(self.phase.buckets), (1,), generator=torch.Generator().manual_seed(step)))
        is_window = self.phase.window > 0 and step % 3 != 0
        pairs = self.pool.draw(bucket, self.phase.window_batch if is_window else self.phase.batch, generator)
        if is_window:
            pairs = window_of(pairs, self.phase.window, generator)
        with autocast(pairs.source.device):
            tokens, alignment, knows = self._tokens(pairs, generator)
        if self.phase.untold_keeps:
            target = torch.where(knows.view(-1, 1, 1, 1), pairs.target, pairs.source)
            pairs = dataclasses.replace(pairs, target=target)
        noisy, t, noise = self._noised(pairs, generator)
        x = torch.cat([noisy, pairs.source.float()], dim=1).contiguous(memory_format=torch.channels_last)
        square = self.phase.buckets[bucket] == self.phase.buckets[0]
        unet = self.forward_unet if square else self.unet
        with autocast(x.device):
            predicted = unet(x, t, tokens).float()
            error = ((predicted - noise) ** 2).mean((1, 2, 3))
        mse = error.mean()
        weighted = (error * self.schedule.loss_weights(t, self.phase.gamma, self.phase.ceiling)).mean()
        loss, critic = weighted + self.phase.alignment * alignment, weighted.new_zeros(())
        if self.phase.critic > 0 and step % self.phase.critic_every == 0:
            critic = self._critic(noisy, t, predicted, pairs.emotion, knows)
            loss = loss + self.phase.critic * self.phase.critic_every * critic
        return {"loss": loss, "mse": mse, "weighted": weighted, "align": alignment, "critic": critic}

    def _critic(self, noisy: Tensor, t: Tensor, predicted: Tensor, emotion: Tensor, knows: Tensor) -> Tensor:
        """Cross-entropy of the target emotion on the decoded clean latents that the predicted noise implies.

        The noise loss asks for the average of what the editor might have done; this asks that the average be felt.
        Half of the samples are seen mirrored and a little blurred, so that no pattern of single pixels will do.
        """
        index = knows.nonzero().flatten()[: self.phase.critic_samples]
        if len(index) == 0:
            return noisy.new_zeros(())
        a = self.schedule.alphas_cumprod[t[index]].view(-1, 1, 1, 1)
        clean = (noisy[index] - (1 - a).sqrt() * predicted[index]) / a.sqrt()
        with autocast(noisy.device):
            images = (self.frozen.vae.decode(clean).float() / 2 + 0.5).clamp(0, 1)
            half = len(images) // 2
            images = torch.cat([F.avg_pool2d(images[:half].flip(-1), 3, 1, 1), images[half:]])
            logits = self.frozen.predictor(images).float()
        return F.cross_entropy(logits, emotion[index])


def window_of(pairs: Pairs, side: int, generator: torch.Generator) -> Pairs:
    """The same window of source and target latents, at a random place; pictures smaller than it stay whole."""
    places = []
    for size in pairs.source.shape[2:]:
        room = max(size - side, 0) + 1
        start = int(torch.randint(0, room, (1,), generator=generator, device=generator.device))
        places.append(slice(start, start + side))
    cut = (..., *places)
    return dataclasses.replace(pairs, source=pairs.source[cut].contiguous(), target=pairs.target[cut].contiguous())
