"""A translation task of a few letters, with a tokenizer and data, for tests of what uses them."""

from types import SimpleNamespace

from table_translator import TableTranslator

from replications.corpora.texts.parallel_text import Pairs
from replications.errors import ReplicationError
from replications.tokens.languages import Languages
from replications.tokens.special import SPECIAL, UNKNOWN, visible


class Letters:
    """A tokenizer of the letters a to h, which stand apart in a text."""

    symbols = (*SPECIAL, *"abcdefgh")

    def __len__(self):
        return len(self.symbols)

    def encode(self, text, *, unknown_allowed=False):
        ids = []
        for letter in text.split():
            if letter not in self.symbols and not unknown_allowed:
                raise ReplicationError(f"{letter!r} is not known")
            ids.append(self.symbols.index(letter) if letter in self.symbols else UNKNOWN)
        return ids

    def decode(self, ids):
        return " ".join(self.symbols[number] for number in visible(ids))

    def segment(self, text):
        return [[letter] for letter in text.split()]


LANGUAGES = Languages(source=Letters(), target=Letters(), max_length=6)


def model_of(seed):
    return TableTranslator(seed, tokens=len(Letters.symbols))


def task(test, *, train=(("a",), ("a",)), validation=(("a",), ("a",)), seed=0):
    """What a metric is called with: an objective and its data, parts given as two columns."""
    parts = {"train": train, "validation": validation, "test": test}
    text = SimpleNamespace(
        **{name: Pairs(tuple(ours), tuple(theirs)) for name, (ours, theirs) in parts.items()}
    )
    return SimpleNamespace(model=model_of(seed)), SimpleNamespace(text=text, vocabulary=LANGUAGES)
