"""Photographs, pairs and pictures: what is read, cropped, pooled and drawn."""
