"""The chapters as commands list them, without importing what trains them.

A recipe's hash covers the defaults of every part that it names. It is known only when all of these
are imported, Lightning with them: several seconds of a processor. What `list`, `claims` and
`doctor` ask of the papers is therefore kept in the cache, under a hash of the package's source, of
the predictions that it reads, and of the versions of what it requires: another source is another
file.
"""

import contextlib
import hashlib
import importlib
import io
import pickle
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from importlib import metadata
from inspect import isfunction
from pathlib import Path
from typing import Any

import typer

from replications.atomic_write import written_whole
from replications.paths import REPOSITORY, cache_folder

_PACKAGE = Path(__file__).resolve().parents[1]
# A criterion may be an interval that was predicted: its chapter reads it when it is imported.
_PREDICTIONS = REPOSITORY / "data" / "predictions"
_KEPT_FILES = 8


@dataclass(frozen=True)
class ListedRecipe:
    """What commands ask of a recipe that they do not train."""

    name: str
    hash: str
    training_hash: str
    minutes: float
    start: "ListedRecipe | None"
    parts: dict
    training_parts: dict

    def describe(self) -> dict:
        return self.parts

    def describe_training(self) -> dict:
        return self.training_parts


class ListedPaper:
    """A paper's constants, recipes as ListedRecipe; what is not kept is asked of the paper."""

    def __init__(self, package: str, names: frozenset[str], kept: Mapping[str, Any]) -> None:
        self.__dict__.update(kept)
        self._package, self._names = package, names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._names:
            raise AttributeError(f"{self.__dict__.get('_package')} has no {name}")
        return getattr(importlib.import_module(self._package), name)


def listed_papers(papers: Mapping[str, Any]) -> dict[str, ListedPaper]:
    """The papers by slug, from the cache where this very package has been listed before."""
    file = cache_folder() / "listed" / f"{_identity(papers)}.pickle"
    found = _read(file)
    if found is None:
        # On the other stream, so that what is printed as JSON stays JSON.
        typer.echo("Reading the chapters' recipes, once for this version of the code ...", err=True)
        found = {slug: _facts(module) for slug, module in papers.items()}
        _keep(file, found)
    return {slug: ListedPaper(*facts) for slug, facts in found.items()}


def _facts(module: Any) -> tuple[str, frozenset[str], dict[str, Any]]:
    public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    constants = {name: _listed(value) for name, value in public.items() if name.isupper()}
    kept = {name: value for name, value in constants.items() if _can_be_kept(value)}
    return module.__name__, frozenset(public), kept


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _listed(part) for key, part in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return tuple(map(_listed, value))
    if hasattr(value, "training_hash"):
        return ListedRecipe(
            value.name,
            value.hash,
            value.training_hash,
            value.minutes,
            None if value.start is None else _listed(value.start),
            value.describe(),
            value.describe_training(),
        )
    return value


def _can_be_kept(value: Any) -> bool:
    try:
        _PlainUnpickler(io.BytesIO(pickle.dumps(value))).load()
    except (pickle.PickleError, AttributeError, TypeError):
        return False
    return True


# What claims hold: their measures and criteria, and the fits that some of them make.
_DATACLASSES_OF = ("replications.claims", "replications.fits", __name__)
# Functions that read numbers off a record, and do nothing else, whatever they are given.
_FUNCTIONS_OF = ("replications.claims.measures.accounting",)


class _PlainUnpickler(pickle.Unpickler):
    """Reads texts, numbers, their collections, and of this package dataclasses and counts of a
    record: nothing that runs other code, whoever has written the file.
    """

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_DATACLASSES_OF):
            found = super().find_class(module, name)
            if isinstance(found, type) and is_dataclass(found):
                return found
            if module in _FUNCTIONS_OF and isfunction(found) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not expected here")


def _read(file: Path) -> dict[str, tuple] | None:
    # Whatever is wrong with the file, it is made again.
    with contextlib.suppress(Exception):
        return _PlainUnpickler(io.BytesIO(file.read_bytes())).load()
    return None


def _keep(file: Path, found: Mapping[str, tuple]) -> None:
    # Where nothing can be written, the next command lists the papers anew.
    with contextlib.suppress(OSError):
        with written_whole(file) as partial:
            partial.write_bytes(pickle.dumps(dict(found)))
        there = sorted(file.parent.glob("*.pickle"), key=lambda old: old.stat().st_mtime)
        for old in there[:-_KEPT_FILES]:
            old.unlink(missing_ok=True)


def _identity(papers: Mapping[str, Any]) -> str:
    """A hash of all that a recipe's hash and a claim can depend on."""
    digest = hashlib.sha256(repr((sys.version, tuple(papers), _versions())).encode())
    for folder, pattern in ((_PACKAGE, "*.py"), (_PREDICTIONS, "*.json")):
        for file in sorted(folder.rglob(pattern)):
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]


def _versions() -> list[tuple[str, str]]:
    with contextlib.suppress(metadata.PackageNotFoundError):
        needed = [text for text in metadata.requires("replications") or () if "extra" not in text]
        names = [re.split(r"[^\w.-]", text, maxsplit=1)[0] for text in needed]
        return [(name, metadata.version(name)) for name in names]
    return []
