"""Prompts, demonstrations and comparisons: what a language model is aligned with."""
