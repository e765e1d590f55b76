"""Variations of one model: what changed, and paired differences to the base."""

from functools import partial

import pytest
from fabricated import fabricate_record

from replications.errors import ReplicationError
from replications.figures.ablation_table import ablation_table
from replications.recipes import Recipe


def corpus_of(seed, *, corpus):
    """Data that nobody draws."""


def train(data, watch, workspace, *, model):
    """A learner that nobody calls."""


def network(*, heads, positions):
    """A model that nobody makes."""


def waves():
    """Positions that nobody adds."""


def learned():
    """The same."""


def bleu(objective, data, *, beam):
    """A measure that nobody takes."""


def recipe_of(name, *, beam=1, corpus="multi30k", heads=4, positions=waves):
    return Recipe(
        name=name,
        data=partial(corpus_of, corpus=corpus),
        learner=partial(train, model=partial(network, heads=heads, positions=positions)),
        metrics=(partial(bleu, beam=beam),),
        minutes=1.0,
    )


BASE = recipe_of("base")
ONE_HEAD = recipe_of("one-head", heads=1, beam=2)
LEARNED = recipe_of("learned", positions=learned)


def runs(recipe, scores, parameters=700_000):
    return [
        fabricate_record(
            recipe,
            seed,
            {"bleu": bleu, "perplexity": bleu / 10},
            parameters={"embedding": parameters, "other": 30_000},
        )
        for seed, bleu in scores.items()
    ]


RECORDS = [
    *runs("base", {0: 30.0, 1: 31.0, 2: 32.0}),
    # One point below the base at each seed: the seeds differ, the difference does not.
    *runs("one-head", {0: 29.0, 1: 30.0, 2: 31.0, 7: 99.0}),
    *runs("learned", {1: 31.5}, parameters=800_000),
]


def lines_of(variations, records=RECORDS, **changes):
    shown = ablation_table(
        records,
        ("base", BASE),
        variations,
        **{
            "settings": {"heads": "model.heads", "positions": "model.positions"},
            "metrics": {"BLEU": "bleu"},
            **changes,
        },
    ).data
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in shown.splitlines()]


def test_the_base_has_its_scores_and_a_variation_the_differences_seed_by_seed():
    header, _, base, one, learned, *_ = lines_of({"(A)": ONE_HEAD, "(E)": LEARNED})
    assert header == ["", "change", "parameters, millions", "BLEU"]
    assert base == ["**base**", "as below", "0.73", "31.0\u00a0±\u00a02.5"]
    assert one == ["(A)", "heads 4 → 1", "0.73", "−1.0 (all alike)"]
    assert learned == ["(E)", "positions waves → learned", "0.83", "+0.5 (one seed)"]


def test_the_interval_of_a_difference_is_that_of_the_differences_at_each_seed():
    records = [
        *runs("base", {0: 30.0, 1: 31.0, 2: 32.0}),
        *runs("one-head", {0: 29, 1: 30.5, 2: 31}),
    ]
    *_, one = lines_of({"(A)": ONE_HEAD}, records=records)[:4]
    # -1, -0.5 and -1: t(0.975, 2) = 4.3027 times 0.2887 over the root of 3.
    assert one[3] == "−0.8\u00a0±\u00a00.7"


def test_the_base_is_written_out_below_and_parts_can_be_called_by_plain_words():
    rows = ablation_table(
        RECORDS,
        ("base", BASE),
        {"(E)": LEARNED},
        settings={"heads": "heads", "positions": "positions"},
        metrics={"BLEU": "bleu"},
        words={"waves": "sines", "learned": "learned vectors"},
    ).data
    assert "| positions sines → learned vectors |" in rows
    assert "base: heads 4; positions sines. Its scores" in rows


def test_the_papers_rows_stand_beside_ours_as_it_prints_them():
    paper = {
        "base": {"BLEU": 25.8, "perplexity": 4.92},
        "(A)": {"BLEU": 24.9, "perplexity": 5.29},
        "(E)": {"perplexity": 4.92},
    }
    header, _, base, one, learned, *_ = lines_of(
        {"(A)": ONE_HEAD, "(E)": LEARNED},
        metrics={"perplexity": "perplexity", "BLEU": "bleu"},
        paper=paper,
    )
    assert header[5:] == ["paper: perplexity", "paper: BLEU"]
    assert base[5:] == ["4.92", "25.8"]
    assert one[5:] == ["+0.37", "−0.9"]
    assert learned[5:] == ["0.00", "–"]


def test_without_records_a_row_says_so():
    _, _, base, one, *_ = lines_of({"(A)": ONE_HEAD}, records=[])
    assert base[2:] == ["–", "no records yet"]
    assert one[1:] == ["heads 4 → 1", "–", "no records yet"]


def test_no_difference_stays_hidden():
    other = recipe_of("other", heads=1, corpus="world")
    with pytest.raises(ReplicationError, match=r"'other' differs from 'base' in data\.corpus"):
        lines_of({"(A)": other})
    with pytest.raises(ReplicationError, match=r"in learner\.model\.heads"):
        lines_of({"(A)": ONE_HEAD}, settings={"positions": "positions"})
