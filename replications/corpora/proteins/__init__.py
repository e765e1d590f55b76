"""Data on proteins and DNA: families with alignments, chains, promoters."""
