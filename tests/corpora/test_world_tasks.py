from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from replications.corpora import (
    world_tasks_cloze,
    world_tasks_episodes,
    world_tasks_labelled,
    world_tasks_next_sentence,
)
from replications.corpora.world_stories_words import ANIMALS, FACTS, MOODS
from replications.corpora.world_tasks_cloze import make_cloze
from replications.corpora.world_tasks_episodes import (
    ARITHMETIC,
    IN_CONTEXT,
    SCRAMBLING,
    make_episodes,
)
from replications.corpora.world_tasks_labelled import (
    BAG_OF_WORDS,
    TASKS,
    make_labelled,
    vocabulary_of,
    word_counts,
)
from replications.corpora.world_tasks_next_sentence import make_passage_pairs, shared_name_accuracy
from replications.corpora.world_tasks_skills import toy_lexicon
from replications.errors import ReplicationError

NUMBER = {
    **dict.fromkeys((*ANIMALS, "this", "that", "was", "is"), False),
    **dict.fromkeys((*ANIMALS.values(), "these", "those", "were", "are"), True),
}
ONLY_RIGHT = {"sides": ("right",), "adjectives": (0, 0)}  # 3,200 sentences


@cache
def cloze(seed=0, **knobs):
    return make_cloze(seed, 150, **{"validation_items": 30, "test_items": 150, **knobs})


@cache
def pairs(seed=0, **knobs):
    sizes = {"validation_pairs": 20, "test_pairs": 300}
    return make_passage_pairs(seed, 300, **{**sizes, **knobs})


@cache
def labelled(task, seed=0, items=600, **knobs):
    sizes = {"validation_items": 20, "test_items": 400}
    return make_labelled(seed, items, task=task, **{**sizes, **knobs})


@cache
def episodes(seed=0, count=300, **knobs):
    sizes = {"validation_episodes": 30, "test_episodes": 252}
    return make_episodes(seed, count, **{**sizes, **knobs})


def first_characters(texts):
    return hashlib.sha256("\n".join(texts)[:1000].encode()).hexdigest()


def test_the_first_thousand_characters_never_change():
    every = make_episodes(0, 60, families=IN_CONTEXT + ARITHMETIC + SCRAMBLING)
    assert [
        first_characters([item.text for item in cloze().train]),
        first_characters([f"{pair.first}|{pair.second}" for pair in pairs().train]),
        first_characters([item.first + item.second for item in labelled("paraphrase").train]),
        first_characters([episode.text for episode in every.train]),
    ] == [
        "b88b8dab464d66049f45d5ac5383dc6cfa8f7ab7594f1612b19efd2ae39e4ac9",
        "2e41b1d62fac3ab69f5ea1d1e05b2b957944ec3393db991f6ab202202f463c20",
        "0fa3fa35000df3b99d52d9628e002ee5985d8cf959da12bcdd30a5941f7ebf08",
        "4128beeda7d667a36219327d55b886475b903e68db61ce739e0153d2e1247958",
    ]


@pytest.mark.parametrize(
    "make",
    [cloze, pairs, episodes, lambda seed: labelled("entailment", seed, 100)],
    ids=["cloze", "next sentence", "episodes", "labelled"],
)
def test_the_seed_changes_the_training_part_alone_and_no_item_is_in_two(make):
    fresh = getattr(make, "__wrapped__", make)
    same, again, other = fresh(0), fresh(0), fresh(1)
    assert (same.train, same.validation, same.test) == (again.train, again.validation, again.test)
    assert other.train != same.train
    assert other.identities[0].sha256 != same.identities[0].sha256
    assert other.identities[1:] == same.identities[1:]

    def names(part):
        if hasattr(part[0], "shots"):
            return {episode.text for episode in part if episode.shots}
        return {getattr(i, "text", "") or (i.first, i.second) for i in part}

    for world in (same, other):
        train, validation, test = map(names, (world.train, world.validation, world.test))
        assert not train & validation and not train & test and not validation & test


def sees(text):
    """What the words say of number and time: each set has one member where they agree."""
    return {NUMBER[word] for word in text.split() if word in NUMBER}


def test_each_blank_can_be_known_from_the_side_it_is_said_to_be_decided_by_and_from_no_other():
    for item in cloze().test:
        assert item.word in item.forms
        assert len(sees(item.text)) == 1
        left, right = sees(item.before), sees(item.after)
        if item.decided_by == "right":
            assert not left and right == {NUMBER[item.word]}
        elif item.decided_by == "left":
            assert left == {NUMBER[item.word]} and not right
        else:
            now = {"yesterday": False, "earlier": False, "now": True, "today": True}
            (when,) = [now[word] for word in item.after.split() if word in now]
            assert left == {NUMBER[item.word]} and not right
            assert when == (item.word in ("is", "are"))
            assert not set(item.before.split()) & set(now)
    assert Counter(item.decided_by for item in cloze().test) == dict.fromkeys(
        ("right", "left", "both"), 50
    )


@pytest.mark.parametrize("side", ["left", "right"])
def test_no_rule_for_one_side_exceeds_what_is_said_to_be_its_best(side):
    test = make_cloze(0, 1, validation_items=1, test_items=2400, adjectives=(0, 1)).test
    for kind in ("right", "left", "both"):
        rules, count, best = {}, 0, set()
        for item in (item for item in test if item.decided_by == kind):
            words = (item.before if side == "left" else item.after).split()
            cues = tuple(word for word in words if word not in ANIMALS and word in NUMBER)
            nouns = tuple(NUMBER[word] for word in words if word in (*ANIMALS, *ANIMALS.values()))
            whens = tuple(w for w in words if w in ("now", "today", "yesterday", "earlier"))
            rules.setdefault((item.forms, cues, nouns, whens), Counter())[item.word] += 1
            best.add(item.left_best if side == "left" else item.right_best)
            count += 1
        reached = sum(max(found.values()) for found in rules.values()) / count
        assert reached == pytest.approx(best.pop(), abs=0.06) and not best


def test_adjectives_stand_between_a_blank_and_its_cue():
    items = [i for i in cloze(adjectives=(3, 3)).test if i.decided_by == "right"]
    assert {item.cue_distance for item in items} == {4}
    assert {i.cue_distance for i in cloze(adjectives=(0, 0)).test if i.decided_by == "right"} == {1}


def test_half_of_the_pairs_continue_and_only_those_of_one_story_are_alike():
    test = pairs().test
    assert 0.43 < sum(pair.truth for pair in test) / len(test) < 0.57
    assert all(pair.continues == pair.truth for pair in test)
    for pair in test:
        assert all(
            name in pair.first.split() and name in pair.second.split() for name in pair.shared
        )
    shared = {truth: [bool(p.shared) for p in test if p.truth == truth] for truth in (True, False)}
    assert np.mean(shared[True]) > np.mean(shared[False]) + 0.3


def test_more_sentences_tell_more_and_names_alone_do_not_tell_all():
    short, middle, long = (
        shared_name_accuracy(pairs(sentences=span).test) for span in ((1, 1), (1, 3), (3, 5))
    )
    assert 0.55 < short < middle < long < 0.97


@pytest.mark.parametrize("task", TASKS)
def test_shuffled_labels_are_coin_flips_in_training_alone(task):
    world = labelled(task, labels="shuffled")
    agreed = np.mean([item.label == item.truth for item in world.train])
    assert agreed == pytest.approx(0.5, abs=0.07)
    assert all(item.label == item.truth for item in (*world.validation, *world.test))
    twisted = pairs(labels="shuffled")
    assert np.mean([p.continues == p.truth for p in twisted.train]) == pytest.approx(0.5, abs=0.1)
    assert twisted.test == pairs().test


@pytest.mark.parametrize("task", TASKS)
def test_labels_are_balanced_and_noise_turns_training_labels_alone(task):
    for noise in (0.05, 0.3):
        world = labelled(task, noise=noise)
        turned = np.mean([item.label != item.truth for item in world.train])
        assert turned == pytest.approx(noise, abs=0.05)
        assert not any(item.label != item.truth for item in (*world.validation, *world.test))
        assert np.mean([item.truth for item in world.test]) == pytest.approx(0.5, abs=0.06)
    assert {i.label for i in world.train} == {0, 1}


@pytest.mark.parametrize("decided_by", ["roles", "words"])
@pytest.mark.parametrize("task", TASKS)
def test_counting_words_solves_the_variant_made_for_it_and_nothing_else(task, decided_by):
    world = labelled(task, items=1200, noise=0.0, decided_by=decided_by)
    vocabulary = vocabulary_of(world.train)
    classifier = LogisticRegression(C=0.3, max_iter=400)
    classifier.fit(word_counts(world.train, vocabulary), [item.label for item in world.train])
    seen, truth = word_counts(world.test, vocabulary), [item.truth for item in world.test]
    reached = classifier.score(seen, truth)
    if decided_by == "roles":
        assert reached < BAG_OF_WORDS["roles"] + 0.08
    else:
        assert reached > BAG_OF_WORDS["words"] - 0.12


def facts_of(text):
    """(name, kind) -> value as read from the sentences of a text; templates are the stories'."""
    found = {}
    for sentence in re.findall(r"[a-z ]+ \.", text):
        for kind in FACTS:
            for said in FACTS[kind]:
                pattern = re.sub(r"\b([A-Z]+)\b", r"(?P<\1>[a-z]+)", " ".join(said.words[:-1]))
                if match := re.fullmatch(pattern, sentence.strip(" .")):
                    slots = match.groupdict()
                    found[slots.pop("NAME"), kind] = tuple(sorted(slots.items()))
    return found


def mood_shown(text, name):
    for mood, templates in MOODS.items():
        for said in templates:
            if " ".join([name, *said.words[1:]]) in text:
                return mood
    return None


@pytest.mark.parametrize("decided_by", ["roles", "words"])
def test_the_label_follows_from_the_story(decided_by):
    for item in labelled("paraphrase", decided_by=decided_by).test[:100]:
        assert item.truth == (facts_of(item.first) == facts_of(item.second))
        assert item.first != item.second
    for item in labelled("entailment", decided_by=decided_by).test[:100]:
        assert item.truth == (facts_of(item.second).items() <= facts_of(item.first).items())
    for item in labelled("acceptability", decided_by=decided_by).test[:100]:
        agrees = len(sees(item.first)) == 1 and "be" not in item.first.split()
        assert item.truth == agrees
    for item in labelled("sentiment", decided_by=decided_by).test[:100]:
        hero = re.search(r"for ([a-z]+) it was a very$", item.prompt)[1]
        assert item.truth == (mood_shown(item.first, hero) == "good")
        names = re.findall("|".join(n for n, _ in facts_of(item.first)), item.first)
        assert names[0] == hero


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


def run_without_checks_of_types(code):
    """What the code prints, from a process without the checks that the tests switch on."""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return found.stdout.splitlines()


@pytest.mark.parametrize(
    ("module", "rows"),
    [
        (world_tasks_cloze, 300),
        (world_tasks_next_sentence, 300),
        (world_tasks_labelled, 2000),
        (world_tasks_episodes, 500),
    ],
    ids=["cloze", "next sentence", "labelled", "episodes"],
)
def test_the_rows_to_register_have_the_columns_and_hold_text(module, rows):
    code = f"""
import json
from {module.__name__} import default_rows
for row in default_rows("validation"):
    print(json.dumps(row))
"""
    found = [json.loads(line) for line in run_without_checks_of_types(code)]
    assert len(found) == rows
    assert all(tuple(row) == module.COLUMNS for row in found)
    assert all(isinstance(value, str) for row in found for value in row.values())


@pytest.mark.parametrize(
    ("make", "maker", "knobs", "named"),
    [
        (cloze, "make_cloze", {"sides": ("middle",)}, "sides"),
        (cloze, "make_cloze", {"sides": ()}, "sides"),
        (cloze, "make_cloze", {"adjectives": (2, 1)}, "adjectives"),
        (
            cloze,
            "make_cloze",
            {**ONLY_RIGHT, "test_items": 3300},
            "too few",
        ),
        (cloze, "make_cloze", {"test_items": 0}, "test"),
        (pairs, "make_passage_pairs", {"labels": "some"}, "labels"),
        (pairs, "make_passage_pairs", {"sentences": (0, 2)}, "sentences"),
        (pairs, "make_passage_pairs", {"entities": (1, 2)}, "entities"),
        (labelled, "make_labelled", {"task": "irony"}, "task"),
        (labelled, "make_labelled", {"task": "sentiment", "noise": 1.2}, "noise"),
        (labelled, "make_labelled", {"task": "sentiment", "labels": "no"}, "labels"),
        (labelled, "make_labelled", {"task": "sentiment", "decided_by": "luck"}, "decided_by"),
        (episodes, "make_episodes", {"families": ("telepathy",)}, "families"),
        (episodes, "make_episodes", {"held_out": ("plus-1",)}, "held_out"),
        (episodes, "make_episodes", {"held_out": IN_CONTEXT}, "held_out"),
        (episodes, "make_episodes", {"shots": (3, 2)}, "shots"),
        (episodes, "make_episodes", {"active": 17}, "active"),
        (episodes, "make_episodes", {"keys": 30}, "keys"),
        (episodes, "make_episodes", {"letters": 27}, "letters"),
        (episodes, "make_episodes", {"length": 1}, "length"),
        (episodes, "make_episodes", {"lexicon": 0}, "lexicon"),
        (episodes, "make_episodes", {"written": "roman"}, "written"),
        (episodes, "make_episodes", {"demonstrations": "none"}, "demonstrations"),
        (episodes, "make_episodes", {"seed": -1}, "seed"),
    ],
    ids=str,
)
def test_impossible_knobs_are_named(make, maker, knobs, named):
    with pytest.raises(ReplicationError, match=rf"{maker}.*{named}.*(give|ask|needs)"):
        make(**knobs)
