from __future__ import annotations

import pytest

from replications.errors import ReplicationError
from replications.papers import PAPERS, find_paper


def test_an_unknown_paper_is_an_error_that_lists_the_known_ones_and_guesses():
    with pytest.raises(ReplicationError, match="'word2vce'. Did you mean word2vec.*: word2vec, "):
        find_paper("word2vce")
    with pytest.raises(ReplicationError, match="no paper 'zzz'. The papers: "):
        find_paper("zzz")


def test_papers_stand_in_the_order_of_the_chapters():
    assert list(PAPERS)[:1] == ["word2vec"]
    assert len(PAPERS) == len(list(PAPERS))
    assert "zzz" not in PAPERS
