"""Decoding with trained models: search, sampling and generation, on ids and on texts."""
