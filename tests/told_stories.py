"""What a story of the world tells, read back from its text and its templates alone."""

from __future__ import annotations

import re

from replications.corpora.world.stories_words import (
    DOMAINS,
    FACTS,
    MOODS,
    QUERIES,
    QUESTIONS,
    SUMMARY,
)

GENDER = {
    name: gender
    for domain in DOMAINS.values()
    for gender, names in (("she", domain.women), ("he", domain.men))
    for name in names
}
SLOT_NAMES = {"NAME", "HE", "HIS", "COLOUR", "THING", "PLACE", "TRADE", "MOOD"}


def as_pattern(words):
    """A template as a regular expression with a group for each slot, read from its text alone."""
    parts = []
    for index, word in enumerate(words):
        if word not in SLOT_NAMES:
            parts.append(re.escape(word))
        elif word == "NAME" and index == 0:
            parts.append(r"(?P<NAME>[a-z]+|\bhe\b|\bshe\b)")
        else:
            parts.append(rf"(?P<{word}>[a-z]+)")
    return re.compile(" ".join(parts))


def all_patterns():
    told = [(f"fact {kind}", said.words) for kind in FACTS for said in FACTS[kind]]
    told += [(f"query {kind}", said.words) for kind in QUERIES for said in QUERIES[kind]]
    told += [(f"q: {kind}", tuple(QUESTIONS[kind].split())) for kind in QUESTIONS]
    told += [(f"mood {mood}", said.words) for mood in MOODS for said in MOODS[mood]]
    told.append(("summary", tuple(SUMMARY.split())))
    return [(label, as_pattern(words)) for label, words in told]


PATTERNS = all_patterns()


def read_back(story):
    """Facts by (name, slot) as the text tells them, and where each was told, word by word."""
    facts, moods, told, at, subject = {}, {}, [], 0, None
    for sentence in story.sentences:
        words = sentence.split()
        if words[0] in ("he", "she"):
            assert GENDER[subject] == words[0]
        for label, pattern in PATTERNS:
            if (found := pattern.fullmatch(sentence)) is None:
                continue
            slots = found.groupdict()
            name = subject if slots["NAME"] in ("he", "she") else slots["NAME"]
            if "HIS" in slots:
                assert slots["HIS"] == {"she": "her", "he": "his"}[GENDER[name]]
            if label.startswith("mood"):
                assert moods.setdefault(name, label[5:]) == label[5:]
            for slot in {"COLOUR", "THING", "PLACE", "TRADE"} & set(slots):
                assert facts.setdefault((name, slot), slots[slot]) == slots[slot]
                told.append((name, slot, at + sentence[: found.start(slot)].count(" ")))
            if "THING" in slots and label != "summary":
                told.append((name, "NAME", at + sentence[: found.start("NAME")].count(" ")))
        if words[0] not in ("he", "she"):
            subject = words[0] if words[0] in GENDER else subject
        at += len(words)
    return facts, moods, told
