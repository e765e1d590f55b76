"""Words, tokens and sentences: their vectors, counts and translations."""
