"""Metrics of the laws fitted to a sweep."""
