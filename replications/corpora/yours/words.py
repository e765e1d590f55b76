"""A reader's own texts as word ids, for the chapters on word vectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from replications.corpora.texts.encoded_text import EncodedText
from replications.corpora.yours.documents import own_documents
from replications.errors import ReplicationError
from replications.tokens.words import Vocabulary, tokenise


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

    The vocabulary is that of the training part. Raises what `own_documents` raises, and
    ReplicationError for fewer than `least` words in the vocabulary's own text.
    """
    documents = own_documents(seed, path=path, a_line=a_line)
    train, test = ([tokenise(text) for text in part] for part in (documents.train, documents.test))
    read = sum(map(len, train))
    try:
        vocabulary = Vocabulary.from_sentences(train, min_count=min_count, max_size=max_size)
    except ReplicationError as error:
        raise ReplicationError(f"{path} has too little text: {error}") from error
    parts = [_encoded(part, vocabulary) for part in (train, test)]
    if len(parts[0][0]) < least:
        raise ReplicationError(
            f"{path} has too little text: {len(parts[0][0])} of its {read} words to train on occur "
            f"{min_count} times or more, and the recipe takes {least} or more. Give more text, or "
            "take a smaller --tier."
        )
    identities = (documents.identities[0], documents.identities[2])
    counts = (read, sum(map(len, test)))
    held_out = EncodedText(*parts[1], vocabulary, counts[1], identities[1])
    return OwnWords(*parts[0], vocabulary, counts[0], identities[0], held_out=held_out)


def _encoded(
    texts: Sequence[Sequence[str]], vocabulary: Vocabulary
) -> tuple[torch.Tensor, torch.Tensor]:
    ids = [vocabulary.encode(words) for words in texts]
    lengths = torch.tensor([len(each) for each in ids])
    numbers = torch.arange(len(ids), dtype=torch.int32)
    return torch.cat(ids), numbers.repeat_interleave(lengths)
