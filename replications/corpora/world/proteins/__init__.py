"""The synthetic world, part five: protein families sampled over a known fold."""
