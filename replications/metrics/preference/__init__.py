"""How well a policy answers, how well a reward model compares, and how far both can be pushed."""
