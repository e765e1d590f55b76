import math
from functools import partial

import pytest
import torch
from tiny_text import IDENTITY
from torch.nn import functional

from replications.corpora.batches.masking import IGNORE_INDEX
from replications.corpora.batches.segment_pairs import SegmentPairs, mask_tokens, predict_next
from replications.corpora.batches.text_pairs import PairBatch, TextPairs
from replications.corpora.texts.documents import Documents
from replications.metrics.language.masked_likelihood import masked_likelihood
from replications.models.presets import BERT
from replications.models.task_heads import MaskedLanguage
from replications.objectives.masked_language_model import MaskedLanguageModel
from replications.objectives.schedules import constant
from replications.recipes import Recipe
from replications.tokens.wordpiece import SPECIAL, WordPiece
from replications.training.fit import fit
from replications.training.trainers import train

# Two documents that each repeat four words of their own: easy to fill in, easy to tell apart.
DOCUMENTS = (" ".join(["ab", "cd", "ef", "gh"] * 30), " ".join(["ij", "kl", "mn", "op"] * 30))
VOCABULARY = WordPiece((*SPECIAL, *"ab cd ef gh ij kl mn op".split()))
SIZES = {"d_model": 32, "layers": 1, "heads": 2, "d_ff": 64, "max_length": 32, "dropout": 0.0}
TINY = partial(BERT, **SIZES)
ALONE = partial(TINY, tasks={"masked": BERT.keywords["tasks"]["masked"]})


def texts(seed):
    return Documents(DOCUMENTS, DOCUMENTS, DOCUMENTS, (IDENTITY,))


def pieces(documents):
    return VOCABULARY


data_of = partial(
    TextPairs,
    text=partial(texts),
    tokenizer=pieces,
    length=24,
    sequences_per_batch=16,
    tokens_per_epoch=24 * 16 * 20,
)


def objective(**changes):
    settings = {"model": TINY, "schedule": partial(constant, learning_rate=0.0)} | changes
    torch.manual_seed(0)
    return MaskedLanguageModel(VOCABULARY, 0, **settings).eval()


@pytest.fixture
def batch():
    data = data_of(0)
    data.setup()
    return data.batches(0)[0]


def test_the_loss_is_the_sum_of_two_means(batch, monkeypatch):
    model = objective()
    logged = {}
    monkeypatch.setattr(model, "log", lambda name, value, **_: logged.update({name: value}))
    loss = model.training_step(batch, 0)
    whole = model.model(batch.ids, batch.segments)
    of_pieces = functional.cross_entropy(
        whole["masked"].flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORE_INDEX
    )
    of_pairs = functional.cross_entropy(whole["next_sentence"], batch.next_sentence_label)
    torch.testing.assert_close(loss, of_pieces + of_pairs)
    torch.testing.assert_close(logged["loss"], of_pieces.detach())


def test_without_a_head_for_pairs_the_pieces_alone_count(batch, monkeypatch):
    model = objective(model=ALONE)
    monkeypatch.setattr(model, "log", lambda *_, **__: None)
    loss = model.training_step(batch, 0)
    whole = model.model(batch.ids, batch.segments)["masked"]
    torch.testing.assert_close(
        loss,
        functional.cross_entropy(
            whole.flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORE_INDEX
        ),
    )
    assert isinstance(model.model.tasks["masked"], MaskedLanguage)


@pytest.mark.parametrize("network", [TINY, ALONE], ids=["pairs too", "pieces alone"])
@pytest.mark.parametrize("targets", [mask_tokens, predict_next])
def test_batches_of_segments_cost_what_the_same_rows_cost_with_their_targets_marked(
    targets, network
):
    data = SegmentPairs(
        0, text=partial(texts), tokenizer=pieces, length=24, sequences_per_batch=8, targets=targets
    )
    data.setup()
    (drawn,) = data.draw("train", 1, (0, 0), 24)
    labels = torch.full_like(drawn.ids, IGNORE_INDEX).scatter(
        1, drawn.masked_positions, drawn.labels
    )
    marked = PairBatch(drawn.ids, drawn.segments, labels, drawn.next_sentence_label)
    assert marked.masked_positions.sum() == drawn.labels.numel()
    model = objective(model=network)
    # Fresh heads give all classes the same score, whatever is read.
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    losses = [model.loss(each) for each in (drawn, marked)]
    assert len(losses[0]) == len(losses[1]) == len(model.model.tasks)
    torch.testing.assert_close(*losses)
    gradients = [torch.autograd.grad(sum(each), model.model.embedding.weight) for each in losses]
    torch.testing.assert_close(*gradients)


def test_a_fresh_network_knows_nothing():
    data = data_of(0)
    data.setup()
    found = masked_likelihood(objective(), data, batches=4)
    assert found["masked_nll"] == pytest.approx(math.log(len(VOCABULARY)), abs=0.3)
    assert 20 < found["next_sentence_accuracy"] < 80
    assert "next_sentence_accuracy" not in masked_likelihood(
        objective(model=ALONE), data, batches=4
    )


def test_which_words_go_together_and_which_texts_follow_is_learned():
    recipe = Recipe(
        name="tiny",
        data=data_of,
        learner=partial(
            train,
            objective=partial(
                MaskedLanguageModel, model=TINY, schedule=partial(constant, learning_rate=3e-3)
            ),
            epochs=10,
        ),
        metrics=(masked_likelihood,),
        minutes=0.01,
    )
    record, _, _ = fit(recipe, paper="bert", tier="smoke", seed=0)
    # Eight words at first; four once it is known which document is read.
    assert record.metrics["masked_nll"] < 1.6 < math.log(8)
    assert record.metrics["next_sentence_accuracy"] > 90
    assert record.tokens_seen == 10 * 24 * 16 * 20
