"""Prompts, demonstrations and comparisons: the data of alignment."""
