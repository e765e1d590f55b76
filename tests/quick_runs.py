"""Runs for tests of the queue that train nothing: what a recipe's name says happens to it.

The queue's workers are other processes: they import this module by its name.
"""

import errno
import os
import signal
import time
from types import SimpleNamespace

from fabricated import fabricate_paper, fabricate_record

from replications.cli.environment import Surroundings
from replications.errors import ReplicationError
from replications.training.progress import Progress


def quick_fit(recipe, *, paper, tier, seed, checkpoints, progress, **_options):
    """Leaves a checkpoint and gives a record at once, but for recipes with telling names."""
    checkpoints.mkdir(parents=True, exist_ok=True)
    (checkpoints / "last.ckpt").write_bytes(b"weights")
    progress(Progress(0, 3, None, None))
    match recipe.name:
        case "defect":
            raise RuntimeError("shapes do not match")
        case "refused":
            raise ReplicationError("The corpus is empty.")
        case "disk-full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        case "killed":
            (checkpoints / f".last.ckpt.{os.getpid()}.partial").write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
        case "diverged":
            failed = {"how": "diverged", "why": "loss is nan after epoch 2"}
            return SimpleNamespace(record=_record(recipe, paper, tier, seed, {}, failed=failed))
        case "endless":
            while True:
                progress(Progress(1, 3, 2.5, 60.0))
                time.sleep(0.01)
    metrics = {"process": float(os.getpid()), "threads": float(os.environ["OMP_NUM_THREADS"])}
    return SimpleNamespace(record=_record(recipe, paper, tier, seed, metrics))


def _record(recipe, paper, tier, seed, metrics, **changed):
    return fabricate_record(
        recipe.name, seed, metrics, paper=paper, tier=tier, recipe_hash=recipe.hash, **changed
    )


class NoCorpora:
    """Stands for replications.corpora where everything is at hand."""

    @staticmethod
    def where(needed):
        return "cache"


def surroundings_of(records, papers) -> Surroundings:
    return Surroundings(
        papers=lambda: papers, fit=quick_fit, corpora=lambda: NoCorpora, records=records
    )


def paper_of(*recipes, tier="laptop", **more) -> SimpleNamespace:
    paper = fabricate_paper(**{tier: recipes})
    vars(paper).update(more)
    return paper
