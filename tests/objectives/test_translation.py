from functools import partial

import lightning
import pytest
import torch

from replications.corpora.batches.translation_batches import (
    TranslationBatch,
    TranslationBatches,
    joint,
)
from replications.corpora.texts.parallel_text import Pairs, ParallelText
from replications.errors import ReplicationError
from replications.models.transformer import Transformer
from replications.objectives.schedules import constant, cosine
from replications.objectives.translation import Translation
from replications.recipes import Recipe
from replications.tokens.languages import Languages
from replications.tokens.shortlist import Shortlist
from replications.training.fit import fit
from replications.training.trainers import train

WORDS = ["one", "two", "three", "four", "five", "six"]
TINY = partial(Transformer, d_model=16, layers=1, heads=2, d_ff=32, dropout=0.1)


def counting(seed):
    from replications.corpora.store.fingerprint import CorpusIdentity

    draw = torch.Generator().manual_seed(7)
    lines = [
        " ".join(WORDS[i] for i in torch.randint(6, (int(n),), generator=draw))
        for n in torch.randint(1, 6, (150,), generator=draw)
    ]
    pairs = Pairs(tuple(lines), tuple(lines))
    identity = CorpusIdentity("counting", "train", "synthetic", "0" * 64, 150, "generated", True)
    return ParallelText(pairs, pairs, pairs, (identity,))


def weight_norm(model, data):
    return {"norm": sum(p.square().sum().item() for p in model.parameters())}


def recipe(epochs=4, **changes):
    learner = {
        "objective": partial(
            Translation,
            model=TINY,
            schedule=partial(cosine, learning_rate=0.01),
            smoothing=0.1,
            clip=1.0,
        ),
        "epochs": epochs,
    }
    return Recipe(
        name="copying",
        data=partial(
            TranslationBatches,
            text=partial(counting),
            tokenizers=partial(joint, learn=partial(Shortlist.learn, size=20)),
            tokens_per_batch=64,
        ),
        learner=partial(train, **learner | changes),
        metrics=(weight_norm,),
        minutes=0.1,
    )


def run(recipe, seed=0, **changes):
    return fit(recipe, paper="transformer", tier="smoke", seed=seed, **changes).record


def test_copying_is_learned():
    record = run(recipe(epochs=12))
    losses = [point["loss"] for point in record.trajectory]
    assert losses[-1] < 0.5 * losses[0]
    assert record.tokens_seen == 12 * record.trajectory[0]["tokens"]


def test_the_same_seed_gives_the_same_weights_bit_for_bit():
    assert run(recipe()).metrics == run(recipe()).metrics
    assert run(recipe()).metrics != run(recipe(), seed=1).metrics


@pytest.mark.parametrize("changes", [{}, {"averaged": 3}, {"precision": "bf16-mixed"}])
def test_a_run_that_is_interrupted_goes_on_to_the_same_end(tmp_path, changes, monkeypatch):
    whole = run(recipe(**changes))
    stop = RuntimeError("pulled out")
    start = Translation.on_train_batch_start

    def interrupted(self, batch, number):
        if self.current_epoch == 2:
            raise stop
        return start(self, batch, number)

    monkeypatch.setattr(Translation, "on_train_batch_start", interrupted)
    with pytest.raises(RuntimeError, match="pulled out"):
        run(recipe(**changes), checkpoints=tmp_path)
    monkeypatch.setattr(Translation, "on_train_batch_start", start)
    resumed = run(recipe(**changes), checkpoints=tmp_path, resume=True)
    assert resumed.metrics == whole.metrics
    losses = [point["loss"] for point in whole.trajectory]
    assert [point["loss"] for point in resumed.trajectory] == losses


def test_the_mean_of_the_last_epochs_is_the_mean_of_their_weights():
    weights = []

    def keep(model, data):
        weights.append([p.detach().clone() for p in model.parameters()])
        return {}

    _, model, _ = fit(recipe(averaged=2, watch=(keep,)), paper="transformer", tier="smoke", seed=0)
    assert len(weights) == 4
    for mean, third, fourth in zip(model.parameters(), *weights[2:], strict=True):
        torch.testing.assert_close(mean.detach(), (third + fourth) / 2)


def middle(model, data):
    """Highest in the second of four epochs."""
    return {"score": float(-abs(model.current_epoch - 1))}


def test_a_run_may_end_as_it_was_after_its_best_epoch(tmp_path):
    weights = []

    def keep(model, data):
        weights.append([p.detach().clone() for p in model.parameters()])
        return {}

    best = partial(fit, recipe(best="score", watch=(keep, middle)), paper="a", tier="smoke", seed=0)
    _, model, _ = best(checkpoints=tmp_path)
    assert len(weights) == 4
    # All epochs are in the checkpoint, and the record was never written.
    _, resumed, _ = best(checkpoints=tmp_path, resume=True)
    for end, again, second, last in zip(
        model.parameters(), resumed.parameters(), weights[1], weights[3], strict=True
    ):
        assert torch.equal(end, second) and torch.equal(again, second)
        assert not torch.equal(end, last)


def test_the_best_epoch_is_one_by_a_metric_that_is_watched_and_no_mean():
    with pytest.raises(ReplicationError, match="No metric 'bleu' is watched.*loss"):
        run(recipe(best="bleu"))
    with pytest.raises(ReplicationError, match="leave one out"):
        run(recipe(best="score", averaged=2))


def test_a_run_that_was_killed_after_its_last_epoch_ends_with_the_same_mean(tmp_path):
    averaged = partial(fit, recipe(averaged=3), paper="transformer", tier="smoke", seed=0)
    _, whole, _ = averaged()
    # All epochs are in the checkpoint, and the record was never written.
    averaged(checkpoints=tmp_path)
    _, resumed, _ = averaged(checkpoints=tmp_path, resume=True)
    _, last, _ = fit(recipe(), paper="transformer", tier="smoke", seed=0)
    for mean, again, alone in zip(
        whole.parameters(), resumed.parameters(), last.parameters(), strict=True
    ):
        assert torch.equal(again, mean)
        assert not torch.equal(alone, mean)


def objective(**changes):
    words = Shortlist.learn([" ".join(WORDS)], size=20)
    torch.manual_seed(0)
    arguments = {"model": TINY, "schedule": partial(constant, learning_rate=0.01)} | changes
    return Translation(Languages(words, words), 0, **arguments).eval()


def test_padding_moves_neither_loss_nor_gradient():
    model = objective(smoothing=0.1)
    model.log = lambda *args, **keywords: None
    source, target = torch.tensor([[4, 5, 2]]), torch.tensor([[1, 6, 7, 2]])

    def gradient(batch):
        model.zero_grad()
        loss = model.training_step(batch, 0)
        loss.backward()
        return loss, [p.grad.clone() for p in model.parameters()]

    plain, labels = gradient(TranslationBatch(source, target))
    wide = TranslationBatch(
        torch.nn.functional.pad(source, (0, 3)), torch.nn.functional.pad(target, (0, 4))
    )
    loss, found = gradient(wide)
    torch.testing.assert_close(loss, plain)
    for a, b in zip(found, labels, strict=True):
        torch.testing.assert_close(a, b, atol=1e-6, rtol=1e-5)


def test_the_gradient_is_cut_to_its_longest_norm():
    model = objective(clip=0.5)
    for weight in model.parameters():
        weight.grad = torch.ones_like(weight)
    model.on_before_optimizer_step(model.configure_optimizers())
    total = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
    torch.testing.assert_close(total, torch.tensor(0.5))


def test_the_schedule_sets_the_rate_of_each_update():
    asked = []

    def schedule(step: int, done: float) -> float:
        asked.append((step, done))
        return 0.001

    run(
        recipe(
            epochs=2,
            objective=partial(Translation, model=TINY, schedule=partial(schedule)),
        )
    )
    steps = [step for step, _ in asked]
    assert steps == list(range(len(steps)))
    share = [done for _, done in asked]
    assert share == sorted(share) and share[0] == 0 and 0.9 < share[-1] < 1


def test_operations_are_counted_forward_and_twice_backward():
    model = objective(model=partial(TINY, layers=2))
    source, target = torch.full((3, 5), 4), torch.full((3, 6), 4)
    model.count(source.numel() + target.numel(), source, target[:, :-1])
    d_model, d_ff, v = 16, 32, len(WORDS) + 4
    attention = {
        "source": 4 * d_model * d_model,
        "target": 4 * d_model * d_model,
        "across": 2 * d_model * d_model,
    }
    encoder = 2 * 15 * (attention["source"] + 2 * d_model * d_ff)
    decoder = 2 * 15 * (attention["target"] + 2 * d_model * d_model + 2 * d_model * d_ff)
    across = 2 * 15 * attention["across"]
    attended = (
        2 * 2 * 3 * 5 * 5 * d_model * 3
    )  # scores and mixtures of the three attentions of a layer
    forward = 2 * (encoder + decoder + across + attended) + 2 * 15 * d_model * v
    assert model.flops == pytest.approx(3 * forward)


def test_lightning_is_told_the_mean_over_tokens_of_the_whole_epoch():
    # Batches of unlike size: a plain mean over batches would favour the tokens of small ones.
    record = run(
        recipe(
            epochs=1,
            objective=partial(
                Translation,
                model=partial(TINY, dropout=0.0),
                schedule=partial(constant, learning_rate=0.0),
            ),
        )
    )
    data = recipe().data(0)
    data.setup()
    lightning.seed_everything(0, verbose=False)
    model = Translation(
        data.vocabulary,
        0,
        model=partial(TINY, dropout=0.0),
        schedule=partial(constant, learning_rate=0.0),
    )
    whole = data.batch(range(len(data.encoded)))
    logits = model.model(whole.source, whole.target[:, :-1])
    expected = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), whole.target[:, 1:].flatten(), ignore_index=0
    )
    assert record.trajectory[0]["loss"] == pytest.approx(expected.item(), rel=1e-4)


def test_a_checkpoint_of_another_model_is_refused_with_the_way_out(tmp_path):
    run(recipe(epochs=1), checkpoints=tmp_path)
    other = recipe(
        epochs=2,
        objective=partial(
            Translation, model=partial(TINY, layers=2), schedule=partial(cosine, learning_rate=0.01)
        ),
    )
    with pytest.raises(
        ReplicationError, match="does not fit this recipe.*encoder.1.* without --resume"
    ) as found:
        run(other, checkpoints=tmp_path, resume=True)
    assert len(str(found.value)) < 500
