"""Parameter names, shapes and outputs against diffusers."""

import pytest
import torch

from emoeditor.models import (
    AutoencoderKL,
    EmotionEncoder,
    EmotionEncoderConfig,
    EmotionPredictor,
    InstructionEncoder,
    PatchAutoencoder,
    PatchAutoencoderConfig,
    PredictorConfig,
    TextEncoderConfig,
    UNet2DConditionModel,
    UNetConfig,
    VAEConfig,
    Vocabulary,
)
from emoeditor.models.predictor import lite1_config
from emoeditor.models.schedule import NoiseSchedule


def test_unet_equals_diffusers_in_names_and_numbers() -> None:
    diffusers = pytest.importorskip("diffusers")
    config = UNetConfig(
        block_out_channels=(8, 16, 24), attention_head_dim=(1, 2, 3), cross_attention_dim=12, norm_num_groups=4
    )
    ours = UNet2DConditionModel(config)
    theirs = diffusers.UNet2DConditionModel(
        **{k: v for k, v in vars(config).items() if k not in ("parametrisation", "pool_tokens")}
    )
    theirs.load_state_dict(ours.state_dict(), strict=True)
    x, t, context = torch.randn(2, 32, 12, 8), torch.tensor([3, 901]), torch.randn(2, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(ours(x, t, context), theirs(x, t, context).sample, rtol=1e-5, atol=1e-5)


def test_an_untrained_source_residual_unet_leaves_the_source_as_it_is() -> None:
    config = UNetConfig(
        block_out_channels=(8, 16, 24),
        attention_head_dim=(1, 2, 3),
        cross_attention_dim=12,
        norm_num_groups=4,
        parametrisation="source-residual",
    )
    unet = UNet2DConditionModel(config)
    unet.zero_residuals()
    source, noise, t = torch.randn(2, 16, 8, 8), torch.randn(2, 16, 8, 8), torch.tensor([40, 950])
    noisy = NoiseSchedule().add_noise(source, noise, t)
    with torch.no_grad():
        found = unet(torch.cat([noisy, source], 1), t, torch.randn(2, 16, 12))
    torch.testing.assert_close(found, noise, rtol=1e-3, atol=1e-3)


def test_an_unknown_parametrisation_is_refused() -> None:
    with pytest.raises(ValueError, match="parametrisation"):
        UNet2DConditionModel(UNetConfig(parametrisation="velocity"))


def test_the_patch_autoencoder_starts_as_the_principal_components() -> None:
    """Nothing is lost with as many latent channels as the pictures have degrees of freedom: 4, and 3 means."""
    shapes = torch.randn(4, 3, 8, 8)
    pictures = torch.einsum("nkhw,kcij->nchiwj", torch.randn(6, 4, 4, 4), shapes).reshape(6, 3, 32, 32) + 0.3
    vae = PatchAutoencoder(PatchAutoencoderConfig(latent_channels=7, hidden_channels=(8, 4), num_blocks=(1, 1)))
    vae.start_from(pictures)
    with torch.no_grad():
        latents = vae.encode(pictures)
        assert latents.shape == (6, 7, 4, 4)
        torch.testing.assert_close(vae.decode(latents), pictures, rtol=1e-3, atol=1e-3)


def test_vae_equals_diffusers_in_names_and_numbers() -> None:
    diffusers = pytest.importorskip("diffusers")
    config = VAEConfig(block_out_channels=(8, 8, 12, 16), latent_channels=6, norm_num_groups=4, scaling_factor=0.5)
    ours = AutoencoderKL(config)
    theirs = diffusers.AutoencoderKL(**{k: v for k, v in vars(config).items()})
    theirs.load_state_dict(ours.state_dict(), strict=True)
    images = torch.rand(1, 3, 64, 96) * 2 - 1
    with torch.no_grad():
        mode = theirs.encode(images).latent_dist.mode()
        torch.testing.assert_close(ours.encode(images), mode * 0.5, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(ours.decode(mode * 0.5), theirs.decode(mode).sample, rtol=1e-4, atol=1e-4)


def test_starter_sizes_stay_within_what_the_bundle_can_hold() -> None:
    with torch.device("meta"):
        sizes = {
            "unet": UNet2DConditionModel(UNetConfig()),
            "vae": AutoencoderKL(VAEConfig()),
            "emotion_encoder": EmotionEncoder(EmotionEncoderConfig()),
        }
    count = {k: sum(p.numel() for p in m.parameters()) for k, m in sizes.items()}
    assert 25e6 < count["unet"] < 38e6
    assert count["vae"] < 4e6
    assert list(sizes["emotion_encoder"].state_dict()) == [
        f"fc.{i}.{kind}" for i in (0, 2, 4) for kind in ("weight", "bias")
    ]


@pytest.mark.parametrize(("config", "blocks"), [(PredictorConfig(), 16), (lite1_config(), 21)])
def test_predictor_has_the_published_depth_and_gives_distributions(config: PredictorConfig, blocks: int) -> None:
    network = EmotionPredictor(config).eval()
    assert len(network._blocks) == blocks
    with torch.no_grad():
        p = network.probabilities(torch.rand(1, 3, 100, 140))
    torch.testing.assert_close(p.sum(1), torch.ones(1))
    assert p.shape == (1, 8)


def test_words_keep_their_ids_and_unknown_ones_share_one() -> None:
    vocabulary = Vocabulary.of_texts(["Let it snow", "make it dark"])
    assert vocabulary.encode("it SNOW!", 4) == [vocabulary.index["it"], vocabulary.index["snow"], 0, 0]
    assert vocabulary.encode("dragons", 1) == [1]
    tokens = InstructionEncoder(TextEncoderConfig(vocab_size=16, token_dim=8, layers=1, heads=2))(
        torch.tensor([vocabulary.encode("let it snow", 16)])
    )
    assert tokens.shape == (1, 16, 8)
