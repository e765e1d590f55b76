"""Raw and prepared files from a mirror, an installed package or a public address, verified."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from replications.corpora.store.prepared import cache_error
from replications.corpora.store.registry import FurtherFiles, Origin
from replications.errors import ReplicationError
from replications.paths import cache_folder, named_folder

PUBLIC_RAW_FILES = "https://raw.githubusercontent.com"
_TIMEOUT_SECONDS = 30


class NotAvailable(Exception):
    """A source lacks the files; the reason is shown when no other source has them."""


def corpora_cache() -> Path:
    """The part of the cache that holds corpora."""
    return cache_folder() / "corpora"


def mirror() -> Path | str | None:
    """What `REPLICATIONS_MIRROR` names: a folder, an http(s) address, or None.

    Raises ReplicationError when it names a folder that is not there, since a mistyped mirror
    must not lead to a download.
    """
    named = os.environ.get("REPLICATIONS_MIRROR", "").strip()
    if not named:
        return None
    if named.startswith(("http://", "https://")):
        return named.rstrip("/")
    folder = named_folder(named)
    if not folder.is_dir():
        raise ReplicationError(
            f"REPLICATIONS_MIRROR is {named!r}, and {folder} is no folder here; correct or unset it"
        )
    return folder


def sha256_of(file: Path) -> str:
    """The sha256 of a file's bytes, as 64 hexadecimal digits."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ReplicationError(f"{file}: cannot be read ({error.strerror or error})") from error


def check_sha256(file: Path, expected: str) -> None:
    """ReplicationError naming the file when its bytes are not the registered ones."""
    actual = sha256_of(file)
    if actual != expected:
        raise ReplicationError(
            f"{file}: has sha256 {actual}, the registry says {expected}; it is damaged, incomplete "
            "or another version: delete it and fetch the corpus again"
        )


def package_files(origin: Origin, *, allow_different_data: bool) -> dict[str, Path]:
    """The origin's files inside an installed package, found without importing it."""
    found = importlib.util.find_spec(origin.package)
    if found is None or not found.submodule_search_locations:
        raise NotAvailable(f"the package {origin.package} is not installed")
    folder = Path(next(iter(found.submodule_search_locations)))
    files = {path: folder / path for path in origin.files}
    for path, file in files.items():
        if not file.is_file():
            raise NotAvailable(f"the installed {origin.package} does not ship {path}")
        if not allow_different_data:
            check_sha256(file, origin.files[path])
    return files


def describe(origin: Origin) -> str:
    """The origin for people: repository and commit, address, or package and installed version."""
    if origin.package:
        return f"{origin} {metadata.version(origin.package)}"
    return str(origin)


def repository_files(origin: Origin, corpus: str) -> dict[str, Path]:
    """The origin's raw files: from the mirror's `raw` folder, else downloaded into the cache.

    Every file is verified against its registered sha256. Raises NotAvailable when no address
    answers, ReplicationError when bytes are wrong or the cache cannot be written.
    """
    files: dict[str, Path] = {}
    for each in (origin, *origin.further):
        files |= _files_of_one(each, corpus)
    return files


def mirrored_raw_folder(origin: Origin | FurtherFiles, here: Path) -> Path:
    """Where a mirror's folder keeps the raw files of a repository's commit, or of an address."""
    return here / "raw" / origin.tree


def _files_of_one(origin: Origin | FurtherFiles, corpus: str) -> dict[str, Path]:
    tree = origin.tree
    here = mirror()
    if isinstance(here, Path):
        mirrored = {path: mirrored_raw_folder(origin, here) / path for path in origin.files}
        if all(file.is_file() for file in mirrored.values()):
            for path, file in mirrored.items():
                check_sha256(file, origin.files[path])
            return mirrored
    own = origin.address if isinstance(origin, Origin) else ""
    addresses = [own or f"{PUBLIC_RAW_FILES}/{tree}"]
    if isinstance(here, str):
        addresses.insert(0, f"{here}/raw/{tree}")
    reasons = []
    for address in addresses:
        try:
            return download_all(
                address, origin.files, corpora_cache() / "raw" / tree, corpus, verify=True
            )
        except NotAvailable as reason:
            reasons.append(str(reason))
    raise NotAvailable("; ".join(reasons))


def download_all(
    address: str, files: Mapping[str, str], folder: Path, corpus: str, *, verify: bool
) -> dict[str, Path]:
    """Download files (path to sha256) below an address into a folder, showing progress.

    A file that is already there with the right sha256 is kept, so a broken download goes on where
    it stopped.
    """
    from tqdm import tqdm

    there = {}
    with tqdm(total=len(files), desc=corpus, unit="file", file=sys.stderr, leave=False) as bar:
        for path, digest in files.items():
            there[path] = _download(
                f"{address}/{path}",
                folder / path,
                f"sha256:{digest}" if verify else None,
                progress=len(files) == 1,
            )
            bar.update()
    return there


def refuse_pages(files: Mapping[str, Path], address: str) -> None:
    """Raise NotAvailable where a server has answered with a web page in place of a file.

    Portals, proxies and servers of applications do so for an address that they do not have.
    """
    for path, file in files.items():
        with file.open("rb") as stream:
            beginning = stream.read(200).lstrip().lower()
        if beginning.startswith((b"<!doctype", b"<html", b"<?xml")):
            raise NotAvailable(f"{address}/{path}: a web page, not the file")


def _download(address: str, file: Path, known_hash: str | None, *, progress: bool) -> Path:
    import pooch
    import requests

    pooch.get_logger().setLevel(logging.WARNING)
    try:
        pooch.retrieve(
            address,
            known_hash=known_hash,
            fname=file.name,
            path=file.parent,
            downloader=pooch.HTTPDownloader(progressbar=progress, timeout=_TIMEOUT_SECONDS),
        )
    except requests.RequestException as error:
        raise NotAvailable(f"{address}: {_short(error)}") from error
    except ValueError as error:
        raise ReplicationError(
            f"{address}: what arrived has not the registered sha256 ({known_hash}); the download "
            "was cut or changed on the way: try again, and if it stays so, report it"
        ) from error
    except OSError as error:
        raise cache_error(file.parent, error) from error
    return file


def _short(error: Exception) -> str:
    response = getattr(error, "response", None)
    if response is not None:
        return f"answer {response.status_code}"
    return f"no connection ({type(error).__name__})"
