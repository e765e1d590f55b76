"""Metrics of harmlessness and helpfulness under the constitution, of critiques and AI feedback."""
