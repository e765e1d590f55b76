"""The tree of a beam search has what the search looked at, and marks the way to what it found."""

import pytest
import torch
from matplotlib.patches import FancyArrowPatch
from table_translator import TableTranslator

from replications.decoding.search import beam_search
from replications.figures.diagrams.beam_tree import draw_beam_tree

SYMBOLS = ["<pad>", "<s>", "</s>", "<unk>", "sing</w>"]


def searched(seed, **options):
    steps = []
    ((best,),) = beam_search(
        TableTranslator(seed),
        torch.tensor([[4, 3, 2]]),
        length_penalty=0.0,
        max_length=3,
        watch=steps.append,
        **options,
    )
    return steps, best


@pytest.mark.parametrize("seed", range(4))
def test_a_box_for_each_candidate_and_an_arrow_from_what_it_extends(seed):
    steps, best = searched(seed, beam=2)
    figure = draw_beam_tree(steps, best.ids, SYMBOLS)
    looked_at = [one for step in steps for one in step]
    arrows = [one for one in figure.axes[0].patches if isinstance(one, FancyArrowPatch)]
    assert len(arrows) == len(looked_at)
    thick = [one for one in arrows if one.get_linewidth() > 2]
    assert len(thick) == len(best.ids) + 1
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts[0] == "START" and f"END\n−{-best.log_probability:.2f}" in texts
    assert len(texts) == 1 + len(looked_at)
    assert not any("</w>" in text for text in texts)


def test_boxes_of_a_row_do_not_overlap_and_those_of_a_parent_stand_together():
    steps, best = searched(0, beam=3)
    figure = draw_beam_tree(steps, best.ids, SYMBOLS)
    rows = {}
    for text in figure.axes[0].texts[1:]:
        x, y = text.get_position()
        rows.setdefault(round(y, 3), []).append(x)
    assert [len(row) for row in rows.values()] == [len(step) for step in steps]
    for row in rows.values():
        assert all(right - left >= 2.1 for left, right in zip(row, row[1:], strict=False))
