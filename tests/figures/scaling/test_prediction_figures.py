"""The prediction beside what came out, on planted runs: what is said of them was planted."""

from __future__ import annotations

import pytest
from planted_runs import plant_all

from replications.figures.quoted import NOTHING
from replications.figures.scaling.first import exponent_by_parabolas, without_largest_budget
from replications.figures.scaling.prediction import (
    draw_long_curves,
    draw_prediction,
    lowest_runs,
    saved_by_budget,
    without_the_smallest,
)
from replications.papers.kaplan.sweep import BUDGETS, LARGEST, SWEEP

RECORDS = [*plant_all(SWEEP, seeds=2), *plant_all((LARGEST,), seeds=2, paper="chinchilla")]
PREDICTED = {"low": 3.5, "high": 3.9}


def rows_of(shown) -> list[list[str]]:
    lines = [line for line in shown.data.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_lowest_run_of_each_budget_is_one_of_its_sizes():
    found = lowest_runs(RECORDS)
    assert [*found] == [float(budget) for budget in BUDGETS]
    for (budget, sizes), name in zip(BUDGETS.items(), found.values(), strict=True):
        assert name in {f"isoflop-{budget}-{size}" for size in sizes}
    assert lowest_runs([]) == {}


def test_a_law_with_a_floor_lies_above_what_its_budgets_lowest_runs_predict():
    """A power law without a floor, fitted to fewer budgets, has the smaller power."""
    rows = rows_of(without_the_smallest(RECORDS))
    assert len(rows) == len(BUDGETS) - 1
    assert float(rows[0][1]) > float(rows[-1][1])
    truth = float(without_the_smallest(RECORDS).data.split("came out: ")[1][:4])
    assert float(rows[0][3]) == pytest.approx(truth, rel=0.02)


def test_each_budget_saves_what_it_is_below_the_one_before():
    rows = rows_of(saved_by_budget(RECORDS))
    assert [row[0] for row in rows] == [*BUDGETS, "1e13"]
    for before, row in zip(rows[:-1], rows[1:], strict=True):
        losses, budgets = (float(row[2]), float(before[2])), (float(row[0]), float(before[0]))
        assert float(row[3].rstrip(" %")) == pytest.approx(
            100 - 100 * losses[0] / losses[1], abs=0.3
        )
        assert losses[1] * (budgets[0] / budgets[1]) ** -float(row[4]) == pytest.approx(
            losses[0], abs=0.011
        )
    assert all(0 <= float(row[5].rstrip("%")) <= 100 for row in rows)


def test_the_picture_has_the_interval_and_what_was_trained():
    figure = draw_prediction(RECORDS, PREDICTED)
    labels = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    assert "predicted beforehand" in labels and "ours: then trained" in labels
    assert len(draw_long_curves(RECORDS).axes[0].containers) == 3


def test_without_records_there_is_a_word_in_their_place():
    assert draw_prediction([], None).axes[0].get_title() == "Ours: no records yet"
    for shown in (without_the_smallest([]), saved_by_budget([])):
        assert "No records yet" in shown.data


def test_without_the_largest_budget_the_others_are_all_there():
    fewer = without_largest_budget(RECORDS)
    largest = max(BUDGETS, key=float)
    assert len(RECORDS) - len(fewer) == 2 * len(BUDGETS[largest])
    assert 0.2 < float(exponent_by_parabolas(fewer)) < 0.8
    assert exponent_by_parabolas([]) == NOTHING
