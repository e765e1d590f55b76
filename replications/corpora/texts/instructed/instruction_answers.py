"""Instructions and their answers, each put as one text that a language model can go on with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError


class Answered(NamedTuple):
    """What a model is given, and what it is to write then."""

    prompt: str
    answer: str


@dataclass(frozen=True)
class InstructionAnswers:
    """Answered instructions; `identities` name the rows that they are made of."""

    examples: Sequence[Answered] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


def prompt_of(instruction: str, given: str = "") -> str:
    """The instruction, and the input that it speaks of, if there is one, under their headings.

    Source: Taori et al. 2023 (tatsu-lab/stanford_alpaca, train.py).
    Departure: theirs begins with one or two sentences more, the same in all texts, for which a
    context of 128 tokens has no room.
    """
    parts = [f"### Instruction:\n{instruction}", *([f"### Input:\n{given}"] if given else [])]
    return "\n\n".join([*parts, "### Response:\n"])


def corpus_instructions(seed: int, *, corpus: str, split: str = "train") -> InstructionAnswers:
    """A split of a registered corpus with an `instruction`, an `input` and an `output`.

    The seed changes nothing: a corpus is what it is. Raises ReplicationError where the corpus
    cannot be had or has no such columns.
    """
    rows, identity = load_corpus(corpus, split)
    if missing := {"instruction", "input", "output"} - set(rows.column_names):
        raise ReplicationError(
            f"The corpus {corpus} has no column {', '.join(sorted(missing))}: its rows are no "
            "instructions with answers."
        )
    columns = (rows["instruction"][:], rows["input"][:], rows["output"][:])
    examples = tuple(
        Answered(prompt_of(instruction, given), output)
        for instruction, given, output in zip(*columns, strict=True)
    )
    return InstructionAnswers(examples, (identity,))
