"""Diagrams follow the parts that they are drawn from."""

import pytest
import torch
from matplotlib.patches import FancyArrowPatch

from replications.corpora.texts.few_shot_questions import Question
from replications.errors import ReplicationError
from replications.figures.diagrams.directions import attended_pairs, draw_directions
from replications.figures.diagrams.in_context import copied_from, draw_induction, draw_prompts
from replications.figures.diagrams.input_sum import draw_input_sum
from replications.layers.masks import bidirectional, causal
from replications.models.presets import BERT, GPT2

TINY = {"d_model": 8, "layers": 1, "heads": 2, "d_ff": 16, "max_length": 8, "dropout": 0.0}


def words_in(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def arrows_in(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]


def test_the_arrows_are_those_that_the_masks_allow():
    assert len(attended_pairs(bidirectional, 0)) == 16
    assert len(attended_pairs(causal, 0)) == 10
    assert all(source <= target for source, target in attended_pairs(causal, 0))
    figure = draw_directions({"GPT": causal, "BERT": bidirectional})
    assert len(arrows_in(figure)) == 2 * (10 + 16)


def test_two_recurrent_networks_never_meet_below_the_top():
    alone = draw_directions({"BERT": bidirectional})
    beside = draw_directions({"BERT": bidirectional}, two_networks="ELMo")
    # Each direction: four tokens up two layers, and three steps along each layer.
    assert len(arrows_in(beside)) - len(arrows_in(alone)) == 2 * (4 * 2 + 3 * 2)


def test_the_sum_has_a_row_for_each_embedding_that_the_model_has():
    with torch.device("meta"):
        bert, gpt = BERT(20, **TINY), GPT2(20, **TINY)
    tokens, segments = ["[CLS]", "dogs", "[SEP]", "##s"], [0, 0, 0, 1]
    drawn = words_in(draw_input_sum(bert, tokens, segments))
    assert {"token embedding", "segment embedding", "position embedding"} < set(drawn)
    assert [words for words in drawn if words.startswith("$S")] == ["$S_A$"] * 3 + ["$S_B$"]
    assert drawn.count("+") == 8
    assert "segment embedding" not in words_in(draw_input_sum(gpt, tokens, segments))


def test_a_sum_of_other_segments_than_tokens_is_refused():
    with torch.device("meta"):
        bert = BERT(20, **TINY)
    with pytest.raises(ReplicationError, match="give each token its segment"):
        draw_input_sum(bert, ["a", "b"], [0])


def test_a_prompt_has_as_many_examples_as_asked_for_and_its_instruction_first():
    question = Question(("a -> b\n", "c -> d\n"), "e ->", " f\n", "letters:\n")
    drawn = words_in(draw_prompts(question, (0, 2)))
    assert drawn.count("letters:") == 2
    assert drawn.count("a -> b") == drawn.count("c -> d") == 1
    assert drawn.count("answer: f") == 2
    assert {"zero-shot", "few-shot, K = 2"} < set(drawn)


@pytest.mark.parametrize(("tokens", "found"), [("a b c a", 1), ("a b a c a", 3), ("x a a b a", 3)])
def test_an_induction_head_finds_what_followed_the_latest_earlier_occurrence(tokens, found):
    assert copied_from(tokens.split()) == found
    assert f"{tokens.split()[found]}?" in words_in(draw_induction(tokens.split()))


def test_a_token_that_is_new_has_nothing_to_be_copied():
    with pytest.raises(ReplicationError, match="does not occur before"):
        copied_from(["a", "b", "c"])
