from functools import partial

import pytest
import torch

from replications.layers.masks import causal
from replications.models.initialisation import normal
from replications.models.presets import BERT

CLOSE = {"atol": 1e-5, "rtol": 1e-5}


def small(**changes):
    sizes = {"d_model": 16, "layers": 2, "heads": 4, "d_ff": 24, "max_length": 12} | changes
    torch.manual_seed(0)
    return BERT(11, initialise=partial(normal, std=0.5), **sizes).eval()


@pytest.fixture
def pairs():
    torch.manual_seed(3)
    ids, segments = torch.randint(1, 11, (3, 9)), torch.zeros(3, 9, dtype=torch.long)
    for row, (middle, length) in enumerate(((4, 9), (2, 6), (1, 3))):
        segments[row, middle:length], ids[row, length:] = 1, 0
    return ids, segments


def test_each_token_sees_those_before_and_after_it(pairs):
    ids, segments = pairs
    model = small()
    before = model.hidden(ids[:1], segments[:1])
    for place in range(9):
        changed = ids[:1].clone()
        changed[0, place] = 1 + changed[0, place] % 10
        moved = (model.hidden(changed, segments[:1]) - before).abs().amax((0, 2))
        assert (moved > 1e-3).all(), place


def test_with_the_other_pattern_no_token_sees_those_after_it(pairs):
    ids, segments = pairs
    model = small(mask=causal)
    before = model.hidden(ids[:1], segments[:1])
    for place in range(1, 9):
        changed = ids[:1].clone()
        changed[0, place] = 1 + changed[0, place] % 10
        after = model.hidden(changed, segments[:1])
        torch.testing.assert_close(after[:, :place], before[:, :place], **CLOSE)
        assert not torch.allclose(after[:, place:], before[:, place:], atol=1e-3)


@pytest.mark.parametrize("changes", [{}, {"mask": causal}], ids=["both", "left"])
def test_padding_and_companions_change_nothing(changes, pairs):
    ids, segments = pairs
    model = small(**changes)
    together = model(ids, segments)
    for row, length in enumerate((9, 6, 3)):
        alone = model(ids[row : row + 1, :length], segments[row : row + 1, :length])
        torch.testing.assert_close(alone["masked"][0], together["masked"][row, :length], **CLOSE)
        torch.testing.assert_close(
            alone["next_sentence"][0], together["next_sentence"][row], **CLOSE
        )


def test_segments_matter_and_are_the_first_unless_given(pairs):
    ids, segments = pairs
    model = small()
    torch.testing.assert_close(model.hidden(ids), model.hidden(ids, torch.zeros_like(ids)))
    assert not torch.allclose(model.hidden(ids), model.hidden(ids, segments), atol=1e-2)


def test_states_and_attention_are_those_of_each_layer(pairs):
    ids, segments = pairs
    model = small()
    states, weights = model.states(ids, segments), model.attention(ids, segments)
    assert states.shape == (3, 3, 9, 16)
    torch.testing.assert_close(states[:, 0], model.embed(ids, segments))
    torch.testing.assert_close(states[:, -1], model.hidden(ids, segments))
    assert weights.shape == (3, 2, 4, 9, 9)
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, 4, 9))
    assert (weights[2, ..., 3:] == 0).all()


def test_a_task_may_be_left_out(pairs):
    tasks = {"masked": BERT.keywords["tasks"]["masked"]}
    model = small(tasks=tasks)
    assert set(model(*pairs)) == {"masked"}
    assert not any("next_sentence" in name for name, _ in model.named_parameters())


def test_the_masked_head_may_be_asked_for_some_tokens_alone(pairs):
    model, (ids, segments) = small(), pairs
    chosen = torch.zeros_like(ids, dtype=torch.bool)
    chosen[0, 3] = chosen[1, 5] = True
    logits = model.tasks["masked"](model.hidden(ids, segments)[chosen])
    torch.testing.assert_close(logits, model(ids, segments)["masked"][chosen])


def test_a_gradient_reaches_every_weight(pairs):
    model = small().train()
    judged = model(*pairs)
    (judged["masked"].square().mean() + judged["next_sentence"].square().mean()).backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None and weight.grad.abs().max() > 0, name
    assert model.tasks["masked"].output.weight is model.embedding.weight


@pytest.mark.parametrize(
    ("layers", "d_model", "heads", "body", "all_of_it"),
    [(12, 768, 12, 109_482_240, 110_106_428), (24, 1024, 16, 335_141_888, 336_226_108)],
    ids=["base", "large"],
)
def test_bert_has_the_size_of_the_published_weights(layers, d_model, heads, body, all_of_it):
    # The body is counted with its pooler, as transformers' BertModel has it; section 3 of the
    # paper prints 110 and 340 million.
    with torch.device("meta"):
        model = BERT(
            30_522, d_model=d_model, layers=layers, heads=heads, d_ff=4 * d_model, max_length=512
        )
    counts = {name: weight.numel() for name, weight in model.named_parameters()}
    assert sum(counts.values()) == all_of_it
    pooler = "tasks.next_sentence.pooler"
    assert body == sum(
        count
        for name, count in counts.items()
        if name.startswith(pooler) or not name.startswith("tasks.")
    )
