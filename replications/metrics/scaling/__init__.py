"""What was fitted to a sweep, as metrics."""
