"""Scene maps: a small decoder on the frozen maps of EfficientNet-Lite2, trained on hand labels. See README.md here."""
