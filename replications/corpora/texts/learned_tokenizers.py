"""Tokenizers learned from the documents of a corpus, and kept so that the next run reads them."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from replications.code_version import TEXT, code_version
from replications.corpora.texts.documents import Documents, Texts
from replications.errors import ReplicationError
from replications.paths import cache_folder
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.chat import WithChatTokens
from replications.tokens.special_tokens import WithSpecialTokens
from replications.tokens.wordpiece import WordPiece

_Tokenizer = TypeVar("_Tokenizer", ByteLevelBPE, WordPiece)
_Any = TypeVar("_Any")


def byte_level(
    documents: Documents, *, merges: int = 8_000, characters: int = 20_000_000
) -> ByteLevelBPE:
    """Byte-level BPE, learned from the first documents, up to that many `characters`."""

    def learn() -> ByteLevelBPE:
        return ByteLevelBPE.learn(first_documents(documents, characters), merges=merges)

    name = f"bytes-{merges}-{characters}"
    return _kept(documents, name, "vocab.json", learn, ByteLevelBPE.read)


def byte_level_with_special_tokens(
    documents: Documents, *, merges: int = 8_000, characters: int = 20_000_000
) -> WithSpecialTokens:
    """The same with the special tokens of the tasks that a language model is fine-tuned on."""
    return WithSpecialTokens(byte_level(documents, merges=merges, characters=characters))


def byte_level_with_chat_tokens(
    documents: Documents, *, merges: int = 8_000, characters: int = 20_000_000
) -> WithChatTokens:
    """The same with the special tokens of a conversation."""
    return WithChatTokens(byte_level(documents, merges=merges, characters=characters))


def wordpiece(
    documents: Documents, *, size: int = 8_000, characters: int = 20_000_000
) -> WordPiece:
    """WordPiece, learned from the first documents, up to that many `characters`."""

    def learn() -> WordPiece:
        return WordPiece.learn(first_documents(documents, characters), size=size)

    name = f"pieces-{size}-{characters}"
    return _kept(documents, name, "vocab.txt", learn, WordPiece.read)


def of_other_documents(
    documents: Documents, *, texts: Texts, tokenizer: Callable[[Documents], _Any]
) -> _Any:
    """The tokenizer learned from other texts than those it encodes, such as a trained model's.

    `texts` is called with a seed of 0, so for texts that no seed changes.
    """
    return tokenizer(texts(0))


def first_documents(documents: Documents, characters: int) -> Iterator[str]:
    """The training documents in their order, up to that many characters; at least one."""
    read = 0
    for text in documents.train:
        if read and read + len(text) > characters:
            return
        read += len(text)
        yield text


def _kept(
    documents: Documents,
    name: str,
    last_file: str,
    learn: Callable[[], _Tokenizer],
    read: Callable[..., _Tokenizer],
) -> _Tokenizer:
    if documents.key is None:
        return learn()
    folder = cache_folder() / "tokenizers" / f"{documents.key}-{name}-{code_version(TEXT)}"
    if (folder / last_file).exists():
        try:
            return read(folder)
        except ReplicationError as error:
            raise ReplicationError(f"{error} Or delete {folder}: it is made again.") from error
    tokenizer = learn()
    try:
        tokenizer.write(folder)
    except OSError as error:
        raise ReplicationError(
            f"Cannot write {folder}: {error}. Free some space, or set REPLICATIONS_CACHE to a "
            "folder that can be written to."
        ) from error
    return tokenizer
