"""The attention stepper: one piece of HTML that is whole without a network."""

import base64
import json
import re

import numpy as np
import pytest
import torch
from tiny_translation import LANGUAGES

from replications.errors import ReplicationError
from replications.figures.attention.stepper import (
    step_through_attention,
    step_through_translation,
)
from replications.models.attention_maps import AttentionMaps, record_attention
from replications.models.transformer import Transformer

SOURCE, TARGET = ["ho", "use</w>", "</script>", "</s>"], ["<s>", "Haus</w>", "￭."]


def drawn_weights(*shape):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, 3, *shape, generator=generator).softmax(-1)


MAPS = AttentionMaps(drawn_weights(4, 4), drawn_weights(3, 3), drawn_weights(3, 4))


def page_of(source=SOURCE, target=TARGET, maps=MAPS):
    return step_through_attention(maps, source, target, description='a "map"').data


def payload_of(page):
    return json.loads(re.search(r"const kinds = (\[.*\]), cell", page).group(1))


def test_the_script_is_given_every_weight_of_every_kind_within_half_a_shade():
    expected = (MAPS.cross, MAPS.encoder, MAPS.decoder_self)
    for kind, weights in zip(payload_of(page_of()), expected, strict=True):
        sent = np.frombuffer(base64.b64decode(kind["weights"]), dtype=np.uint8) / 255
        np.testing.assert_allclose(sent, weights.flatten(), atol=0.5001 / 255)
        assert kind["heads"] == 3


def test_rows_look_and_columns_are_looked_at_and_a_decoder_row_knows_what_comes_next():
    cross, encoder, decoder = payload_of(page_of())
    source, target = ["ho", "use·", "</script>", "</s>"], ["<s>", "Haus·", "▪."]
    assert (cross["rows"], cross["columns"]) == (target, source)
    assert (encoder["rows"], encoder["columns"]) == (source, source)
    assert (decoder["rows"], decoder["columns"]) == (target, target)
    assert cross["next"] == decoder["next"] == ["Haus·", "▪.", "</s>"]
    assert encoder["next"] is None
    assert [kind["causal"] for kind in (cross, encoder, decoder)] == [False, False, True]


def test_without_a_script_the_last_layers_mean_attention_to_the_source_is_drawn():
    drawn = [float(found) for found in re.findall(r'fill-opacity="([\d.]+)"', page_of())]
    np.testing.assert_allclose(drawn, MAPS.cross[-1].mean(0).flatten(), atol=0.0006)


def test_every_layer_and_head_can_be_chosen_by_keyboard():
    page = page_of()
    chosen = {
        of: re.findall(rf'type="radio" name="[\w-]+" data-of="{of}" value="(-?\d+)"', page)
        for of in ("kind", "layer", "head")
    }
    assert chosen == {
        "kind": ["0", "1", "2"],
        "layer": ["0", "1"],
        "head": ["-1", "0", "1", "2"],
    }
    assert page.count(" checked>") == 3


def test_the_text_names_what_each_token_attends_to_most():
    text = page_of().split("<details>")[1]
    best, column = MAPS.encoder[0].mean(0)[0].max(-1)
    name = ["ho", "use·", "&lt;/script&gt;", "&lt;/s&gt;"][column]
    first = text.split("Attention within encoder, layer 1")[1].split("</li>")[0]
    assert first.endswith(f"<b>ho</b>: {name} {best:.2f}")


def test_the_page_asks_nothing_of_another_host():
    addresses = re.findall(r"https?://[^\s\"']+", page_of())
    assert set(addresses) <= {"http://www.w3.org/2000/svg"}


def test_a_token_cannot_end_the_script_and_the_description_stays_in_its_attribute():
    page = page_of()
    assert page.count("</script>") == 1
    assert 'aria-label="a &quot;map&quot;"' in page


def test_signs_of_the_tokenizer_are_explained_where_they_are_met():
    assert "<p>· ends a word; ▪ is glued to the neighbour.</p>" in page_of()
    plain = page_of(["a", "b", "c", "</s>"], ["<s>", "d", "e"])
    assert "ends a word" not in plain


def test_tokens_that_do_not_fit_the_weights_are_an_error():
    with pytest.raises(ReplicationError, match=r"to source has weights of shape \(3, 4\)"):
        page_of(target=["<s>"])


def test_a_text_and_its_translation_become_tokens_with_their_marks():
    torch.manual_seed(0)
    tokens = len(LANGUAGES.source)
    model = Transformer(tokens, tokens, d_model=8, layers=1, heads=2, d_ff=8, max_length=16)
    page = step_through_translation(model, LANGUAGES, "a b", "c").data
    cross, *_ = payload_of(page)
    assert (cross["rows"], cross["columns"]) == (["<s>", "c"], ["a", "b", "</s>"])
    ids = [[*LANGUAGES.source.encode("a b"), 2], [1, *LANGUAGES.target.encode("c")]]
    expected = record_attention(model, *map(torch.tensor, ids)).cross
    sent = np.frombuffer(base64.b64decode(cross["weights"]), dtype=np.uint8) / 255
    np.testing.assert_allclose(sent, expected.flatten(), atol=0.5001 / 255)
    assert "“a b” is translated as “c”" in page
    with pytest.raises(ReplicationError, match="no words"):
        step_through_translation(model, LANGUAGES, "a b", " ")
