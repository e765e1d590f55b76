"""Frames in space, and attention that does not change when all of them are moved."""
