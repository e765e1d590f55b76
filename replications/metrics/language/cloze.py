"""Cloze accuracy: the most probable form of a masked word, by the position of its cues."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch

from replications.corpora.world.tasks_cloze import Cloze
from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.items import FromItems
from replications.tokens.wordpiece import WordPiece

_ITEMS_PER_BATCH = 128


class Gap(NamedTuple):
    """[CLS], a sentence with MASK in place of a word, [SEP]; and the ids of the word's forms."""

    ids: list[int]
    position: int
    forms: list[int]


def gap_of(item: Cloze, vocabulary: WordPiece) -> Gap:
    """The sentence as ids. Raises ReplicationError where a form is more than one token."""
    forms = [vocabulary.encode(form) for form in item.forms]
    if cut := [
        form for form, subwords in zip(item.forms, forms, strict=True) if len(subwords) != 1
    ]:
        raise ReplicationError(
            f"The form {cut[0]!r} is several tokens, and one mask replaces one token: learn a "
            "larger vocabulary, or from more text."
        )
    before, after = vocabulary.encode(item.before), vocabulary.encode(item.after)
    ids = [vocabulary.start, *before, vocabulary.mask, *after, vocabulary.separator]
    return Gap(ids, len(before) + 1, [piece for (piece,) in forms])


def chosen_forms(
    objective: object, items: Sequence[Cloze], vocabulary: WordPiece, *, ahead: int = 0
) -> list[str]:
    """Of each item the form with the greatest score, `ahead` positions before the gap.

    0 is for a masked language model, 1 for a causal one, which predicts the next token and has not
    seen the mask.
    """
    return [
        form for batch in _batches(items) for form in _chosen(objective, batch, vocabulary, ahead)
    ]


def cloze_accuracy(objective: object, data: object, *, ahead: int = 0) -> dict[str, float]:
    """`cloze_left`, `cloze_right` and `cloze_both` in per cent, by the side of the deciding words.

    The items are `data.text.items`; `ahead` is that of `chosen_forms`.
    """
    items = data.text.items
    said = chosen_forms(objective, items, data.vocabulary, ahead=ahead)
    right: dict[str, list[bool]] = {}
    for item, form in zip(items, said, strict=True):
        right.setdefault(item.decided_by, []).append(form == item.word)
    return {
        f"cloze_{side}": FromItems(100 * sum(each) / len(each), "percent", each)
        for side, each in sorted(right.items())
    }


def _batches(items: Sequence[Cloze]) -> Iterator[Sequence[Cloze]]:
    for first in range(0, len(items), _ITEMS_PER_BATCH):
        yield items[first : first + _ITEMS_PER_BATCH]


def _chosen(
    objective: object, items: Sequence[Cloze], vocabulary: WordPiece, ahead: int
) -> list[str]:
    gaps = [gap_of(item, vocabulary) for item in items]
    ids = torch.full((len(gaps), max(len(gap.ids) for gap in gaps)), vocabulary.padding)
    masked_positions = torch.zeros_like(ids, dtype=torch.bool)
    for row, gap in enumerate(gaps):
        ids[row, : len(gap.ids)] = torch.tensor(gap.ids)
        masked_positions[row, gap.position - ahead] = True
    device = device_of(objective.model)
    with inference(objective.model):
        scores, _ = objective.scores(
            ids.to(device), torch.zeros_like(ids).to(device), masked_positions.to(device)
        )
    return [
        item.forms[int(row[gap.forms].argmax())]
        for item, gap, row in zip(items, gaps, scores.cpu(), strict=True)
    ]
