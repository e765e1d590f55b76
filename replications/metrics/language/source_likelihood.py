"""The likelihood of one source of the mix that a language model was trained on."""

from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import text_likelihood


def source_bits_per_byte(
    objective: object, data: object, *, source: str, part: str = "test", prefix: str = ""
) -> dict[str, float]:
    """`bits_per_byte` and `nats_per_token` of a part of that source, names with the prefix.

    Raises ReplicationError for a source that the mix has not.
    """
    sources = data.text.sources
    if source not in sources:
        raise ReplicationError(f"The mix has no source {source!r}; it has: {', '.join(sources)}.")
    found = text_likelihood(
        objective.model, data.vocabulary, getattr(sources[source], part), length=data.length
    )
    return found.named(prefix)
