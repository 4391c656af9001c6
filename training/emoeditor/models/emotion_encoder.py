"""The global branch: an MLP from an emotion direction to the tokens of the UNet's cross-attention."""

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class EmotionEncoderConfig:
    """Widths of the MLP; the output is reshaped to `[tokens, token_dim]`."""

    input_dim: int = 8
    hidden_dims: tuple[int, ...] = (256, 512)
    num_tokens: int = 16
    token_dim: int = 256
    act_fn: str = "relu"


class EmotionEncoder(nn.Module):
    """`direction [B,8]` in [-1,1] -> `tokens [B,16,256]`."""

    def __init__(self, config: EmotionEncoderConfig):
        super().__init__()
        self.config = config
        widths = (config.input_dim, *config.hidden_dims, config.num_tokens * config.token_dim)
        layers: list[nn.Module] = []
        for i in range(len(widths) - 1):
            layers.append(nn.Linear(widths[i], widths[i + 1]))
            if i < len(widths) - 2:
                layers.append(nn.ReLU())
        self.fc = nn.Sequential(*layers)

    def forward(self, direction: Tensor) -> Tensor:
        return self.fc(direction).unflatten(1, (self.config.num_tokens, self.config.token_dim))
