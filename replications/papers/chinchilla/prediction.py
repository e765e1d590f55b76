"""What the smaller budgets predict of the largest: written by a tool before that was trained."""

import json
from typing import Any

from replications.errors import ReplicationError
from replications.paths import REPOSITORY

FILE = REPOSITORY / "data" / "predictions" / "chinchilla.json"


def read_prediction() -> dict[str, Any] | None:
    """The prediction, or None where none has been made. Raises ReplicationError for a damaged file.

    `low` and `high` are the ends of an interval of the loss in nats per token; the file also says
    from which records, by which commit and by which fits it was made.
    """
    if not FILE.exists():
        return None
    try:
        found = json.loads(FILE.read_text(encoding="utf-8"))
        if float(found["low"]) < float(found["high"]):
            return found
    except (ValueError, KeyError, TypeError):
        pass
    raise ReplicationError(
        f"{FILE} holds no prediction: restore it with `git checkout`. It is not to be made again "
        "once the largest budget is recorded."
    )


PREDICTION = read_prediction()
