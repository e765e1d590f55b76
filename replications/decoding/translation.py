"""Texts to texts: encode, search, decode."""

from collections.abc import Callable, Sequence

import torch
from rich.progress import track

from replications.corpora.translation_batches import padded
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


def batches_by_length(lengths: Sequence[int], tokens: int) -> list[list[int]]:
    """Places of sequences of like length, the longest first, at most `tokens` with padding.

    The longest come first so that a lack of memory shows at once.
    """
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batches and lengths[batches[-1][0]] * (len(batches[-1]) + 1) <= tokens:
            batches[-1].append(place)
        else:
            batches.append([place])
    return batches


def device_of(model: Translator) -> torch.device:
    """Where the model's weights are."""
    return next((weight.device for weight in model.parameters()), torch.device("cpu"))
