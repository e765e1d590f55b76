"""Parts of networks: recurrent layers, attention, positions, residual blocks."""
