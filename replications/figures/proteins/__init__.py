"""Figures of contacts, distances and structures."""
