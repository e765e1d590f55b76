"""The key to the verdicts: one example of each, named by the rule that judges the book's claims."""

import pytest

from replications.claims import CONTRADICTED, IN_DIRECTION, REPRODUCED, SMALLER, UNDECIDED
from replications.figures.verdict_key import EXAMPLES, draw_verdict_key


def test_every_verdict_on_an_interval_has_an_example_drawn_from_end_to_end():
    ax = draw_verdict_key().axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        REPRODUCED,
        IN_DIRECTION,
        SMALLER,
        CONTRADICTED,
        UNDECIDED,
    ]
    for (low, high), bars in zip(EXAMPLES, ax.containers, strict=True):
        ((left, row), (right, same)) = bars[2][0].get_segments()[0]
        assert (left, right) == pytest.approx((low, high)) and row == same


def test_an_interval_is_named_by_where_it_lies():
    ax = draw_verdict_key([(-5, -1), (11, 12)]).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [CONTRADICTED, REPRODUCED]
