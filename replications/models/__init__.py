"""Networks assembled from parts. They know no loss, no corpus and no training framework."""
