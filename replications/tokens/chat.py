"""Conversations as tokens: turns of a user and of an assistant, and which tokens are answers.

A turn is the special token of its role, its text, and <end>. A prompt ends with <assistant>: what
follows is the answer. The format is that of ChatML (OpenAI 2023).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol, runtime_checkable

from replications.errors import ReplicationError
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.readable_text import refuse_strange

CHAT_TOKENS = ("<user>", "<assistant>", "<end>")
_END_OF_TEXT = "<end-of-text>"
USER, ASSISTANT = "user", "assistant"

Turn = tuple[str, str]
"""The role, `USER` or `ASSISTANT`, and the text."""


@runtime_checkable
class ChatTokenizer(Protocol):
    """A tokenizer with the special tokens of a conversation."""

    @property
    def end_of_text(self) -> int: ...

    @property
    def user(self) -> int: ...

    @property
    def assistant(self) -> int: ...

    @property
    def end(self) -> int: ...

    def __len__(self) -> int: ...

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: Sequence[int]) -> str: ...


@dataclass(frozen=True)
class WordList:
    """A fixed list of words, each a token; words are separated by spaces.

    The words are followed by end-of-text, which also serves as padding, and by the special tokens
    of a conversation. A text may spell these out.
    """

    words: tuple[str, ...]

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        return (*self.words, _END_OF_TEXT, *CHAT_TOKENS)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.symbols)}

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def end_of_text(self) -> int:
        return len(self.words)

    @property
    def user(self) -> int:
        return len(self.words) + 1

    @property
    def assistant(self) -> int:
        return len(self.words) + 2

    @property
    def end(self) -> int:
        return len(self.words) + 3

    def encode(self, text: str) -> list[int]:
        """The words' ids. Raises ReplicationError for a word that is not in the list."""
        try:
            return [self._index[word] for word in text.split()]
        except KeyError as error:
            raise ReplicationError(
                f"The word {error} is not among the {len(self.words)} words of this list: use its "
                "words, or make a list that has it."
            ) from None

    def decode(self, ids: Iterable[int]) -> str:
        """The words of these ids. Raises ReplicationError for an id without a symbol."""
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        return " ".join(self.symbols[number] for number in numbers)


@dataclass(frozen=True)
class WithChatTokens:
    """A byte-level tokenizer, and after its ids the special tokens of a conversation."""

    tokenizer: ByteLevelBPE

    def __len__(self) -> int:
        return len(self.tokenizer) + len(CHAT_TOKENS)

    @property
    def symbols(self) -> tuple[str, ...]:
        return (*self.tokenizer.symbols, *CHAT_TOKENS)

    @property
    def end_of_text(self) -> int:
        return self.tokenizer.end_of_text

    @property
    def user(self) -> int:
        return len(self.tokenizer)

    @property
    def assistant(self) -> int:
        return len(self.tokenizer) + 1

    @property
    def end(self) -> int:
        return len(self.tokenizer) + 2

    def encode(self, text: str) -> list[int]:
        """As the tokenizer does. A special token that is spelled out in a text is text."""
        return self.tokenizer.encode(text)

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids, the special tokens left out."""
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        return self.tokenizer.decode(number for number in numbers if number < self.user)


class Answered(NamedTuple):
    """A conversation's ids, and the mask of the assistant's, its <end> included."""

    ids: list[int]
    answers: list[bool]


@dataclass(frozen=True)
class ChatTemplate:
    """Turns to ids in the format above. Raises ReplicationError where an answer is empty."""

    tokenizer: ChatTokenizer

    def prompt(self, turns: Iterable[Turn]) -> list[int]:
        """The ids that an answer follows: all turns, and <assistant>."""
        tokens = self.tokenizer
        ids = [number for turn in turns for number in self._turn(turn)]
        if not ids:
            raise ReplicationError("A prompt without a turn: give one turn of the user at least.")
        return [*ids, tokens.assistant]

    def answer(self, text: str) -> list[int]:
        """The ids of an answer and <end>. Raises ReplicationError where it is empty."""
        ids = self.tokenizer.encode(text)
        if not ids:
            raise ReplicationError(
                "An empty answer: there is nothing to learn from it. Leave the example out."
            )
        return [*ids, self.tokenizer.end]

    def conversation(self, turns: Iterable[Turn]) -> Answered:
        """All turns, and which ids are the assistant's: those that the loss is taken on."""
        ids: list[int] = []
        answers: list[bool] = []
        for who, text in turns:
            turn = self._turn((who, text))
            if who == ASSISTANT:
                self.answer(text)
            ids += turn
            answers += [False] + [who == ASSISTANT] * (len(turn) - 1)
        return Answered(ids, answers)

    def _turn(self, turn: Turn) -> list[int]:
        who, text = turn
        tokens = self.tokenizer
        if who not in (USER, ASSISTANT):
            raise ReplicationError(f"{who!r} is no role: give {USER!r} or {ASSISTANT!r}.")
        mark = tokens.user if who == USER else tokens.assistant
        return [mark, *tokens.encode(text), tokens.end]
