"""Texts made of other texts: some of their sentences, or more."""
