"""EmoEditor's models, losses, training loops and export (PyTorch)."""
