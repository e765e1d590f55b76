"""The registry: one strictly read YAML file a corpus, in `data/registry/`."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from replications import paths
from replications.errors import ReplicationError

KINDS = ("real", "bundled", "synthetic")
COLUMN_TYPES = ("string", "double", "integer", "strings")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Origin:
    """Where raw files lie, and the preparation that makes rows of them.

    Exactly one of `repository` (GitHub, with the full `commit`) and `package` (an installed
    Python package) is set. `files` maps a path inside it to the sha256 of the file.
    `page_lists` (optional) maps a split to a file of page numbers in the registry.
    """

    splits: tuple[str, ...]
    preparation: str
    files: dict[str, str]
    repository: str = ""
    commit: str = ""
    package: str = ""
    megabytes: float = 0.0
    page_lists: dict[str, Path] | None = None

    def __str__(self) -> str:
        if self.package:
            return f"{self.package} wheel"
        return f"github:{self.repository}@{self.commit[:12]}"


@dataclass(frozen=True)
class Split:
    """One split: how many rows, their fingerprint, columns, and the mirror's prepared files."""

    name: str
    rows: int
    fingerprint: str
    columns: dict[str, str]
    prepared: dict[str, str]


@dataclass(frozen=True)
class Entry:
    """One corpus of the registry."""

    name: str
    kind: str
    description: str
    licence: str
    megabytes: float
    splits: dict[str, Split]
    origins: tuple[Origin, ...]
    caveats: tuple[str, ...]
    see_also: tuple[str, ...]
    file: Path

    def split(self, name: str) -> Split:
        """The split of that name; ReplicationError naming the ones there are otherwise."""
        if name not in self.splits:
            raise ReplicationError(
                f"corpus {self.name} has no split {name!r}; it has: {', '.join(self.splits)}"
            )
        return self.splits[name]


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Safe YAML that refuses a key given twice, which plain YAML silently lets win."""


def _mapping_without_repeats(loader: _StrictLoader, node: yaml.MappingNode) -> dict:
    mapping: dict = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in mapping:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is given twice", key_node.start_mark
            )
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping_without_repeats)


class _Fields:
    """The keys of one mapping, taken one by one; what is left over at the end is an error."""

    def __init__(self, value: Any, where: str, file: Path):
        self.where, self.file = where, file
        if not isinstance(value, dict):
            raise self.error("must be a mapping of keys to values")
        self.left = dict(value)

    def error(self, problem: str) -> ReplicationError:
        return ReplicationError(f"{self.file}: {self.where} {problem}; correct the registry file")

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        if key not in self.left:
            if default is None:
                raise self.error(f"lacks the key {key!r}")
            return default
        value = self.left.pop(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.error(f"has a wrong value at {key!r}: {value!r}")
        return value

    def take_texts(self, key: str, default: Any = None) -> list[str]:
        values = self.take(key, list, default)
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"has something other than text in the list {key!r}")
        return values

    def take_digests(self, key: str, default: Any = None) -> dict[str, str]:
        digests = self.take(key, dict, default)
        for path, digest in digests.items():
            check_relative(path, self)
            if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
                raise self.error(f"gives {path} the sha256 {digest!r}, not 64 hexadecimal digits")
        return digests

    def finish(self) -> None:
        if self.left:
            unknown = ", ".join(map(repr, self.left))
            raise self.error(f"has unknown keys: {unknown}")


def check_relative(path: Any, fields: _Fields) -> None:
    """Refuse a path that could leave the folder it is joined to."""
    parts = path.split("/") if isinstance(path, str) else [""]
    # A colon may stand in a file's name, but not where Windows writes a drive.
    drive = parts[0][1:2] == ":" or parts[0].endswith(":")
    if any(part in ("", ".", "..") for part in parts) or "\\" in path or drive:
        raise fields.error(f"has the path {path!r}, which is not a plain relative path")


def corpus_names(folder: Path | None = None) -> list[str]:
    """The names of all registered corpora, in alphabetical order."""
    return sorted(file.stem for file in (folder or paths.REGISTRY).glob("*.yml"))


def read_entry(name: str, folder: Path | None = None) -> Entry:
    """The registry entry of a corpus.

    Raises ReplicationError for a name that is not registered (listing those that are) and for a
    file that is malformed or has unknown or missing keys (naming the file).
    """
    folder = folder or paths.REGISTRY
    known = corpus_names(folder)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise ReplicationError(
            f"there is no corpus {name!r}.{hint} Known: {', '.join(known) or f'none in {folder}'}"
        )
    file = folder / f"{name}.yml"
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except UnicodeDecodeError as error:
        raise ReplicationError(f"{file}: not UTF-8 text ({error}); correct it") from error
    except yaml.YAMLError as error:
        raise ReplicationError(f"{file}: malformed YAML: {error}; correct it") from error
    return _entry(content, name, file)


def _entry(content: Any, name: str, file: Path) -> Entry:
    fields = _Fields(content, "the entry", file)
    if fields.take("name", str) != name:
        raise fields.error("has a name that is not the file's name")
    kind = fields.take("kind", str)
    if kind not in KINDS:
        raise fields.error(f"has the kind {kind!r}, not one of {', '.join(KINDS)}")
    description = " ".join(fields.take("description", str).split())
    licence = fields.take("licence", str)
    megabytes = float(fields.take("megabytes", (int, float)))
    caveats = tuple(" ".join(text.split()) for text in fields.take_texts("caveats", []))
    see_also = tuple(" ".join(text.split()) for text in fields.take_texts("see_also", []))
    splits = {
        str(key): _split(str(key), value, file)
        for key, value in fields.take("splits", dict).items()
    }
    origins = tuple(_origin(value, splits, file) for value in fields.take("origins", list, []))
    fields.finish()
    return Entry(
        name, kind, description, licence, megabytes, splits, origins, caveats, see_also, file
    )


def _split(name: str, content: Any, file: Path) -> Split:
    fields = _Fields(content, f"split {name!r}", file)
    rows = fields.take("rows", int)
    fingerprint = fields.take("fingerprint", str)
    if not _SHA256.fullmatch(fingerprint):
        raise fields.error("has a fingerprint that is not 64 hexadecimal digits")
    columns = fields.take("columns", dict)
    for column, kind in columns.items():
        if kind not in COLUMN_TYPES:
            raise fields.error(f"gives column {column!r} a type other than {COLUMN_TYPES}")
    prepared = fields.take_digests("prepared", {})
    fields.finish()
    return Split(name, rows, fingerprint, columns, prepared)


def _origin(content: Any, splits: dict[str, Split], file: Path) -> Origin:
    fields = _Fields(content, "an origin", file)
    package = fields.take("package", str, "")
    repository = fields.take("repository", str, "")
    commit = fields.take("commit", str, "")
    if bool(package) == bool(repository):
        raise fields.error("needs either a package or a repository")
    if repository:
        check_relative(repository, fields)
        if repository.count("/") != 1 or not _COMMIT.fullmatch(commit):
            raise fields.error("needs a repository owner/name and a full commit of 40 digits")
    named = fields.take_texts("splits")
    for name in named:
        if name not in splits:
            raise fields.error(f"names the split {name!r}, which the corpus has not")
    preparation = fields.take("preparation", str)
    megabytes = float(fields.take("megabytes", (int, float), 0.0))
    listed = fields.take("files_listed_in", str, "")
    if listed:
        check_relative(listed, fields)
        files = _read_digest_list(file.parent / listed)
    else:
        files = fields.take_digests("files")
    if not files:
        raise fields.error("has no files")
    page_lists = fields.take("page_lists", dict, {})
    for path in page_lists.values():
        check_relative(path, fields)
    fields.finish()
    return Origin(
        splits=tuple(named),
        preparation=preparation,
        files=files,
        repository=repository,
        commit=commit,
        package=package,
        megabytes=megabytes,
        page_lists={split: file.parent / path for split, path in page_lists.items()} or None,
    )


def _read_digest_list(file: Path) -> dict[str, str]:
    """Read a list in the form that the `sha256sum` command writes and checks."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReplicationError(f"{file}: cannot be read ({error}); restore it") from error
    digests = {}
    for number, line in enumerate(lines, start=1):
        digest, _, path = line.partition("  ")
        check_relative(path, _Fields({}, f"line {number}", file))
        if not _SHA256.fullmatch(digest):
            raise ReplicationError(
                f"{file}: line {number} is not a sha256, two spaces and a path; restore it"
            )
        digests[path] = digest
    return digests
