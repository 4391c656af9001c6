"""Teaches a new instruction encoder what a trained emotion encoder already says, before both train together.

A bundle holds no instruction encoder. Without this, the alignment loss would pull the emotion tokens of a run that
starts from a bundle towards the random ones of an untrained encoder.
"""

import torch
import torch.nn.functional as F

from ..optimisation.losses import alignment_loss
from .unet_task import UNetTask


def learn_texts(task: UNetTask, steps: int = 400, batch: int = 64, lr: float = 1e-3) -> float:
    """Train the task's instruction encoder alone; returns the last alignment loss. The pool must be filled."""
    texts, device = task.texts.train(), task.ids.device
    optimizer = torch.optim.AdamW(texts.parameters(), lr=lr, betas=(0.9, 0.99))
    last = 0.0
    for step in range(steps):
        generator = torch.Generator(device).manual_seed(step)
        pairs = task.pool.draw(step % len(task.phase.buckets), batch, generator)
        with torch.no_grad():
            tokens = task.emotions(F.one_hot(pairs.emotion, pairs.p_source.shape[1]).float() - pairs.p_source).float()
        phrasing = torch.randint(0, task.ids.shape[1], (batch,), generator=generator, device=device)
        said = texts(task.ids[pairs.instruction, phrasing]).float()
        angle = alignment_loss(said, tokens)
        loss = angle + F.mse_loss(said, tokens) / tokens.square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        last = float(angle.detach())
    return last
