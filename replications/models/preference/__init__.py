"""Networks that score texts: reward models and value functions."""
