"""Sentences of a treebank out of tiny raw files in the form of Universal Dependencies."""

from __future__ import annotations

import pytest

from replications.corpora.raw.treebanks import sorted_treebank_rows, treebank_rows
from replications.errors import ReplicationError


def word(number, form, lemma, upos):
    return "\t".join([number, form, lemma, upos, "_", "_", "0", "dep", "_", "_"])


SECOND = [
    "# newdoc id = b",
    "# sent_id = b-1",
    "# text = Dogs bark.",
    word("1", "Dogs", "dog", "NOUN"),
]
FIRST = ["# newdoc id = a", "# text = I don't.", word("1", "I", "I", "PRON")]
FIRST += [
    word("2-3", "don't", "_", "_"),
    word("2", "do", "do", "AUX"),
    word("3", "n't", "not", "PART"),
]
FIRST += [word("3.1", "bark", "bark", "VERB")]


def written(folder, *sentences):
    file = folder / "tiny.conllu"
    file.write_text("".join("\n".join([*lines, "", ""]) for lines in sentences), encoding="utf-8")
    return {"tiny.conllu": file}


def test_a_contraction_gives_its_words_and_an_empty_node_none(tmp_path):
    (row,) = treebank_rows(written(tmp_path, FIRST))
    assert row == {
        "text": "I don't.",
        "tokens": ["I", "do", "n't"],
        "lemmas": ["I", "do", "not"],
        "upos": ["PRON", "AUX", "PART"],
    }


def test_documents_stand_as_published_or_in_the_order_of_their_names(tmp_path):
    files = written(tmp_path, SECOND, SECOND[1:], FIRST)
    texts = [row["text"] for row in treebank_rows(files)]
    assert texts == ["Dogs bark.", "Dogs bark.", "I don't."]
    by_name = [row["text"] for row in sorted_treebank_rows(files)]
    assert by_name == ["I don't.", "Dogs bark.", "Dogs bark."]


def test_a_last_sentence_without_a_blank_line_counts(tmp_path):
    files = written(tmp_path, SECOND)
    files["tiny.conllu"].write_text("\n".join(SECOND), encoding="utf-8")
    assert [row["tokens"] for row in treebank_rows(files)] == [["Dogs"]]


def test_a_cut_line_and_a_sentence_without_text_are_named(tmp_path):
    with pytest.raises(ReplicationError, match=r"tiny.conllu: line 5 has 3 columns"):
        list(treebank_rows(written(tmp_path, [*SECOND, "2\tbark\tbark"])))
    with pytest.raises(ReplicationError, match=r"line 2 ends a sentence that has no line"):
        list(treebank_rows(written(tmp_path, SECOND[3:])))
