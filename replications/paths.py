"""Where things lie: the repository's own folders, and the user's cache."""

import os
from pathlib import Path

import platformdirs

REPOSITORY = Path(__file__).resolve().parents[1]
BOOK = REPOSITORY / "book"
REGISTRY = REPOSITORY / "data" / "registry"
PAPER_VALUES = REPOSITORY / "data" / "paper_values"
RECORDS = REPOSITORY / "data" / "records"
CLAIMS_LEDGER = REPOSITORY / "data" / "claims_ledger.json"


def cache_folder() -> Path:
    """The folder for downloads, prepared corpora and checkpoints.

    `REPLICATIONS_CACHE` names it; otherwise it is the operating system's cache folder for this
    user. It is not created here.
    """
    named = os.environ.get("REPLICATIONS_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("replications")
