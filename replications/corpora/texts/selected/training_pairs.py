"""Parallel text with a changed training part: short sentences alone, or further ones."""

from collections.abc import Callable
from dataclasses import replace

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.parallel_text import Pairs, ParallelText, ParallelTexts
from replications.errors import ReplicationError
from replications.tokens.marked_words import split_words


def short_training(seed: int, *, text: ParallelTexts, max_words: int) -> ParallelText:
    """Training and validation pairs whose source has at most `max_words`; the test part is whole.

    Words and punctuation marks are counted, as in `bleu_by_length`. Source: Bahdanau et al. 2014,
    section 4.2: RNNsearch-30 and RNNencdec-30 are trained on sentences of up to 30 words, and
    tested on all.

    Raises ReplicationError where no pair is as short.
    """
    whole = text(seed)
    return replace(
        whole,
        train=_short(whole.train, max_words, "training"),
        validation=_short(whole.validation, max_words, "validation"),
    )


def _short(pairs: Pairs, max_words: int, part: str) -> Pairs:
    kept = [n for n, source in enumerate(pairs.source) if len(split_words(source)) <= max_words]
    if not kept:
        raise ReplicationError(
            f"No sentence of the {part} part has at most {max_words} words: raise `max_words`."
        )
    return Pairs(tuple(pairs.source[n] for n in kept), tuple(pairs.target[n] for n in kept))


def with_unlinked(
    seed: int,
    *,
    text: ParallelTexts,
    pairs: Callable[[], tuple[Pairs, CorpusIdentity]],
    copies: int = 1,
) -> ParallelText:
    """A parallel text with further training pairs, `copies` of each, without their links.

    For alignment tests: an aligner may train on both sides of the text that it aligns, and only the
    links are hidden.
    """
    if copies < 1:
        raise ReplicationError(f"copies is {copies}; each pair is read once at least.")
    whole = text(seed)
    further, identity = pairs()
    train = Pairs(
        whole.train.source + copies * further.source, whole.train.target + copies * further.target
    )
    return replace(whole, train=train, identities=(*whole.identities, identity))
