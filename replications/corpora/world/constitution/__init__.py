"""A constitution whose rules a checker can decide, in the toy world of instructions.

`vocabulary` has the further words, `requests` what is asked, with harm in it or without, `rules`
the eight rules and the sixteen principles, `answers` how authors answer, `feedback` critiques,
revisions and comparisons of answers, `gold` the exact rewards, `worlds` the parts and a text for
pre-training.
"""
