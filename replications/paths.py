"""Paths of the repository's own folders, and of the user's cache."""

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
    named = os.environ.get("REPLICATIONS_CACHE", "").strip()
    return named_folder(named) if named else platformdirs.user_cache_path("replications")


def named_folder(named: str) -> Path:
    """The folder that a setting names, the same one wherever it is asked for.

    A shell leaves a quoted `~` as it is. A relative path is taken from the repository: a notebook
    runs in its own folder, where the same path would be another.
    """
    return REPOSITORY / Path(named).expanduser()
