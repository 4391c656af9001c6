"""Crops, edits, labels, degradations and losses."""

import pytest
import torch

from emoeditor.optimisation.losses import alignment_loss, expected_calibration_error, soft_cross_entropy
from emoeditor.phases.predictor_and_vae_tasks import soft_labels
from emoeditor.photographs import standin
from emoeditor.photographs.augment import blur, degrade, jpeg
from emoeditor.photographs.data import crop, make_edits
from emoeditor.settings import RunSettings, override


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_crops_have_the_bucket_s_size_and_repeat_with_the_seed() -> None:
    photos = standin.photos(4)
    cuts = [crop(photos, torch.arange(4), (32, 48), generator()) for _ in range(2)]
    assert cuts[0].images.shape == (4, 3, 32, 48)
    assert cuts[0].regions.shape == (4, 2, 32, 48)
    assert torch.equal(cuts[0].images, cuts[1].images)
    assert not torch.equal(cuts[0].images, crop(photos, torch.arange(4), (32, 48), generator(1)).images)


def test_regions_stay_on_the_picture_when_it_is_cut_and_flipped() -> None:
    photos = standin.photos(8)
    photos.images[:] = photos.regions[:, 1:2].expand(-1, 3, -1, -1)  # draw the disc's map as the picture
    cut = crop(photos, torch.arange(8), (40, 56), generator(), zoom=(0.5, 1.0))
    torch.testing.assert_close(cut.images[:, :1], cut.regions[:, 1:2])


def test_every_emotion_gets_its_share_of_edits_and_labels_rise_with_the_amount() -> None:
    photos = standin.photos(16)
    crops = crop(photos, torch.arange(16), (32, 32), generator())
    edits = make_edits(crops, standin.Tints(), 8, (0.0, 1.0), generator())
    assert sorted(set(edits.target.tolist())) == list(range(8))
    labels = soft_labels(edits, smoothing=0.1)
    torch.testing.assert_close(labels.sum(1), torch.ones(16))
    own = labels.gather(1, edits.target[:, None])[:, 0]
    order = edits.amount.argsort()
    assert (own[order].diff() >= 0).all()
    assert own.max() <= 0.9 + 0.1 / 8 + 1e-6


def test_degradations_stay_in_range_and_jpeg_loses_more_at_low_quality() -> None:
    images = standin.photos(6).images[..., :64, :64].float() / 255
    for strong in (False, True):
        out = degrade(images, generator(), strong)
        assert out.shape == images.shape
        assert out.min() >= 0 and out.max() <= 1
    errors = [(jpeg(images, torch.full((6,), q)) - images).abs().mean() for q in (95.0, 50.0, 15.0)]
    assert errors[0] < errors[1] < errors[2]
    assert errors[0] < 0.01
    torch.testing.assert_close(blur(torch.full((1, 3, 20, 20), 0.3), 1.2), torch.full((1, 3, 20, 20), 0.3))


def test_alignment_looks_at_whole_samples() -> None:
    a = torch.randn(3, 4, 5)
    assert alignment_loss(a, 2 * a) == pytest.approx(0.0, abs=1e-6)
    assert alignment_loss(a, -a) == pytest.approx(2.0, abs=1e-6)


def test_calibration_error_of_a_boaster_is_its_overconfidence() -> None:
    p = torch.full((100, 8), 0.1 / 7)
    p[:, 0] = 0.9
    labels = torch.zeros(100, dtype=torch.long)
    labels[60:] = 1
    assert expected_calibration_error(p, labels) == pytest.approx(0.3, abs=1e-5)


def test_weights_of_zero_leave_items_out_of_the_loss() -> None:
    logits, target = torch.randn(4, 8), torch.full((4, 8), 1 / 8)
    alone = soft_cross_entropy(logits[:2], target[:2], torch.ones(2))
    assert soft_cross_entropy(logits, target, torch.tensor([1.0, 1, 0, 0])) == pytest.approx(float(alone))


def test_a_misspelt_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown setting 'bathc'"):
        override(RunSettings(), {"unet": {"bathc": 3}})
