"""Metrics of classification, regression and probing tasks."""
