from functools import partial

from replications.layers.masks import causal
from replications.models.parts import changed_parts, parts_of
from replications.models.presets import BERT, GPT1, GPT2, GPT3
from replications.models.transformer import Transformer


def test_parts_are_named_in_the_order_of_the_signature_with_defaults():
    parts = parts_of(partial(GPT1, d_model=64, layers=2))
    assert list(parts)[:4] == ["network", "d_model", "layers", "dropout"]
    assert (parts["network"], parts["d_model"], parts["residual"]) == (
        "DecoderOnly",
        "64",
        "PostNorm",
    )
    assert parts["feed_forward"] == "FeedForward(activation=GELU(approximate=tanh))"
    assert "heads" not in parts and "vocabulary" not in parts
    assert parts_of(Transformer)["residual"] == "PostNorm"


def test_a_paper_changes_few_parts_of_the_one_before():
    assert changed_parts(GPT1, GPT2) == {
        "residual": ("PostNorm", "PreNorm"),
        "initialise": ("normal", "scaled_normal"),
    }
    assert changed_parts(GPT2, GPT3) == {"mask": ("causal", "alternating_bands(width=128)")}
    assert changed_parts(BERT, partial(BERT, mask=causal)) == {"mask": ("bidirectional", "causal")}
    assert changed_parts(GPT1, GPT1) == {}


def test_a_part_that_only_one_has_stands_alone():
    changed = changed_parts(GPT1, BERT)
    assert changed["network"] == ("DecoderOnly", "EncoderOnly")
    assert changed["output"] == ("tied", "")
    assert changed["segments"] == ("", "2")
