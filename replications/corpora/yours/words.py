"""A reader's own texts as word ids, for the chapters on word vectors."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from jaxtyping import Int32
from torch import Tensor, tensor

from replications.code_version import TEXT, code_version
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.encoded_text import (
    EncodedText,
    encode_documents,
    read_encoded,
    write_encoded,
)
from replications.corpora.yours.documents import own_documents
from replications.corpora.yours.files import are_large, own_files
from replications.errors import ReplicationError
from replications.paths import cache_folder
from replications.tokens.readable_text import stretches
from replications.tokens.words import Vocabulary, tokenise

Encoded = tuple[Int32[Tensor, " position"], Int32[Tensor, " position"], Vocabulary, int]


@dataclass(frozen=True)
class OwnWords(EncodedText):
    """The words to train on, and those `held_out` in the same vocabulary."""

    held_out: EncodedText | None = field(default=None, repr=False)


def own_words(
    seed: int,
    *,
    path: str,
    a_line: bool = False,
    min_count: int = 5,
    max_size: int | None = None,
    least: int = 1,
) -> OwnWords:
    """The texts of `own_documents` as word ids; held out is its part "test".

    The vocabulary is that of the training part. Of large texts both parts are kept in
    the cache.

    Raises what `own_documents` raises, and ReplicationError for fewer than `least` words in the
    vocabulary's own text, where writing fails, and for a damaged file in the cache.
    """
    documents = own_documents(seed, path=path, a_line=a_line)
    identities = (documents.identities[0], documents.identities[2])
    made = partial(_encoded, documents, path, min_count, max_size)
    key = None
    if are_large(own_files(Path(path))):
        about = [code_version(TEXT), *(each.sha256 for each in identities), min_count, max_size]
        key = f"yours-{hashlib.sha256(json.dumps(about).encode()).hexdigest()[:24]}"
    parts = made() if key is None else _kept(key, made)
    (ids, document, vocabulary, read), (other_ids, other_document, _, other_read) = parts
    if len(ids) < least:
        raise ReplicationError(
            f"{path} has too little text: {len(ids)} of its {read} words to train on occur "
            f"{min_count} times or more, and the recipe takes {least} or more. Give more text, or "
            "take a smaller --tier."
        )
    held_out = EncodedText(other_ids, other_document, vocabulary, other_read, identities[1])
    return OwnWords(ids, document, vocabulary, read, identities[0], key=key, held_out=held_out)


def _kept(key: str, make: Callable[[], list[Encoded]]) -> list[Encoded]:
    files = [cache_folder() / "encoded" / f"{key}.{part}.safetensors" for part in ("train", "test")]
    kept = [found for file in files if (found := read_encoded(file)) is not None]
    if len(kept) < len(files):
        kept = make()
        for file, part in zip(files, kept, strict=True):
            write_encoded(file, *part)
    return kept


def _encoded(
    documents: Documents, path: str, min_count: int, max_size: int | None
) -> list[Encoded]:
    """The parts "train" and "test". Each is read anew: its words are never all in memory."""
    counts = Counter(word for _, words in _stretches(documents.train) for word in words)
    try:
        vocabulary = Vocabulary.from_counts(counts, min_count=min_count, max_size=max_size)
    except ReplicationError as error:
        raise ReplicationError(f"{path} has too little text: {error}") from error
    return [_part(texts, vocabulary) for texts in (documents.train, documents.test)]


def _part(texts: Iterable[str], vocabulary: Vocabulary) -> Encoded:
    numbers: list[int] = []

    def words() -> Iterator[list[str]]:
        for number, those in _stretches(texts):
            numbers.append(number)
            yield those

    ids, stretch, read = encode_documents(words(), vocabulary)
    return ids, tensor(numbers, dtype=stretch.dtype).index_select(0, stretch), vocabulary, read


def _stretches(texts: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The words of each text with its number, a book's a stretch at a time."""
    return chain.from_iterable(
        ((number, tokenise(stretch)) for stretch in stretches(text))
        for number, text in enumerate(texts)
    )
