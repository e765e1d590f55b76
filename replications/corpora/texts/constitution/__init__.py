"""Prompts, pre-training text and judges of the constitution's world; the paper's principles."""
