"""Learning from human feedback: demonstrations, comparisons, and rewards.

`supervised` fine-tunes on demonstrations, `comparisons` trains a reward model, and
`policy_optimisation` (PPO) maximises a reward. `losses`, `advantages` and `kl` hold the formulae.
"""
