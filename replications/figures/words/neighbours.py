"""Nearest words by the cosine of their vectors."""

from collections.abc import Sequence

import torch
from IPython.display import Markdown
from jaxtyping import Float
from torch import Tensor

from replications.figures.markdown import table
from replications.tokens.words import Vocabulary


def nearest_words(
    vectors: Float[Tensor, "word d"],
    vocabulary: Vocabulary,
    words: Sequence[str],
    *,
    count: int = 8,
    most_frequent: int | None = None,
) -> list[list[tuple[str, float]]]:
    """For each word the `count` nearest others with their cosines, the nearest first.

    With `most_frequent`, rarer words are no neighbours: their vectors have seen few updates.
    Raises ReplicationError for a word outside the vocabulary.
    """
    unit = torch.nn.functional.normalize(vectors, dim=1)
    ids = torch.tensor([vocabulary.id(word) for word in words])
    limit = len(unit) if most_frequent is None else min(most_frequent, len(unit))
    cosines = unit[ids] @ unit[:limit].T
    known = ids < limit
    cosines[known.nonzero()[:, 0], ids[known]] = -torch.inf
    best = cosines.topk(min(count, limit - 1), dim=1)
    return [
        list(zip(vocabulary.decode(near), cosine.tolist(), strict=True))
        for near, cosine in zip(best.indices, best.values, strict=True)
    ]


def neighbour_table(
    vectors: Float[Tensor, "word d"],
    vocabulary: Vocabulary,
    words: Sequence[str],
    *,
    count: int = 6,
    most_frequent: int | None = None,
) -> Markdown:
    """The words that the vocabulary has, each with how often it occurs and its nearest words."""
    known = [word for word in words if word in vocabulary]
    found = nearest_words(vectors, vocabulary, known, count=count, most_frequent=most_frequent)
    rows = [
        (
            f"**{word}**",
            f"{vocabulary.occurrences[vocabulary.id(word)]:,}",
            ", ".join(f"{other} {cosine:.2f}" for other, cosine in near),
        )
        for word, near in zip(known, found, strict=True)
    ]
    return table(("word", "occurs", "nearest words, with their cosines"), rows)
