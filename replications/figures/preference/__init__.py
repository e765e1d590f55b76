"""Pictures of alignment: its three steps, and what happens when a reward is pushed."""
