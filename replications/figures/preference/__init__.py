"""Figures of alignment from preferences: its three steps, and reward over-optimisation."""
