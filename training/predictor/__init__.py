"""The emotion predictor that has met people, and the second, frozen judge: features, targets, head, gate, export.

Order of commands: see `training/README.md`, "The predictor".
"""
