"""The diagrams that models are known by, drawn from the parts of a model that is there."""
