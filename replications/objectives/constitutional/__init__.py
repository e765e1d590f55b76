"""Learning from a constitution: an assistant criticises, revises and compares its own answers.

`asking` prompts an assistant, `revising` and `revisions` are the supervised stage, `feedback` and
`comparisons` make the labels of the reward model; PPO is that of `objectives.preference`.
"""
