from __future__ import annotations

import pytest

from replications.corpora.store.registry import corpus_names, read_entry
from replications.errors import ReplicationError


def test_every_entry_of_the_registry_reads_and_describes_itself():
    names = corpus_names()
    assert {
        "gensim-evaluation",
        "gensim-wikipedia",
        "wikipedia-en-2018",
        "word-vector-evaluation",
        "world-words",
    } <= set(names)
    for name in names:
        entry = read_entry(name)
        assert entry.description and entry.licence and entry.splits
        from_a_mirror_only = any("from a mirror only" in caveat for caveat in entry.caveats)
        assert entry.kind == "synthetic" or entry.origins or from_a_mirror_only


def test_the_page_lists_of_wikipedia_are_disjoint_and_as_long_as_the_splits():
    from replications.corpora.raw.wikipedia import page_choice

    entry = read_entry("wikipedia-en-2018")
    (origin,) = entry.origins
    pages = {split: page_choice(file) for split, file in origin.page_lists.items()}
    assert {split: len(chosen) for split, chosen in pages.items()} == {
        split.name: split.rows for split in entry.splits.values()
    }
    assert len(set().union(*pages.values())) == sum(map(len, pages.values()))
    named = {path for chosen in pages.values() for path in chosen.values() if path}
    assert named <= set(origin.files)


def test_both_copies_of_the_analogy_questions_have_one_fingerprint():
    fingerprints = {
        read_entry(name).split("analogies").fingerprint
        for name in ("gensim-evaluation", "word-vector-evaluation")
    }
    assert len(fingerprints) == 1


def test_an_unknown_corpus_is_refused_with_the_closest_name_and_the_known_ones(tiny):
    with pytest.raises(ReplicationError, match="Did you mean tiny.*Known: tiny"):
        read_entry("tinny")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda entry: entry.update(colour="red"), "unknown key 'colour'"),
        (lambda entry: entry.pop("licence"), "the key 'licence' is lacking"),
        (lambda entry: entry.update(name="other"), "not the file's name"),
        (lambda entry: entry.update(kind="invented"), "'kind': Input should be 'real'"),
        (lambda entry: entry.update(megabytes="many"), "'megabytes': .*number"),
        (lambda entry: entry["splits"]["train"].update(fingerprint="abc"), "fingerprint"),
        (
            lambda entry: entry["splits"]["train"].update(size=2),
            "key 'size' in splits train",
        ),
        (
            lambda entry: entry["splits"]["train"]["columns"].update(x="blob"),
            "'x' in splits train columns: Input",
        ),
        (lambda entry: entry["origins"][0].update(commit="main"), "full commit"),
        (lambda entry: entry["origins"][0].update(package="gensim"), "either a package or"),
        (lambda entry: entry["origins"][0].update(splits=["test"]), "names the split 'test'"),
        (lambda entry: entry["origins"][0].update(files={"../x": "0" * 64}), "relative path"),
        (lambda entry: entry["origins"][0].update(files={"/etc/x": "0" * 64}), "relative path"),
        (lambda entry: entry["origins"][0].update(files={"C:/x": "0" * 64}), "relative path"),
        (lambda entry: entry["origins"][0].update(files={"C:x": "0" * 64}), "relative path"),
        (lambda entry: entry["origins"][0].update(files={"http://x": "0" * 64}), "relative path"),
        (lambda entry: entry["origins"][0].update(files={"x": "short"}), "64 hexadecimal"),
        (lambda entry: entry["origins"][0].update(files={}), "has no files"),
    ],
)
def test_a_wrong_entry_is_refused_by_an_error_that_names_the_file(tiny, change, complaint):
    change(tiny.entry)
    tiny.register()
    with pytest.raises(ReplicationError, match=complaint) as caught:
        read_entry("tiny")
    assert "tiny.yml" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"name: [tiny", "malformed YAML"),
        (b"name: tiny\nname: tiny\n", "given twice"),
        (b"", "must be a mapping"),
        (b"- tiny\n", "must be a mapping"),
        (b"name: \xff\n", "not UTF-8"),
        (b"name: !!python/object/apply:os.getcwd []\n", "malformed YAML"),
    ],
)
def test_a_file_that_is_no_plain_yaml_mapping_is_refused(tiny, content, complaint):
    (tiny.registry / "tiny.yml").write_bytes(content)
    with pytest.raises(ReplicationError, match=complaint) as caught:
        read_entry("tiny")
    assert "tiny.yml" in str(caught.value)


def test_a_list_of_raw_files_may_lie_beside_the_entry(tiny):
    digest = "a" * 64
    tiny.entry["origins"][0].pop("files")
    tiny.entry["origins"][0]["files_listed_in"] = "tiny.sha256"
    tiny.register()
    (tiny.registry / "tiny.sha256").write_text(f"{digest}  sets/one.txt\n", encoding="utf-8")
    assert read_entry("tiny").origins[0].files == {"sets/one.txt": digest}
    (tiny.registry / "tiny.sha256").write_text("no digest\n", encoding="utf-8")
    with pytest.raises(ReplicationError, match=r"tiny\.sha256"):
        read_entry("tiny")
