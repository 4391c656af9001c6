"""Light as the instruction bank of a bundle describes it: hints read, drawn for an emotion, carried out on pictures."""
