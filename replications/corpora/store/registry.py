"""The registry: one strictly validated YAML file a corpus, in `data/registry/`."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Strict,
    StrictInt,
    ValidationError,
    field_validator,
    model_validator,
)

from replications import paths
from replications.errors import ReplicationError

Kind = Literal["real", "bundled", "synthetic"]
ColumnType = Literal["string", "double", "integer", "strings", "coordinates", "pairs"]
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def _relative(path: str) -> str:
    """Refuse a path that could leave the folder it is joined to."""
    parts = path.split("/")
    # A colon may stand in a file's name, but not where Windows writes a drive.
    drive = parts[0][1:2] == ":" or parts[0].endswith(":")
    if any(part in ("", ".", "..") for part in parts) or "\\" in path or drive:
        raise ValueError(f"{path!r} is not a plain relative path")
    return path


def _digest(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise ValueError(f"{text!r} is not a sha256 of 64 hexadecimal digits")
    return text


def _refuse_half_repository(repository: str, commit: str) -> None:
    _relative(repository)
    if repository.count("/") != 1 or not _COMMIT.fullmatch(commit):
        raise ValueError("needs a repository owner/name and a full commit of 40 digits")


Text = Annotated[str, AfterValidator(lambda text: " ".join(text.split()))]
Digest = Annotated[str, AfterValidator(_digest)]
RelativePath = Annotated[str, AfterValidator(_relative)]
Megabytes = Annotated[float, Strict()]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FurtherFiles(_Strict):
    """Files of one more repository, for a corpus that is joined from several."""

    repository: str
    commit: str
    files: dict[RelativePath, Digest]

    @model_validator(mode="after")
    def _refuse_half(self) -> FurtherFiles:
        _refuse_half_repository(self.repository, self.commit)
        return self

    @property
    def tree(self) -> str:
        """The folder of the files below the address of all repositories."""
        return f"{self.repository}/{self.commit}"


class Origin(_Strict):
    """Where raw files lie, and the preparation that makes rows of them.

    Exactly one of `repository` (GitHub, with the full `commit`), `address` (a folder of the web)
    and `package` (an installed Python package) is set. `files` maps a path inside it to the sha256
    of the file; in the registry they may be `files_listed_in` a file of their own. `further`
    (optional) are files of other repositories that the rows are made of, too. `page_lists`
    (optional) maps a split to a file of page numbers.
    """

    splits: tuple[str, ...]
    preparation: str
    files: dict[RelativePath, Digest]
    repository: str = ""
    commit: str = ""
    address: str = ""
    package: str = ""
    further: tuple[FurtherFiles, ...] = ()
    megabytes: Megabytes = 0.0
    page_lists: dict[str, Path] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_lists(cls, content: Any, info: Any) -> Any:
        if not isinstance(content, dict):
            return content
        content, folder = dict(content), info.context
        if listed := content.pop("files_listed_in", ""):
            content["files"] = _read_digest_list(folder / _relative(listed))
        if pages := content.get("page_lists"):
            content["page_lists"] = {name: folder / _relative(path) for name, path in pages.items()}
        return content

    @model_validator(mode="after")
    def _refuse_half(self) -> Origin:
        if sum(map(bool, (self.package, self.repository, self.address))) != 1:
            raise ValueError("needs either a package or a repository or an address")
        if self.repository:
            _refuse_half_repository(self.repository, self.commit)
        if self.address:
            scheme, _, place = self.address.partition("://")
            _relative(place)
            if scheme not in ("https", "http"):
                raise ValueError(f"{self.address!r} is no address that begins with https://")
        if not self.files:
            raise ValueError("has no files")
        return self

    @property
    def tree(self) -> str:
        """The folder of the files: below the address of all repositories, or the address itself
        without its scheme."""
        return self.address.partition("://")[2] or f"{self.repository}/{self.commit}"

    def __str__(self) -> str:
        if self.package:
            return f"{self.package} wheel"
        if self.address:
            return self.address
        return f"github:{self.repository}@{self.commit[:12]}"


class Split(_Strict):
    """One split: how many rows, their fingerprint, columns, and the mirror's prepared files.

    Those are parquet, unless `preparation` names what makes rows of them.
    """

    name: str
    rows: StrictInt
    fingerprint: Digest
    columns: dict[str, ColumnType]
    prepared: dict[RelativePath, Digest] = {}
    preparation: str = ""

    @model_validator(mode="before")
    @classmethod
    def _read_list(cls, content: Any, info: Any) -> Any:
        if isinstance(content, dict) and "prepared_listed_in" in content:
            content = dict(content)
            listed = info.context / _relative(content.pop("prepared_listed_in"))
            content["prepared"] = _read_digest_list(listed)
        return content


class Entry(_Strict):
    """One corpus of the registry."""

    name: str
    kind: Kind
    description: Text
    licence: str
    megabytes: Megabytes
    splits: dict[str, Split]
    origins: tuple[Origin, ...] = ()
    caveats: tuple[Text, ...] = ()
    file: Path

    @field_validator("splits", mode="before")
    @classmethod
    def _name_splits(cls, splits: Any) -> Any:
        if not isinstance(splits, dict):
            return splits
        return {
            str(name): {"name": str(name), **split} if isinstance(split, dict) else split
            for name, split in splits.items()
        }

    @model_validator(mode="after")
    def _refuse_unknown_splits(self) -> Entry:
        if self.name != self.file.stem:
            raise ValueError("has a name that is not the file's name")
        for name in (name for origin in self.origins for name in origin.splits):
            if name not in self.splits:
                raise ValueError(f"an origin names the split {name!r}, which the corpus has not")
        return self

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


def corpus_names(folder: Path | None = None) -> list[str]:
    """The names of all registered corpora, in alphabetical order.

    Raises ReplicationError where there is no registry.
    """
    folder = folder or paths.REGISTRY
    if not folder.is_dir():
        raise ReplicationError(
            f"{folder} is not there: registry, records and chapters are no part of an installed "
            "copy of the package. Clone the repository and install it where it is: "
            "`pip install -e .`, or `make env`."
        )
    return sorted(file.stem for file in folder.glob("*.yml"))


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
    return _entry(content, file)


def _entry(content: Any, file: Path) -> Entry:
    if not isinstance(content, dict):
        raise ReplicationError(f"{file}: must be a mapping of keys to values; correct it")
    try:
        return Entry.model_validate({**content, "file": file}, context=file.parent)
    except ValidationError as error:
        problems = "; ".join(map(_problem, error.errors()))
        raise ReplicationError(f"{file}: {problems}; correct the registry file") from error


def _problem(error: Any) -> str:
    """One complaint of pydantic in a few words, with where it is."""
    *places, last = error["loc"] or ("",)
    where = f" in {' '.join(map(str, places))}" if places else ""
    if error["type"] == "extra_forbidden":
        return f"unknown key {last!r}{where}"
    if error["type"] == "missing":
        return f"the key {last!r}{where} is lacking"
    said = error["msg"].removeprefix("Value error, ")
    return f"{last!r}{where}: {said}" if last != "" else said


def _read_digest_list(file: Path) -> dict[str, str]:
    """Read a list in the form that the `sha256sum` command writes and checks."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReplicationError(f"{file}: cannot be read ({error}); restore it") from error
    digests = {}
    for number, line in enumerate(lines, start=1):
        digest, _, path = line.partition("  ")
        try:
            digests[_relative(path)] = _digest(digest)
        except ValueError as error:
            raise ReplicationError(
                f"{file}: line {number} is not a sha256, two spaces and a path; restore it"
            ) from error
    return digests
