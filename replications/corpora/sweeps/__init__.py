"""Published sweeps, as the sizes and losses of their runs, and synthetic ones of the same form."""
