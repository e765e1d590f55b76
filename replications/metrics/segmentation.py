"""Measures of a tokenizer's segmentation: sequence length, vocabulary size, unknown tokens."""

from collections.abc import Iterable, Sequence

from replications.errors import ReplicationError
from replications.tokens.bpe import BytePairEncoding
from replications.tokens.marked_words import split_words
from replications.tokens.shortlist import Shortlist
from replications.tokens.special import UNKNOWN, Tokenizer


def segmentation(
    tokenizer: Tokenizer, train: Iterable[str], held_out: Iterable[str]
) -> dict[str, float]:
    """The columns of Sennrich et al. 2016, table 1, for one tokenizer.

    `tokens`, `tokens_per_word` and `types`, the distinct tokens, are those of the training texts.
    `symbols` is the vocabulary's size: symbols that are always merged into others are no tokens.
    `unseen` counts the held-out tokens that are no token of the training texts, the paper's UNK;
    `unknown` those among them that the vocabulary has no symbol for.
    Raises ReplicationError for training texts without a word.
    """
    words, tokens = 0, 0
    types: set[int] = set()
    for text in train:
        ids = tokenizer.encode(text, unknown_allowed=True)
        words += len(split_words(text))
        tokens += len(ids)
        types.update(ids)
    if not words:
        raise ReplicationError("The training texts have no words. Give at least one sentence.")
    types.discard(UNKNOWN)
    later = [n for text in held_out for n in tokenizer.encode(text, unknown_allowed=True)]
    return {
        "tokens": float(tokens),
        "tokens_per_word": tokens / words,
        "types": float(len(types)),
        "symbols": float(len(tokenizer)),
        "unseen": float(sum(number not in types for number in later)),
        "unknown": float(later.count(UNKNOWN)),
    }


def compare_segmentations(
    train: Sequence[str],
    held_out: Sequence[str],
    *,
    merges: Sequence[int],
    learned: BytePairEncoding | None = None,
) -> dict[str, dict[str, float]]:
    """`segmentation` by words, by characters and by byte-pair encoding with each number of merges.

    Source: the rows of Sennrich et al. 2016, table 1, that need no other tool. `learned` is an
    encoding learned from more texts than `train`, such as those of both languages; else it is
    learned from `train`. A row is named for the merges asked for, also where the texts have fewer.
    """
    if learned is None:
        learned = BytePairEncoding.learn(train, merges=max(merges, default=0))
    every_word = Shortlist.learn(train, size=sum(len(split_words(text)) for text in train) or 1)
    rows: dict[str, Tokenizer] = {"words": every_word, "characters": learned.fewer(0)}
    rows |= {f"{number} merges": learned.fewer(number) for number in merges}
    return {name: segmentation(tokenizer, train, held_out) for name, tokenizer in rows.items()}
