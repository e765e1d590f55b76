"""A reader's large texts, divided once and kept in the cache: later runs read what they need."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from replications.atomic_write import written_whole
from replications.code_version import TEXT, code_version
from replications.corpora.store.fingerprint import canonical_row
from replications.corpora.store.prepared import cache_error
from replications.corpora.store.registry import Split
from replications.corpora.store.rows import FileRows
from replications.corpora.store.verified import remembered_contents
from replications.corpora.yours.files import documents_of
from replications.corpora.yours.parts import ENOUGH_DOCUMENTS, PARTS, held_out, with_ends_held_out
from replications.errors import ReplicationError
from replications.paths import cache_folder

# Of UTF-8, in a row group: all of it is read where a single text is asked for.
_GROUP_BYTES = 8 << 20
_ABOUT = "about.json"


def kept_documents(
    files: Sequence[Path], a_line: bool
) -> tuple[list[Sequence[str]], Sequence[str]]:
    """The texts of the files in the three PARTS, which are read when they are asked for, and the
    fingerprint of each part.

    They are kept under a key of the files' contents, which are known by their paths, sizes and
    times once they were read. What was cut short or deleted in the cache is made again.

    Raises ReplicationError for what `text_lines` refuses, for files that change meanwhile, and
    where writing fails.
    """
    state = _state(files)
    key = json.dumps([code_version(TEXT), remembered_contents(files), a_line])
    folder = cache_folder() / "own-texts" / hashlib.sha256(key.encode()).hexdigest()[:24]
    found = _read(folder)
    if found is None:
        about = _write(folder, files, a_line)
        if _state(files) != state:
            raise ReplicationError(
                f"{files[0].parent}: the texts changed while they were read. Run this again when "
                "nothing writes to them."
            )
        _note(folder, about)
        found = _read(folder)
    if found is None:
        raise ReplicationError(f"{folder} was changed by another program. Run this again.")
    return found


def _state(files: Sequence[Path]) -> list[tuple[int, int]]:
    return [(state.st_size, state.st_mtime_ns) for state in map(Path.stat, files)]


def _file(folder: Path, part: str) -> Path:
    return folder / f"{part}.parquet"


def _read(folder: Path) -> tuple[list[Sequence[str]], Sequence[str]] | None:
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        parts, fingerprints = [], []
        for part in PARTS:
            file, noted = _file(folder, part), about[part]
            if file.stat().st_size != noted["bytes"]:
                return None
            split = Split(
                name=part,
                rows=noted["rows"],
                fingerprint=noted["sha256"],
                columns={"text": "string"},
            )
            parts.append(FileRows([file], split)["text"] if split.rows else [])
            fingerprints.append(split.fingerprint)
    except (OSError, ValueError, KeyError, TypeError, ReplicationError):
        # Not there, or damaged: it is made again.
        return None
    return parts, fingerprints


def _write(folder: Path, files: Sequence[Path], a_line: bool) -> dict[str, dict[str, object]]:
    """Write the three files, and say what is in them."""
    digests = [hashlib.sha256(text.encode()).digest() for text in documents_of(files, a_line)]
    if len(digests) < ENOUGH_DOCUMENTS:
        parts = with_ends_held_out(list(documents_of(files, a_line)))
        divided = ((text, part) for part, texts in enumerate(parts) for text in texts)
    else:
        held = held_out(digests)
        numbers = (held.get(digest, 0) for digest in digests)
        divided = zip(documents_of(files, a_line), numbers, strict=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # From here on an older copy is invalid, whenever this stops.
        (folder / _ABOUT).unlink(missing_ok=True)
        with ExitStack() as stack:
            writers = [stack.enter_context(_writer(_file(folder, part))) for part in PARTS]
            for text, part in divided:
                writers[part].add(text)
    except OSError as error:
        raise cache_error(folder, error) from error
    return {
        part: {
            "rows": writer.rows,
            "sha256": writer.digest.hexdigest(),
            "bytes": _file(folder, part).stat().st_size,
        }
        for part, writer in zip(PARTS, writers, strict=True)
    }


def _note(folder: Path, about: dict[str, dict[str, object]]) -> None:
    """Written last: where it is, the parts are whole."""
    try:
        with written_whole(folder / _ABOUT) as partial:
            partial.write_text(json.dumps(about), encoding="utf-8")
    except OSError as error:
        raise cache_error(folder, error) from error


class _Writer:
    """Texts of one part on their way to its file, a group of rows in memory."""

    def __init__(self, file: object) -> None:
        import pyarrow
        import pyarrow.parquet

        self.schema = pyarrow.schema([("text", pyarrow.large_string())])
        self.parquet = pyarrow.parquet.ParquetWriter(file, self.schema, compression="zstd")
        self.digest = hashlib.sha256()
        self.texts: list[str] = []
        self.rows, self.size = 0, 0

    def add(self, text: str) -> None:
        row = canonical_row({"text": text}, ["text"]).encode()
        self.digest.update(row)
        self.texts.append(text)
        self.rows, self.size = self.rows + 1, self.size + len(row)
        if self.size >= _GROUP_BYTES:
            self.write()

    def write(self) -> None:
        import pyarrow

        if self.texts:
            table = pyarrow.table({"text": self.texts}, schema=self.schema)
            self.parquet.write_table(table, row_group_size=len(self.texts))
        self.texts, self.size = [], 0


@contextmanager
def _writer(file: Path) -> Iterator[_Writer]:
    with written_whole(file) as partial:
        writer = _Writer(partial)
        with writer.parquet:
            yield writer
            writer.write()
