from functools import partial

import pytest
import torch

from replications.layers.masks import (
    alternating_bands,
    bidirectional,
    causal,
    is_causal,
)

PLACES = torch.arange(6)


def test_left_to_right_is_the_lower_triangle():
    expected = torch.ones(6, 6, dtype=torch.bool).tril()
    for layer in range(3):
        assert torch.equal(causal(layer, PLACES, PLACES), expected)


def test_both_ways_hides_nothing():
    assert bidirectional(0, PLACES, PLACES) is None


@pytest.mark.parametrize("width", [1, 2, 4, 9])
def test_every_second_layer_sees_exactly_the_band(width):
    for layer in range(4):
        seen = alternating_bands(layer, PLACES, PLACES, width=width)
        for query in range(6):
            first = max(0, query - width + 1) if layer % 2 else 0
            places = seen[query].nonzero()[:, 0].tolist()
            assert places == list(range(first, query + 1)), (layer, query)


@pytest.mark.parametrize("layer", [0, 1])
def test_the_last_tokens_see_what_they_see_in_the_whole(layer):
    whole = alternating_bands(layer, PLACES, PLACES, width=2)
    assert torch.equal(alternating_bands(layer, PLACES[4:], PLACES, width=2), whole[4:])
    assert torch.equal(causal(layer, PLACES[4:], PLACES), causal(0, PLACES, PLACES)[4:])


def test_a_band_that_hides_a_token_from_itself_is_refused():
    with pytest.raises(ValueError, match="give 1 or more"):
        alternating_bands(0, PLACES, PLACES, width=0)


@pytest.mark.parametrize(
    "mask",
    [
        causal,
        partial(causal),
        bidirectional,
        partial(alternating_bands, width=2),
        partial(partial(alternating_bands), width=4),
    ],
)
def test_causal_are_exactly_the_layers_whose_mask_is_the_lower_triangle(mask):
    triangle = torch.ones(6, 6, dtype=torch.bool).tril()
    for layer in range(4):
        seen = mask(layer, PLACES, PLACES)
        assert is_causal(mask, layer) == (seen is not None and torch.equal(seen, triangle))


def test_of_a_pattern_that_nobody_knows_nothing_is_assumed():
    assert not is_causal(lambda layer, target, source: source <= target[:, None], 0)
