"""One network fine-tuned several times: the learning rate first, then one seed after another."""

import copy
import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import lightning

from replications.metrics.measuring import Metric
from replications.recipes import TrainedModel, Workspace
from replications.training.trainers import train

REPEATS = 5
"""Seeds of the fine-tuning, for each pre-trained network."""


class Repeated(NamedTuple):
    """The models of all repetitions, and the learning rate that they were trained with."""

    models: tuple[Any, ...]
    learning_rate: float


def tuned_and_repeated(
    data: lightning.LightningDataModule,
    metrics: tuple[Metric, ...],
    workspace: Workspace,
    *,
    objective: partial,
    learning_rates: tuple[float, ...],
    choose: Metric,
    repeats: int = REPEATS,
    epochs: int,
    precision: str = "32-true",
) -> TrainedModel:
    """Trains once with each learning rate, and `repeats` times with the best by `choose`.

    Source: Devlin et al. 2019, appendix A.3 (the rate is chosen on the validation part for each
    task) and section 4.1 (several restarts, with another order of the examples and another
    initialisation of the classifier). The trained start is the same in all: what differs between
    runs of several seeds is the pre-training, and what differs here is fine-tuning alone.

    Departure: the training whose validation score chose the learning rate is itself one of the
    `repeats`. It is the greatest of several, so that the mean over the repeats is a little too high
    as far as validation and test scores go together, and most for what scatters most.

    `objective` is a partial whose `schedule` lacks the learning rate; `choose` gives one number,
    the greater the better, of the validation part. The model is a Repeated. The trajectory has a
    point for each training, with its learning rate and that number.
    """
    found: list[tuple[float, float, TrainedModel]] = []

    def trained(learning_rate: float) -> None:
        number = len(found)
        mine = dataclasses.replace(
            workspace, seed=1000 * workspace.seed + number, checkpoints=None, resume=False
        )
        made = train(
            in_another_order(data, mine.seed),
            (),
            mine,
            objective=_with_rate(objective, learning_rate),
            epochs=epochs,
            precision=precision,
        )
        (score,) = choose(made.model, data).values()
        found.append((learning_rate, float(score), made))

    for learning_rate in learning_rates:
        trained(learning_rate)
    best = max(found, key=lambda each: each[1])[0]
    while sum(learning_rate == best for learning_rate, _, _ in found) < repeats:
        trained(best)
    kept = [made for learning_rate, _, made in found if learning_rate == best]
    return TrainedModel(
        model=Repeated(tuple(made.model for made in kept), best),
        parameters=kept[0].parameters,
        flops=sum(made.flops for _, _, made in found),
        seconds=sum(made.seconds for _, _, made in found),
        trajectory=_points(found),
    )


def in_another_order(
    data: lightning.LightningDataModule, seed: int
) -> lightning.LightningDataModule:
    """The same examples, encoded once, in the order of another seed."""
    data.encoded  # noqa: B018  (kept, and shared by the copies)
    again = copy.copy(data)
    again.seed = seed
    return again


def _with_rate(objective: partial, learning_rate: float) -> Callable[..., Any]:
    schedule = partial(objective.keywords["schedule"], learning_rate=learning_rate)
    return partial(objective, schedule=schedule)


def _points(found: list[tuple[float, float, TrainedModel]]) -> list[dict[str, float]]:
    points, behind = [], dict.fromkeys(("tokens", "seconds", "processor_seconds"), 0.0)
    for number, (learning_rate, score, made) in enumerate(found, 1):
        behind = {name: value + made.trajectory[-1][name] for name, value in behind.items()}
        points.append(
            {
                "epoch": float(number),
                **behind,
                "learning_rate": learning_rate,
                "validation_score": score,
            }
        )
    return points
