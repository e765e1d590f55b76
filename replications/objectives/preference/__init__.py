"""Learning from people: demonstrations, comparisons, and rewards.

`supervised` imitates answers, `comparisons` learns a reward, `policy_optimisation` (PPO) follows
it. `losses`, `advantages` and `kl` hold the formulae.
"""
