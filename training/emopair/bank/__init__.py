"""Instructions by emotion. What evokes what follows the factor list published with EmoEdit (Yang et al., CVPR 2025)."""
