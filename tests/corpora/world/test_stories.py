from __future__ import annotations

import hashlib
import math
from collections import Counter
from functools import cache

import numpy as np
import pytest
from told_stories import read_back

from replications.corpora.store.fingerprint import fingerprint_rows
from replications.corpora.world.default_worlds import default_rows
from replications.corpora.world.stories import (
    COLUMNS,
    answer_loss,
    make_stories,
)
from replications.corpora.world.stories_words import (
    ANIMALS,
    ANSWER_SLOT,
    DOMAINS,
    SHIFTED,
)
from replications.errors import ReplicationError

FEW = {"validation_stories": 20, "test_stories": 60}


@cache
def world(stories=300, seed=0, **knobs):
    return make_stories(seed, stories, **{**FEW, **knobs})


def test_the_first_thousand_characters_never_change():
    text = " ".join(story.text for story in world(20).train)[:1000]
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == "b7eb0ca8c52df7ad812621066420e3d488732cb0a951bd0e759f5cbdb427b214"


def test_the_seed_changes_the_training_stories_alone():
    same, again, other = (world.__wrapped__(30, seed) for seed in (1, 1, 2))
    assert same == again
    assert same.identity.sha256 != other.identity.sha256
    assert same.identities[1:] == other.identities[1:]
    assert (same.validation, same.test) == (other.validation, other.test)


@pytest.mark.parametrize(
    "knobs",
    [{}, {"domain": "shifted"}, {"entities": (1, 8), "max_length": 500, "questions": 2}],
    ids=str,
)
def test_stories_tell_their_people_as_they_are_and_never_contradict_themselves(knobs):
    for story in world(**{"question_share": 0.2, "summary_share": 0.2, **knobs}).train:
        facts, moods, _ = read_back(story)
        people = {person.name: person for person in story.people}
        assert len(people) == len(story.people)
        assert len(facts) == 4 * len(people)
        for (name, slot), value in facts.items():
            assert getattr(people[name], slot.lower()) == value
        assert all(people[name].mood == mood for name, mood in moods.items())
        named = [word for word in story.text.split() if word in people]
        assert list(dict.fromkeys(named)) == [person.name for person in story.people]
        for kind in ("trade", "place", "colour", "thing"):
            assert len({getattr(person, kind) for person in story.people}) == len(people)


def test_reading_back_would_find_a_contradiction():
    story = next(s for s in world().train if any(a.kind == "trade" for a in s.answers))
    answer = next(answer for answer in story.answers if answer.kind == "trade")
    wrong = next(said for said in ("baker", "miller") if said != answer.word)
    text = story.text[: answer.start] + wrong + story.text[answer.end :]
    shift = len(wrong) - len(answer.word)
    starts = tuple(start + shift * (start > answer.start) for start in story.starts)
    with pytest.raises(AssertionError):
        read_back(type(story)(text, story.form, story.people, story.answers, starts))


def test_each_answer_stands_at_its_place_and_its_distance_from_what_told_it_last():
    checked = Counter()
    for story in world(question_share=0.2, summary_share=0.2).train:
        _, _, told = read_back(story)
        for answer in story.answers:
            assert story.text[answer.start : answer.end] == answer.word
            if answer.kind == "mood":
                continue
            name = story.people[answer.person].name
            slot = ANSWER_SLOT[answer.kind]
            index = story.text[: answer.start].count(" ")
            before = [at for who, what, at in told if (who, what) == (name, slot) and at < index]
            assert answer.distance == index - max(before)
            others = {who for who, what, at in told if what == slot and at < index}
            assert answer.candidates == len(others)
            checked[answer.kind] += 1
    assert min(checked[kind] for kind in ANSWER_SLOT) > 50


def test_distances_are_spread_evenly_over_the_range_asked_for():
    stories = world(600, question_share=0.0, summary_share=0.0, verdicts=0.0).train
    distances = [answer.distance for story in stories for answer in story.answers]
    assert len(distances) == 3 * len(stories)
    assert min(distances) >= 5 and max(distances) <= 210
    counts, _ = np.histogram(distances, bins=range(0, 201, 40))
    assert counts.min() / counts.max() > 0.6


@pytest.mark.parametrize("span", [(5, 40), (30, 90), (100, 110)])
def test_the_distance_can_be_chosen(span):
    stories = world(150, distance=span, questions=1, verdicts=0.0, question_share=0.0).train
    distances = [a.distance for story in stories if story.form == "story" for a in story.answers]
    assert span[0] <= min(distances) and max(distances) <= span[1]


def test_no_story_is_longer_than_asked_for():
    knobs = {"entities": (2, 3), "distance": (5, 60), "question_share": 0.0, "summary_share": 0.0}
    lengths = [len(story.text.split()) for story in world(max_length=150, **knobs).train]
    assert max(lengths) <= 150


def test_a_verdict_tells_the_mood_that_the_hero_showed():
    stories = world(verdicts=1.0, question_share=0.0, summary_share=0.0).train
    seen = Counter()
    for story in stories:
        hero, last = story.people[0], story.sentences[-1]
        assert last == f"for {hero.name} it was a very {hero.mood} day ."
        assert read_back(story)[1][hero.name] == hero.mood
        seen[hero.mood] += 1
    assert 0.4 < seen["good"] / seen.total() < 0.6


def test_one_fact_of_one_person_leaves_a_fact_a_mood_and_a_verdict():
    few = {"entities": (1, 1), "distance": (5, 10), "max_length": 60, "questions": 0, "facts": 1}
    for story in world(50, **few, verdicts=1.0, question_share=0.0, summary_share=0.0).train:
        fact, mood, verdict = story.sentences
        hero = story.people[0]
        assert hero.name in fact and hero.mood not in fact
        assert verdict == f"for {hero.name} it was a very {hero.mood} day ."
        assert mood.split()[0] in (hero.name, "he", "she")


def test_two_facts_of_each_person_are_two_thirds_of_all():
    for story in world(50, facts=2, questions=2, question_share=0.0, summary_share=0.0).train:
        facts, _, _ = read_back(story)
        kinds = {(name, "owned" if slot in ("COLOUR", "THING") else slot) for name, slot in facts}
        assert len(kinds) == 2 * len(story.people)


def test_fewer_facts_than_a_summary_asks_for_are_an_error():
    with pytest.raises(ReplicationError, match="facts is 1; give 3, or a question_share"):
        world(50, facts=1, questions=0)


def test_shares_of_questions_and_summaries_are_as_asked_for():
    forms = Counter(story.form for story in world(600, question_share=0.3, summary_share=0.1).train)
    assert forms["questions"] / 600 == pytest.approx(0.3, abs=0.06)
    assert forms["summary"] / 600 == pytest.approx(0.1, abs=0.04)
    for story in world(600, question_share=0.3, summary_share=0.1).train:
        assert ("q:" in story.text) == (story.form == "questions")
        assert ("tl;dr:" in story.text) == (story.form == "summary")


def test_planted_duplicates_are_the_only_test_stories_in_training():
    plain, planted = world(), world(duplicate_share=0.1, copies=3)
    assert not {s.text for s in plain.train} & {s.text for s in (*plain.test, *plain.validation)}
    assert len(planted.planted) == 6 and len(planted.train) == len(plain.train)
    trained = Counter(story.text for story in planted.train)
    for place, story in enumerate(planted.test):
        assert trained[story.text] == (3 if place in planted.planted else 0)
    assert planted.test == plain.test


def test_the_shifted_domain_has_other_names_and_homes_and_rare_sentences_are_frequent():
    home, shifted = world(), world(domain="shifted")
    names = {person.name for story in shifted.train for person in story.people}
    assert names <= set(SHIFTED.women + SHIFTED.men)
    assert not names & {word for story in home.train for word in story.text.split()}
    rare = "people knew"
    shares = [sum(s.text.count(rare) for s in w.train) / len(w.train) for w in (home, shifted)]
    assert shares[1] > 2 * shares[0]


def test_the_vocabulary_is_small_and_every_word_is_lower_case():
    words = {word for story in world(600).train for word in story.text.split()}
    assert 230 < len(words) < 350
    assert all(word == word.lower() for word in words)
    assert set(ANIMALS) <= words


def test_a_longer_window_makes_the_answers_cheaper_down_to_nothing():
    stories = world(question_share=0.0, summary_share=0.0, verdicts=0.0).train
    losses = [answer_loss(stories, window) for window in (0, 20, 80, 160, 1000)]
    assert losses == sorted(losses, reverse=True) and len(set(losses)) == len(losses)
    assert losses[-1] == 0
    blind = [math.log(answer.inventory) for story in stories for answer in story.answers]
    assert losses[0] == pytest.approx(sum(blind) / len(blind))
    with pytest.raises(ReplicationError, match="questions"):
        answer_loss([], 10)


def test_the_inventory_of_each_kind_is_what_stories_draw_from():
    stories = world(600).train
    for domain in DOMAINS.values():
        assert len(set(domain.women) | set(domain.men)) == 32 and len(domain.places) == 16
    for kind, slot in ANSWER_SLOT.items():
        drawn = {getattr(p, slot.lower()) for story in stories for p in story.people}
        stated = {a.inventory for story in stories for a in story.answers if a.kind == kind}
        assert stated == {len(drawn)}


def test_the_rows_to_register_are_those_of_the_default_world():
    rows = list(default_rows("world-stories", "validation"))
    assert len(rows) == 200
    start, end, distance = map(int, rows[0]["answers"].split()[0].split("-"))
    assert rows[0]["text"][start:end].isalpha() and distance >= 5
    assert (
        fingerprint_rows(rows, COLUMNS) == make_stories(3, 1, test_stories=1).identities[1].sha256
    )


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("seed", -1),
        ("validation", {"validation_stories": 0}),
        ("entities", (0, 2)),
        ("entities", (3, 2)),
        ("entities", (2, 9)),
        ("distance", (4, 50)),
        ("distance", (60, 50)),
        ("max_length", 60),
        ("questions", 7),
        ("questions", -1),
        ("facts", 0),
        ("facts", 4),
        ("questions", {"facts": 1, "questions": 3}),
        ("verdicts", 1.5),
        ("question_share", -0.1),
        ("summary_share", 0.99),
        ("duplicate_share", 2.0),
        ("copies", 0),
        ("domain", "away"),
    ],
    ids=str,
)
def test_impossible_knobs_are_named(knob, value):
    with pytest.raises(ReplicationError, match=rf"make_stories: .*{knob}.*(give|must be|at least)"):
        world(30, **(value if isinstance(value, dict) else {knob: value}))


def test_planting_more_than_there_is_room_for_is_refused():
    with pytest.raises(ReplicationError, match="copies=50"):
        world(30, duplicate_share=0.5, copies=50)
