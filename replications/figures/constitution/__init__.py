"""Figures of constitutional AI: the two stages, the frontier, and answers with broken rules."""
