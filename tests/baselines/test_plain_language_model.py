"""The plain network is ours in PyTorch's layers, and the plain loop trains as ours does."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from replications.baselines.plain_language_model import PlainLanguageModel, plain_loop
from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import world_documents
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.layers.attention import MultiHeadAttention
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.models.presets import GPT2
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import cosine
from replications.recipes import Workspace
from replications.training.trainers import train

SHAPE = {"d_model": 12, "layers": 2, "heads": 3, "d_ff": 20, "max_length": 16, "dropout": 0.0}


def ours(vocabulary):
    torch.manual_seed(1)
    return GPT2(vocabulary, **SHAPE, attention=MultiHeadAttention)


def same_in_plain_layers(vocabulary):
    """The plain network with the weights of `ours`."""
    model, plain = ours(vocabulary), PlainLanguageModel(vocabulary, **SHAPE)
    weights = model.state_dict()
    named = {
        "tokens.weight": weights["embedding.weight"],
        "output.weight": weights["embedding.weight"],
        "position_embedding.weight": weights["positions.table"],
    }
    for kind in ("weight", "bias"):
        named[f"stack.norm.{kind}"] = weights[f"stack.final_norm.{kind}"]
        for n in range(SHAPE["layers"]):
            one, other = f"stack.blocks.{n}.", f"stack.layers.{n}."
            projections = [
                weights[f"{one}attention.{part}.{kind}"] for part in ("query", "key_value")
            ]
            named[f"{other}self_attn.in_proj_{kind}"] = torch.cat(projections)
            for mine, theirs in (
                ("attention.output", "self_attn.out_proj"),
                ("feed_forward.inner", "linear1"),
                ("feed_forward.outer", "linear2"),
                ("attention_residual.norm", "norm1"),
                ("feed_forward_residual.norm", "norm2"),
            ):
                named[f"{other}{theirs}.{kind}"] = weights[f"{one}{mine}.{kind}"]
    plain.load_state_dict(named)
    return plain


@pytest.fixture(scope="module")
def data():
    text = partial(world_documents, stories=60, validation_stories=5, test_stories=5)
    stream = TokenStream(
        0,
        text=text,
        tokenizer=partial(byte_level, merges=50),
        length=16,
        sequences_per_batch=8,
        tokens_per_epoch=16 * 8 * 6,
    )
    stream.setup()
    return stream


def learned(data, *, learning_rate=5e-3):
    """Both after two epochs from the same weights, in the same order, at the same rates."""
    schedule = partial(cosine, learning_rate=learning_rate, warmup=0.1)
    with_lightning = train(
        data,
        (),
        Workspace(0),
        objective=partial(CausalLanguageModel, model=ours, optimiser=adamw, schedule=schedule),
        epochs=2,
        precision="bf16-mixed",
    )
    plain = plain_loop(
        data,
        (),
        Workspace(0),
        model=same_in_plain_layers,
        schedule=schedule,
        optimiser=adamw,
        epochs=2,
        watch=(partial(bits_per_byte, part="validation", prefix="validation_"),),
    )
    return with_lightning, plain


def test_the_plain_network_is_ours_in_pytorchs_layers(data):
    model, plain = ours(len(data.vocabulary)), same_in_plain_layers(len(data.vocabulary))
    ids = data.batch(data.sequence_indices(0)[:3]).ids[:, :-1]
    for network in (model, plain):
        network.eval()
    with torch.no_grad():
        torch.testing.assert_close(plain(ids), model(ids), atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(plain(ids[:, :5]), model(ids)[:, :5], atol=1e-5, rtol=1e-5)
        _, state = plain.step(ids[:, :3], plain.start(3))
        last, _ = plain.step(ids[:, 3:5], state)
        torch.testing.assert_close(last, model(ids)[:, 4], atol=1e-5, rtol=1e-5)


def test_both_trainings_give_the_same_losses_operations_and_sizes(data):
    mine, plain = learned(data)
    for one, other in zip(mine.trajectory, plain.trajectory, strict=True):
        assert other["loss"] == pytest.approx(one["loss"], rel=2e-3)
        assert other["tokens"] == one["tokens"]
        assert other["flops"] == pytest.approx(one["flops"], rel=1e-6)
        assert other["processor_seconds"] > 0
    assert plain.trajectory[1]["loss"] < plain.trajectory[0]["loss"] - 0.1
    assert plain.parameters == mine.parameters
    found = bits_per_byte(plain.model, data, part="validation", prefix="validation_")
    watched = plain.trajectory[-1]["validation_bits_per_byte"]
    assert watched == found["validation_bits_per_byte"]


def test_the_same_seed_gives_the_same_weights(data):
    make = partial(
        plain_loop,
        data,
        (),
        Workspace(3),
        model=partial(PlainLanguageModel, **SHAPE),
        schedule=partial(cosine, learning_rate=1e-2),
        optimiser=adamw,
        epochs=1,
    )
    one, other = (make().model.state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_it_starts_as_widely_as_ours():
    torch.manual_seed(0)
    shape = {"d_model": 64, "layers": 3, "heads": 4, "d_ff": 256, "max_length": 256}
    plain = PlainLanguageModel(500, **shape)
    layer = plain.stack.layers[2]
    for weight, std in (
        (plain.tokens.weight, 0.02),
        (plain.position_embedding.weight, 0.01),
        (layer.self_attn.in_proj_weight, 0.02),
        (layer.linear1.weight, 0.02),
        (layer.linear2.weight, 0.02 / 6**0.5),
        (layer.self_attn.out_proj.weight, 0.02 / 6**0.5),
    ):
        assert weight.std().item() == pytest.approx(std, rel=0.05)
    assert plain.output.weight is plain.tokens.weight
