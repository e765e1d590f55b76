"""Three special tokens for the tasks that a language model is fine-tuned on."""

from collections.abc import Iterable
from dataclasses import dataclass

from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.readable_text import refuse_strange

SPECIAL_TOKENS = ("<start>", "<delimiter>", "<extract>")


@dataclass(frozen=True)
class WithSpecialTokens:
    """A byte-level tokenizer, and after its ids those of SPECIAL_TOKENS.

    Source: Radford et al. 2018, section 3.3.
    Departure: the paper adds the special tokens, with new embeddings, for fine-tuning. Here the
    model has their embeddings from the start; pre-training never uses them.
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
        """Comes before the first text."""
        return len(self.tokenizer)

    @property
    def delimiter(self) -> int:
        """Comes between two texts."""
        return len(self.tokenizer) + 1

    @property
    def extract(self) -> int:
        """Comes at the end; its state is the input of the classifier."""
        return len(self.tokenizer) + 2

    def encode(self, text: str) -> list[int]:
        """As the tokenizer does. A special token that is spelled out in a text is text."""
        return self.tokenizer.encode(text)

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids, the special tokens left out.

        Raises ReplicationError for an id without a symbol.
        """
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        return self.tokenizer.decode(number for number in numbers if number < self.start)
