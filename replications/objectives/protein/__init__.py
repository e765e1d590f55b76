"""Losses on distances and frames, and the networks that they train."""
