"""Two of the three things that are trained, autoencoder and emotion predictor; the third is in unet_task.py."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models import EmotionPredictor, PatchAutoencoder
from ..optimisation.inference import autocast, decode_latents, encode_images, to_bytes
from ..optimisation.losses import PerceptualLoss, gradient_loss, soft_cross_entropy
from ..photographs.augment import degrade
from ..photographs.data import EMOTION_COUNT, Crops, Edits, EditSource, Photos, crop, draw_photos, make_edits, uniform
from ..photographs.pool import Pictures, Pool
from ..settings import PredictorPhase, VAEPhase


def half_edited(crops: Crops, editor: EditSource, groups: int, generator: torch.Generator) -> Tensor:
    """Pictures of which the second half is edited, with any strength: what the autoencoder must carry."""
    keep = crops.images.shape[0] // 2
    part = Crops(crops.images[keep:], crops.regions[keep:], crops.priors[keep:])
    edits = make_edits(part, editor, groups, (0.5, 1.0), generator)
    return torch.cat([crops.images[:keep], edits.edited])


class VAETask:
    """L1, squared and gradient errors, perceptual distance; latents get noise in training."""

    def __init__(
        self, phase: VAEPhase, vae: PatchAutoencoder, perceptual: PerceptualLoss, photos: Photos, editor: EditSource
    ):
        self.phase, self.vae, self.perceptual, self.photos, self.editor = phase, vae, perceptual, photos, editor
        self.modules: dict[str, nn.Module] = {"vae": vae}
        self.pool = Pool(self.make_pictures, 1, phase.pool, phase.optimisation.seed, photos.images.device)

    def make_pictures(self, bucket: int, generator: torch.Generator) -> Pictures:
        """One chunk of the pool: photographs, half of them edited."""
        size = (self.phase.size, self.phase.size)
        crops = crop(self.photos, draw_photos(self.photos, self.phase.chunk, generator), size, generator, (0.9, 1.0))
        images = half_edited(crops, self.editor, self.phase.edit_groups, generator)
        return Pictures(to_bytes(images), crops.priors, torch.ones_like(crops.priors[:, 0]))

    def _batch(self, whole: bool, step: int, generator: torch.Generator) -> Tensor:
        """Images in [-1,1]: random windows of pooled pictures, or those pictures whole."""
        phase = self.phase
        pictures = self.pool.draw(0, phase.whole_photos if whole else phase.photos, generator)
        images = pictures.images.float() / 127.5 - 1
        if whole:
            return images
        windows, span = [], phase.size - phase.crop + 1
        places = torch.randint(0, span, (phase.crops_per_photo, 2), generator=torch.Generator().manual_seed(step))
        for top, left in places.tolist():
            windows.append(images[..., top : top + phase.crop, left : left + phase.crop])
        return torch.cat(windows)

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        """See Task."""
        self.pool.advance(step)
        images = self._batch(progress >= self.phase.whole_from, step, generator)
        images = images.contiguous(memory_format=torch.channels_last)
        with autocast(images.device):
            latents = self.vae.encode_raw(images).float()
            noise = torch.randn(latents.shape, generator=generator, device=latents.device)
            # Noise in proportion to the latents' own spread: the decoder must bear what the UNet gets wrong.
            level = uniform(generator, len(latents), 1, 1, 1, high=self.phase.latent_noise) * latents.detach().std()
            out = self.vae.decode_raw(latents + level * noise).float()
            # A third of the step's cost: left out where the setting is 0.
            seen = self.phase.perceptual > 0
            perceptual = self.perceptual(out / 2 + 0.5, images / 2 + 0.5).mean() if seen else out.new_zeros(())
        l1 = (out - images).abs().mean()
        square = ((out - images) ** 2).mean()
        edges = gradient_loss(out, images)
        phase = self.phase
        loss = l1 + phase.square * square + phase.gradient * edges + phase.perceptual * perceptual
        psnr = 10 * torch.log10(4 / ((out - images) ** 2).mean((1, 2, 3)).clamp(min=1e-8)).mean()
        return {"loss": loss, "l1": l1, "edges": edges, "perceptual": perceptual, "psnr": psnr}


@torch.no_grad()
def measure_scaling(
    vae: PatchAutoencoder, photos: Photos, editor: EditSource, size: int, device: torch.device
) -> float:
    """1 / standard deviation of the unscaled latents over half-edited photographs."""
    generator = torch.Generator(device).manual_seed(5)
    squares, count = 0.0, 0
    for _ in range(8):
        crops = crop(photos, draw_photos(photos, min(64, len(photos)), generator), (size, size), generator)
        z = encode_images(vae, half_edited(crops, editor, 4, generator)) / vae.config.scaling_factor
        squares, count = squares + float((z.double() ** 2).sum()), count + z.numel()
    return float((count / squares) ** 0.5)


def soft_labels(edits: Edits, smoothing: float) -> Tensor:
    """Between the scene's prior and the target emotion, rising smoothly with the amount of the edit. `[B,8]`."""
    a = edits.amount
    rise = (a * a * (3 - 2 * a) * (1 - smoothing)).view(-1, 1)
    return edits.priors * (1 - rise) + F.one_hot(edits.target, EMOTION_COUNT).float() * rise


class PredictorTask:
    """Soft-label cross-entropy on edits of every strength and, with less weight, untouched photographs."""

    def __init__(
        self,
        phase: PredictorPhase,
        predictor: EmotionPredictor,
        vae: PatchAutoencoder,
        photos: Photos,
        editor: EditSource,
    ):
        self.phase, self.predictor, self.vae, self.photos, self.editor = phase, predictor, vae, photos, editor
        self.modules: dict[str, nn.Module] = {"predictor": predictor}
        self.pool = Pool(self.make_pictures, 1, phase.pool, phase.optimisation.seed, photos.images.device)

    def make_pictures(self, bucket: int, generator: torch.Generator) -> Pictures:
        """One chunk of the pool: photographs and edits of every strength, a part of both as the VAE shows them."""
        phase = self.phase
        index = draw_photos(self.photos, phase.chunk, generator)
        crops = crop(self.photos, index, (phase.size, phase.size), generator, (0.8, 1.0))
        kept = round(phase.chunk * phase.original_share)
        rest = Crops(crops.images[kept:], crops.regions[kept:], crops.priors[kept:])
        edits = make_edits(rest, self.editor, phase.edit_groups, (0.1, 1.0), generator)
        images = torch.cat([crops.images[:kept], edits.edited])
        labels = torch.cat([crops.priors[:kept], soft_labels(edits, phase.smoothing)])
        weights = torch.ones(phase.chunk, device=images.device)
        weights[:kept] = phase.original_weight
        # The autoencoder's look must not be a cue: photographs and edits pass through it alike.
        order = torch.randperm(phase.chunk, generator=generator, device=images.device)
        through = order[: round(phase.chunk * phase.reconstruct_share)]
        if len(through):
            images[through] = decode_latents(self.vae, encode_images(self.vae, images[through]))
        return Pictures(to_bytes(images), labels, weights)

    def loss(self, step: int, progress: float, generator: torch.Generator) -> dict[str, Tensor]:
        """See Task."""
        self.pool.advance(step)
        drawn = self.pool.draw(0, self.phase.batch, generator)
        images = degrade(drawn.images.float() / 255, generator, self.phase.strong_augmentation)
        with autocast(images.device):
            logits = self.predictor(images).float()
        loss = soft_cross_entropy(logits, drawn.labels, drawn.weights)
        agree = (logits.argmax(1) == drawn.labels.argmax(1)).float().mean()
        return {"loss": loss, "agree": agree}
