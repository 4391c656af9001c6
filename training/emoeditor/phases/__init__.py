"""The phases of a run: what each trains, in order."""
