"""From a trained model to sequences: the search for likely outputs, and texts in and out."""
