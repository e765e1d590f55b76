"""The joint law of a grid of sizes and samples, recovered from records in which it was planted."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from planted_runs import plant_all

from replications.figures.curves.overfitting import (
    collapse_table,
    grid_sweep,
    joint_table,
    still_falling,
)
from replications.fits.joint import JointLaw
from replications.papers import kaplan
from replications.papers.kaplan.grids import GRID_RUNS, GRID_TOKENS

LAW = JointLaw(6.4e13, 1.8e13, 0.076, 0.103)


def planted() -> list:
    records = plant_all(GRID_RUNS)
    sweep = grid_sweep(records)
    losses = LAW.loss(sweep.parameters, sweep.tokens)
    return [
        replace(record, trajectory=[{**record.trajectory[0], "validation_nats_per_token": loss}])
        for record, loss in zip(records, map(float, losses), strict=True)
    ]


def test_the_grid_has_its_sizes_and_its_different_tokens():
    sweep = grid_sweep(planted())
    assert len(sweep) == 3 * len(GRID_RUNS)
    assert [*np.unique(sweep.tokens)] == [unique for unique, _ in GRID_TOKENS.values()]


def test_the_joint_laws_exponents_are_those_that_were_planted():
    text = joint_table(planted(), paper=(0.076, 0.103)).data
    for line in ("| size, $\\alpha_N$ | 0.076 | 0.076 |", "| their quotient | 0.738 | 0.738 |"):
        assert line in text
    assert "R² of log loss: 1.000, over 48 runs" in text


def test_another_form_of_the_law_is_fitted_to_the_same_runs():
    note = joint_table(planted(), paper=(0.076, 0.103)).data.splitlines()[-1]
    rival = float(re.search(r"in the same runs: ([\d.]+)\.$", note.rstrip("*_ ")).group(1))
    assert 0.9 < rival <= 1


def test_a_loss_that_falls_to_the_end_is_told_from_one_that_rises():
    falling = plant_all([GRID_RUNS[0]])
    rows = still_falling(falling).data.splitlines()
    assert rows[-1] == "| 16,384 | 12 | 0 of 3 |"
    ended = [replace(r, trajectory=r.trajectory[:1]) for r in falling]
    assert still_falling(ended).data.endswith("| 3 of 3 |")


def test_records_of_a_law_correlate_as_the_law_itself_does():
    """By the largest sample in place of endless data the planted quotient is not the best power."""
    (claim,) = (c for c in kaplan.CLAIMS if c.slug == "overfit-depends-on-n074-over-d")
    rows = collapse_table(planted(), claim.measure, LAW).data.splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    for _, ours, theirs in cells:
        assert set(ours.split(", ")) == {theirs}
    by_power = {name: float(theirs) for name, _, theirs in cells}
    assert by_power["$N^{0.3} / D$"] > by_power["$N^{0.74} / D$"]


def test_without_records_there_is_a_word_in_their_place():
    for shown in (joint_table([], paper=(0.076, 0.103)), still_falling([])):
        assert "No records yet" in shown.data
