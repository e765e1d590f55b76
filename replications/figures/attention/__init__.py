"""Attention of networks: maps, masks, and a page to step through."""
