"""Reference numbers from diffusers and PyTorch for the tests of the companion server."""
