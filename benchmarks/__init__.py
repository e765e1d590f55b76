"""Training speed beside the field's own implementations, in alternating runs."""
