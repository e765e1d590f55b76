"""Pictures of decoders: drawn from the parts, and from the records."""

from functools import partial

import pytest
from fabricated import fabricate_record

from replications.figures.decoder.blocks import draw_blocks, parts_in_words
from replications.figures.decoder.cache import draw_cache_memory
from replications.figures.decoder.ladder import best_by_rung, best_rates, draw_ladder
from replications.figures.decoder.rotary import draw_products_by_distance, draw_turning_pairs
from replications.layers.grouped_query import GroupedQueryAttention
from replications.models.presets import GPT1, GPT3, LLaMA, LLaMA2


def texts(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def test_a_block_names_the_parts_of_its_network_and_colours_what_changed():
    figure = draw_blocks({"GPT-3": GPT3, "LLaMA": LLaMA})
    assert {"LayerNorm", "RMSNorm", "+ learned positions", "GPT-3", "LLaMA"} <= set(texts(figure))
    fills = [patch.get_facecolor() for patch in figure.axes[0].patches if patch.get_fill()]
    assert len({colour for colour in fills if colour[3]}) == 2
    alike = draw_blocks({"one": LLaMA, "other": LLaMA})
    fills = [patch.get_facecolor() for patch in alike.axes[0].patches if patch.get_fill()]
    assert len({colour for colour in fills if colour[3]}) == 1


def test_the_words_are_those_of_the_parts():
    assert parts_in_words(LLaMA2)["attention"] == "grouped-query attention,\nrotary, no biases"
    biased = partial(LLaMA, attention=GroupedQueryAttention)
    assert parts_in_words(biased)["attention"] == "multi-head attention,\nbiases"
    assert parts_in_words(GPT3)["feed_forward"] == "feed-forward, GELU, biases"


def test_a_network_that_is_normalised_afterwards_is_not_drawn():
    with pytest.raises(ValueError, match="only pre-norm networks"):
        draw_blocks({"GPT-1": GPT1})


def test_a_circle_for_each_pair_says_by_how_much_it_turns():
    figure = draw_turning_pairs()
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[0] == "pair 1\n57.3° per position"
    assert len(titles) == 4


def test_products_of_three_places_are_one_line():
    lines = draw_products_by_distance().axes[0].lines
    first, *others = [line.get_ydata() for line in lines[:3]]
    for other in others:
        assert abs(first - other).max() < 1e-3
    assert first[0] == pytest.approx(1.0, abs=1e-4) and abs(first[100:]).max() < 0.9


def test_the_cache_grows_with_the_context_and_with_the_heads():
    figure = draw_cache_memory({"all": 64, "one": 1}, layers=80, d_head=128, weights={"w": 138.0})
    taken = [line.get_ydata() for line in figure.axes[0].lines[:2]]
    assert taken[0][3] == pytest.approx(10.7, abs=0.1)
    assert taken[0] / taken[1] == pytest.approx(64.0)


def run(recipe, seed, watched, tested):
    return fabricate_record(
        recipe,
        seed,
        metrics={"bits_per_byte": tested},
        paper="llama",
        trajectory=[{"validation_bits_per_byte": watched}],
    )


RECORDS = [
    *(run(f"gpt3{suffix}", 0, 2.0 + n, 3.0 + n) for n, suffix in enumerate(("", "-low-rate"))),
    run("gpt3-high-rate", 0, 1.5, 9.0),
    run("gpt3", 1, 2.0, 3.0),
]


def test_a_rung_takes_its_best_rate_and_only_whole_seeds():
    assert best_by_rung(RECORDS, ("gpt3", "llama")) == {"gpt3": {0: 9.0}, "llama": {}}
    assert best_rates(RECORDS, ("gpt3",)) == {"gpt3": ["gpt3-high-rate"]}


def test_a_ladder_without_records_says_so():
    rungs = {"gpt3": "GPT-3", "llama": "LLaMA"}
    assert "no records yet" in draw_ladder([], rungs).axes[0].get_title()
    drawn = draw_ladder(RECORDS, rungs).axes[0]
    assert drawn.get_title() == ""
    assert [label.get_text() for label in drawn.get_yticklabels()] == list(rungs.values())
