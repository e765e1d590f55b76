from types import SimpleNamespace

import pytest
import torch
from torch import nn

from replications.corpora.world.tasks_cloze import make_cloze
from replications.errors import ReplicationError
from replications.metrics.language.cloze import chosen_forms, cloze_accuracy, gap_of
from replications.tokens.wordpiece import WordPiece

WORLD = make_cloze(0, 600, validation_items=6, test_items=30)
ITEMS = WORLD.test
VOCABULARY = WordPiece.learn([item.text for item in WORLD.train], size=600)
DATA = SimpleNamespace(text=SimpleNamespace(items=ITEMS), vocabulary=VOCABULARY)


class Knowing(nn.Module):
    """Favours at one place, `ahead` of the mask, the word of each item it has the sentence of."""

    def __init__(self, said, ahead=0):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.said = {
            tuple(gap_of(item, VOCABULARY).ids): VOCABULARY.index[word]
            for item, word in zip(ITEMS, said, strict=True)
        }
        self.ahead = ahead

    @property
    def model(self):
        return self

    def scores(self, ids, segments, asked):
        logits = torch.zeros(*ids.shape, len(VOCABULARY))
        for row, numbers in enumerate(ids.tolist()):
            sentence = tuple(n for n in numbers if n != VOCABULARY.padding)
            position = sentence.index(VOCABULARY.mask) - self.ahead
            logits[row, position, self.said[sentence]] = 1.0
            # Were another place or a word that is no form looked at, this would be chosen.
            logits[row, position, VOCABULARY.separator] = 2.0
        return logits[asked], None


def test_a_gap_is_the_sentence_with_a_mask_between_its_marks():
    for item in ITEMS:
        gap = gap_of(item, VOCABULARY)
        assert gap.ids[0] == VOCABULARY.start and gap.ids[-1] == VOCABULARY.separator
        assert gap.ids[gap.position] == VOCABULARY.mask and gap.ids.count(VOCABULARY.mask) == 1
        filled = [
            *gap.ids[1 : gap.position],
            VOCABULARY.index[item.word],
            *gap.ids[gap.position + 1 :],
        ]
        assert VOCABULARY.decode(filled) == item.text
        assert [VOCABULARY.symbols[piece] for piece in gap.forms] == list(item.forms)


@pytest.mark.parametrize("ahead", [0, 1])
def test_who_knows_all_is_always_right(ahead):
    knowing = Knowing([item.word for item in ITEMS], ahead)
    found = cloze_accuracy(knowing, DATA, ahead=ahead)
    assert found == {"cloze_both": 100.0, "cloze_left": 100.0, "cloze_right": 100.0}


def test_the_kinds_are_counted_apart():
    wrong = lambda item: next(form for form in item.forms if form != item.word)  # noqa: E731
    said = [wrong(item) if item.decided_by == "right" else item.word for item in ITEMS]
    assert cloze_accuracy(Knowing(said), DATA) == {
        "cloze_both": 100.0,
        "cloze_left": 100.0,
        "cloze_right": 0.0,
    }


def test_the_form_is_chosen_and_not_the_word_with_the_greatest_score():
    said = [item.forms[-1] for item in ITEMS]
    assert chosen_forms(Knowing(said), ITEMS, VOCABULARY) == said


def test_a_form_of_several_tokens_is_an_error():
    letters = WordPiece.learn([item.text for item in ITEMS], size=60)
    with pytest.raises(ReplicationError, match="is several tokens"):
        gap_of(ITEMS[0], letters)
