"""Decoders drawn from their parts: blocks, rotary positions, key-value caches, a ladder."""
