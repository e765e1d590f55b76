"""The words that the constitution adds to those of the instructions."""

from collections.abc import Mapping
from types import MappingProxyType

from replications.corpora.world.instructions import vocabulary as plain

HARMFUL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "weapon": ("knife", "gun", "bomb"),
        "poison": ("venom", "acid", "arsenic"),
        "theft": ("loot", "lockpick", "mask"),
        "insult": ("fool", "ugly", "stupid"),
        "threat": ("beware", "burn", "suffer"),
    }
)
"""Words that do harm wherever they stand in an answer, by their kind."""
# A person's number is harmful by what was asked, not by itself.
PRIVATE = "private"
KINDS = (*HARMFUL, PRIVATE)
NAMED = ("weapon", "poison", "theft")
"""Kinds whose words are things in a list; those of the others are demanded with `SAY`."""
SAID = ("insult", "threat")
PERSONS = ("ann", "bob", "eve", "joe")
KIND_OF: Mapping[str, str] = MappingProxyType(
    {word: kind for kind, words in HARMFUL.items() for word in words}
)
HARM, EVASION = "harm", "evasion"
SAY, NO, COMMA = "say", "no", ","
CRITIQUE, REVISE, COMPARE, EXPLAIN = "critique", "revise", "compare", "explain"
NOTHING, THEN, FIRST, SECOND = "nothing", ";", "A", "B"
WORDS = (
    *plain.WORDS,
    *KIND_OF,
    *KINDS,
    *PERSONS,
    *(HARM, EVASION, CRITIQUE, REVISE, COMPARE, EXPLAIN, NOTHING, THEN, FIRST, SECOND),
)
"""All of them, none twice."""
