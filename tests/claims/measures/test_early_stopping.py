"""Early-stopped losses, their power law in different tokens, and whether overfitting collapses."""

from __future__ import annotations

import pytest
from fabricated import fabricate_record

from replications.claims.measures.early_stopping import DataLaw, EarlyStopped, GridCollapse

SIZES, TOKENS = (1_000, 8_000, 27_000), (10_000, 40_000, 160_000)


def run(name, losses):
    return fabricate_record(name, trajectory=[{"seconds": 1.0, "loss": loss} for loss in losses])


def test_early_stopping_keeps_the_lowest_loss():
    records = {"a": run("a", [5.0, 4.0, 4.5])}
    assert EarlyStopped("a", "loss").at(records) == 4.0
    assert str(EarlyStopped("a", "loss")).startswith("lowest ")


def test_a_planted_exponent_of_the_data_is_found():
    records = {str(n): run(str(n), [9.0, 50 * n**-0.25, 8.0]) for n in TOKENS}
    law = {want: DataLaw((*map(str, TOKENS),), TOKENS, "loss", want) for want in ("exponent",)}
    assert law["exponent"].at(records) == pytest.approx(0.25)
    straight = DataLaw((*map(str, TOKENS),), TOKENS, "loss", "r_squared")
    assert straight.at(records) == pytest.approx(1.0)


def grid(exponent):
    """Overfitting that is a function of N ** exponent / D alone, but for the most tokens."""
    names, weights, tokens, records = [], [], [], {}
    for size in SIZES:
        for data in TOKENS:
            name = f"{size}-{data}"
            excess = 0.0 if data == max(TOKENS) else size**exponent / data
            records[name] = run(name, [3.0 * (1 + excess), 9.0])
            names.append(name)
            weights.append(size)
            tokens.append(data)
    return (tuple(names), tuple(weights), tuple(tokens)), records


def test_overfitting_that_depends_on_the_quotient_alone_collapses():
    runs, records = grid(0.74)
    assert GridCollapse(*runs, "loss").at(records) == pytest.approx(1.0)
    assert GridCollapse(*runs, "loss", exponent=0.0).at(records) < 0.9
    assert len(GridCollapse(*runs, "loss").points(records)) == 6


def test_a_law_takes_three_recipes():
    with pytest.raises(ValueError, match="three recipes or more"):
        DataLaw(("a", "b"), (1, 2), "loss")
