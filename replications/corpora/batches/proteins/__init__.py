"""Alignments, chains and promoters as batches."""
