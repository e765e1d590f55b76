"""Measures of language models: how probable a text is, and what they answer untrained."""
