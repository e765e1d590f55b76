"""Where corpora are described, fetched, checked and kept."""
