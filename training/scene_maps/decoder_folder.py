"""What `emoeditor import --scene` reads of backbone and decoder: `model.safetensors` and `config.json`."""

from torch import Tensor

from emoeditor.models import EmotionPredictor
from scene_labels import CLASSES

from .decoder import Decoder


def weights_of(network: EmotionPredictor, decoder: Decoder) -> dict[str, Tensor]:
    """`model.safetensors` of the folder: the backbone without its classifier, and the decoder."""
    unused = ("_conv_head.", "_bn1.", "_fc.")
    state = {
        k: v
        for k, v in network.state_dict().items()
        if not k.startswith(unused) and not k.endswith("num_batches_tracked")
    }
    return state | {f"decoder.{k}": v for k, v in decoder.state_dict().items()}


def config_of(network: EmotionPredictor, decoder: Decoder) -> dict[str, object]:
    """`config.json` of the folder."""
    settings = network.config
    return {
        "_class_name": "SceneDecoder",
        "architecture": settings.architecture,
        "input_size": settings.input_size,
        "mean": settings.mean,
        "std": settings.std,
        "depth_multiplier": settings.depth_multiplier,
        "stem_channels": settings.stem_channels,
        "stage_channels": settings.stage_channels,
        "head_channels": settings.head_channels,
        "act_fn": settings.act_fn,
        "bn_eps": settings.bn_eps,
        "padding": settings.padding,
        "classes": len(CLASSES),
        "width": decoder.config.width,
        "fine_width": decoder.config.fine_width,
    }
