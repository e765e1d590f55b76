"""Requests of the constitution's world as prompts, and its pre-training text as documents."""

from replications.corpora.texts.documents import Documents
from replications.corpora.texts.instructions.prompts import Prompt, Prompts, page
from replications.corpora.world.constitution.vocabulary import WORDS
from replications.corpora.world.constitution.worlds import (
    Exercise,
    make_constitution,
    make_constitution_text,
)
from replications.tokens.chat import WordList


def constitution_prompts(seed: int, *, exercises: int, **knobs: object) -> Prompts:
    """Exercises of an assistant; `knobs` are those of `make_constitution`.

    A judge is given the request that an exercise is about. Test prompts are harmful and harmless in
    turn, from a harmful one on.
    """
    world = make_constitution(seed, exercises, **knobs)
    parts = [[_prompt(each) for each in part] for part in (world.train, world.validation)]
    test = [_prompt(each) for each in world.test]
    return Prompts(*parts, test, [False] * len(test), world.identities)


def constitution_words(documents: object) -> WordList:
    """The words of the constitution's world as tokens, whatever the documents."""
    return WordList(WORDS)


def constitution_documents(seed: int, *, documents: int, **knobs: object) -> Documents:
    """The base text in the form of conversations; `knobs` are of `make_constitution_text`."""
    world = make_constitution_text(seed, documents, **knobs)
    parts = ([page(each) for each in part] for part in (world.train, world.validation, world.test))
    train = world.identities[0]
    return Documents(*parts, identities=world.identities, key=f"{train.name}-{train.sha256[:16]}")


def _prompt(one: Exercise) -> Prompt:
    turns = tuple((who, " ".join(words)) for who, words in one.turns)
    return Prompt(turns, " ".join(one.answer), one.request)
