from collections import Counter
from functools import partial

import pytest
import torch
from tiny_language_model import Bigrams, Counting

from replications.decoding.sampling import sample, top_k, top_p
from replications.errors import ReplicationError


def drawn(count=4000, seed=0, **options):
    """How often each token came after token 2."""
    prompt = torch.full((count, 1), 2)
    generator = torch.Generator().manual_seed(seed)
    rows = sample(Bigrams(), prompt, tokens=1, generator=generator, **options)
    return Counter(row[0] for row in rows)


LOGITS = Bigrams().table.detach()[2]
PROBABILITY = LOGITS.softmax(-1)
RANKED = PROBABILITY.argsort(descending=True).tolist()


def test_tokens_come_as_often_as_the_model_says():
    counts = drawn()
    for token, probability in enumerate(PROBABILITY.tolist()):
        std = (probability * (1 - probability) / 4000) ** 0.5
        assert abs(counts[token] / 4000 - probability) < 5 * std


def test_a_temperature_divides_the_logits():
    cold = (LOGITS / 0.5).softmax(-1)
    counts = drawn(temperature=0.5)
    for token, probability in enumerate(cold.tolist()):
        std = (probability * (1 - probability) / 4000) ** 0.5
        assert abs(counts[token] / 4000 - probability) < 5 * std


def test_at_a_temperature_of_zero_the_most_probable_token_comes():
    assert drawn(count=20, temperature=0.0) == {RANKED[0]: 20}


@pytest.mark.parametrize("k", [1, 2, 5])
def test_top_k_leaves_the_k_most_probable(k):
    assert set(drawn(logits_filter=partial(top_k, k=k))) == set(RANKED[:k])
    kept = top_k(LOGITS[None], k=k)[0].softmax(-1)
    expected = PROBABILITY[RANKED[:k]] / PROBABILITY[RANKED[:k]].sum()
    torch.testing.assert_close(kept[RANKED[:k]], expected)


def test_top_k_of_more_than_there_are_leaves_all():
    torch.testing.assert_close(top_k(LOGITS[None], k=100), LOGITS[None])


@pytest.mark.parametrize(
    "p, kept",
    [(0.5, [3]), (0.51, [3, 1]), (0.8, [3, 1]), (0.81, [3, 1, 0]), (1.0, [3, 1, 0, 2])],
)
def test_the_nucleus_is_the_smallest_set_with_the_share(p, kept):
    logits = torch.tensor([[0.15, 0.3, 0.05, 0.5]]).log().double()
    found = top_p(logits, p=p)[0]
    assert sorted(kept) == found.isfinite().nonzero()[:, 0].tolist()


def test_a_nucleus_of_one_is_all_however_many_and_improbable():
    torch.manual_seed(0)
    logits = 3 * torch.randn(1, 50_257)
    assert torch.equal(top_p(logits, p=1.0), logits)


def test_a_whole_prompt_is_read_and_each_new_token_once():
    prompt = torch.zeros(2, 4, dtype=torch.long)
    written = sample(Counting(), prompt, tokens=5, generator=torch.Generator(), temperature=0.0)
    # Four tokens were shown, then five, and so on; six tokens are told apart.
    assert written == [[4, 5, 0, 1, 2]] * 2


def test_a_row_ends_at_its_end_and_the_others_go_on():
    prompt = torch.zeros(1, 4, dtype=torch.long)
    assert sample(
        Counting(), prompt, tokens=9, generator=torch.Generator(), temperature=0.0, end=0
    ) == [[4, 5]]
    many = sample(
        Bigrams(),
        torch.full((50, 1), 2),
        tokens=30,
        generator=torch.Generator().manual_seed(1),
        end=5,
    )
    assert all(5 not in row for row in many)
    assert len({len(row) for row in many}) > 3


def test_the_same_generator_draws_the_same():
    assert drawn(seed=3) == drawn(seed=3)
    assert drawn(seed=3) != drawn(seed=4)


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"temperature": -1.0}, "temperature is -1.0"),
        ({"logits_filter": partial(top_k, k=0)}, "k of 1 or more"),
        ({"logits_filter": partial(top_p, p=0.0)}, "above 0"),
        ({"logits_filter": partial(top_p, p=1.5)}, "at most 1"),
    ],
)
def test_bad_settings_are_named(wrong, words):
    with pytest.raises(ReplicationError, match=words):
        drawn(count=2, **wrong)


def test_an_empty_prompt_is_an_error():
    with pytest.raises(ReplicationError, match="no prompt"):
        sample(
            Bigrams(), torch.zeros(2, 0, dtype=torch.long), tokens=1, generator=torch.Generator()
        )


def test_a_model_without_probabilities_is_an_error():
    broken = Bigrams()
    torch.nn.init.constant_(broken.table, float("nan"))
    with pytest.raises(ReplicationError, match="diverged"):
        sample(broken, torch.zeros(1, 1, dtype=torch.long), tokens=1, generator=torch.Generator())
