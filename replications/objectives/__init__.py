"""Training objectives: Lightning modules that wrap a model, and the parts they are made of."""
