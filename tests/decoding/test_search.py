from __future__ import annotations

from functools import partial

import pytest
import torch
from table_translator import (
    BEGIN,
    END,
    PAD,
    UNKNOWN,
    WORD,
    TableTranslator,
    log_probability,
    sequences,
)
from torch import nn

from replications.decoding.search import (
    Hypothesis,
    beam_search,
    fifty_more,
    greedy_search,
    length_penalty_of,
)
from replications.errors import ReplicationError

SOURCES = torch.tensor(
    [[4, 3, 2, 0, 0], [3, 2, 0, 0, 0], [3, 4, 4, 3, 2], [4, 4, 2, 0, 0], [2, 0, 0, 0, 0]]
)


def ranked(model, source, max_length, alpha):
    """Every translation there is, best first."""
    found = []
    for ids in sequences(max_length):
        value = log_probability(model, source, ids)
        found.append(Hypothesis(ids, value, value / ((5 + len(ids) + 1) / 6) ** alpha))
    return sorted(found, key=lambda one: -one.score)


def close(found, expected):
    assert [one.ids for one in found] == [one.ids for one in expected]
    for name in ("log_probability", "score"):
        values = [[getattr(one, name) for one in those] for those in (found, expected)]
        assert values[0] == pytest.approx(values[1], abs=1e-4)


@pytest.mark.parametrize("alpha", [0.0, 0.6, 3.0])
@pytest.mark.parametrize("seed", range(6))
def test_a_beam_as_wide_as_the_space_finds_what_enumeration_finds(seed, alpha):
    model = TableTranslator(seed)
    found = beam_search(model, SOURCES, beam=31, n_best=31, length_penalty=alpha, max_length=4)
    for source, hypotheses in zip(SOURCES, found, strict=True):
        close(hypotheses, ranked(model, source, 4, alpha))


@pytest.mark.parametrize("alpha", [0.0, 0.6, 3.0])
@pytest.mark.parametrize("seed", range(6))
def test_the_search_stops_early_without_missing_the_best(seed, alpha):
    model = TableTranslator(seed, spread=4.0)
    found = beam_search(model, SOURCES, beam=31, length_penalty=alpha, max_length=4)
    for source, hypotheses in zip(SOURCES, found, strict=True):
        close(hypotheses, ranked(model, source, 4, alpha)[:1])


@pytest.mark.parametrize("beam", [1, 2, 3])
def test_keeping_more_hypotheses_changes_none_of_the_better_ones(beam):
    for seed in range(8):
        search = partial(beam_search, TableTranslator(seed), SOURCES, beam=beam, max_length=6)
        for all_kept, one_kept in zip(search(n_best=beam), search(n_best=1), strict=True):
            assert len(all_kept) == beam
            close(all_kept[:1], one_kept)
            assert sorted(all_kept, key=lambda one: -one.score) == all_kept


def test_a_beam_of_one_is_greedy():
    for seed in range(10):
        model = TableTranslator(seed, tokens=9)
        pair = [
            greedy_search(model, SOURCES, max_length=8),
            beam_search(model, SOURCES, beam=1, length_penalty=0.0, max_length=8),
        ]
        for greedy, beam in zip(*pair, strict=True):
            close(greedy, beam)


def chain(table):
    """A translator whose next token has the given probabilities after each last token."""
    model = TableTranslator(0, tokens=6)
    model.source_table.zero_()
    for token, chances in table.items():
        model.table[:, token] = torch.tensor(chances).log()
    return model, torch.tensor([[END]])


def test_the_best_translation_may_begin_with_a_word_that_is_not_the_likeliest():
    a, b = 4, 5
    # END after a has 0.3, after b 0.9: 0.6 * 0.3 < 0.4 * 0.9.
    model, source = chain(
        {
            BEGIN: [0.0, 0.0, 0.0, 0.0, 0.6, 0.4],
            a: [0.0, 0.0, 0.3, 0.4, 0.2, 0.1],
            b: [0.0, 0.0, 0.9, 0.1, 0.0, 0.0],
            UNKNOWN: [0.0, 0.0, 0.5, 0.5, 0.0, 0.0],
        }
    )
    assert greedy_search(model, source, max_length=5)[0][0].ids[0] == a
    best = beam_search(model, source, beam=2, length_penalty=0.0, max_length=5)[0][0]
    assert best.ids == [b]
    assert best.log_probability == pytest.approx(torch.tensor(0.36).log().item(), abs=1e-5)


def test_the_length_penalty_makes_longer_translations_win():
    model, source = chain(
        {
            BEGIN: [0.0, 0.0, 0.5, 0.0, 0.5, 0.0],
            4: [0.0, 0.0, 0.1, 0.0, 0.9, 0.0],
            5: [0.0, 0.0, 0.5, 0.0, 0.5, 0.0],
            UNKNOWN: [0.0, 0.0, 0.5, 0.0, 0.5, 0.0],
        }
    )
    search = partial(beam_search, model, source, beam=3, max_length=10)
    assert search(length_penalty=0.0)[0][0].ids == []
    # 0.5 at lp 1, against 0.5 * 0.9 ** 9 * 0.1 at lp ((5 + 11) / 6) ** 2.
    assert search(length_penalty=2.0)[0][0].ids == [4] * 10


def test_early_stopping_ends_a_search_that_would_repeat_a_word_to_the_end():
    model, source = chain(
        {
            BEGIN: [0.0, 0.0, 0.5, 0.0, 0.5, 0.0],
            4: [0.0, 0.0, 0.1, 0.0, 0.9, 0.0],
        }
    )
    search = partial(beam_search, model, source, beam=3, length_penalty=5.0, max_length=30)
    assert search()[0][0].ids == [4] * 30
    # Once three hypotheses have ended, after no, one and two words, the best of them is taken.
    stopped = search(early_stopping=True, n_best=3)[0]
    assert sorted(len(one.ids) for one in stopped) == [0, 1, 2]
    assert stopped[0].score == max(one.score for one in stopped)


def test_a_hypothesis_that_ends_leaves_the_beam_to_another():
    model, source = chain(
        {
            BEGIN: [0.0, 0.0, 0.6, 0.0, 0.4, 0.0],
            4: [0.0, 0.0, 0.2, 0.0, 0.8, 0.0],
        }
    )
    best = beam_search(model, source, beam=1, length_penalty=3.0, max_length=6)[0][0]
    assert best.ids == [4] * 6


def test_the_penalty_is_that_of_wu_et_al():
    found = length_penalty_of(torch.tensor([1.0, 7.0, 13.0]), 0.6)
    assert found.tolist() == pytest.approx([1.0, 2**0.6, 3**0.6])


@pytest.mark.parametrize(
    "search",
    [
        greedy_search,
        partial(beam_search, beam=3),
        partial(beam_search, beam=2, n_best=2),
        partial(beam_search, beam=3, length_penalty=2.0, early_stopping=True),
    ],
)
def test_neither_the_batch_nor_its_padding_changes_a_translation(search):
    for seed in range(5):
        model = TableTranslator(seed)
        together = search(model, SOURCES)
        for source, expected in zip(SOURCES, together, strict=True):
            alone = search(model, source[source != PAD][None])
            close(alone[0], expected)
        order = torch.tensor([3, 0, 4, 2, 1])
        for index, expected in zip(order.tolist(), search(model, SOURCES[order]), strict=True):
            close(together[index], expected)


@pytest.mark.parametrize("search", [greedy_search, partial(beam_search, beam=3)])
def test_a_translation_that_never_ends_is_cut_at_the_greatest_length(search):
    model, _ = chain({token: [0.0, 0.0, 0.0, 0.2, 0.8, 0.0] for token in (BEGIN, 3, 4)})
    found = search(model, SOURCES, max_length=3)
    assert [one[0].ids for one in found] == [[4, 4, 4]] * len(SOURCES)


@pytest.mark.parametrize("search", [greedy_search, partial(beam_search, beam=3)])
def test_each_sentence_has_its_own_greatest_length(search):
    model, _ = chain({token: [0.0, 0.0, 0.0, 0.2, 0.8, 0.0] for token in (BEGIN, 3, 4)})
    found = search(model, SOURCES, max_length=lambda size: 2 * size)
    assert [len(one[0].ids) for one in found] == [6, 4, 10, 6, 2]
    assert fifty_more(7) == 57


@pytest.mark.parametrize("search", [greedy_search, partial(beam_search, beam=2)])
def test_finished_sentences_leave_the_batch(search):
    model = TableTranslator(0)
    model.source_table.zero_()
    model.source_table[3, END] = 300.0  # a source with a 3 ends at once, the others never
    model.table[..., END] = -50.0
    sources = torch.tensor([[3, 2], [4, 2], [3, 2], [4, 2]])
    found = search(model, sources, max_length=5)
    assert [len(one[0].ids) for one in found] == [0, 5, 0, 5]
    rows = model.steps
    assert rows[0] == 4 and set(rows[1:]) <= {2, 4} and len(rows) == 6


def test_padding_and_begin_are_never_produced_however_likely():
    model = TableTranslator(3)
    model.table[..., [PAD, BEGIN]] += 20.0
    for search in (greedy_search, partial(beam_search, beam=4, n_best=4)):
        for hypotheses in search(model, SOURCES, max_length=4):
            assert all(not {PAD, BEGIN} & set(one.ids) for one in hypotheses)
            # Their probability is lost, not given to the others.
            assert all(one.log_probability < -15 for one in hypotheses)


def test_the_mode_of_every_part_is_put_back_and_no_gradient_is_kept():
    class Tuned(TableTranslator):
        def __init__(self):
            super().__init__(0)
            self.frozen, self.dropout = nn.Dropout(0.5), nn.Dropout(0.5)
            self.frozen.eval()

        def step(self, token, memory, state):
            assert not self.dropout.training and not torch.is_grad_enabled()
            return super().step(token, memory, state)

    model = Tuned()
    for search in (greedy_search, beam_search):
        search(model, SOURCES)
        assert model.training and model.dropout.training and not model.frozen.training


def test_no_sentences_have_no_translations():
    empty = torch.zeros(0, 3, dtype=torch.long)
    assert greedy_search(TableTranslator(0), empty) == []
    assert beam_search(TableTranslator(0), empty) == []


@pytest.mark.parametrize("search", [greedy_search, beam_search])
def test_a_diverged_model_is_an_error_that_says_so(search):
    model = TableTranslator(0)
    model.table[0, BEGIN, WORD] = torch.nan
    with pytest.raises(ReplicationError, match="diverged"):
        search(model, SOURCES)


@pytest.mark.parametrize(
    "wrong", [{"beam": 0}, {"beam": 2, "n_best": 3}, {"n_best": 0}, {"length_penalty": -0.5}]
)
def test_a_search_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ReplicationError, match="give a beam of at least 1"):
        beam_search(TableTranslator(0), SOURCES, **wrong)


def test_a_greatest_length_below_zero_is_refused():
    with pytest.raises(ReplicationError, match="give 0 or more"):
        greedy_search(TableTranslator(0), SOURCES, max_length=lambda size: size - 4)


@pytest.mark.parametrize("seed", range(4))
def test_a_watched_search_tells_each_step_and_finds_the_same(seed):
    model, steps = TableTranslator(seed), []
    found = beam_search(model, SOURCES, beam=2, max_length=4, watch=steps.append)
    assert found == beam_search(model, SOURCES, beam=2, max_length=4)
    for number, source in enumerate(SOURCES):
        mine = [[one for one in step if one.sentence == number] for step in steps]
        mine = [step for step in mine if step]
        kept = {()}
        for step in mine:
            values = [one.log_probability for one in step]
            assert values == sorted(values, reverse=True) and len(step) <= 4
            # Only what was kept is extended.
            assert {tuple(one.ids[:-1]) for one in step} <= kept
            kept = {tuple(one.ids) for one in step if one.fate == "open"}
            assert len(kept) <= 2
            assert all((one.ids[-1] == END) or one.fate != "finished" for one in step)
        finished = [one for step in mine for one in step if one.fate == "finished"]
        (best,) = found[number]
        assert [*best.ids, END] in [one.ids for one in finished]
        for one in finished:
            expected = log_probability(model, source, one.ids[:-1])
            assert one.log_probability == pytest.approx(expected, abs=1e-4)
