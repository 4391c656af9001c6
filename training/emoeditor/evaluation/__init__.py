"""Measures of edits and the tables they fill."""
