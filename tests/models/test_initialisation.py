import math

import pytest
import torch
from torch import nn

from replications.models.presets import BERT, GPT1, GPT2

SIZES = {"d_model": 64, "layers": 3, "heads": 4, "d_ff": 256, "max_length": 100}


def drawn(assembly, **changes):
    torch.manual_seed(0)
    return assembly(500, **SIZES, **changes)


def matrices(model):
    return {name: weight for name, weight in model.named_parameters() if weight.dim() > 1}


def check_deviation(name, weight, std):
    # Five standard errors of a deviation of that many numbers.
    room = 5 * std / math.sqrt(2 * weight.numel())
    assert abs(weight.std().item() - std) < room, name
    assert abs(weight.mean().item()) < 5 * std / math.sqrt(weight.numel()), name


@pytest.mark.parametrize("assembly", [GPT1, GPT2, BERT], ids=["gpt1", "gpt2", "bert"])
def test_biases_start_at_zero_and_gains_at_one(assembly):
    model = drawn(assembly)
    for part in model.modules():
        if isinstance(part, nn.Linear) and part.bias is not None:
            assert (part.bias == 0).all()
        if isinstance(part, nn.LayerNorm):
            assert (part.weight == 1).all() and (part.bias == 0).all()


def test_gpt1_starts_normal_with_a_deviation_of_0_02_everywhere():
    found = matrices(drawn(GPT1))
    assert len(found) == 2 + 3 * 5
    for name, weight in found.items():
        check_deviation(name, weight, 0.02)


def test_gpt2_divides_what_writes_into_the_residual_path_and_halves_the_places():
    found = matrices(drawn(GPT2))
    scaled = [name for name in found if name.endswith(("attention.output.weight", "outer.weight"))]
    assert len(scaled) == 6
    for name, weight in found.items():
        halved = 0.01 if name == "positions.table" else 0.02
        check_deviation(name, weight, 0.02 / math.sqrt(6) if name in scaled else halved)


def test_bert_starts_within_two_deviations():
    # What is left within two deviations of a normal one deviates by 0.8796 of it.
    for name, weight in matrices(drawn(BERT)).items():
        assert weight.abs().max() <= 0.04, name
        if weight.numel() > 1000:
            check_deviation(name, weight, 0.8796 * 0.02)
    assert drawn(BERT).embedding.weight.abs().max() > 0.039


def test_a_seed_gives_the_same_weights_and_another_others():
    one, same = drawn(GPT2).state_dict(), drawn(GPT2).state_dict()
    assert all(torch.equal(one[name], same[name]) for name in one)
    torch.manual_seed(1)
    assert not torch.equal(GPT2(500, **SIZES).embedding.weight, one["embedding.weight"])


def test_the_first_logits_are_nearly_uniform():
    model = drawn(GPT2).eval()
    ids = torch.randint(0, 500, (4, 50))
    loss = nn.functional.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
    assert abs(loss.item() - math.log(500)) < 0.1
