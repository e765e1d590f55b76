"""Instructions in a toy world: what was asked, what a right answer is, and its exact reward.

`vocabulary` has the words, `tasks` the eight tasks, `requests` a task with its constraints, `gold`
the reward, `writing` how authors answer, `worlds` the parts, `dialogues` those of several turns.
`enumerable` is a smaller world whose answers can all be listed.
"""
