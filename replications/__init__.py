"""Landmark language-model papers, each replicated on shared parts, with a verdict on each claim."""

__version__ = "0.1.0"
