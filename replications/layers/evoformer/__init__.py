"""The parts of AlphaFold's Evoformer, by their numbers in the supplement of Jumper et al. 2021."""
