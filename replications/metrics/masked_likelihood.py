"""How well hidden pieces, and whether a text follows, are predicted."""

import torch

from replications.decoding.inference import device_of, inference


def masked_likelihood(
    objective: object, data: object, *, part: str = "test", batches: int = 20, prefix: str = ""
) -> dict[str, float]:
    """`masked_nll` in nats a hidden piece, `masked_accuracy` and `follows_accuracy` in per cent.

    The rows are the same for every seed. Without a head for next sentences the last is left out.
    The names get the prefix.
    """
    nats, right, asked, followed, rows = 0.0, 0, 0, 0, 0
    judged = False
    device = device_of(objective.model)
    with inference(objective.model):
        for batch in data.rows_of(part, batches):
            batch = type(batch)(*(each.to(device) for each in batch))
            pieces, follows = objective.scores(
                batch.ids, batch.segments, batch.asked, padded=batch.may_be_padded
            )
            wanted = batch.targets
            losses = torch.nn.functional.cross_entropy(pieces.float(), wanted, reduction="sum")
            nats, asked = nats + float(losses), asked + len(wanted)
            right += int((pieces.argmax(-1) == wanted).sum())
            rows += len(batch.ids)
            if follows is not None:
                judged = True
                followed += int((follows.argmax(-1) == batch.follows).sum())
    numbers = {"masked_nll": nats / asked, "masked_accuracy": 100 * right / asked}
    if judged:
        numbers["follows_accuracy"] = 100 * followed / rows
    return {prefix + name: value for name, value in numbers.items()}
