"""The shipped bundle's weights in the trainable networks give the numbers that its graphs give."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from emoeditor.weights.networks import read_final

# Read when the library loads: it sends facts about the machine otherwise.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from emoeditor.from_bundle import write_run  # noqa: E402
from emoeditor.weights.bundle_networks import BundleNetworks, read_bundle  # noqa: E402
from emoeditor.weights.bundle_weights import graph_path, read_graph  # noqa: E402

BUNDLE = Path(__file__).parents[2] / "models" / "starter"
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def networks() -> BundleNetworks:
    return read_bundle(BUNDLE)


def run_graph(part: str, **inputs: torch.Tensor) -> torch.Tensor:
    session = onnxruntime.InferenceSession(graph_path(BUNDLE, part), providers=["CPUExecutionProvider"])
    return torch.from_numpy(session.run(None, {k: v.numpy() for k, v in inputs.items()})[0])


@torch.no_grad()
def test_the_unet(networks: BundleNetworks) -> None:
    channels, tokens = networks.unet.config.in_channels, torch.randn(2, 16, networks.unet.config.cross_attention_dim)
    for time in (20, 500, 950):
        x = torch.randn(2, channels, 24, 32)
        theirs = run_graph("unet", sample=x, timestep=torch.tensor([float(time)]), tokens=tokens)
        torch.testing.assert_close(networks.unet(x, torch.tensor([time] * 2), tokens), theirs, rtol=1e-3, atol=1e-3)


@torch.no_grad()
def test_the_autoencoder(networks: BundleNetworks) -> None:
    image = torch.rand(1, 3, 64, 96) * 2 - 1
    latents = run_graph("vaeEncoder", image=image)
    torch.testing.assert_close(networks.vae.encode(image), latents, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(
        networks.vae.decode(latents), run_graph("vaeDecoder", latents=latents), rtol=1e-4, atol=1e-4
    )


@torch.no_grad()
def test_the_emotion_encoder(networks: BundleNetworks) -> None:
    directions = torch.rand(3, 8) * 2 - 1
    theirs = run_graph("emotionEncoder", directions=directions)
    torch.testing.assert_close(networks.emotion_encoder(directions), theirs, rtol=1e-4, atol=1e-4)


@torch.no_grad()
def test_the_predictor_and_its_calibration(networks: BundleNetworks) -> None:
    image = torch.rand(2, 3, networks.predictor.config.input_size, networks.predictor.config.input_size)
    theirs = run_graph("predictor", image=image)
    torch.testing.assert_close(networks.predictor.probabilities(image), theirs, rtol=1e-3, atol=1e-4)


def test_int8_weights_come_back_times_their_scale() -> None:
    graph = read_graph(BUNDLE, "unet")
    model = onnx.load(BUNDLE / "unet.portable.onnx", load_external_data=False)
    stored = next(i for i in model.graph.initializer if i.data_type == onnx.TensorProto.INT8)
    peaks = graph.weights[stored.name].flatten(1).abs().amax(1)
    scale = next(i for i in model.graph.initializer if i.name == f"{stored.name}.scale")
    steps = onnx.numpy_helper.to_array(scale, base_dir=str(BUNDLE)).reshape(-1)
    np.testing.assert_allclose(peaks.numpy(), 127 * steps, rtol=1e-6)


def test_a_run_goes_on_from_it(networks: BundleNetworks, tmp_path: Path) -> None:
    write_run(networks, tmp_path)
    vae, predictor = (read_final(tmp_path / kind, kind, CPU) for kind in ("vae", "predictor"))
    assert vae.config == networks.vae.config and predictor.config == networks.predictor.config
    modules = torch.load(tmp_path / "start" / "checkpoint.pt", weights_only=True)["modules"]
    assert torch.equal(modules["unet"]["conv_in.weight"], networks.unet.conv_in.weight)


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text(json.dumps({"latents": {"scalingFactor": 1}}))
    with pytest.raises(FileNotFoundError, match="expected unet"):
        read_bundle(tmp_path)
