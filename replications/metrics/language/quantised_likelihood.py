"""Bits per byte of a language model with quantised weights."""

import copy
from collections.abc import Sequence
from functools import partial

from replications.layers.quantised import QuantisedLinear, quantise_linears, weight_bytes
from replications.metrics.language.text_likelihood import text_likelihood

Ways = Sequence[tuple[str, int, int | None]]


def quantised_likelihood(
    objective: object, data: object, *, ways: Ways, part: str = "test"
) -> dict[str, float]:
    """`rounded_bits_per_byte:<name>` and `megabytes:<name>` for each quantisation in `ways`.

    Each is a name, the bits per weight and how many weights share a scale (None: a whole row).
    The model in 32 bits is "float32". The megabytes are those of all weights.
    """
    found = {}
    for name, bits, group in (("float32", None, None), *ways):
        model = copy.deepcopy(objective.model)
        if bits is not None:
            quantise_linears(model, partial(QuantisedLinear, bits=bits, group=group))
        likelihood = text_likelihood(
            model, data.vocabulary, getattr(data.text, part), length=data.length
        )
        found[f"rounded_bits_per_byte:{name}"] = likelihood.bits_per_byte
        found[f"megabytes:{name}"] = weight_bytes(model) / 1e6
    return found
