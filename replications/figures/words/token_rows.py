"""Sequences of ids in readable form: the tokens' borders, and special tokens by their names."""

from collections.abc import Iterable

from replications.tokens.special_tokens import SPECIAL_TOKENS, WithSpecialTokens


def readable_tokens(ids: Iterable[int], vocabulary: WithSpecialTokens) -> list[str]:
    """Each token as text, blanks included; special tokens are `<start>` and so on.

    A token that is part of a character's bytes is shown as the replacement character.
    """
    return [
        SPECIAL_TOKENS[number - vocabulary.start]
        if number >= vocabulary.start
        else vocabulary.decode([number])
        for number in map(int, ids)
    ]


def token_row(ids: Iterable[int], vocabulary: WithSpecialTokens) -> str:
    """The tokens with bars between them."""
    return " | ".join(readable_tokens(ids, vocabulary))
