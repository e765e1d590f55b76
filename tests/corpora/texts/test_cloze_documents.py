import pytest

from replications.corpora.texts.cloze_documents import cloze_documents
from replications.errors import ReplicationError

KNOBS = {"validation_items": 6, "test_items": 9}


def test_documents_are_whole_sentences_so_many_to_each():
    texts = cloze_documents(0, items=31, sentences=10, **KNOBS)
    assert [document.count(" .") for document in texts.train] == [10, 10, 10, 1]
    assert [document.count(" .") for document in texts.test] == [9]


def test_the_items_are_the_test_part_with_a_word_left_out_and_training_has_none_of_them():
    texts = cloze_documents(0, items=300, sentences=1, **KNOBS)
    assert [item.text for item in texts.items] == list(texts.test)
    assert {item.decided_by for item in texts.items} == {"left", "right", "both"}
    assert not {item.text for item in texts.items} & set(texts.train)


def test_the_seed_changes_what_is_learned_from_and_not_what_is_asked():
    one, other = (cloze_documents(seed, items=30, sentences=5, **KNOBS) for seed in (0, 1))
    assert one.train != other.train
    assert one.items == other.items


def test_each_part_has_an_identity():
    texts = cloze_documents(0, items=30, **KNOBS)
    assert [identity.split for identity in texts.identities] == ["train", "validation", "test"]
    assert len({identity.sha256 for identity in texts.identities}) == 3


def test_a_document_without_sentences_is_an_error():
    with pytest.raises(ReplicationError, match="give 1 or more"):
        cloze_documents(0, items=30, sentences=0, **KNOBS)
