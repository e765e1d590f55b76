"""Each text of an example in a sequence of its own, for networks that encode texts separately."""

from collections.abc import Callable, Sequence

from replications.corpora.batches.labelled_batches import Arranged, Arrangement
from replications.corpora.batches.token_stream import StreamTokenizer
from replications.corpora.texts.labelled_texts import LabelledTexts
from replications.errors import ReplicationError
from replications.tokens.wordpiece import WordPiece

Around = Callable[[object], tuple[list[int], list[int]]]
"""Called with the vocabulary, it gives the special tokens before a text and those after it."""


def class_and_separator(vocabulary: WordPiece) -> tuple[list[int], list[int]]:
    """[CLS], the text, [SEP]: what BERT reads."""
    return [vocabulary.start], [vocabulary.separator]


def after_end_of_text(vocabulary: StreamTokenizer) -> tuple[list[int], list[int]]:
    """The end-of-text token, as before each text of the pre-training, and the text."""
    return [vocabulary.end_of_text], []


def each_text_alone(
    vocabulary: object, task: LabelledTexts | None, *, around: Around, max_length: int = 128
) -> Arrangement:
    """A sequence for each text, in their order: all in the first segment, read at its last token.

    Longer ones lose the end of their text. Raises ReplicationError for a `max_length` without room.
    """
    before, after = around(vocabulary)
    room = max_length - len(before) - len(after)
    if room < 1:
        raise ReplicationError(
            f"Sequences of {max_length} tokens have no room for a text between {len(before)} and "
            f"{len(after)} special tokens: give {len(before) + len(after) + 1} or more."
        )

    def arrange(texts: Sequence[list[int]]) -> list[Arranged]:
        sequences = [[*before, *text[:room], *after] for text in texts]
        return [Arranged(ids, [0] * len(ids), len(ids) - 1) for ids in sequences]

    return arrange
