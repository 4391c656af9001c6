"""The training loop, its losses, and what runs on several processes."""
