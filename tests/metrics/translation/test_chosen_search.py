from functools import partial

import pytest
from tiny_translation import task

from replications.decoding.search import beam_search
from replications.errors import ReplicationError
from replications.metrics.translation import chosen_search
from replications.metrics.translation.bleu import bleu, translate_part
from replications.metrics.translation.chosen_search import (
    choose_length_penalty,
    chosen_penalty,
    with_chosen_search,
)

LETTERS = "a b c d e f g h".split()
SOURCE = tuple(" ".join(LETTERS[n % 7 : n % 7 + 2 + n % 3]) for n in range(12))


def translated(penalty, seed=0):
    objective, data = task((SOURCE, SOURCE), validation=(SOURCE, SOURCE), seed=seed)
    search = partial(beam_search, beam=4, length_penalty=penalty)
    return translate_part(objective, data, search=search, part="validation").hypothesis


@pytest.mark.parametrize("wanted", [0.0, 3.0])
def test_the_penalty_is_the_one_whose_translations_of_the_validation_part_score_best(
    wanted, monkeypatch
):
    # BLEU has no value for texts of one letter; the share of equal sentences has.
    monkeypatch.setattr(
        chosen_search, "bleu", lambda ours, theirs: (sum(map(str.__eq__, ours, theirs)), "")
    )
    # What one penalty makes of the source is taken as the reference: that penalty must win.
    references = translated(wanted)
    other = 3.0 - wanted
    assert references != translated(other)
    objective, data = task((SOURCE, SOURCE), validation=(SOURCE, references))
    choose_length_penalty(objective, data, penalties=(other, wanted))
    assert chosen_penalty(objective, data) == {"length_penalty": wanted}


def test_at_equal_scores_the_first_penalty_is_taken():
    objective, data = task((SOURCE, SOURCE), validation=(SOURCE, SOURCE))
    choose_length_penalty(objective, data, penalties=(0.9, 0.9000001))
    assert chosen_penalty(objective, data) == {"length_penalty": 0.9}


def test_metrics_are_given_the_chosen_search():
    objective, data = task((SOURCE, SOURCE), validation=(SOURCE, SOURCE))
    choose_length_penalty(objective, data, penalties=(3.0,), beam=2)

    def metric(objective, data, search):
        return search.keywords

    found = with_chosen_search(objective, data, metric=metric)
    assert found == {"beam": 2, "length_penalty": 3.0, "early_stopping": False}


def test_a_penalty_is_chosen_for_the_search_that_stops_early():
    objective, data = task((SOURCE, SOURCE), validation=(SOURCE, SOURCE))
    choose_length_penalty(objective, data, penalties=(1.5,), early_stopping=True)
    assert objective.search.keywords == {"early_stopping": True, "beam": 4, "length_penalty": 1.5}


def test_without_a_choice_the_way_out_is_told():
    objective, data = task((SOURCE, SOURCE))
    objective.search = None
    with pytest.raises(ReplicationError, match="finish=choose_length_penalty"):
        with_chosen_search(objective, data, metric=bleu)
