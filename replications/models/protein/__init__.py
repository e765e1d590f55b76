"""Networks over alignments, pairs of residues and frames."""
