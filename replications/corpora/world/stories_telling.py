"""Tells one story at a time: people, facts about them, and later words that only the facts decide.

A person's facts are told first, one sentence each. Some facts are asked for: a later sentence ends
in a word that can be known from the fact alone. The distance between the two is drawn, and the
story goes on with other events until it is reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from replications.corpora.world.stories_parts import Uniform, Weighted, shuffle
from replications.corpora.world.stories_people import Person, draw_cast, slots
from replications.corpora.world.stories_scenery import SIDES, draw_scenery
from replications.corpora.world.stories_words import (
    ANSWER_SLOT,
    EVENTS,
    FACT_OF,
    FACTS,
    GOODS,
    MOODS,
    QUERIES,
    QUESTIONS,
    SCENES,
    SUMMARY,
    VERDICT,
    Domain,
    Template,
)

LONGEST_FACT, LONGEST_QUERY, LONGEST_EVENT, LONGEST_END = 8, 10, 13, 15  # in words

_INVENTORY = {"trade": 16, "place": 16, "owner": 32, "thing": 20, "colour": 10, "mood": 2}
_OWNED = ("owner", "thing", "colour")
_PRONOUN, _STAY = 0.6, 0.4  # shares: of names repeated at once; of events about the same person
_SCENERY, _MOOD = 0.15, 0.35  # shares of the events; the rest tell neither
_EVENT_AMONG_FACTS = 0.3
_QUESTIONS_ASKED = 2
_KINDS = {slot: kind for kind, slot in ANSWER_SLOT.items()}


class Answer(NamedTuple):
    """A word that only earlier text decides: `text[start:end]`.

    `kind` is trade, place, owner, thing, colour or mood. `distance` counts the words from the one
    that tells it last (for the mood, the sentence that shows it last) to the answer. `candidates`
    are the values of this kind that the story has told before, `inventory` all there are.
    """

    kind: str
    person: int
    word: str
    start: int
    end: int
    distance: int
    candidates: int
    inventory: int


@dataclass(frozen=True)
class Story:
    """A story and its truth. `form` is story, questions, summary or passage.

    Words and marks are set apart by single spaces, so that a distance in words can be counted.
    `people` come in the order in which they are named; the first is the hero. `starts` are the
    character offsets of the sentences.
    """

    text: str
    form: str
    people: tuple[Person, ...]
    answers: tuple[Answer, ...]
    starts: tuple[int, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The story sentence by sentence."""
        ends = (*(start - 1 for start in self.starts[1:]), len(self.text))
        return tuple(self.text[a:b] for a, b in zip(self.starts, ends, strict=True))


class _Line(NamedTuple):
    """A sentence to be written: a template and whom it is about."""

    template: tuple[str, ...]
    person: int
    kind: str  # of a fact or a query


class Teller:
    """Tells stories of one domain; the arguments are those of `make_stories`."""

    def __init__(
        self,
        uniform: Uniform,
        domain: Domain,
        *,
        entities: tuple[int, int],
        distance: tuple[int, int],
        max_length: int,
        questions: int,
        verdicts: float = 0.0,
        restated: bool = False,
        facts: int = len(FACTS),
    ) -> None:
        self.uniform, self.domain = uniform, domain
        self.entities, self.distance, self.max_length = entities, distance, max_length
        self.questions, self.verdicts, self.restated = questions, verdicts, restated
        self.told = facts
        self.facts, self.queries, self.moods = (
            {name: self._weighted(templates) for name, templates in given.items()}
            for given in (FACTS, QUERIES, MOODS)
        )
        self.events = self._weighted(EVENTS)

    def _weighted(self, templates: Sequence[Template]) -> Weighted:
        weights = [template.weight for template in templates]
        if self.domain.turned:
            weights.reverse()
        return Weighted([template.words for template in templates], weights)

    def story(self, form: str) -> Story:
        """A story of so many entities; a passage ends in the only word that is asked for."""
        uniform = self.uniform
        self.people = draw_cast(uniform, self.domain, self.entities)
        self.values = [slots(person) for person in self.people]
        self.words: list[str] = []
        self.starts: list[int] = []
        self.marked: list[tuple[int, str, int, int, int]] = []
        self.known: dict[tuple[int, str], int] = {}
        self.subject: int | None = None
        self._tell(passage=form == "passage")
        if form != "passage" and uniform() < self.verdicts:
            if (0, "mood") not in self.known:
                self._say(_Line(self.moods[self.people[0].mood].draw(uniform), 0, "mood"))
            self._say(_Line(tuple(VERDICT.split()), 0, "mood"), asked="MOOD")
        if form == "questions":
            for kind in shuffle(uniform, QUESTIONS)[:_QUESTIONS_ASKED]:
                person = int(uniform() * len(self.people))
                line = _Line(tuple(QUESTIONS[kind].split()), person, kind)
                self._say(line, asked=ANSWER_SLOT[kind])
        if form == "summary":
            self._say(_Line(tuple(SUMMARY.split()), 0, "summary"), asked="TRADE PLACE COLOUR THING")
        return self._finished(form)

    def _tell(self, passage: bool) -> None:
        """The facts, the events and what is asked for, each query before its distance is passed."""
        uniform, least = self.uniform, self.distance[0]
        facts = shuffle(uniform, FACTS)[: 2 if passage else self.told]
        told = [(n, fact) for n in range(len(self.people)) for fact in shuffle(uniform, facts)]
        asked = set(shuffle(uniform, told)[: self.questions])
        waiting: list[tuple[int, int, _Line]] = []  # last start, first start, query
        left = len(asked)
        while told or waiting:
            room = LONGEST_FACT * len(told) + LONGEST_QUERY * left + LONGEST_END + least
            room = self.max_length - len(self.words) - room - LONGEST_EVENT >= 0
            fact = bool(told) and not (room and self.words and uniform() < _EVENT_AMONG_FACTS)
            line = self._fact(*told[0]) if fact else self._event()
            # After the next sentence, and the others that wait, it would be too late.
            after = len(self.words) + len(line.template) + LONGEST_QUERY * (len(waiting) - 1)
            if waiting and not (passage and told):
                last, first, query = min(waiting)
                if len(self.words) >= first and (after > last or not (fact or room)):
                    waiting.remove((last, first, query))
                    left -= 1
                    if self.restated:
                        self._say(self._clause(query))
                    self._say(query, asked=ANSWER_SLOT[query.kind])
                    continue
            self._say(line)
            if fact:
                pair = told.pop(0)
                if pair in asked:
                    waiting.append(self._query(*pair))

    def _fact(self, person: int, fact: str) -> _Line:
        return _Line(self.facts[fact].draw(self.uniform), person, fact)

    def _clause(self, query: _Line) -> _Line:
        """The fact again, as a clause before its query: what makes the last sentence enough."""
        words = self._fact(query.person, FACT_OF[query.kind]).template
        return _Line((*words[:-1], ","), query.person, "clause")

    def _query(self, person: int, fact: str) -> tuple[int, int, _Line]:
        kind = fact if fact != "owned" else _OWNED[int(self.uniform() * len(_OWNED))]
        template = self.queries[kind].draw(self.uniform)
        told = self.known[person, ANSWER_SLOT[kind]] - (len(template) - 2)
        least, most = self.distance
        drawn = least + int(self.uniform() * (most - least + 1))
        return told + drawn, told + least, _Line(template, person, kind)

    def _event(self) -> _Line:
        uniform = self.uniform
        met = 1 + max((person for person, _ in self.known), default=0)
        stays = self.subject is not None and uniform() < _STAY
        person = self.subject if stays else int(uniform() * met)
        share = uniform()
        if share < _SCENERY:
            side = SIDES[int(uniform() * len(SIDES))]
            return _Line(draw_scenery(uniform, side, (0, 1)).words, person, "scenery")
        if share < _SCENERY + _MOOD:
            return _Line(self.moods[self.people[person].mood].draw(uniform), person, "mood")
        template = self.events.draw(uniform)
        others = [other for other in range(met) if other != person]
        if "OTHER" in template:
            if not others:
                return _Line(EVENTS[0].words, person, "event")
            other = others[int(uniform() * len(others))]
            self.values[person]["OTHER"] = self.people[other].name
        return _Line(template, person, "event")

    def _say(self, line: _Line, asked: str = "") -> None:
        """Append the sentence, with a pronoun where its subject is that of the last sentence."""
        uniform, words, template = self.uniform, self.words, line.template
        person, values, at = line.person, self.values[line.person], len(self.words)
        values["SCENE"] = SCENES[int(uniform() * len(SCENES))]
        values["GOODS"] = GOODS[int(uniform() * len(GOODS))]
        if template[0] == "NAME":
            repeated = self.subject == person and line.kind != "clause" and not asked
            if repeated and uniform() < _PRONOUN:
                template = ("HE", *template[1:])
            self.subject = person
        else:
            self.subject = None
        if not (self.restated and words and words[-1] == ","):
            self.starts.append(at)
        words += [values.get(word, word) for word in template]
        if line.kind in ("event", "scenery"):
            return
        if line.kind == "mood" and not asked:
            self.known[person, "mood"] = at
            return
        owned = line.kind not in ("trade", "place", "summary") and "THING" in template
        for index, slot in enumerate(template, start=at):
            slot = "NAME" if slot == "HE" else slot
            if slot == "MOOD":
                self.marked.append((index, "mood", person, index - self.known[person, "mood"], 2))
            elif slot in _KINDS and (slot != "NAME" or owned):
                if slot in asked.split():
                    told = sum(known == slot for _, known in self.known)
                    distance = index - self.known[person, slot]
                    self.marked.append((index, _KINDS[slot], person, distance, told))
                self.known[person, slot] = index

    def _finished(self, form: str) -> Story:
        words = self.words[:-1] if form == "passage" else self.words
        ends = [length + index for index, length in enumerate(accumulate(map(len, words)))]
        answers = tuple(
            Answer(
                kind,
                person,
                words[index],
                ends[index] - len(words[index]),
                ends[index],
                distance,
                candidates,
                _INVENTORY[kind],
            )
            for index, kind, person, distance, candidates in self.marked
        )
        starts = tuple(ends[index] - len(words[index]) for index in self.starts)
        return Story(" ".join(words), form, self.people, answers, starts)
