"""Networks assembled from parts. They depend on no loss, corpus or training framework."""
