import math
from functools import partial

import pytest
import torch
from tiny_language_model import Bigrams, Letters
from tiny_text import IDENTITY

from replications.corpora.batches.token_stream import TextBatch, TokenStream
from replications.corpora.texts.documents import Documents
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import constant
from replications.recipes import Recipe
from replications.training.fit import fit
from replications.training.trainers import train

PARTS = 40 * ("abcdabcd",), ("abcdabcd",), ("abcdabcd",)


def texts(seed):
    return Documents(*PARTS, (IDENTITY,))


def letters(documents):
    return Letters()


def objective(**changes):
    settings = {"model": Bigrams, "schedule": partial(constant, learning_rate=0.1)} | changes
    return CausalLanguageModel(Letters(), 0, **settings)


def test_the_loss_is_the_mean_over_predicted_tokens_in_nats(monkeypatch):
    model = objective()
    logged = {}
    monkeypatch.setattr(model, "log", lambda name, value, **_: logged.update({name: value}))
    ids = torch.randint(6, (3, 5), generator=torch.Generator().manual_seed(0))
    loss = model.training_step(TextBatch(ids), 0)
    log_p = model.model.table.log_softmax(-1)
    expected = -torch.stack(
        [log_p[row[n], row[n + 1]] for row in ids.tolist() for n in range(4)]
    ).mean()
    torch.testing.assert_close(loss, expected)
    assert logged["loss"].item() == loss.item() and not logged["loss"].requires_grad


def weights_of(model, data):
    table = model.model.table.detach()
    return {f"{row},{column}": float(table[row, column]) for row in range(6) for column in range(6)}


def trained(*, rows, **options):
    """The table after an epoch of plain gradient descent, `rows` blocks a batch."""
    recipe = Recipe(
        name="bigrams",
        data=partial(
            TokenStream,
            text=partial(texts),
            tokenizer=letters,
            length=9,
            sequences_per_batch=rows,
            tokens_per_epoch=36 * 9,
        ),
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=Bigrams,
                schedule=partial(constant, learning_rate=0.5),
                optimiser=torch.optim.SGD,
                clip=None,
            ),
            epochs=1,
            **options,
        ),
        metrics=(weights_of,),
        minutes=0.01,
    )
    return fit(recipe, paper="gpt1", tier="smoke", seed=0).record.metrics


def test_batches_that_are_accumulated_make_the_update_of_one_large_batch():
    large, small, alone = trained(rows=12), trained(rows=4, accumulate_batches=3), trained(rows=4)
    assert small == pytest.approx(large, abs=1e-5)
    assert max(abs(alone[name] - large[name]) for name in large) > 0.1


def test_training_finds_the_bigrams_of_the_text():
    recipe = Recipe(
        name="bigrams",
        data=partial(
            TokenStream, text=partial(texts), tokenizer=letters, length=9, sequences_per_batch=4
        ),
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=Bigrams,
                schedule=partial(constant, learning_rate=0.2),
                optimiser=partial(adamw, weight_decay=0.0),
            ),
            epochs=20,
        ),
        metrics=(bits_per_byte,),
        minutes=0.01,
    )
    record = fit(recipe, paper="gpt1", tier="smoke", seed=0).record
    # After d comes a, or the end, as often: two tosses of a coin in eight bytes.
    assert abs(record.metrics["bits_per_byte"] - 2 / 8) < 0.02
    assert abs(record.metrics["nats_per_token"] - 2 * math.log(2) / 9) < 0.02
    assert record.tokens_seen == 20 * 39 * 9
    assert record.trajectory[-1]["loss"] < record.trajectory[0]["loss"]
