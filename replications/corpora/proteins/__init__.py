"""What a chapter reads of proteins and of DNA: families with alignments, chains, promoters."""
