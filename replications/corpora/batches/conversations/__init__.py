"""Conversations as batches: demonstrations, prompts to answer, and comparisons."""
