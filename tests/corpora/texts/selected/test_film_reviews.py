"""Film reviews apart from a task's sentences."""

import pytest

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.selected import film_reviews
from replications.errors import ReplicationError


class Rows(dict):
    def __len__(self):
        return len(next(iter(self.values())))


def load(name, split):
    rows = {
        ("imdb", "train"): Rows(text=["It is a<br />dull and long film.", "A joy to see."]),
        ("imdb", "test"): Rows(text=["One.", "Two.", "Three."]),
    }.get((name, split), Rows(sentence=["A DULL, and long one"]))
    return rows, CorpusIdentity(name, split, "synthetic", split[0] * 64, 2, "generated", True)


def test_a_review_that_shares_a_run_of_words_with_a_sentence_is_left_out(monkeypatch):
    monkeypatch.setattr(film_reviews, "load_corpus", load)
    found = film_reviews.film_reviews(0, n=4)
    assert found.train == ["A joy to see."]
    assert (found.validation, found.test) == (["One.", "Three."], ["Two."])
    assert [(each.name, each.split) for each in found.identities[2:]] == [
        ("sst2-sentences", part) for part in ("train", "validation", "test")
    ]
    longer = film_reviews.film_reviews(0, n=5)
    assert longer.train == ["It is a dull and long film.", "A joy to see."]
    assert longer.key != found.key


def test_runs_of_no_words_are_refused():
    with pytest.raises(ReplicationError, match="n-grams of 0 words"):
        film_reviews.film_reviews(0, n=0)
