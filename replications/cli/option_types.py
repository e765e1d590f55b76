"""Options that `replicate run` and `replicate sweep` share, as types of their parameters."""

from pathlib import Path
from typing import Annotated

import typer

Tier = Annotated[
    str,
    typer.Option(
        envvar="REPLICATIONS_TIER",
        help="How large: smoke (seconds, no network), laptop (real corpora), gpu.",
    ),
]
# numpy takes no seed from 2 ** 32 on; the seeds after the first have to fit, too.
_LAST_SEED = 2**31 - 1
FirstSeed = Annotated[
    int, typer.Option("--seed-from", min=0, max=_LAST_SEED, help="The first seed.")
]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="RECIPE", help="Only this recipe; may be given several times."),
]
Device = Annotated[str, typer.Option(help="Where to train: cpu or cuda.")]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Show what would run, and what it would take; run nothing."),
]
Records = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Write records there, and not into data/records."),
]
Checkpoints = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Keep interrupted runs there, and not in the cache."),
]
AllowDifferentData = Annotated[
    bool,
    typer.Option(
        "--allow-different-data",
        help="Accept corpora whose rows are not the registered ones; the records say so.",
    ),
]
