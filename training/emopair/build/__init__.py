"""Builders of EmoPair: pairs from an instruction-editing dataset (EPAS), and pairs made for an emotion (EPGS).

They label with the trainings' predictor, so this package needs `emoeditor`; the rest of `emopair` does not.
"""
