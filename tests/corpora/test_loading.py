from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tiny_corpus import RAW, ROWS

from replications import paths
from replications.corpora import (
    fetch_corpus,
    list_corpora,
    load_corpus,
    verify_corpus,
    where,
)
from replications.corpora.loading import corpora_read, different_data_allowed, note_read
from replications.corpora.store import download
from replications.errors import ReplicationError

OTHER_ROWS = [{**ROWS[0], "score": 1.0}, ROWS[1]]


def test_the_mirror_raw_files_and_a_download_give_the_same_rows(tiny, served, monkeypatch):
    tiny.put_prepared()
    rows, from_mirror = load_corpus("tiny")
    assert list(rows) == ROWS
    assert (from_mirror.origin, from_mirror.rows, from_mirror.expected) == ("mirror", 2, True)

    (tiny.mirror / "tiny" / "train.parquet").unlink()
    raw = tiny.put_raw()
    rows, from_raw = load_corpus("tiny")
    assert list(rows) == ROWS
    assert from_raw.origin == "github:owner/pairs@0123456789ab"

    for file in tiny.cached_files():
        file.unlink()
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    monkeypatch.setattr(download, "PUBLIC_RAW_FILES", served(raw.parents[4]))
    rows, downloaded = load_corpus("tiny")
    assert list(rows) == ROWS
    assert from_mirror.sha256 == from_raw.sha256 == downloaded.sha256
    assert downloaded == from_raw


def test_what_was_downloaded_once_is_read_from_the_cache(tiny, served, monkeypatch):
    raw = tiny.put_raw()
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    monkeypatch.setattr(download, "PUBLIC_RAW_FILES", served(raw.parents[4]))
    _, first = load_corpus("tiny")
    monkeypatch.setattr(download, "PUBLIC_RAW_FILES", "http://127.0.0.1:9")
    _, second = load_corpus("tiny")
    assert second == first


@pytest.mark.parametrize("kind", ["prepared", "raw"])
def test_a_mirror_may_be_an_address(tiny, served, monkeypatch, kind):
    tiny.put_prepared() if kind == "prepared" else tiny.put_raw()
    monkeypatch.setenv("REPLICATIONS_MIRROR", served(tiny.mirror) + "/")
    rows, identity = load_corpus("tiny")
    assert list(rows) == ROWS
    assert identity.expected


def test_a_mirror_is_never_written_into(tiny):
    tiny.put_prepared()
    tiny.put_raw()
    before = sorted(tiny.mirror.rglob("*"))
    load_corpus("tiny")
    fetch_corpus("tiny")
    assert sorted(tiny.mirror.rglob("*")) == before


def test_without_network_and_mirror_the_error_names_corpus_origins_and_way_out(tiny, monkeypatch):
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    with pytest.raises(ReplicationError) as caught:
        load_corpus("tiny")
    for part in (
        "tiny",
        "github:owner/pairs",
        "no connection",
        "REPLICATIONS_MIRROR",
        "data fetch",
    ):
        assert part in str(caught.value)
    assert tiny.cached_files() == []


def test_of_a_corpus_without_a_public_origin_no_download_is_suggested(tiny, monkeypatch):
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    del tiny.entry["origins"]
    tiny.register()
    with pytest.raises(ReplicationError, match="no public origin is known") as caught:
        load_corpus("tiny")
    assert "`replicate data export` writes a mirror" in str(caught.value)
    assert "set REPLICATIONS_MIRROR to a folder" in str(caught.value)
    assert "Connect to a network" not in str(caught.value)


def test_a_mirror_folder_that_is_not_there_is_refused_before_anything_is_downloaded(
    tiny, monkeypatch
):
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(tiny.mirror / "gone"))
    with pytest.raises(ReplicationError, match="gone.*no folder"):
        load_corpus("tiny")


def test_rows_with_another_fingerprint_are_refused(tiny):
    file = tiny.put_prepared(OTHER_ROWS)
    with pytest.raises(ReplicationError, match="fingerprint.*--allow-different-data") as caught:
        load_corpus("tiny")
    assert str(file) in str(caught.value)
    assert tiny.cached_files() == []


def test_allowed_different_rows_are_marked_and_kept_out_of_the_cache(tiny):
    tiny.put_prepared(OTHER_ROWS)
    with different_data_allowed():
        rows, identity = load_corpus("tiny")
        assert list(rows) == OTHER_ROWS
        assert not identity.expected
        fetch_corpus("tiny")
        assert tiny.cached_files() == []
        with different_data_allowed(False), pytest.raises(ReplicationError, match="fingerprint"):
            load_corpus("tiny")
    with pytest.raises(ReplicationError, match="fingerprint"):
        fetch_corpus("tiny")


def test_what_was_read_is_noted_once_and_only_inside(tiny):
    tiny.put_prepared()
    load_corpus("tiny")
    with corpora_read() as read:
        assert not read
        identity = load_corpus("tiny")[1]
        load_corpus("tiny")
    note_read(identity)
    assert list(read) == [identity]


def test_an_unknown_split_is_refused_with_those_there_are(tiny):
    with pytest.raises(ReplicationError, match="no split 'tset'.*train"):
        load_corpus("tiny", "tset")


def test_a_corpus_without_rows_is_refused(tiny):
    tiny.put_prepared([])
    with pytest.raises(ReplicationError, match="holds no rows"):
        load_corpus("tiny")


def test_a_missing_column_is_named(tiny):
    file = tiny.put_prepared([{key: row[key] for key in row if key != "word2"} for row in ROWS])
    with pytest.raises(ReplicationError, match="no column 'word2'") as caught:
        load_corpus("tiny")
    assert str(file) in str(caught.value)


def test_a_column_of_another_type_is_refused(tiny):
    tiny.put_prepared([{**row, "score": "high"} for row in ROWS])
    with pytest.raises(ReplicationError, match=r"train\.parquet"):
        load_corpus("tiny")


@pytest.mark.parametrize("left", [0, 4, 200])
def test_a_truncated_parquet_file_is_refused_by_name(tiny, left):
    file = tiny.put_prepared()
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(ReplicationError, match="damaged, truncated") as caught:
        load_corpus("tiny")
    assert str(file) in str(caught.value)
    assert tiny.cached_files() == []


def test_a_raw_file_with_a_wrong_sha256_is_refused_even_when_other_data_are_allowed(tiny):
    file = tiny.put_raw(RAW.replace(b"9.5", b"9.6"))
    with different_data_allowed(), pytest.raises(ReplicationError, match="sha256") as caught:
        load_corpus("tiny")
    assert str(file) in str(caught.value)
    assert tiny.cached_files() == []


def test_a_download_with_a_wrong_sha256_leaves_no_file(tiny, served, monkeypatch):
    raw = tiny.put_raw(RAW[:-3])
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    monkeypatch.setattr(download, "PUBLIC_RAW_FILES", served(raw.parents[4]))
    with pytest.raises(ReplicationError, match=r"EN-MINI\.txt.*sha256"):
        load_corpus("tiny")
    assert tiny.cached_files() == []


def test_a_cache_that_cannot_be_written_is_named_with_the_way_out(tiny):
    tiny.put_raw()
    tiny.cache.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(ReplicationError, match="REPLICATIONS_CACHE"):
        fetch_corpus("tiny")


def test_rows_that_are_here_can_be_used_where_nothing_can_be_kept(tiny):
    tiny.put_raw()
    tiny.cache.write_text("a file where the folder should be", encoding="utf-8")
    _, identity = load_corpus("tiny")
    assert identity.expected


def test_a_full_disk_leaves_no_half_written_file(tiny):
    resource = pytest.importorskip("resource", reason="needs limits on file size (POSIX)")
    tiny.put_raw()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(ReplicationError, match=r"cannot write to .*REPLICATIONS_CACHE"):
            fetch_corpus("tiny")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert tiny.cached_files() == []


def test_a_damaged_file_in_the_cache_is_named(tiny):
    tiny.put_raw()
    load_corpus("tiny")
    (cached,) = tiny.cached_files()
    cached.write_bytes(cached.read_bytes()[:-10])
    with pytest.raises(ReplicationError, match="delete it") as caught:
        load_corpus("tiny")
    assert str(cached) in str(caught.value)


def test_a_fetched_corpus_is_there_when_the_mirror_has_gone(tiny, monkeypatch):
    tiny.put_prepared()
    (fetched,) = fetch_corpus("tiny")
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    _, loaded = load_corpus("tiny")
    assert loaded == fetched


def test_verify_shows_expected_and_actual_fingerprints(tiny):
    registered = tiny.entry["splits"]["train"]["fingerprint"]
    tiny.put_prepared()
    assert verify_corpus("tiny") == [("train", registered, registered, True)]
    tiny.put_prepared(OTHER_ROWS)
    ((split, expected, actual, equal),) = verify_corpus("tiny")
    assert (split, expected, equal) == ("train", registered, False)
    assert actual != registered


def test_verify_downloads_nothing(tiny):
    with pytest.raises(ReplicationError, match="data fetch tiny"):
        verify_corpus("tiny")


def test_the_list_says_where_each_corpus_can_be_had(tiny, monkeypatch):
    def available() -> str:
        (listed,) = list_corpora()
        return listed.available

    assert available() == "needs download"
    tiny.put_raw()
    assert available() == "mirror"
    fetch_corpus("tiny")
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    assert available() == "cache"


def test_importing_the_corpora_imports_no_large_library():
    code = (
        "import sys, replications.corpora; "
        "large = ('torch', 'gensim', 'datasets', 'pyarrow'); "
        "print([name for name in large if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert answer.stdout.strip() == "[]"


def test_a_mirror_that_answers_with_a_web_page_is_passed_over_and_named(tiny, served, monkeypatch):
    page = tiny.mirror / "tiny" / "train.parquet"
    page.parent.mkdir()
    page.write_text("<!DOCTYPE html><html><body>Please log in</body></html>", encoding="utf-8")
    monkeypatch.setenv("REPLICATIONS_MIRROR", served(tiny.mirror))
    with pytest.raises(ReplicationError, match=r"train\.parquet: a web page, not the file"):
        load_corpus("tiny")


def test_a_folder_may_be_named_with_a_tilde_or_from_the_repository(tiny, monkeypatch):
    monkeypatch.setenv("HOME", str(tiny.mirror.parent))
    monkeypatch.setenv("REPLICATIONS_MIRROR", "~/mirror")
    monkeypatch.setenv("REPLICATIONS_CACHE", "~/cache")
    assert download.mirror() == tiny.mirror
    assert paths.cache_folder() == tiny.cache
    # Wherever the program runs: a notebook runs in its own folder.
    monkeypatch.setattr(paths, "REPOSITORY", tiny.mirror.parent)
    monkeypatch.setenv("REPLICATIONS_MIRROR", "mirror")
    monkeypatch.setenv("REPLICATIONS_CACHE", "./cache")
    monkeypatch.chdir("/")
    assert download.mirror() == tiny.mirror
    assert paths.cache_folder() == tiny.cache


def test_of_a_corpus_the_splits_that_are_needed_can_be_had_alone(tiny, tmp_path):
    tiny.entry["splits"]["extra"] = {
        **tiny.entry["splits"]["train"],
        "prepared": {"tiny/extra.parquet": "0" * 64},
    }
    tiny.register()
    tiny.put_prepared()
    assert [where(needed) for needed in ("tiny", "tiny:extra", "tiny:train")] == [
        "needs download",
        "needs download",
        "mirror",
    ]
    (identity,) = fetch_corpus("tiny:train")
    assert identity.split == "train"
    with pytest.raises(ReplicationError, match="no public origin is known of this split"):
        fetch_corpus("tiny:extra")
    with pytest.raises(ReplicationError, match="corpus tiny has no split 'tain'"):
        where("tiny:tain")


def test_an_install_without_the_repository_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "REGISTRY", tmp_path / "site-packages" / "data" / "registry")
    with pytest.raises(ReplicationError, match=r"registry is not there: .*pip install -e"):
        list_corpora()
