"""Instructions and their answers, each formatted as a prompt and its continuation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError


class Answered(NamedTuple):
    """A prompt, and the continuation to be learned."""

    prompt: str
    answer: str


@dataclass(frozen=True)
class InstructionAnswers:
    """Answered instructions; `identities` name the rows that they are made of."""

    examples: Sequence[Answered] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


def prompt_of(instruction: str, given: str = "") -> str:
    """The prompt: the instruction, and its input if there is one, under their headings.

    Source: Taori et al. 2023 (tatsu-lab/stanford_alpaca, train.py).
    Departure: theirs begins with one or two sentences more, the same in all texts, for which a
    context of 128 tokens has no room.
    """
    parts = [f"### Instruction:\n{instruction}", *([f"### Input:\n{given}"] if given else [])]
    return "\n\n".join([*parts, "### Response:\n"])


def corpus_instructions(seed: int, *, corpus: str, split: str = "train") -> InstructionAnswers:
    """A split of a registered corpus with an `instruction`, an `input` and an `output`.

    The seed changes nothing. Raises ReplicationError where the corpus cannot be had or has no such
    columns.
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
