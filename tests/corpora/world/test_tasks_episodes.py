"""Episodes: the lines shown decide the answer, and nothing else tells it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from drawn_tasks import episodes, mood_shown

from replications.corpora.world.tasks_episodes import ARITHMETIC, IN_CONTEXT, SCRAMBLING
from replications.corpora.world.tasks_skills import toy_lexicon


def test_each_episode_reads_as_its_lines_and_ends_in_the_query():
    for episode in episodes(named=True).train:
        lines = episode.text.split("\n")
        assert lines[0] == f"{episode.family}:"
        shown = [tuple(line.split(" -> ")) for line in lines[1:]]
        assert shown == [*episode.demonstrations, (episode.query, episode.answer)]
        assert episode.prompt.endswith(f"{episode.query} ->")


def solve(episode):
    """The answer that the shown lines determine, None where they do not, by the family's rule."""
    shown, query = dict(episode.demonstrations), episode.query

    def places(letters):
        return [ord(letter) - ord("a") for letter in letters.split()]

    match episode.family:
        case "dictionary":
            return shown.get(query)
        case "compose":
            key, steps = query.split()
            for given, output in shown.items():
                if given.split()[0] == key:
                    moved = ord(output) - ord("a") + int(steps) - int(given.split()[1])
                    return chr(ord("a") + moved % 16)
        case "shift" if shown:
            given, output = next(iter(shown.items()))
            by = places(output)[0] - places(given)[0]
            return " ".join(chr(ord("a") + (place + by) % 16) for place in places(query))
        case "add" if shown:
            given, output = next(iter(shown.items()))
            return str(int(query) + int(output) - int(given))
        case "copy":
            return query
        case "reverse":
            return query[::-1]
        case "labels":
            moods = {mood_shown(f"{g} .", g.split()[0]): label for g, label in shown.items()}
            return moods.get(mood_shown(f"{query} .", query.split()[0]))
    return None


def test_the_lines_shown_decide_the_answer_exactly_where_they_are_said_to():
    for episode in episodes().test:
        assert solve(episode) == (episode.answer if episode.told else None)


def test_families_and_shots_take_turns_in_test():
    cells = Counter((episode.family, episode.shots) for episode in episodes().test)
    assert cells == {(family, shots): 4 for family in IN_CONTEXT for shots in range(9)}


@pytest.mark.parametrize("family", ["dictionary", "compose", "labels"])
@pytest.mark.parametrize("shots", [1, 4])
def test_the_best_accuracy_is_that_of_the_solver_with_guesses(family, shots):
    world = episodes(1, 600, families=(family,), shots=(shots, shots), test_episodes=1)
    values = 6 if family == "labels" else 16
    reached = [
        1.0 if e.told else 1 / (values - len({output for _, output in e.demonstrations}))
        for e in world.train
    ]
    if family == "compose":
        keys = [len({given.split()[0] for given, _ in e.demonstrations}) for e in world.train]
        reached = [
            1.0 if e.told else 1 / (values - k) for e, k in zip(world.train, keys, strict=True)
        ]
    assert np.mean(reached) == pytest.approx(world.best_accuracy(family, shots), abs=0.06)


def test_the_best_accuracy_rises_with_shots_from_chance():
    world = episodes()
    for family in IN_CONTEXT:
        best = [world.best_accuracy(family, shots) for shots in range(9)]
        assert best == sorted(best) and best[-1] <= 1
    assert world.best_accuracy("dictionary", 0) == pytest.approx(1 / 16)
    assert world.best_accuracy("shift", 0) == pytest.approx(1 / 15)
    assert world.best_accuracy("labels", 0) == pytest.approx(1 / 6)
    more = episodes(active=8).best_accuracy("dictionary", 4)
    assert more < world.best_accuracy("dictionary", 4)


def test_shuffled_demonstrations_leave_the_queries_and_tell_nothing():
    true, shuffled = episodes(), episodes(demonstrations="shuffled")
    right = {True: Counter(), False: Counter()}
    for one, other in zip(true.test, shuffled.test, strict=True):
        assert (one.query, one.answer, one.shots) == (other.query, other.answer, other.shots)
        assert [given for given, _ in one.demonstrations] == [g for g, _ in other.demonstrations]
        if one.shots and one.family not in ("copy", "reverse"):
            right[True][solve(one) == one.answer] += 1
            right[False][solve(other) == other.answer] += 1
            assert not other.told
    share = {kind: found[True] / found.total() for kind, found in right.items()}
    assert share[True] > 0.75 and share[False] < 0.25


def test_held_out_families_are_in_test_alone():
    world = episodes(held_out=("compose", "labels"))
    assert not {e.family for e in (*world.train, *world.validation)} & {"compose", "labels"}
    assert {e.family for e in world.test if e.held_out} == {"compose", "labels"}


def test_queries_to_test_on_are_inputs_that_training_never_shows():
    families = ("shift", "add", "copy", "labels", "compose", *ARITHMETIC, *SCRAMBLING)
    world = episodes(0, 1500, families=families, test_episodes=14 * 18)
    shown = set()
    for episode in world.train:
        lines = (*episode.demonstrations, (episode.query, episode.answer))
        shown |= {(episode.family, given) for given, _ in lines}
        if episode.family in SCRAMBLING:
            shown |= {(episode.family, output) for _, output in lines}
    for episode in (*world.test, *world.validation):
        assert (episode.family, episode.query) not in shown
        if episode.family in SCRAMBLING:
            assert (episode.family, episode.answer) not in shown
        if episode.family.startswith("plus"):
            a, b = episode.query.split(" plus ")
            assert (episode.family, f"{b} plus {a}") not in shown
    answered = {word for family, word in shown if family in SCRAMBLING}
    assert {e.answer for e in world.test if e.family in SCRAMBLING} <= answered


@pytest.mark.parametrize("written", ["plain", "spaced", "reversed"])
def test_sums_and_differences_are_right(written):
    for episode in episodes(families=ARITHMETIC, written=written).test:
        operation, digits = episode.family.split("-")

        def read(text):
            sign, text = (-1 if text.startswith("-") else 1), text.lstrip("-").replace(" ", "")
            return sign * int(text[::-1] if written == "reversed" else text)

        a, b = map(read, episode.query.split(f" {operation} "))
        assert read(episode.answer) == (a + b if operation == "plus" else a - b)
        assert max(a, b) < 10 ** int(digits)
        if written == "spaced":
            assert all(len(part) == 1 for part in episode.answer.lstrip("-").split())


def test_scrambled_words_can_be_put_right_in_one_way_only():
    words = toy_lexicon(200)
    for episode in episodes(families=SCRAMBLING).test:
        word, given = episode.answer, episode.query
        assert given != word

        def fits(other, family=episode.family, given=given):
            match family:
                case "cycle":
                    return len(other) == len(given) and given in other + other
                case "anagram-1" | "anagram-2":
                    kept = int(family[-1])
                    ends = other[:kept] + other[-kept:] == given[:kept] + given[-kept:]
                    return ends and sorted(other) == sorted(given)
                case "insertion":
                    return "".join(filter(str.isalpha, given)) == other
                case "reversal":
                    return given[::-1] == other

        assert [other for other in words if fits(other)] == [word]


@pytest.mark.parametrize("family", ["spell", "spell-backwards"])
def test_a_spelling_query_asks_for_letters_that_no_line_shows_together(family):
    for episode in episodes(families=(family,), shots=(8, 8)).test:
        letters = {}
        for given, output in episode.demonstrations:
            shown = output.split()
            ordered = shown[::-1] if "back" in family else shown
            letters |= dict(zip(given.split(), ordered, strict=True))
        assert episode.query not in dict(episode.demonstrations)
        answer = episode.answer.split()
        ordered = answer[::-1] if "back" in family else answer
        asked = zip(episode.query.split(), ordered, strict=True)
        assert all(letters.get(key, letter) == letter for key, letter in asked)
        assert len(letters) <= 3


@pytest.mark.parametrize("shots", [1, 2, 4])
def test_the_best_at_spelling_knows_what_the_lines_show_of_both_keys(shots):
    world = episodes(families=("spell",), shots=(shots, shots), test_episodes=4000)
    best = 0.0
    for episode in world.test:
        shown = {key for given, _ in episode.demonstrations for key in given.split()}
        missing = len(set(episode.query.split()) - shown)
        # Of 16 letters the two that are shown are no guess for a key that is missing.
        best += 1 if not missing else 1 / 14
    assert best / 4000 == pytest.approx(world.best_accuracy("spell", shots), abs=0.03)
