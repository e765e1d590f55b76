"""Rigid frames, and attention that is invariant to a rigid motion of all of them."""
