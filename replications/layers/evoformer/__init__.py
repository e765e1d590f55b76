"""The parts of AlphaFold's Evoformer, by algorithm in the supplement of Jumper et al. 2021."""
