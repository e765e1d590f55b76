"""Pictures of the constitution at work: the two stages, the frontier, and answers with marks."""
