from functools import partial
from types import SimpleNamespace

import pytest
import torch
from tiny_text import IDENTITY
from torch.nn import functional

from replications.corpora.batches.arrangements import in_reading_order
from replications.corpora.batches.labelled_batches import LabelledBatches
from replications.corpora.batches.text_by_text import after_end_of_text, each_text_alone
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.labelled_texts import Labelled, LabelledTexts
from replications.metrics.tasks.labels import correlations, label_metrics
from replications.models.mean_state import MeanState
from replications.models.pair_classifier import PairClassifier
from replications.models.presets import GPT1
from replications.models.text_classifier import TextClassifier
from replications.models.transfer import lowest_layers
from replications.objectives.classification import Classification, label_loss
from replications.objectives.schedules import constant
from replications.recipes import Recipe
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.special_tokens import WithSpecialTokens
from replications.training.fit import fit
from replications.training.trainers import train

SIZES = {"d_model": 16, "layers": 2, "heads": 2, "d_ff": 32, "max_length": 48}
TINY = partial(GPT1, **SIZES)
STILL = partial(constant, learning_rate=0.0)
# The label is whether "not" stands first: counts of words do not tell.
SENTENCES = [(f"{a} {b} {c}",) for a in ("not", "so") for b in ("good", "bad", "odd") for c in "xy"]
LABELS = [float(text.startswith("not")) for (text,) in SENTENCES]


def marked(documents):
    return WithSpecialTokens(ByteLevelBPE.learn([text for (text,) in SENTENCES], merges=20))


def task(seed, *, numbers=False):
    part = Labelled(SENTENCES, [3 * label for label in LABELS] if numbers else LABELS)
    return LabelledTexts(part, part, part, 0 if numbers else 2, False, (IDENTITY,))


def documents(seed):
    return Documents(("a",), ("a",), ("a",), (IDENTITY,))


def batches(seed=0, **options):
    return LabelledBatches(
        seed,
        text=partial(task, **options),
        pretraining=partial(documents),
        tokenizer=marked,
        arrange=in_reading_order,
        examples_per_batch=4,
    )


def objective(start=None, **changes):
    settings = {"network": TINY, "outputs": 2, "schedule": STILL} | changes
    return Classification(marked(()), 0, start, **settings)


def trained():
    torch.manual_seed(5)
    return SimpleNamespace(model=TINY(len(marked(()))))


def weights(model):
    return {name: weight.detach().clone() for name, weight in model.state_dict().items()}


def test_it_begins_with_all_weights_of_the_trained_network():
    start = trained()
    body = objective(start).model.body
    for name, weight in weights(start.model).items():
        assert torch.equal(body.state_dict()[name], weight)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_it_may_begin_with_the_lowest_layers_alone(count):
    start = trained()
    torch.manual_seed(6)
    body = objective(start, transfer=partial(lowest_layers, count=count)).model.body
    assert torch.equal(body.embedding.weight, start.model.embedding.weight)
    assert torch.equal(body.positions.table, start.model.positions.table)
    for number, (here, there) in enumerate(
        zip(body.stack.blocks, start.model.stack.blocks, strict=True)
    ):
        same = torch.equal(here.attention.query.weight, there.attention.query.weight)
        assert same == (number < count)


def test_layers_that_are_not_there_cannot_be_taken():
    with pytest.raises(ValueError, match="give 0 to 2"):
        objective(trained(), transfer=partial(lowest_layers, count=3))


def test_what_is_trained_is_not_the_start_itself():
    start = trained()
    before = weights(start.model)
    model = objective(start).model
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(1)
    assert all(
        torch.equal(weight, before[name]) for name, weight in start.model.state_dict().items()
    )


def test_the_loss_is_the_cross_entropy_and_for_one_output_the_squared_error():
    outputs, labels = torch.randn(5, 3), torch.tensor([0.0, 2, 1, 1, 0])
    torch.testing.assert_close(
        label_loss(outputs, labels), functional.cross_entropy(outputs, labels.long())
    )
    single = torch.tensor([[1.0], [4.0]])
    assert label_loss(single, torch.tensor([3.0, 4.0])) == 2


def test_the_auxiliary_loss_is_the_mean_over_the_tokens_of_the_rows(monkeypatch):
    data = batches()
    data.setup()
    batch = data.batches_of("train")[0]
    start, losses = trained(), {}
    for auxiliary in (0.0, 0.5):
        torch.manual_seed(1)
        model = objective(start, auxiliary=auxiliary).eval()
        monkeypatch.setattr(model, "log", lambda *_, **__: None)
        losses[auxiliary] = model.training_step(batch, 0)
    nats = []
    for ids, length in zip(batch.ids, batch.lengths.tolist(), strict=True):
        logits = start.model.eval()(ids[None, : length - 1])[0]
        nats += functional.cross_entropy(logits, ids[1:length], reduction="none").tolist()
    expected = 0.5 * sum(nats) / len(nats)
    assert (losses[0.5] - losses[0.0]).item() == pytest.approx(expected, rel=1e-5)


def test_padding_and_companions_change_no_output():
    data = batches()
    data.setup()
    model = objective(trained()).eval()
    together = data.batch(data.encoded["train"], LABELS)
    whole = model.model(together.ids, together.segments, together.positions, len(LABELS)).outputs
    for number, rows in enumerate(data.encoded["train"]):
        alone = data.batch([rows], [0.0])
        one = model.model(alone.ids, alone.segments, alone.positions, 1).outputs
        torch.testing.assert_close(one[0], whole[number], atol=1e-5, rtol=1e-5)


def recipe(**changes):
    settings = {"network": partial(TINY, dropout=0.0), "outputs": 2} | changes
    numbers = settings["outputs"] == 1
    return Recipe(
        name="first-word",
        data=partial(
            LabelledBatches,
            text=partial(task, numbers=numbers),
            pretraining=partial(documents),
            tokenizer=marked,
            arrange=in_reading_order,
            examples_per_batch=4,
        ),
        learner=partial(
            train,
            objective=partial(
                Classification, schedule=partial(constant, learning_rate=3e-3), **settings
            ),
            epochs=20,
        ),
        metrics=(label_metrics,) if not numbers else (),
        minutes=0.01,
    )


def test_a_task_of_order_is_learned():
    record, _, _ = fit(recipe(), paper="gpt1", tier="smoke", seed=0)
    assert record.metrics["accuracy"] == 100
    assert record.trajectory[-1]["loss"] < 0.1


def test_numbers_are_learned_too():
    _, model, data = fit(recipe(outputs=1), paper="gpt1", tier="smoke", seed=0)
    assert label_metrics(model, data, agreement=correlations)["pearson"] > 80


# The label is whether two sentences have the same first word.
PAIRS = [(one, other) for (one,) in SENTENCES[::2] for (other,) in SENTENCES[1::2]]
ALIKE = [float(one.split()[0] == other.split()[0]) for one, other in PAIRS]


def pair_task(seed):
    part = Labelled(PAIRS, ALIKE)
    return LabelledTexts(part, part, part, 2, True, (IDENTITY,))


@pytest.mark.parametrize("classifier", [PairClassifier, partial(TextClassifier, read=MeanState)])
def test_texts_read_apart_are_compared_by_two_towers_and_by_a_sum_less_well(classifier):
    recipe = Recipe(
        name="pairs",
        data=partial(
            LabelledBatches,
            text=pair_task,
            pretraining=partial(documents),
            tokenizer=marked,
            arrange=partial(each_text_alone, around=after_end_of_text, max_length=24),
            examples_per_batch=8,
            repeats=4,
        ),
        learner=partial(
            train,
            objective=partial(
                Classification,
                network=partial(TINY, dropout=0.0),
                outputs=2,
                schedule=partial(constant, learning_rate=5e-3),
                classifier=partial(classifier, dropout=0.0),
                auxiliary=0.1,
            ),
            epochs=5,
        ),
        metrics=(label_metrics,),
        minutes=0.1,
    )
    record = fit(recipe, seed=0, tier="smoke", paper="none").record
    accuracy = record.metrics["accuracy"]
    assert accuracy > 95 if classifier is PairClassifier else accuracy < 95
