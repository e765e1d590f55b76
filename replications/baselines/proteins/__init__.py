"""Baselines for an Evoformer: covariation, templates, k-mers of a sequence."""
