"""Metrics of policies and of reward models, and of over-optimisation."""
