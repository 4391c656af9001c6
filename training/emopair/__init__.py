"""EmoPair: photographs, region maps, instructions and the procedural editor that turns them into edited pairs."""

EMOTIONS: tuple[str, ...] = ("amusement", "anger", "awe", "contentment", "disgust", "excitement", "fear", "sadness")
"""Mikels' eight in alphabetical order: the class order of every model and file of this project."""

REGIONS: tuple[str, ...] = ("sky", "ground", "subject", "depth", "lights")
"""Channels of a region map, in order. Each is soft, 0..1; `depth` is 1 far away and 0 near the camera."""
