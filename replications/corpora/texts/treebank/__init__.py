"""Sentences with a gold label for each word."""
