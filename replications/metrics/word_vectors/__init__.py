"""Measures of vectors of words."""
