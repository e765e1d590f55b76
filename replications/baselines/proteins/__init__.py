"""What an Evoformer is compared with: covariation, templates, words of a sequence."""
