"""What was logged while a policy was trained: KL, entropy, gold and proxy reward."""

from typing import Any

import numpy as np

from replications.errors import ReplicationError


def policy_course(model: Any, data: Any) -> dict[str, float]:
    """Means over the answers of the last epoch; `kl` in nats per answer, `entropy` per token.

    `kl_error` and `gold_error` are standard errors. Raises ReplicationError before any epoch.
    """
    if not model.course:
        raise ReplicationError("Nothing was logged yet: watch this while a policy is trained.")
    found = {name: float(np.mean(values)) for name, values in model.course.items()}
    for name in ("kl", "gold", "proxy"):
        if len(values := model.course.get(name, ())) > 1:
            found[f"{name}_error"] = float(np.std(values, ddof=1) / len(values) ** 0.5)
    return {**found, "kl_coefficient": float(model.kl_coefficient)}
