"""A reader's own texts as word ids, and as sentence pairs."""

import pytest
from own_texts import write_documents, write_pairs

from replications.corpora.yours.sentence_pairs import own_pairs
from replications.corpora.yours.words import own_words
from replications.errors import ReplicationError
from replications.tokens.words import tokenise


def test_words_held_out_are_numbered_as_those_trained_on_and_shape_no_vocabulary(tmp_path):
    folder = write_documents(tmp_path)
    (folder / "00.txt").write_text("zebra " * 9 + "old house", encoding="utf-8")
    found = own_words(0, path=str(folder), min_count=1)
    read = [tokenise(file.read_text(encoding="utf-8")) for file in sorted(folder.iterdir())]
    assert found.raw_words + found.held_out.raw_words < sum(map(len, read))
    assert found.held_out.vocabulary is found.vocabulary
    assert sum(found.vocabulary.occurrences) == len(found.ids) == found.raw_words
    words = found.vocabulary.decode(found.held_out.ids)
    texts = [[word for word in text if word in found.vocabulary] for text in read]
    assert words[: (found.held_out.document == 0).sum()] in texts
    assert [found.identity.split, found.held_out.identity.split] == ["train", "test"]
    assert {found.identity.kind, found.held_out.identity.kind} == {"yours"}


def test_too_few_words_for_a_recipe_are_told_with_both_numbers(tmp_path):
    folder = write_documents(tmp_path, 40)
    with pytest.raises(ReplicationError, match=r"too little text: \d+ of its \d+ words.* 90000 or"):
        own_words(0, path=str(folder), min_count=1, least=90_000)
    with pytest.raises(ReplicationError, match="too little text: The vocabulary has 0 words"):
        own_words(0, path=str(folder), min_count=90_000)


def test_pairs_are_held_out_together_and_equal_pairs_are_in_one_part(tmp_path):
    source, target = write_pairs(tmp_path, 100)
    for file in (source, target):
        file.write_text(file.read_text("utf-8") * 2 + "\n \n", encoding="utf-8")
    found = own_pairs(0, source=str(source), target=str(target))
    parts = [found.train, found.validation, found.test]
    assert [len(part) for part in parts] == [180, 10, 10]
    assert all(t == s.upper() for part in parts for s, t in zip(*_sides(part), strict=True))
    assert len(set.union(*(set(part.source) for part in parts))) == 100
    assert [each.kind for each in found.identities] == ["yours"] * 3


def _sides(pairs):
    return pairs.source, pairs.target


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("one\n" * 59, "has 60 lines.* has 59 lines"),
        ("one\n" * 30 + "\n" + "one\n" * 29, "mine.up: line 31 is empty, and that of the other"),
        (b"one\n\xff\n", "line 2: byte 1 is no UTF-8"),
        (b"\0", "line 1: holds a NUL byte"),
        ("", "has 60 lines.* has 0 lines"),
        (None, "there is no such file; parallel text is two files"),
    ],
    ids=str,
)
def test_files_that_are_not_parallel_are_told(tmp_path, target, told):
    source, file = write_pairs(tmp_path, 60)
    file.unlink()
    if target is not None:
        file.write_bytes(target if isinstance(target, bytes) else target.encode())
    with pytest.raises(ReplicationError, match=told):
        own_pairs(0, source=str(source), target=str(file))


def test_too_few_pairs_are_told(tmp_path):
    source, target = write_pairs(tmp_path, 30)
    with pytest.raises(ReplicationError, match="too little text: 30 pairs. Give 40 or more"):
        own_pairs(0, source=str(source), target=str(target))


def test_one_file_is_no_parallel_text(tmp_path):
    file = tmp_path / "both.txt"
    file.write_text("a line\n" * 50)
    with pytest.raises(ReplicationError, match="is given as both files"):
        own_pairs(0, source=str(file), target=str(file))
