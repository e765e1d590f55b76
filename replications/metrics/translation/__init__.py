"""Metrics of translation models."""
