from functools import partial

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.testing import assert_close

from replications.errors import ReplicationError
from replications.models.attentive_recurrent import AttentiveRecurrent, small_normal
from replications.models.sequence_to_sequence import uniform
from replications.models.source_contexts import (
    BidirectionalEncoder,
    CrossAttention,
    FixedVector,
    ForwardEncoder,
)
from replications.models.translator import AttentiveTranslator, Translator

M, N, L, ALIGNMENT, VOCABULARY = 4, 6, 5, 3, 13
SEARCH = {"context": partial(CrossAttention, size=ALIGNMENT)}
ENCDEC = {"context": FixedVector, "encoder": ForwardEncoder}
PARTS = [SEARCH, ENCDEC, {"context": FixedVector}]
close = {"atol": 1e-5, "rtol": 1e-5}


def model_of(parts, **options):
    torch.manual_seed(0)
    # Wide first values, so that a wrong connection shows.
    options = {"initialise": partial(uniform, bound=0.7)} | options
    sizes = {"embedding": M, "hidden": N, "readout": L}
    return AttentiveRecurrent(11, VOCABULARY, **sizes, **parts, **options)


def ids(*rows):
    return pad_sequence([torch.tensor(row) for row in rows], batch_first=True)


SOURCE = ids([5, 6, 7, 8, 2], [9, 2], [4, 10, 2])
TARGET = ids([1, 4, 5, 2], [1, 12, 6, 7, 8, 2], [1, 2])


def gru(layer, x, s, c=None):
    """Appendix A.1.1, for one vector."""
    w, b = layer.input.weight.chunk(3), layer.input.bias.chunk(3)
    third = [0, 0, 0] if c is None else [part @ c for part in layer.context.weight.chunk(3)]
    u_z, u_r, u = layer.recurrent_matrices()
    z = torch.sigmoid(w[0] @ x + u_z @ s + b[0] + third[0])
    r = torch.sigmoid(w[1] @ x + u_r @ s + b[1] + third[1])
    candidate = torch.tanh(w[2] @ x + u @ (r * s) + b[2] + third[2])
    return (1 - z) * s + z * candidate


def by_the_equations(model, source, target):
    """RNNsearch for one sentence, one word and one number at a time: logits and weights."""
    words, encoder = model.source_embedding(source), model.encoder.layer
    forwards, backwards = [torch.zeros(N)], [torch.zeros(N)]
    for x in words:
        forwards.append(gru(encoder.forwards, x, forwards[-1]))
    for x in words.flip(0):
        backwards.insert(0, gru(encoder.backwards.layer, x, backwards[0]))
    annotations = [torch.cat(pair) for pair in zip(forwards[1:], backwards[:-1], strict=True)]
    s = torch.tanh(model.first_state(backwards[0]))
    part, logits, rows = model.context.attention, [], []
    for y in model.target_embedding(target):
        scores = [
            part.score @ torch.tanh(part.query.weight @ s + part.keys.weight @ h)
            for h in annotations
        ]
        alpha = torch.stack(scores).softmax(0)
        c = sum(a * h for a, h in zip(alpha, annotations, strict=True))
        t = model.state_readout(s) + model.word_readout.weight @ y
        t = t + model.context_readout.weight @ c
        pairs = [max(t[2 * j], t[2 * j + 1]) for j in range(L)]
        logits.append(model.output(torch.stack(pairs)))
        rows.append(alpha)
        s = gru(model.decoder, y, s, c)
    return torch.stack(logits), torch.stack(rows)


@torch.no_grad()
def test_rnnsearch_follows_the_appendix():
    model = model_of(SEARCH)
    logits, weights = model(SOURCE, TARGET), model.attention(SOURCE, TARGET)
    for row, (source, target) in enumerate(zip(SOURCE, TARGET, strict=True)):
        source, target = source[source != 0], target[target != 0]
        expected, alpha = by_the_equations(model, source, target)
        assert_close(logits[row, : len(target)], expected, **close)
        assert_close(weights[row, 0, 0, : len(target), : len(source)], alpha, **close)


class OnlyTheLast(nn.Module):
    """Attention that looks at the last place that is allowed, whatever is asked."""

    def forward(self, query, keys, values, mask):
        last = mask.sum(-1, keepdim=True) - 1
        weights = torch.zeros(mask.shape).scatter(-1, last, 1.0)
        return weights @ values

    def keys(self, annotations):
        return annotations


def test_a_context_that_is_always_the_last_state_makes_rnnsearch_rnnencdec():
    encdec, search = model_of(ENCDEC), model_of({**SEARCH, "encoder": ForwardEncoder})
    search.context.attention = OnlyTheLast()
    search.load_state_dict(encdec.state_dict())
    assert_close(search(SOURCE, TARGET), encdec(SOURCE, TARGET), atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("parts", PARTS)
def test_teacher_forcing_is_decoding_step_by_step(parts):
    model = model_of(parts)
    logits = model(SOURCE, TARGET)
    memory = model.encode(SOURCE)
    state = model.start(memory)
    for place in range(TARGET.shape[1]):
        step, state = model.step(TARGET[:, place], memory, state)
        assert_close(step, logits[:, place], **close)


@pytest.mark.parametrize("parts", PARTS)
def test_padding_and_the_rest_of_the_batch_change_nothing(parts):
    model = model_of(parts)
    together = model(SOURCE, TARGET)
    for row in range(3):
        source = SOURCE[row][SOURCE[row] != 0][None]
        target = TARGET[row][TARGET[row] != 0][None]
        assert_close(together[row : row + 1, : target.shape[1]], model(source, target), **close)


@pytest.mark.parametrize("parts", PARTS)
def test_a_later_token_cannot_change_an_earlier_prediction(parts):
    model, changed = model_of(parts), TARGET.clone()
    changed[:, 3:] = 9
    before, after = model(SOURCE, TARGET), model(SOURCE, changed)
    assert_close(after[:, :3], before[:, :3])
    assert not torch.allclose(after[:, 3:], before[:, 3:])


def test_attention_is_a_distribution_over_the_words_of_the_source():
    weights = model_of(SEARCH).attention(SOURCE, TARGET)
    assert weights.shape == (3, 1, 1, 6, 5)
    assert_close(weights.sum(-1), torch.ones(3, 1, 1, 6))
    padded = (SOURCE == 0)[:, None, None, None].expand_as(weights)
    assert not weights[padded].any()


def test_every_word_is_looked_at_alike_at_first():
    weights = model_of(SEARCH, initialise=small_normal).attention(SOURCE, TARGET)
    assert_close(weights[0], torch.full((1, 1, 6, 5), 1 / 5))
    assert_close(weights[2, ..., :3], torch.full((1, 1, 6, 3), 1 / 3))


def test_a_fixed_vector_has_no_attention_to_show():
    with pytest.raises(ReplicationError, match="CrossAttention"):
        model_of(ENCDEC).attention(SOURCE, TARGET)


@pytest.mark.parametrize("parts", PARTS)
def test_gradients_are_those_of_finite_differences(parts):
    model = model_of(parts).double()
    weights = dict(model.named_parameters())

    def logits(*values):
        replaced = dict(zip(weights, values, strict=True))
        return torch.func.functional_call(model, replaced, (SOURCE[1:], TARGET[1:, :3]))

    # One random direction: all directions of all weights would take minutes.
    assert torch.autograd.gradcheck(logits, tuple(weights.values()), fast_mode=True)


@pytest.mark.parametrize("parts", PARTS)
def test_the_gradient_reaches_every_part(parts):
    model = model_of(parts)
    model(SOURCE, TARGET).square().sum().backward()
    for name, weight in model.named_parameters():
        assert weight.grad.abs().sum() > 0, name


def papers_model(**parts):
    with torch.device("meta"):
        return AttentiveRecurrent(30_000, 30_000, embedding=620, hidden=1000, readout=500, **parts)


def test_the_papers_models_have_the_weights_of_its_appendix():
    m, n, l, alignment, k = 620, 1000, 500, 1000, 30_000  # noqa: E741
    both = 2 * k * m + k * l + n * n + 2 * l * (n + m)
    biases = n + 3 * n + 2 * l + k
    search = 2 * 3 * n * (m + n) + 3 * n * (m + n + 2 * n) + 2 * l * 2 * n
    search += alignment * (n + 2 * n + 1) + 2 * 3 * n
    encdec = 3 * n * (m + n) + 3 * n * (m + n + n) + 2 * l * n + 3 * n
    for found, own in (
        (papers_model(context=partial(CrossAttention, size=alignment)), search),
        (papers_model(**ENCDEC), encdec),
    ):
        assert sum(weight.numel() for weight in found.parameters()) == both + biases + own


def test_first_values_are_the_papers():
    torch.manual_seed(0)
    model = AttentiveRecurrent(
        300, 200, embedding=40, hidden=50, readout=30, context=partial(CrossAttention, size=60)
    )
    attention = model.context.attention
    assert not attention.score.any()
    for layer in (attention.query, attention.keys):
        assert 0.0009 < layer.weight.std() < 0.0011
    for weight in (
        model.source_embedding.weight,
        model.decoder.context.weight,
        model.output.weight,
    ):
        assert 0.009 < weight.std() < 0.011
    bidirectional = model.encoder.layer
    for layer in (model.decoder, bidirectional.forwards, bidirectional.backwards.layer):
        for matrix in layer.recurrent_matrices():
            assert_close(matrix @ matrix.T, torch.eye(50), **close)
        assert not layer.input.bias.any()


def test_dropout_changes_training_and_not_decoding():
    model = model_of(SEARCH, dropout=0.5)
    assert not torch.allclose(model(SOURCE, TARGET), model(SOURCE, TARGET))
    model.eval()
    assert_close(model(SOURCE, TARGET), model(SOURCE, TARGET))


@pytest.mark.parametrize("parts", PARTS)
def test_products_may_be_computed_in_bfloat16(parts):
    model = model_of(parts)
    precise = model(SOURCE, TARGET)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = model(SOURCE, TARGET)
    found.float().sum().backward()
    assert_close(found.float(), precise, atol=0.05, rtol=0.05)


def test_both_are_translators():
    assert isinstance(model_of(ENCDEC), Translator)
    assert isinstance(model_of(SEARCH), AttentiveTranslator)


def test_the_encoders_say_how_their_reading_ended():
    inputs, padding_mask = torch.randn(3, 5, M), SOURCE != 0
    encoded = BidirectionalEncoder(M, N)(inputs, padding_mask)
    last = padding_mask.sum(1) - 1
    assert_close(encoded.last_forward, encoded.annotations[torch.arange(3), last, :N])
    assert_close(encoded.summary, encoded.annotations[:, 0, N:])
    encoded = ForwardEncoder(M, N)(inputs, padding_mask)
    assert_close(encoded.summary, encoded.annotations[torch.arange(3), last])
