"""Parsers of alignments, structures and promoter sequences."""
