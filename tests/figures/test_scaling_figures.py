"""Figures of the chapter on scaling laws: what they show of planted runs, and of none."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from fabricated import fabricate_record
from planted_runs import plant_all

from replications.figures.curves import power_laws
from replications.figures.curves.emergence import (
    Measured,
    ScoredTask,
    explore_emergence,
    leap_in_words,
    scores,
)
from replications.figures.curves.power_laws import (
    by_unique_tokens,
    by_weights,
    draw_kaplan_first,
    draw_overfitting,
)
from replications.papers import kaplan
from replications.papers.kaplan.sweep import SIZES, weights_of

RECORDS = plant_all(kaplan.RECIPES["laptop"], seeds=2)
SUMS = ScoredTask(
    "sums",
    "sums-",
    (Measured("exact", "exact match", 0, 100, " %"), Measured("nats", "nats", 2.3, 0)),
)


def test_losses_are_gathered_by_weights_and_by_different_tokens():
    assert [*by_weights(RECORDS)] == [weights_of(SIZES[f"d{d}"]) for d in (8, 12, 16, 24, 32)]
    found = by_unique_tokens(RECORDS, "d48")
    assert [*found] == [16_384, 65_536, 262_144, 786_432]
    assert all(len(seeds) == 2 for seeds in found.values())
    lowest = [max(seeds) for seeds in found.values()]
    assert lowest == sorted(lowest, reverse=True)


@pytest.mark.parametrize("records", [RECORDS, []])
def test_the_first_picture_has_three_laws_and_none_without_records(monkeypatch, records):
    monkeypatch.setattr(power_laws, "current_records", lambda paper: records)
    figure = draw_kaplan_first()
    titles = [ax.get_title() for ax in figure.axes]
    assert len(titles) == 3
    assert all(re.match(r"power −0\.\d", title) for title in titles) == bool(records)
    assert (figure._suptitle is None) == bool(records)


def test_overfitting_is_drawn_for_each_size_that_has_a_run_with_more_tokens():
    (claim,) = (c for c in kaplan.CLAIMS if c.slug == "overfit-depends-on-n074-over-d")
    sizes = {weights: str(weights) for weights in sorted(set(claim.measure.weights))}
    figure = draw_overfitting(RECORDS, claim.measure, sizes)
    assert [len(line.get_xdata()) for line in figure.axes[0].lines] == [2 * 3] * 4


def sums_record(size: int, seed: int, exact: float, *, flops: float = 1e9):
    model = {"layers": 2, "d_model": size, "d_ff": 4 * size}
    return fabricate_record(
        f"sums-d{size}",
        seed,
        {"exact": exact, "nats": 1.0},
        paper="kaplan",
        flops=flops,
        recipe_parts={"learner": {"objective": {"model": model}}},
    )


def test_a_size_is_the_mean_over_seeds_of_the_runs_with_most_operations():
    records = [sums_record(16, 0, 10.0), sums_record(16, 1, 20.0), sums_record(8, 0, 1.0)]
    records.append(sums_record(16, 0, 90.0, flops=1e8))
    found = scores(records, SUMS)
    assert [(each["size"], each["values"][0]) for each in found] == [(1536, 1.0), (6144, 15.0)]


def test_the_page_holds_all_numbers_as_data_and_as_text():
    page = explore_emergence([sums_record(8, 0, 2.5), sums_record(16, 0, 50.0)], [SUMS]).data
    data = json.loads(re.search(r"const data = (\[.*?\]), root", page).group(1))
    assert [point["values"] for point in data[0]["points"]] == [[2.5, 1.0], [50.0, 1.0]]
    assert (
        "<li>sums, 1,536 parameters: exact match 2.5 % (seeds: 2.5); nats 1 (seeds: 1)</li>" in page
    )
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_a_uniform_distribution_is_marked_in_the_measure_that_has_one_alone():
    measures = (Measured("exact", "exact match", 0, 100), Measured("nats", "nats", 9, 0, "", 6.9))
    task = ScoredTask("sums", "sums-", measures)
    page = explore_emergence([sums_record(8, 0, 2.5)], [task]).data
    data = json.loads(re.search(r"const data = (\[.*?\]), root", page).group(1))
    assert [measure["uniform"] for measure in data[0]["measures"]] == [None, 6.9]
    assert "shown.uniform !== null" in page


def test_without_records_the_page_says_so():
    assert "No records yet" in explore_emergence([], [SUMS]).data


@pytest.mark.parametrize(
    ("nats", "told"),
    [
        ((2.1, 1.9, 0.5, 0.3), "stand apart: 0.30 to 0.50, and 1.90 to 2.10"),
        ((0.3, 0.5, 1.9, 2.1), "stand apart: 1.90 to 2.10, and 0.30 to 0.50"),
        ((2.1, 0.4, 0.5, 0.3), "overlap: 0.30 to 0.50, and 0.40 to 2.10"),
        ((2.1, 0.5, 0.5, 0.3), "overlap: 0.30 to 0.50, and 0.50 to 2.10"),
    ],
)
def test_two_groups_of_runs_stand_apart_by_the_other_measure_or_overlap(nats, told):
    runs = [
        replace(sums_record(8, seed, exact), metrics={"exact": exact, "nats": each})
        for seed, (exact, each) in enumerate(zip((2, 5, 90, 99), nats, strict=True))
    ]
    said = leap_in_words(runs, SUMS).data
    assert "2 are at 90 % exact match or more, and the others at 5 % or less" in said
    assert f"By nats the same two groups {told}." in said
