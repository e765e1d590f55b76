"""Figures of scaling laws: valleys, the growth of the best size, surfaces, and a calculator."""
