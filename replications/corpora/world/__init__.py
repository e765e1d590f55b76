"""The synthetic world: deterministic generators whose truth is known."""
