"""The runs that Hoffmann et al. and Porian et al. published."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError
from replications.fits.sweep import Sweep

STAGES = {
    "kaplan": ("base", "long", "kaplan", "kaplan"),
    "output-layer": ("base", "long", "kaplan", "standard"),
    "warm-up": ("base", "short", "kaplan", "standard"),
    "cosine": ("base", "short", "chinchilla", "standard"),
    "tuned": ("tuned", "short", "const", "standard"),
}
"""Porian et al.'s steps from Kaplan to Chinchilla: hyperparameters, warm-up, decay, and count.

Each row changes one thing but the last, which tunes learning rate, batch and Adam's second beta for
each size and leaves the decay out. Source: Porian et al. 2024 (arXiv:2406.19146), figure 1.
"""


@dataclass(frozen=True, eq=False)
class PublishedSweeps:
    """Sweeps by name, and the `identities` of the rows that they are."""

    sweeps: Mapping[str, Sweep] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


def chinchilla_points(seed: int, *, dropped: int = 5) -> PublishedSweeps:
    """Hoffmann et al.'s runs under the name `chinchilla`, without the `dropped` of highest loss.

    Source: Besiroglu et al. 2024 (arXiv:2404.10102), section 3: of 245 points five are left out.
    Tokens are the operations over 6 N. The seed changes nothing.
    """
    rows, identity = load_corpus("chinchilla-points")
    size, flops, loss = (
        np.array(list(rows[name])) for name in ("model_size", "training_flop", "loss")
    )
    sweep = Sweep(size, flops / (6 * size), flops, loss)
    kept = np.sort(np.argsort(loss, kind="stable")[: len(loss) - dropped])
    return PublishedSweeps({"chinchilla": sweep.only(kept)}, (identity,))


def porian_points(seed: int, *, datasets: tuple[str, ...] = ("rw", "owt2")) -> PublishedSweeps:
    """Porian et al.'s losses at their budgets, each of STAGES of each data set: "rw:kaplan".

    `rw` is RefinedWeb and `owt2` OpenWebText2. Parameters and operations are in each stage's own
    count. The seed changes nothing. Raises ReplicationError where a stage has no row.
    """
    rows, identity = load_corpus("kaplan-chinchilla-isoflop", "points")
    known = list(rows)
    sweeps = {}
    for dataset in datasets:
        file = "summary_df" if dataset == "rw" else f"summary_df_{dataset}"
        for stage, parts in STAGES.items():
            wanted = (file, dataset, *parts)
            names = ("source_file", "dataset", "hparams", "warmup", "decay", "param_count")
            chosen = [row for row in known if tuple(row[name] for name in names) == wanted]
            if not chosen:
                raise ReplicationError(f"kaplan-chinchilla-isoflop has no row of {wanted}.")
            columns = ("params", "tokens", "flops", "loss")
            sweeps[f"{dataset}:{stage}"] = Sweep(
                *(np.array([row[column] for row in chosen]) for column in columns)
            )
    return PublishedSweeps(sweeps, (identity,))
