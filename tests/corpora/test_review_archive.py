"""Film reviews out of a tiny archive, and an origin that is an address of the web."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from replications.corpora import load_corpus
from replications.corpora.raw.review_archives import review_archive_rows
from replications.corpora.store.fingerprint import fingerprint_rows
from replications.errors import ReplicationError

REVIEWS = {
    "aclImdb/train/pos/0_9.txt": "Good.",
    "aclImdb/train/neg/10_1.txt": "Œuvre? No.<br />",
    "aclImdb/train/neg/2_3.txt": "Bad.",
    "aclImdb/train/unsup/3_0.txt": "Unlabelled.",
    "aclImdb/test/neg/0_2.txt": "Worse.",
    "aclImdb/train/urls_neg.txt": "http://",
}
COLUMNS = {"text": "string", "label": "integer"}


def packed(file: Path) -> Path:
    with tarfile.open(file, "w:gz") as archive:
        for name, text in REVIEWS.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return file


def test_reviews_stand_by_label_and_number_and_only_those_of_the_split(tmp_path):
    files = {"all.tar.gz": packed(tmp_path / "all.tar.gz")}
    assert list(review_archive_rows(files, "train")) == [
        {"text": "Bad.", "label": 0},
        {"text": "Œuvre? No.<br />", "label": 0},
        {"text": "Good.", "label": 1},
    ]
    assert list(review_archive_rows(files, "test")) == [{"text": "Worse.", "label": 0}]


def test_a_cut_archive_is_named(tmp_path):
    file = packed(tmp_path / "all.tar.gz")
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(ReplicationError, match=r"all.tar.gz: is no whole archive of reviews"):
        list(review_archive_rows({"all.tar.gz": file}, "train"))


@pytest.fixture
def reviews(tiny, served, monkeypatch):
    """The tiny corpus as reviews, whose origin is an address that is served on this machine."""
    there = tiny.mirror / "there"
    there.mkdir()
    file = packed(there / "all.tar.gz")
    rows = list(review_archive_rows({"all.tar.gz": file}, "train"))
    tiny.entry["splits"]["train"] |= {
        "rows": 3,
        "fingerprint": fingerprint_rows(rows, list(COLUMNS)),
        "columns": COLUMNS,
    }
    tiny.entry["origins"] = [
        {
            "address": served(there) + "/sets",
            "splits": ["train"],
            "preparation": "review-archive",
            "files": {"all.tar.gz": hashlib.sha256(file.read_bytes()).hexdigest()},
        }
    ]
    tiny.register()
    (there / "sets").mkdir()
    file.rename(there / "sets" / file.name)
    return tiny


def test_a_corpus_comes_from_an_address_of_the_web_and_says_so(reviews, monkeypatch):
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    rows, identity = load_corpus("tiny")
    assert (identity.expected, len(rows)) == (True, 3)
    assert identity.origin == reviews.entry["origins"][0]["address"]


def test_a_mirror_keeps_the_files_of_an_address_below_its_name(reviews):
    (origin,) = reviews.entry["origins"]
    place = reviews.mirror / "raw" / origin["address"].partition("://")[2]
    place.mkdir(parents=True)
    (reviews.mirror / "there" / "sets" / "all.tar.gz").rename(place / "all.tar.gz")
    _, identity = load_corpus("tiny")
    assert identity.expected


@pytest.mark.parametrize("address", ["ftp://a.b/c", "https://a.b/../c", "https://", "a.b/c"])
def test_an_address_of_another_form_is_refused(reviews, address):
    reviews.entry["origins"][0]["address"] = address
    reviews.register()
    with pytest.raises(ReplicationError, match=r"tiny.yml: "):
        load_corpus("tiny")
