"""Seeded, batched picture edits in pure torch, composed from small operations that follow the scene's regions."""
