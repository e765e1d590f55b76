"""Measures of predicted contacts, distances and structures."""
