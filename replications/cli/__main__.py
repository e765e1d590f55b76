"""`python -m replications.cli` is the same as `replicate`."""

from replications.cli import app

app(prog_name="replicate")
