"""Learning to merge pairs: the paper's examples, and a count of all pairs after each merge."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replications.errors import ReplicationError
from replications.tokens.pair_merges import (
    first_in_text,
    learn_merges,
    merge_pair,
    merge_steps,
    oldest_symbols,
)

# Sennrich et al. 2016, algorithm 1: the end of a word is a symbol of its own.
ALGORITHM_1 = {
    (*"low", "</w>"): 5,
    (*"lower", "</w>"): 2,
    (*"newest", "</w>"): 6,
    (*"widest", "</w>"): 3,
}
# What the program printed in the paper prints.
ITS_MERGES = ["e s", "es t", "est </w>", "l o", "lo w", "n e", "ne w", "new est</w>", "low </w>"]
ITS_MERGES += ["w i"]


def count_again(words: dict[tuple[str, ...], int], merges: int, *, ties) -> list[tuple[str, str]]:
    """Algorithm 1 as printed: all pairs are counted anew before each merge."""
    names, learned = sorted({name for word in words for name in word}), []
    for _ in range(merges):
        counts = Counter()
        for word, count in words.items():
            for pair in pairwise(word):
                counts[pair] += count
        if not counts:
            break
        if ties is oldest_symbols:
            counts = {p: counts[p] for p in sorted(counts, key=lambda p: [*map(names.index, p)])}
        best = max(counts, key=counts.get)
        learned.append(best)
        names += [] if "".join(best) in names else ["".join(best)]
        words = {tuple(merge_pair(word, best, "".join(best))): n for word, n in words.items()}
    return learned


def test_the_papers_program_gives_these_merges():
    learned = learn_merges(ALGORITHM_1, 10, 1, ties=first_in_text)
    assert [" ".join(pair) for pair in learned] == ITS_MERGES


def test_the_other_rule_for_ties_parts_from_it_at_the_first_tie():
    learned = [" ".join(pair) for pair in learn_merges(ALGORITHM_1, 10, 1)]
    # "es t" and "t </w>" both occur 9 times.
    assert learned[:2] == ["e s", "t </w>"]
    assert "es t</w>" in learned


def test_the_papers_unseen_word_is_spelled_with_the_merges_of_figure_1():
    ranks = {("r", "·"): 0, ("l", "o"): 1, ("lo", "w"): 2, ("e", "r·"): 3}
    steps = [" ".join(step) for step in merge_steps([*"lower·"], ranks)]
    assert steps == ["l o w e r ·", "l o w e r·", "lo w e r·", "low e r·", "low er·"]


WORDS = st.dictionaries(
    st.text("abc", min_size=1, max_size=8).map(tuple), st.integers(1, 9), max_size=12
)


@pytest.mark.parametrize("ties", [first_in_text, oldest_symbols])
@given(words=WORDS)
def test_keeping_count_gives_the_merges_of_counting_again(ties, words):
    merges = 25
    assert learn_merges(words, merges, 1, ties=ties) == count_again(words, merges, ties=ties)


def test_the_order_of_the_words_does_not_matter_when_the_oldest_symbols_go_first():
    items = list(ALGORITHM_1.items())
    random.Random(0).shuffle(items)
    assert learn_merges(dict(items), 20, 1) == learn_merges(ALGORITHM_1, 20, 1)


def test_rare_pairs_are_not_merged():
    # After "est" and "low" of frequency 5 and more, "w i" and its like occur 3 times.
    learned = learn_merges(ALGORITHM_1, 100, 4)
    assert 0 < len(learned) < 10
    assert len(learn_merges(ALGORITHM_1, 100, 3)) > len(learned)
    assert learn_merges(ALGORITHM_1, 100, 20) == []


def test_fewer_merges_are_the_beginning_of_more():
    all_of_them = learn_merges(ALGORITHM_1, 100, 1)
    assert learn_merges(ALGORITHM_1, 4, 1) == all_of_them[:4]
    assert learn_merges(ALGORITHM_1, 0, 1) == []
    # Every word of a dictionary becomes one symbol in the end.
    assert {"".join(word) for word in ALGORITHM_1} <= {"".join(pair) for pair in all_of_them}


def test_overlapping_pairs_are_merged_from_left_to_right():
    assert merge_pair([*"aaaab"], ("a", "a"), "aa") == ["aa", "aa", "b"]
    assert merge_pair([*"aaab"], ("a", "a"), "aa") == ["aa", "a", "b"]
    assert merge_pair([], ("a", "a"), "aa") == []


@pytest.mark.parametrize(("merges", "min_count", "named"), [(-1, 2, "merges"), (1, 0, "min_count")])
def test_impossible_settings_are_refused_by_name(merges, min_count, named):
    with pytest.raises(ReplicationError, match=f"^{named} is"):
        learn_merges(ALGORITHM_1, merges, min_count)
