"""What the commands work on: papers, training, corpora, folders. Tests put others there."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replications.paths import RECORDS, REPOSITORY


def _papers() -> Mapping[str, Any]:
    from replications.papers import PAPERS

    return PAPERS


def _fit(*arguments: Any, **options: Any) -> Any:
    from replications.training.fit import fit

    return fit(*arguments, **options)


def _corpora() -> Any:
    from replications import corpora

    return corpora


@dataclass(frozen=True)
class Surroundings:
    """The defaults are the real ones; each imports what it needs when it is called."""

    papers: Callable[[], Mapping[str, Any]] = _papers
    fit: Callable[..., Any] = _fit
    corpora: Callable[[], Any] = _corpora
    records: Path = RECORDS
    readme: Path = REPOSITORY / "README.md"

    def listed(self) -> Mapping[str, Any]:
        """The papers for commands that train nothing: without what training imports."""
        if self.papers is not _papers:
            return self.papers()
        from replications.cli.listed_papers import listed_papers

        return listed_papers(_papers())


_REAL = Surroundings()
_CURRENT: ContextVar[Surroundings] = ContextVar("surroundings", default=_REAL)


def current() -> Surroundings:
    """The surroundings of the running command."""
    return _CURRENT.get()


@contextmanager
def working_on(surroundings: Surroundings) -> Iterator[None]:
    """Let commands called inside work on other surroundings."""
    token = _CURRENT.set(surroundings)
    try:
        yield
    finally:
        _CURRENT.reset(token)
