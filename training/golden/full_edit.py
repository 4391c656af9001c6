"""A whole edit in the way of emotion directions, by diffusers: see `golden.full`."""

import torch
from torch import Tensor, nn

from emoeditor.models import EmotionEncoder

from .full_networks import (
    SCALING,
    Reference,
    Size,
    of_diffusers,
    of_emotion,
    random_directions,
    random_network,
    random_unet,
    random_vae,
)
from .schedulers import scheduler_of

STEPS = 30
# Within 700 … 980, from which the authors draw it.
TRAIN_TIMESTEPS = 850


def normalise(layer: nn.Conv2d | nn.Linear, is_now: Tensor, std: float) -> None:
    """Lets the layer that gave `is_now` give numbers about zero of that deviation, in weights that float16 holds."""
    factor = std / is_now.std()
    layer.bias.data = ((layer.bias - is_now.mean()) * factor).half().float()
    layer.weight.data = (layer.weight * factor).half().float()


def smooth_picture(height: int, width: int) -> Tensor:
    """`[1, 3, H, W]` in [0, 1] with the large shapes of a photograph."""
    coarse = torch.rand(1, 3, 5, 7)
    return nn.functional.interpolate(coarse, (height, width), mode="bicubic").clamp(0, 1)


def edit(size: Size) -> Reference:
    """The authors' sampling: the noised source from T < 1000 down in leading spacing, without guidance.

    Random networks shrink their input to nearly nothing: latents, tokens, noise and picture are brought to the sizes
    that trained ones have, or no error would show.
    """
    image = smooth_picture(*size.picture)
    vae = random_vae(size)
    normalise(vae.quant_conv, vae.encode(image * 2 - 1).latent_dist.parameters[:, :4], 1 / SCALING)
    # InstructPix2Pix and its descendants see the source's latents unscaled.
    source = vae.encode(image * 2 - 1).latent_dist.mode()

    emotion = random_network(EmotionEncoder(size.emotion))
    direction = random_directions(1)
    normalise(emotion.fc[-1], emotion(direction), 1)
    tokens = emotion(direction)

    noise = torch.randn(source.shape)
    scheduler = scheduler_of("ddim", "leading", 1, TRAIN_TIMESTEPS)
    scheduler.set_timesteps(STEPS)
    sample = scheduler.add_noise(source * SCALING, noise, scheduler.timesteps[:1])
    unet = random_unet(size)
    first = unet(torch.cat([sample, source], dim=1), scheduler.timesteps[0], tokens).sample
    normalise(unet.conv_out, first, 1)
    for timestep in scheduler.timesteps:
        predicted = unet(torch.cat([sample, source], dim=1), timestep, tokens).sample
        sample = scheduler.step(predicted, timestep, sample, eta=0.0).prev_sample

    normalise(vae.decoder.conv_out, vae.decode(sample / SCALING).sample, 0.5)
    pictures = {
        name: (vae.decode(latents).sample / 2 + 0.5).clamp(0, 1)
        for name, latents in (("edited", sample / SCALING), ("unedited", source))
    }
    print({name: f"{value.std().item():.2f}" for name, value in {"latents": sample, **pictures}.items()})
    return Reference(
        {"unet": of_diffusers(unet), "vae": of_diffusers(vae), "emotion": of_emotion(emotion)},
        {
            "image": image,
            "direction": direction,
            "noise": noise,
            "steps": torch.tensor([STEPS]),
            "trainTimesteps": torch.tensor([TRAIN_TIMESTEPS]),
            **pictures,
        },
    )
