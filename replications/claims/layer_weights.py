"""N as Kaplan et al. count it: the matrices of the layers, without positions, gains and biases.

Source: Kaplan et al. 2020, section 2.1 and table 1. A record's `parameters` have what is no
embedding of tokens in one number, of which in a network of a few thousand weights the learned
positions are a large part.
"""

from replications.claims.accounting import Accounting
from replications.claims.trajectory import trajectory
from replications.errors import ReplicationError
from replications.records import Number, Record


def layer_weights(record: Record) -> Number:
    """12 L d^2 where the feed-forward network is 4 d wide: read off the recipe in the record.

    Raises ReplicationError for a record of another kind of network.
    """
    try:
        model = record.recipe_parts["learner"]["objective"]["model"]
        layers, d_model, d_ff = model["layers"], model["d_model"], model["d_ff"]
    except (KeyError, TypeError) as error:
        raise ReplicationError(
            f"The record {record.paper}/{record.filename} is not of a network with layers, d_model "
            "and d_ff: count its parameters by another Accounting."
        ) from error
    return layers * d_model * (4 * d_model + 2 * d_ff)


def six_layer_weights(record: Record) -> list[Number]:
    """6 N D with that N: neither the output layer nor attention's scores."""
    return [6.0 * layer_weights(record) * tokens for tokens in trajectory(record, "tokens")]


LAYERS_ALONE = Accounting("N of the layers and 6ND", layer_weights, six_layer_weights)
