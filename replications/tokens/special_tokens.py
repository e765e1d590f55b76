"""Three marks that no text contains, for the tasks that a language model is tuned to."""

from collections.abc import Iterable
from dataclasses import dataclass

from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.readable_text import refuse_strange

SPECIAL_TOKENS = ("<start>", "<delimiter>", "<extract>")


@dataclass(frozen=True)
class WithSpecialTokens:
    """A byte-level tokenizer, and after its numbers those of MARKS.

    Source: Radford et al. 2018, section 3.3.
    Departure: the paper adds the marks, with fresh vectors, when the tuning begins. Here the model
    has their rows from the start; pre-training never reads them.
    """

    tokenizer: ByteLevelBPE

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def symbols(self) -> tuple[str, ...]:
        return (*self.tokenizer.symbols, *SPECIAL_TOKENS)

    @property
    def end_of_text(self) -> int:
        return self.tokenizer.end_of_text

    @property
    def start(self) -> int:
        """Stands before the first text."""
        return len(self.tokenizer)

    @property
    def delimiter(self) -> int:
        """Stands between two texts."""
        return len(self.tokenizer) + 1

    @property
    def extract(self) -> int:
        """Stands at the end; its state is what the classifier reads."""
        return len(self.tokenizer) + 2

    def encode(self, text: str) -> list[int]:
        """As the tokenizer does. A mark that is spelled out in a text is text."""
        return self.tokenizer.encode(text)

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these numbers, the marks left out.

        Raises ReplicationError for a number without a symbol.
        """
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        return self.tokenizer.decode(number for number in numbers if number < self.start)
