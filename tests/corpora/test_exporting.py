"""Corpora packed for a machine without a network."""

from __future__ import annotations

import hashlib
import io
import tarfile

import pyarrow.parquet
import pytest
from tiny_corpus import ROWS

from replications.corpora import export_corpora, load_corpus, split_into_parts
from replications.errors import ReplicationError


def exported(tiny, tmp_path):
    folder = tmp_path / "exported"
    return folder, list(export_corpora(["tiny"], folder))


@pytest.mark.parametrize("place", ["put_prepared", "put_raw"])
def test_the_exported_folder_is_a_mirror_with_the_registered_rows(
    tiny, tmp_path, monkeypatch, place
):
    getattr(tiny, place)()
    folder, (corpus,) = exported(tiny, tmp_path)
    (file,) = (file for file in folder.rglob("*") if file.is_file())
    assert (corpus.name, corpus.rows, corpus.bytes) == ("tiny", 2, file.stat().st_size)
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(folder))
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "other-cache"))
    rows, identity = load_corpus("tiny")
    assert list(rows) == ROWS
    assert (identity.origin, identity.expected) == ("mirror", True)


def test_splits_that_are_named_are_exported_without_the_others(tiny, tmp_path):
    tiny.put_prepared()
    train = tiny.entry["splits"]["train"]
    tiny.entry["splits"]["test"] = {**train, "prepared": {"tiny/test.parquet": "0" * 64}}
    tiny.register()
    folder = tmp_path / "exported"
    (corpus,) = export_corpora(["tiny:train", "tiny:train"], folder)
    assert (corpus.name, corpus.rows) == ("tiny", len(ROWS))
    assert [file.name for file in (folder / "tiny").iterdir()] == ["train.parquet"]


def test_rows_are_compressed_with_zstd(tiny, tmp_path):
    tiny.put_prepared()
    folder, _ = exported(tiny, tmp_path)
    column = pyarrow.parquet.ParquetFile(folder / "tiny/train.parquet").metadata.row_group(0)
    assert column.column(0).compression == "ZSTD"


def test_the_registered_file_of_a_mirror_is_taken_as_it_is(tiny, tmp_path):
    file = tiny.put_prepared()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    tiny.entry["splits"]["train"]["prepared"] = {"tiny/train.parquet": digest}
    tiny.register()
    folder, _ = exported(tiny, tmp_path)
    assert (folder / "tiny/train.parquet").read_bytes() == file.read_bytes()


def test_a_split_of_several_files_has_all_its_rows_in_their_order(tiny, tmp_path, monkeypatch):
    tiny.put_prepared()
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tiny.cache))
    load_corpus("tiny")
    tiny.put_raw()
    (tiny.mirror / "tiny/train.parquet").unlink()
    tiny.entry["splits"]["train"]["prepared"] = {
        f"tiny/train-{number}.parquet": "0" * 64 for number in range(2)
    }
    tiny.register()
    folder, _ = exported(tiny, tmp_path)
    tables = [
        pyarrow.parquet.read_table(folder / f"tiny/train-{number}.parquet").to_pylist()
        for number in range(2)
    ]
    assert [[row["word1"] for row in table] for table in tables] == [["cœur"], ["tiger"]]


def test_other_rows_than_the_registered_ones_are_not_exported(tiny, tmp_path):
    tiny.put_prepared([{**ROWS[0], "score": 1.0}])
    with pytest.raises(ReplicationError, match="rows have the fingerprint"):
        exported(tiny, tmp_path)


def test_a_folder_that_holds_something_is_left_alone(tiny, tmp_path):
    tiny.put_prepared()
    folder, _ = exported(tiny, tmp_path)
    with pytest.raises(ReplicationError, match="name a new folder"):
        exported(tiny, tmp_path)
    assert (folder / "tiny/train.parquet").is_file()


def test_a_synthetic_corpus_needs_no_file(own_cache, tmp_path):
    (corpus,) = export_corpora(["world-words"], tmp_path / "exported")
    assert (corpus.kind, corpus.rows, corpus.bytes) == ("synthetic", 4285, 0)
    assert not (tmp_path / "exported").exists()


def test_parts_joined_are_the_folder_and_none_is_too_large(tmp_path):
    folder = tmp_path / "exported"
    contents = {"a/one.bin": bytes(range(256)) * 20, "two.txt": b"two", "a/b/three": b""}
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    parts = split_into_parts(folder, 3000)
    assert [part.stat().st_size for part in parts[:-1]] == [3000] * (len(parts) - 1)
    assert len(parts) > 2 and parts[-1].stat().st_size <= 3000
    joined = b"".join(part.read_bytes() for part in parts)
    with tarfile.open(fileobj=io.BytesIO(joined)) as archive:
        found = {entry.name: archive.extractfile(entry).read() for entry in archive}
    assert found == contents
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    assert lines == [
        f"{hashlib.sha256(part.read_bytes()).hexdigest()}  {part.name}" for part in parts
    ]
    assert sorted(folder.iterdir()) == [folder / "SHA256SUMS", *parts]


def test_parts_of_next_to_nothing_are_an_error(tmp_path):
    with pytest.raises(ReplicationError, match="give 1KB or more"):
        split_into_parts(tmp_path, 10)
