"""Diagrams of models: they say what the model's parts say, and change when the parts do."""

from functools import partial

import pytest
import torch

from replications.figures.diagrams.columns import (
    draw_decoder,
    draw_residual_orders,
    draw_transformer,
    order_of,
)
from replications.figures.diagrams.masks import draw_attention_masks
from replications.figures.diagrams.searching import draw_translator
from replications.figures.diagrams.task_inputs import draw_task_inputs, parts_of_sequence
from replications.layers.positions import LearnedPositions
from replications.layers.residual import PostNorm, PreNorm
from replications.models.attentive_recurrent import AttentiveRecurrent
from replications.models.presets import GPT1
from replications.models.source_contexts import CrossAttention, FixedVector, ForwardEncoder
from replications.models.transformer import Transformer
from replications.tokens.byte_level import ALPHABET, END_OF_TEXT, ByteLevelBPE
from replications.tokens.special_tokens import WithSpecialTokens

# A vocabulary without merges: its special tokens have the numbers 257 to 259.
SPECIAL = WithSpecialTokens(ByteLevelBPE((), (*ALPHABET, END_OF_TEXT)))


def texts(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def transformer(**changes):
    return Transformer(9, 9, **{"d_model": 8, "layers": 3, "heads": 2, "d_ff": 20, **changes})


def test_the_orders_of_a_residual_block_are_read_off_its_forward():
    assert order_of(PostNorm(4, 0.0)) == ["sub-layer", "add", "norm"]
    assert order_of(PreNorm(4, 0.0)) == ["norm", "sub-layer", "add"]


def test_a_transformer_is_drawn_with_its_own_layers_heads_and_widths():
    found = texts(draw_transformer(transformer()))
    assert found.count("3 ×") == 2 and found.count("norm") == 5
    assert "cross-attention\n2 heads" in found and found.count("feed-forward\n20 wide") == 2
    assert "output\ntied weights" in found and found.count("embedding\n+ sinusoids") == 2


def test_other_parts_make_another_drawing():
    found = texts(
        draw_transformer(transformer(residual=PreNorm, positions=LearnedPositions, shared=False))
    )
    # One norm more on either side closes the stack.
    assert found.count("norm") == 7
    assert "output\na matrix of its own" in found
    assert found.count("embedding\n+ learned positions") == 2


def test_a_decoder_is_one_column_with_two_outputs():
    model = GPT1(9, d_model=8, layers=4, heads=2, d_ff=12, max_length=8)
    found = texts(draw_decoder(model))
    assert "4 ×" in found and "causal self-attention\n2 heads" in found
    assert not any("cross" in text for text in found)
    assert found[-2:] == ["text prediction", "task classifier"]


def test_both_kinds_of_residual_block_stand_side_by_side():
    found = texts(draw_residual_orders((PostNorm, PreNorm)))
    assert [t for t in found if t in ("PostNorm", "PreNorm")] == ["PostNorm", "PreNorm"]


def recurrent(**parts):
    return AttentiveRecurrent(9, 9, embedding=4, hidden=6, readout=3, **parts)


def test_attention_is_drawn_with_its_weights_and_a_fixed_vector_without():
    searches = recurrent(context=partial(CrossAttention, size=5))
    found = texts(draw_translator(searches, [0.25, 0.75]))
    assert "0.25" in found and "0.75" in found and "query" in found
    assert found.count("←") == 2
    fixed = recurrent(context=FixedVector, encoder=ForwardEncoder)
    found = texts(draw_translator(fixed, [0.25, 0.75]))
    assert "0.25" not in found and "query" not in found and "←" not in found


def test_a_mask_is_drawn_with_the_tokens_of_both_sides():
    mask = torch.ones(2, 3, dtype=torch.bool)
    figure = draw_attention_masks({"all": mask}, {"all": "ab"}, {"all": "xyz"})
    (ax,) = figure.axes
    assert [tick.get_text() for tick in ax.get_xticklabels()] == list("xyz")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list("ab")


@pytest.mark.parametrize(
    ("ids", "parts"),
    [
        ([257, 1, 2, 259], ["start", "text 1", "extract"]),
        ([257, 1, 258, 2, 3, 259], ["start", "text 1", "delimiter", "text 2", "extract"]),
    ],
)
def test_a_sequence_is_told_by_its_special_tokens(ids, parts):
    assert parts_of_sequence(ids, SPECIAL) == parts


def test_in_the_second_order_the_texts_have_changed_places():
    figure = draw_task_inputs(
        {"paraphrase": [[257, 1, 258, 2, 259], [257, 2, 258, 1, 259]]}, SPECIAL
    )
    told = [text for text in texts(figure) if text.startswith("text")]
    assert told == ["text 1", "text 2", "text 2", "text 1"]
    assert "+" in texts(figure)
