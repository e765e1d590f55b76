"""How parameters and operations are counted: a choice in which Kaplan and Chinchilla differ.

Source: Porian et al. 2024, section 3.1; Pearce and Song 2024, section 2; Kaplan et al. 2020,
section 2.1 and table 1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from replications.claims.measures.trajectory import trajectory
from replications.errors import ReplicationError
from replications.fits.sweep import Course
from replications.records import Number, Record


def all_parameters(record: Record) -> Number:
    """N with embeddings, as Hoffmann et al. 2022 count."""
    return sum(record.parameters.values())


def counted_operations(record: Record) -> list[Number]:
    """What the run itself counted, output layer and attention's scores included."""
    return trajectory(record, "flops")


def layer_weights(record: Record) -> Number:
    """12 L d^2 where the feed-forward network is 4 d wide: read off the recipe in the record.

    Raises ReplicationError for a record of another kind of network, such as one whose feed-forward
    networks are gated: they have a third matrix.
    """
    try:
        model = record.recipe_parts["learner"]["objective"]["model"]
        layers, d_model, d_ff = model["layers"], model["d_model"], model["d_ff"]
        if (model.get("feed_forward") or {}).get("part") == "GatedFeedForward":
            raise KeyError("a feed-forward network of two matrices")
    except (KeyError, TypeError) as error:
        raise ReplicationError(
            f"The record {record.paper}/{record.filename} is not of a network with layers, d_model "
            "and an ungated d_ff: count its parameters by another Accounting."
        ) from error
    return layers * d_model * (4 * d_model + 2 * d_ff)


def six_layer_weights(record: Record) -> list[Number]:
    """6 N D with that N: neither the output layer nor attention's scores."""
    return [6.0 * layer_weights(record) * tokens for tokens in trajectory(record, "tokens")]


@dataclass(frozen=True)
class Accounting:
    """A count of parameters, and one of operations at each point of a trajectory, by name."""

    name: str
    parameters: Callable[[Record], Number]
    operations: Callable[[Record], list[Number]]

    def __str__(self) -> str:
        return self.name


# N as Kaplan et al. count it: the matrices of the layers, without positions, gains and biases. A
# record's `parameters` have what is no embedding of tokens in one number, of which in a network of
# a few thousand weights the learned positions are a large part.
LAYERS_ALONE = Accounting("N of the layers and 6ND", layer_weights, six_layer_weights)
CHINCHILLA = Accounting("total N and all operations", all_parameters, counted_operations)


def course_of(record: Record, name: str, accounting: Accounting) -> Course:
    """The run's values of the metric of that name: those of its trajectory, and the final one.

    Where it was measured at the end alone, the course is one point. Raises what `Record.metric`
    and `trajectory` raise for a run that has no such metric, or that failed.
    """
    watched = all(name in point for point in record.trajectory) and record.trajectory
    tokens, flops = trajectory(record, "tokens"), accounting.operations(record)
    loss = trajectory(record, name) if watched else [record.metric(name)]
    kept = slice(None) if watched else slice(-1, None)
    return Course(
        float(accounting.parameters(record)),
        np.array(flops[kept], dtype=float),
        np.array(tokens[kept], dtype=float),
        np.array(loss, dtype=float),
    )


def courses_of(
    recipes: Sequence[str], records: Mapping[str, Record], name: str, accounting: Accounting
) -> tuple[list[Course], list[str]]:
    """The courses of the runs that have one, and for each of the others the reason why not."""
    courses, missing = [], []
    for recipe in recipes:
        record = records.get(recipe)
        if record is None:
            missing.append(f"`{recipe}` has no record")
        elif record.failed:
            missing.append(record.failure)
        else:
            courses.append(course_of(record, name, accounting))
    return courses, missing
