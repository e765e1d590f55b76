"""A text as word ids with its vocabulary, of a corpus or the synthetic world, and cached."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Int32
from torch import Tensor

from replications.code_version import TEXT, code_version
from replications.corpora.loading import load_corpus
from replications.corpora.store.cached_tensors import load_tensors, save_tensors
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.analogies import WordWorld, make_words
from replications.errors import ReplicationError
from replications.paths import cache_folder
from replications.tokens.words import Vocabulary, tokenise

_DOCUMENTS_AT_ONCE = 10_000


@dataclass(frozen=True)
class EncodedText:
    """Word ids in reading order, each with the number of the document it stands in.

    `raw_words` counts all words read, also those outside the vocabulary: the unit in which
    throughput is quoted. `world` is the ground truth where the text is synthetic. `key` names
    the text in caches; without one it is too small to be worth one.
    """

    ids: Int32[Tensor, " position"]
    document: Int32[Tensor, " position"]
    vocabulary: Vocabulary
    raw_words: int
    identity: CorpusIdentity
    world: WordWorld | None = field(default=None, repr=False)
    key: str | None = None

    def sentences(self, max_length: int = 1000) -> Iterator[list[str]]:
        """The text as lists of words (gensim's form), a document cut after each `max_length`."""
        words = np.array(self.vocabulary.words, dtype=object)
        ends = torch.bincount(self.document).cumsum(0).tolist()
        for start, end in zip([0, *ends], ends, strict=False):
            for first in range(start, end, max_length):
                yield words[self.ids[first : min(end, first + max_length)].numpy()].tolist()


Text = Callable[..., EncodedText]
"""Where a data module's text comes from: called with the seed."""


def world_text(seed: int, *, tokens: int, min_count: int = 1, **knobs: object) -> EncodedText:
    """A draw of the synthetic world: each seed has its own corpus, the truth is always the same."""
    world = make_words(seed, tokens, **knobs)
    vocabulary = Vocabulary.from_sentences(world.sentences, min_count=min_count)
    ids, document, _ = encode_documents(world.sentences, vocabulary)
    return EncodedText(ids, document, vocabulary, world.tokens, world.identity, world)


def corpus_text(
    seed: int,
    *,
    corpus: str,
    split: str = "train",
    stride: int = 1,
    min_count: int = 5,
    max_size: int | None = None,
) -> EncodedText:
    """A registered corpus with a `text` column, or every n-th of its documents.

    The vocabulary is always that of the whole split, so that parts of different size are tested on
    the same questions. The seed changes nothing.

    Raises ReplicationError where the corpus cannot be had, is empty or has too few words.
    """
    rows, identity = load_corpus(corpus, split)
    key = [code_version(TEXT), identity.sha256, stride, min_count, max_size]
    name = hashlib.sha256(json.dumps(key).encode()).hexdigest()[:24]
    path = cache_folder() / "encoded" / f"{corpus}.{split}.{name}.safetensors"
    found = read_encoded(path)
    if found is None:
        # Read twice, so that its words are never all in memory.
        counts = Counter(word for text in rows["text"] for word in tokenise(text))
        if not counts:
            raise ReplicationError(
                f"The corpus {corpus} ({split}) holds no words: `replicate data verify {corpus}`."
            )
        vocabulary = Vocabulary.from_counts(counts, min_count=min_count, max_size=max_size)
        ids, document, raw_words = encode_documents(
            map(tokenise, rows["text"][::stride]), vocabulary
        )
        found = (ids, document, vocabulary, raw_words)
        write_encoded(path, *found)
    ids, document, vocabulary, raw_words = found
    return EncodedText(ids, document, vocabulary, raw_words, identity, key=name)


def encode_documents(
    documents: Iterable[Sequence[str]], vocabulary: Vocabulary
) -> tuple[Int32[Tensor, " position"], Int32[Tensor, " position"], int]:
    """Ids, the document of each, and how many words were read: a document's are in memory."""
    whole, parts, lengths, raw_words = [], [], [], 0
    for words in documents:
        parts.append(vocabulary.encode(words))
        lengths.append(len(parts[-1]))
        raw_words += len(words)
        # A tensor for each of a million short documents would take more memory than their ids.
        if len(parts) == _DOCUMENTS_AT_ONCE:
            whole, parts = [*whole, torch.cat(parts)], []
    numbers = torch.arange(len(lengths), dtype=torch.int32)
    document = numbers.repeat_interleave(torch.tensor(lengths, dtype=torch.int64))
    return torch.cat([*whole, *parts]), document, raw_words


def write_encoded(
    path: Path,
    ids: Int32[Tensor, " position"],
    document: Int32[Tensor, " position"],
    vocabulary: Vocabulary,
    raw_words: int,
) -> None:
    """Keep a text in the cache. Raises ReplicationError where writing fails."""
    words = np.frombuffer("\n".join(vocabulary.words).encode(), dtype=np.uint8)
    tensors = {
        "ids": ids,
        "document": document,
        "occurrences": torch.tensor(vocabulary.occurrences, dtype=torch.int64),
        "words": torch.from_numpy(words.copy()),
    }
    save_tensors(path, tensors, {"raw_words": str(raw_words)})


def read_encoded(
    path: Path,
) -> tuple[Int32[Tensor, " position"], Int32[Tensor, " position"], Vocabulary, int] | None:
    """What `write_encoded` kept, or None where there is nothing.

    Raises ReplicationError, naming the file, when it is damaged.
    """
    if not path.exists():
        return None
    tensors, notes = load_tensors(path)
    words = tensors["words"].numpy().tobytes().decode().split("\n")
    vocabulary = Vocabulary(tuple(words), tuple(tensors["occurrences"].tolist()))
    return tensors["ids"], tensors["document"], vocabulary, int(notes["raw_words"])
