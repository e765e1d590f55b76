"""Arrangements: a task's texts as sequences of ids in the input format of a pre-trained network."""

from collections.abc import Sequence

from replications.corpora.batches.labelled_batches import Arranged, Arrangement
from replications.corpora.texts.labelled_texts import LabelledTexts
from replications.errors import ReplicationError
from replications.tokens.special_tokens import WithSpecialTokens
from replications.tokens.wordpiece import WordPiece


def in_reading_order(
    vocabulary: WithSpecialTokens, task: LabelledTexts, *, max_length: int = 128
) -> Arrangement:
    """Start, the text, delimiter, the second text, extract, whose state represents the sequence.

    Source: Radford et al. 2018, section 3.3 and figure 1 (right). Where the order of two texts
    is irrelevant, there is a sequence for each order.

    Sequences of more than `max_length` ids lose the end of the longer text, then of both in turn.
    """
    room = _room(max_length, special_tokens=3)

    def row(texts: Sequence[list[int]]) -> Arranged:
        first, *second = cut_to(texts, room)
        tail = [vocabulary.delimiter, *second[0]] if second else []
        ids = [vocabulary.start, *first, *tail, vocabulary.extract]
        return Arranged(ids, [0] * len(ids), len(ids) - 1)

    def arrange(texts: Sequence[list[int]]) -> list[Arranged]:
        orders = [texts, texts[::-1]] if task.symmetric and len(texts) == 2 else [texts]
        return [row(order) for order in orders]

    return arrange


def in_segments(
    vocabulary: WordPiece, task: LabelledTexts, *, max_length: int = 128, read_at: int = 0
) -> Arrangement:
    """[CLS], the text, [SEP], and where there is a second text, it and another [SEP].

    Source: Devlin et al. 2019, section 3 and figure 4. All up to the first [SEP] is the first
    segment, the rest the second. The state at `read_at` represents the sequence: 0 is [CLS]; -1,
    the last token, suits a causal network, whose [CLS] attends to nothing else.

    Sequences of more than `max_length` ids lose the end of the longer text, then of both in turn.
    """
    room = _room(max_length, special_tokens=3)

    def arrange(texts: Sequence[list[int]]) -> list[Arranged]:
        first, *second = cut_to(texts, room)
        head = [vocabulary.start, *first, vocabulary.separator]
        tail = [*second[0], vocabulary.separator] if second else []
        ids = head + tail
        segments = [0] * len(head) + [1] * len(tail)
        return [Arranged(ids, segments, read_at % len(ids))]

    return arrange


def cut_to(texts: Sequence[list[int]], room: int) -> list[list[int]]:
    """The texts truncated to `room` ids in all: the longer one is cut first.

    Source: the code beside Devlin et al. 2019 (google-research/bert, run_classifier.py).
    """
    lengths = [len(text) for text in texts]
    for _ in range(max(0, sum(lengths) - room)):
        lengths[lengths.index(max(lengths))] -= 1
    return [list(text[:length]) for text, length in zip(texts, lengths, strict=True)]


def _room(max_length: int, special_tokens: int) -> int:
    if max_length < special_tokens + 2:
        raise ReplicationError(
            f"Sequences of {max_length} ids have no room for two texts and {special_tokens} "
            f"special tokens: give {special_tokens + 2} or more."
        )
    return max_length - special_tokens
