"""Cross-entropy and accuracy of masked tokens, and accuracy of next-sentence prediction."""

import torch

from replications.decoding.inference import device_of, inference


def masked_likelihood(
    objective: object, data: object, *, part: str = "test", batches: int = 20, prefix: str = ""
) -> dict[str, float]:
    """`masked_nll` in nats per masked token, `masked_accuracy` and `next_sentence_accuracy` in per
    cent.

    The sequences are the same for every seed. Without a next-sentence head the last is left out.
    The names get the prefix.
    """
    nats, right, count, followed, rows = 0.0, 0, 0, 0, 0
    judged = False
    device = device_of(objective.model)
    with inference(objective.model):
        for batch in data.batches_of(part, batches):
            batch = type(batch)(*(each.to(device) for each in batch))
            token_logits, next_sentence_logits = objective.scores(
                batch.ids, batch.segments, batch.masked_positions, padded=batch.may_be_padded
            )
            labels = batch.targets
            losses = torch.nn.functional.cross_entropy(
                token_logits.float(), labels, reduction="sum"
            )
            nats, count = nats + float(losses), count + len(labels)
            right += int((token_logits.argmax(-1) == labels).sum())
            rows += len(batch.ids)
            if next_sentence_logits is not None:
                judged = True
                followed += int(
                    (next_sentence_logits.argmax(-1) == batch.next_sentence_label).sum()
                )
    numbers = {"masked_nll": nats / count, "masked_accuracy": 100 * right / count}
    if judged:
        numbers["next_sentence_accuracy"] = 100 * followed / rows
    return {prefix + name: value for name, value in numbers.items()}
