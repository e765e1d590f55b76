"""Scores against size, length, cost and the number of examples."""
