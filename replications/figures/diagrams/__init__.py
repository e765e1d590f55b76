"""Diagrams that papers are known by, drawn from the parts of our models."""
