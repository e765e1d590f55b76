"""The commands' shared output and input: the console, and choices by name."""

import codecs
import difflib
import io
import os
import signal
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console

from replications.errors import ReplicationError

Chosen = TypeVar("Chosen")

# Square brackets are intervals here, not markup; long lines are left to the terminal to wrap.
console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


# What the commands write beside ASCII, for terminals and files that take no more.
_IN_ASCII = {"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{MULTIPLICATION SIGN}": "x"}


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """The nearest characters that any encoding has: a minus sign must not become a question."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = ""
    for character in error.object[error.start : error.end]:
        bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
        written += _IN_ASCII.get(character) or bare or "?"
    return written, error.end


codecs.register_error("replications.plainer", _plainer)


def accept_any_encoding(*streams: io.TextIOBase) -> None:
    """Let the streams write what their encoding lacks as the nearest that it has."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replications.plainer")


def choose(kind: str, name: str, among: Mapping[str, Chosen]) -> Chosen:
    """The choice of that name. Raises ReplicationError with the closest and all valid names."""
    if name in among:
        return among[name]
    known = ", ".join(among) or "none yet"
    raise ReplicationError(f"There is no {kind} {name!r}.{_nearest(name, among)} Valid: {known}.")


def choose_tier(name: str, paper: str, among: Mapping[str, Chosen]) -> Chosen:
    """What the chapter has at that tier.

    Raises ReplicationError with the chapter and its tiers; it says where the name comes from if
    nobody typed it.
    """
    if name in among:
        return among[name]
    from_variable = os.environ.get("REPLICATIONS_TIER") == name
    source = " The variable REPLICATIONS_TIER names it." if from_variable else ""
    raise ReplicationError(
        f"{paper} has no tier {name!r}; it has: {', '.join(among)}.{_nearest(name, among)}{source}"
    )


def _nearest(name: str, among: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, among, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def gigabytes(number_of_bytes: int) -> str:
    return f"{number_of_bytes / 1e9:.1f} GB"


def duration(minutes: float | int) -> str:
    """Minutes as a person says them: "12 s", "3.5 min", "2.1 h"."""
    if minutes < 1:
        return f"{60 * minutes:.0f} s"
    if minutes < 90:
        return f"{minutes:.1f} min" if minutes < 10 else f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h"


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """A cluster or `timeout` that ends the command finds it as Ctrl-C does: it says how to go on.

    Lightning, too, would make the signal an exit, with the status of success.
    """

    def interrupt(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
