"""Prompts, a base text and judges of the constitution's world; the paper's own principles."""
