from __future__ import annotations

import io

import pytest

from replications.errors import ReplicationError
from replications.figures.words.merges import draw_merge_trees, merge_table, merge_trees
from replications.tokens.bpe import BytePairEncoding

LEARNED = BytePairEncoding.learn(["low low low lower lower newer newer."], merges=6)


def test_a_word_is_shown_after_each_merge_that_applies_to_it():
    assert LEARNED.merges[:2] == (("l", "o"), ("e", "r</w>"))
    lines = merge_table(LEARNED, "lower").data.splitlines()
    assert lines[2:5] == [
        "|  | **lower** | `l o w e r·` |",
        "| 1 | `l o` | `lo w e r·` |",
        "| 2 | `e r·` | `lo w er·` |",
    ]
    assert "`·` marks the end of a word." in lines[-1]


def test_each_word_of_a_text_has_its_rows():
    text = merge_table(LEARNED, "low newer.").data
    assert [line.split("**")[1] for line in text.splitlines() if "**" in line] == [
        "low",
        "newer",
        "￭.",
    ]


def characters(node) -> list[str]:
    return [node.symbol] if not node.parts else [c for part in node.parts for c in characters(part)]


@pytest.mark.parametrize("word", ["low", "lower", "newer", "owl", "lololow", "zlow"])
def test_the_trees_of_a_word_have_its_characters_as_leaves_and_its_segments_as_roots(word):
    trees = merge_trees(LEARNED, word)
    assert [tree.symbol for tree in trees] == LEARNED.segment(word)[0]
    assert [c for tree in trees for c in characters(tree)] == LEARNED.spell(word)


def test_a_symbol_stands_above_its_parts():
    (low,) = merge_trees(LEARNED, "low")
    stem, end = low.parts
    assert (stem.symbol, end.symbol) == ("lo", "w</w>")
    assert (stem.x, end.x, low.x) == (0.5, 2, 1.25)
    assert low.merge > stem.merge == 1 > end.merge == 0
    assert LEARNED.merges[low.merge - 1] == ("lo", "w</w>")


def test_every_symbol_is_drawn_once_with_its_merge_in_the_order_of_the_merges():
    figure = draw_merge_trees(LEARNED, "low we")
    (ax,) = figure.axes
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    (low,) = merge_trees(LEARNED, "low")
    stem = "lo\n1"
    whole = f"low·\n{low.merge}"
    assert sorted(heights) == sorted(["l", "o", "w·", stem, whole, "w", "e", "·"])
    assert (heights["l"], heights[stem], heights[whole]) == (0, 1, 2)
    assert len(ax.lines) == 4
    bottom, top = ax.get_ylim()
    assert all(bottom < height < top for height in heights.values())


def test_the_steps_of_a_word_are_even_however_far_apart_its_merges_were_learned():
    text = ["abd"] * 10 + ["xyz"] * 6 + ["abc"] * 2
    learned = BytePairEncoding.learn([" ".join(text)], merges=5)
    (tree,) = merge_trees(learned, "abc")
    (stem,) = (part for part in tree.parts if part.parts)
    assert (stem.merge, tree.merge) == (1, 5)
    (ax,) = draw_merge_trees(learned, "abc").axes
    heights = sorted({text.get_position()[1] for text in ax.texts})
    assert heights == [0, 1, 2]


def test_a_symbol_is_joined_to_its_parts_where_they_stand():
    (ax,) = draw_merge_trees(LEARNED, "low").axes
    places = {text.get_position() for text in ax.texts}
    for line in ax.lines:
        ends = line.get_xydata()
        assert {tuple(ends[0]), tuple(ends[-1])} <= places


@pytest.mark.filterwarnings("error")
def test_the_font_has_all_signs_that_are_drawn():
    draw_merge_trees(LEARNED, "lower.").savefig(io.BytesIO())


def test_a_text_without_words_is_refused():
    with pytest.raises(ReplicationError, match="no words"):
        draw_merge_trees(LEARNED, " ")
