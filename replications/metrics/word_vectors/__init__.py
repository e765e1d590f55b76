"""Metrics of word vectors."""
