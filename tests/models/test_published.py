"""Parity with transformers: the same published weights give the same logits."""

import pytest
import torch
from published_models import TINY, VOCABULARY, saved, tiny_bert, tiny_gpt1, tiny_gpt2
from safetensors.torch import load_file, save_file
from torch.nn import functional
from transformers import (
    BertConfig,
    BertForPreTraining,
    GPT2Config,
    GPT2LMHeadModel,
    OpenAIGPTConfig,
    OpenAIGPTLMHeadModel,
)

from replications.models.presets import BERT, GPT1, GPT2
from replications.models.published import from_pretrained
from replications.models.published.folder import read_config
from replications.models.published.gpt import gpt2_names, without_prefix

CLOSE = {"atol": 1e-5, "rtol": 1e-5}


@pytest.fixture
def ids():
    torch.manual_seed(1)
    return torch.randint(1, VOCABULARY, (3, 11))


def check_logits(ours, theirs):
    # Else anything would be close.
    assert theirs.std() > 0.5
    torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.parametrize("tiny", [tiny_gpt1, tiny_gpt2])
def test_the_gpts_give_the_logits_states_and_attention_of_transformers(tiny, ids, tmp_path):
    theirs = tiny()
    theirs.set_attn_implementation("eager")
    ours = from_pretrained(saved(theirs, tmp_path))
    with torch.no_grad():
        expected = theirs(ids, output_hidden_states=True, output_attentions=True)
        check_logits(ours(ids), expected.logits)
        check_logits(ours.states(ids), torch.stack(expected.hidden_states, 1))
        torch.testing.assert_close(
            ours.attention(ids), torch.stack(expected.attentions, 1), **CLOSE
        )


@pytest.mark.parametrize("tiny", [tiny_gpt1, tiny_gpt2])
def test_the_gpts_do_not_mind_padding_as_transformers_does_not(tiny, ids, tmp_path):
    theirs = tiny()
    ours = from_pretrained(saved(theirs, tmp_path))
    real = torch.arange(11) < torch.tensor([11, 7, 2])[:, None]
    ids = ids * real
    with torch.no_grad():
        expected = theirs(ids, attention_mask=real.long()).logits
        check_logits(ours(ids)[real], expected[real])


def bert_pairs(ids):
    real = torch.arange(11) < torch.tensor([11, 7, 3])[:, None]
    segments = (torch.arange(11) >= torch.tensor([5, 3, 1])[:, None]).long() * real
    return ids * real, segments, real


@pytest.mark.parametrize("activation", ["gelu", "gelu_new"])
def test_bert_gives_the_logits_of_transformers_under_masks_and_segments(activation, ids, tmp_path):
    theirs = tiny_bert(hidden_act=activation)
    theirs.set_attn_implementation("eager")
    ours = from_pretrained(saved(theirs, tmp_path))
    ids, segments, real = bert_pairs(ids)
    with torch.no_grad():
        found = ours(ids, segments)
        expected = theirs(
            ids,
            attention_mask=real.long(),
            token_type_ids=segments,
            output_hidden_states=True,
            output_attentions=True,
        )
        check_logits(found["masked"][real], expected.prediction_logits[real])
        check_logits(found["next_sentence"], expected.seq_relationship_logits)
        states = torch.stack(expected.hidden_states, 2)
        check_logits(ours.states(ids, segments).transpose(1, 2)[real], states[real])
        rows = real[:, None, None, :, None]
        torch.testing.assert_close(
            ours.attention(ids, segments) * rows,
            torch.stack(expected.attentions, 1) * rows,
            **CLOSE,
        )


def test_the_two_forms_of_the_gelu_are_told_apart(ids, tmp_path):
    exact = saved(tiny_bert(hidden_act="gelu"), tmp_path / "exact")
    tanh = saved(tiny_bert(hidden_act="gelu_new"), tmp_path / "tanh")
    one, other = (from_pretrained(folder)(ids)["masked"] for folder in (exact, tanh))
    assert not torch.allclose(one, other, **CLOSE)


def test_gradients_of_gpt2_are_those_of_transformers(ids, tmp_path):
    theirs = tiny_gpt2()
    ours = from_pretrained(saved(theirs, tmp_path))
    for model, logits in ((ours, ours(ids)), (theirs, theirs(ids).logits)):
        model.zero_grad()
        functional.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten()).backward()
    expected = {without_prefix(name): weight.grad for name, weight in theirs.named_parameters()}
    sources = gpt2_names(read_config(tmp_path)).sources
    found = dict(ours.named_parameters())
    assert set(found) == set(sources)
    for name, (names, make) in sources.items():
        gradient = make(*(expected[part] for part in names))
        assert gradient.abs().max() > 1e-3, name
        torch.testing.assert_close(found[name].grad, gradient, **CLOSE)


@pytest.mark.parametrize("tiny", [tiny_gpt1, tiny_gpt2])
def test_the_greedy_continuation_is_one_with_and_without_the_cache(tiny, ids, tmp_path):
    theirs = tiny()
    ours = from_pretrained(saved(theirs, tmp_path))
    prompt, more = ids[:, :5], 8
    whole = prompt
    with torch.inference_mode():
        for _ in range(more):
            whole = torch.cat((whole, ours(whole)[:, -1].argmax(-1, keepdim=True)), 1)
        logits, state = ours.step(prompt, ours.start(3))
        cached = [prompt, logits.argmax(-1, keepdim=True)]
        while len(cached) <= more:
            logits, state = ours.step(cached[-1], state)
            cached.append(logits.argmax(-1, keepdim=True))
    assert torch.equal(torch.cat(cached, 1), whole)
    assert whole[:, 5:].unique().numel() > 2
    for use_cache in (True, False):
        expected = theirs.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=more,
            do_sample=False,
            use_cache=use_cache,
            pad_token_id=0,
        )
        assert torch.equal(whole, expected)


def rewritten(folder, rename, extra):
    """The same weights as an older file has them: other names, and more than is needed."""
    file = folder / "model.safetensors"
    tensors = load_file(file)
    tensors = {rename(name): tensor for name, tensor in tensors.items()} | extra(tensors)
    save_file({name: tensor.clone().contiguous() for name, tensor in tensors.items()}, file)


@pytest.mark.parametrize("kind", ["gpt1", "gpt2"])
def test_files_without_the_prefix_and_with_masks_and_the_output_are_read(kind, ids, tmp_path):
    theirs = TINY[kind]()
    embedding = {"gpt1": "tokens_embed.weight", "gpt2": "wte.weight"}[kind]
    rewritten(
        saved(theirs, tmp_path),
        without_prefix,
        lambda tensors: {
            "h.0.attn.bias": torch.ones(1, 1, 16, 16),
            "h.1.attn.masked_bias": torch.tensor(-1e4),
            "lm_head.weight": tensors[f"transformer.{embedding}"],
        },
    )
    with torch.no_grad():
        check_logits(from_pretrained(tmp_path)(ids), theirs(ids).logits)


def test_the_names_of_the_first_ports_of_bert_are_read(ids, tmp_path):
    theirs = tiny_bert()

    def old(name):
        if "LayerNorm" in name:
            name = name.replace("weight", "gamma").replace("bias", "beta")
        return name

    rewritten(
        saved(theirs, tmp_path),
        old,
        lambda tensors: {
            "bert.embeddings.position_ids": torch.arange(16)[None],
            "cls.predictions.decoder.weight": tensors["bert.embeddings.word_embeddings.weight"],
        },
    )
    assert "bert.embeddings.LayerNorm.gamma" in load_file(tmp_path / "model.safetensors")
    with torch.no_grad():
        check_logits(from_pretrained(tmp_path)(ids)["masked"], theirs(ids).prediction_logits)


@pytest.mark.parametrize("kind", TINY)
def test_what_is_loaded_rests_its_dropout_stays_tied_and_can_be_trained(kind, ids, tmp_path):
    theirs = TINY[kind]().to(torch.float16)
    ours = from_pretrained(str(saved(theirs, tmp_path)))
    assert not any(part.training for part in ours.modules())
    assert {weight.dtype for weight in ours.parameters()} == {torch.float32}
    assert all(weight.requires_grad and weight.is_leaf for weight in ours.parameters())
    output = ours.tasks["masked"].output if kind == "bert" else ours.output
    assert output.weight is ours.embedding.weight
    assert sum(p.numel() for p in ours.parameters()) == sum(p.numel() for p in theirs.parameters())
    with torch.no_grad():
        still = ours.hidden(ids)
        torch.testing.assert_close(ours.hidden(ids), still)
        assert not torch.allclose(ours.train().hidden(ids), still, atol=1e-2)


def test_each_dropout_is_the_one_of_the_config(tmp_path):
    gpt = tiny_gpt2(attn_pdrop=0.25, resid_pdrop=0.5, embd_pdrop=0.5)
    bert = tiny_bert(attention_probs_dropout_prob=0.25, hidden_dropout_prob=0.5)
    for number, theirs in enumerate((gpt, bert)):
        ours = from_pretrained(saved(theirs, tmp_path / str(number)))
        block = ours.stack.blocks[0]
        assert block.attention.attention.dropout.p == 0.25
        assert {part.dropout.p for part in (ours, block.attention_residual)} == {0.5}


def counts_of(*models):
    return [sum(weight.numel() for weight in model.parameters()) for model in models]


def test_the_assemblies_have_as_many_weights_as_the_published_configurations():
    with torch.device("meta"):
        sizes = {"d_model": 768, "layers": 12, "heads": 12, "d_ff": 3072}
        for ours, theirs in (
            (GPT1(40_478, max_length=512, **sizes), OpenAIGPTLMHeadModel(OpenAIGPTConfig())),
            (GPT2(50_257, max_length=1024, **sizes), GPT2LMHeadModel(GPT2Config())),
            (BERT(30_522, max_length=512, **sizes), BertForPreTraining(BertConfig())),
        ):
            one, other = counts_of(ours, theirs)
            assert one == other
