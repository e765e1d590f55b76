"""Translation of texts: encode, search, decode."""

from collections.abc import Callable, Sequence

from rich.progress import track

from replications.corpora.batches.translation_batches import padded
from replications.decoding.inference import batches_by_length, device_of
from replications.decoding.search import Hypothesis, beam_search
from replications.errors import ReplicationError
from replications.models.translator import Translator
from replications.tokens.languages import Languages


def translate(
    model: Translator,
    languages: Languages,
    texts: Sequence[str],
    *,
    search: Callable[..., list[list[Hypothesis]]] = beam_search,
    tokens_per_batch: int = 2048,
    unknown_allowed: bool = False,
    progress: bool = False,
) -> list[str]:
    """The best translation of each text, in the texts' order, on the device the model is on.

    A batch holds at most `tokens_per_batch` source tokens, padding counted, or one sentence.
    Raises ReplicationError, with the sentence's number, where `Languages.encode_source` does:
    for an empty sentence, one that is too long, and what the tokenizer does not know.
    """
    sources = []
    for number, text in enumerate(texts, start=1):
        try:
            sources.append(languages.encode_source(text, unknown_allowed=unknown_allowed))
        except ReplicationError as error:
            raise ReplicationError(f"Sentence {number} of {len(texts)}: {error}") from error
    translations = [""] * len(texts)
    batches = batches_by_length([len(ids) for ids in sources], tokens_per_batch)
    device = device_of(model)
    for batch in track(batches, description="Translating", disable=not progress):
        source = padded([sources[number] for number in batch]).to(device)
        for number, found in zip(batch, search(model, source), strict=True):
            translations[number] = languages.target.decode(found[0].ids)
    return translations
