"""Sweeps that others ran, as numbers of their runs; and planted ones of the same form."""
