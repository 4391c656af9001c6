"""The light of an instruction bank: read, chosen by direction, carried out without clipping."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from emoeditor.embed_bank import NAME, agreement, embed, write
from emoeditor.models import EmotionEncoder, EmotionEncoderConfig
from emoeditor.photographs.data import Crops
from emoeditor.photographs.lit import LightEdits, any_of, opposite, said_of
from emopair import EMOTIONS, REGIONS
from emopair.light.colour import to_linear, to_srgb
from emopair.light.editor import LightEditor, Wish
from emopair.light.grade import grade
from emopair.light.hints import NAMES, read_bank
from emopair.procedural.scene import build_scene

BANK = Path(__file__).parents[2] / "models" / "starter" / "instructions.json"
NONE = torch.zeros(1, len(NAMES))


def lit(picture: torch.Tensor, subject: float = 0.0, sky: float = 0.0, **hint: float) -> torch.Tensor:
    maps = torch.zeros(len(picture), len(REGIONS), 8, 8)
    maps[:, REGIONS.index("subject")], maps[:, REGIONS.index("sky")] = subject, sky
    hints = torch.tensor([[hint.get(name, 0.0) for name in NAMES]]).expand(len(picture), -1)
    return grade(build_scene(picture, maps, torch.Generator()), hints)


def flat(*colour: float) -> torch.Tensor:
    return torch.tensor(colour).view(1, 3, 1, 1).expand(1, 3, 32, 32).contiguous()


def test_linear_light_and_back() -> None:
    values = torch.linspace(0, 1, 99).view(1, 1, 9, 11).expand(1, 3, 9, 11)
    assert torch.allclose(to_srgb(to_linear(values)), values, atol=1e-4)


def test_without_a_hint_middle_tones_stay() -> None:
    picture = 0.15 + 0.6 * torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    assert (lit(picture) - picture).abs().max() < 0.01


@pytest.mark.parametrize(
    "hint", [{"exposure": 1.0}, {"temperature": 1.0}, {"glow": 0.7}, {"exposure": -2.0, "contrast": 0.5}]
)
def test_nothing_clips(hint: dict[str, float]) -> None:
    ramp = torch.linspace(0, 1, 32).view(1, 1, 1, 32).expand(1, 3, 32, 32).contiguous()
    found = lit(ramp, **hint)
    assert found.max() <= 0.993 and found.min() >= 1.5 / 255
    assert (found[..., 1:] - found[..., :-1]).min() > -1e-3  # no tone is turned round


def test_a_stop_is_a_stop() -> None:
    darker = to_linear(lit(flat(0.5, 0.5, 0.5), exposure=-1.0))
    assert torch.allclose(darker, to_linear(flat(0.5, 0.5, 0.5)) / 2, rtol=0.02)


def test_skin_keeps_most_of_its_colour() -> None:
    skin = flat(0.78, 0.58, 0.48)
    moved = [(lit(skin, subject=share, temperature=-0.8) - skin).abs().mean() for share in (0.0, 1.0)]
    assert moved[1] < 0.55 * moved[0]


def test_the_sky_is_lit_alone() -> None:
    grey = flat(0.5, 0.5, 0.5)
    assert lit(grey, sky=1.0, skyLight=-1.0).mean() < 0.4
    assert (lit(grey, sky=0.0, skyLight=-1.0) - grey).abs().max() < 0.01


def test_away_from_a_mood() -> None:
    editor = LightEditor(read_bank(BANK))
    assert editor.away(torch.full((1, 8), 1 / 8)).abs().max() < 1e-5
    dark, bright = (
        editor.away(torch.eye(8)[[EMOTIONS.index(e)]])[0, NAMES.index("exposure")] for e in ("fear", "amusement")
    )
    assert dark > 0.3 and bright < -0.3  # fear is lightened, amusement darkened


def test_instructions_are_of_the_target_and_of_the_scene() -> None:
    bank = read_bank(BANK)
    editor = LightEditor(bank)
    target = torch.arange(8).repeat(32)
    regions = torch.zeros(256, len(REGIONS), 4, 4)  # no sky
    wish = Wish(torch.full((256, 3, 4, 4), 0.5), regions, any_of(256, torch.Generator().manual_seed(2)), target)
    chosen = editor.choose(wish, torch.Generator().manual_seed(3))
    assert torch.equal(bank.emotions[chosen], target)
    assert not any("sky" in bank.instructions[i].needs and "min" in bank.instructions[i].needs["sky"] for i in chosen)


def test_the_choice_depends_on_the_source() -> None:
    bank = read_bank(BANK)
    editor = LightEditor(bank)
    awe = torch.full((400,), EMOTIONS.index("awe"))
    dark = []
    for source in ("fear", "contentment"):
        p = torch.eye(8)[[EMOTIONS.index(source)]].expand(400, -1)
        wish = Wish(torch.full((400, 3, 2, 2), 0.5), torch.full((400, 5, 2, 2), 0.25), p, awe)
        chosen = editor.choose(wish, torch.Generator().manual_seed(4))
        dark.append((bank.high[chosen, NAMES.index("exposure")] < -0.8).float().mean())
    assert dark[0] < 0.25 < 0.4 < dark[1]


def test_opposite_turns_ranks_round() -> None:
    p = torch.tensor([[0.5, 0.3, 0.1, 0.04, 0.03, 0.02, 0.008, 0.002]])
    assert torch.equal(opposite(p), p.flip(1))
    said = said_of(p.expand(200, -1), torch.Generator().manual_seed(5))
    assert torch.allclose(said.sum(1), torch.ones(200)) and said.unique(dim=0).shape[0] > 20


def test_edits_follow_what_is_said_of_the_source() -> None:
    edits = LightEdits(BANK)
    assert len(edits.phrasings) == len(edits.emotions)
    crops = Crops(torch.rand(8, 3, 16, 16), torch.rand(8, 5, 16, 16), torch.full((8, 8), 1 / 8))
    drawn = edits.draw(crops, crops.priors, torch.Generator().manual_seed(6))
    assert drawn.edited.shape == crops.images.shape and torch.isfinite(drawn.edited).all()
    one = Wish(crops.images, crops.regions, torch.eye(8)[[6] * 8], torch.full((8,), 3))
    other = Wish(crops.images, crops.regions, torch.eye(8)[[2] * 8], torch.full((8,), 3))
    instruction = torch.full((8,), edits.emotions.index(3))
    results = [edits.editor.apply(w, instruction, torch.Generator().manual_seed(7)) for w in (one, other)]
    assert (results[0] - results[1]).abs().mean() > 0.02


@pytest.mark.parametrize(
    "change, told",
    [({"emotion": "joy"}, "emotion 'joy'"), ({"grade": {"brightness": [0, 1]}}, "grade fields .'brightness'")],
)
def test_a_bank_that_cannot_be_read(tmp_path: Path, change: dict, told: str) -> None:
    bank = json.loads(BANK.read_text(encoding="utf-8"))
    bank["instructions"][0] |= change
    path = tmp_path / "bank.json"
    path.write_text(json.dumps(bank), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        read_bank(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match='"format": 1'):
        read_bank(path)


def test_embeddings_of_a_bank(tmp_path: Path) -> None:
    emotions = EmotionEncoder(EmotionEncoderConfig(hidden_dims=(32,), num_tokens=4, token_dim=32)).eval()
    bank = read_bank(BANK)
    embeddings = embed(bank, emotions, steps=3)
    count = len(bank.instructions)
    assert embeddings.shape == (count, 4 * 32) and torch.allclose(embeddings.norm(dim=1), torch.ones(count), atol=1e-5)
    assert torch.equal(embed(bank, emotions, steps=3), embeddings)
    write(tmp_path / NAME, bank, embeddings)
    with safe_open(tmp_path / NAME, "pt") as file:
        read = file.get_tensor("embeddings").float() * file.get_tensor("scales")[:, None]
        assert json.loads(file.metadata()["ids"]) == [i.id for i in bank.instructions]
    assert (read - embeddings).abs().max() <= embeddings.abs().max() / 250
    # Embeddings that are the tokens of one direction for each emotion find the emotion.
    direction = torch.eye(8)[bank.emotions] - 1 / 8
    with torch.no_grad():
        told = agreement(bank, emotions, torch.nn.functional.normalize(emotions(direction).flatten(1), dim=1))
    assert told["target"] > 0.3 and 0 <= told["rank"] <= 1
