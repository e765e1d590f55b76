"""The pseudo-log-likelihood of a sentence under a masked language model."""

import torch

from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.tokens.wordpiece import WordPiece


def pseudo_log_likelihood(objective: object, sentence: str, vocabulary: WordPiece) -> float:
    """The sum of ln P(token | all the others) over the tokens of a sentence, in nats.

    It is no probability of the sentence, since over all sentences it does not sum to 1; it serves
    to compare two. Source: Salazar et al. 2020 (arXiv:1910.14659), equation 1.
    Raises ReplicationError for a sentence without tokens.
    """
    labels = torch.tensor(vocabulary.encode(sentence), dtype=torch.int64)
    if not len(labels):
        raise ReplicationError("There is no token to mask: give a sentence that is not empty.")
    row = torch.tensor([vocabulary.start, *labels.tolist(), vocabulary.separator])
    rows, positions = row.repeat(len(labels), 1), torch.arange(len(labels))
    masked_positions = torch.zeros_like(rows, dtype=torch.bool)
    masked_positions[positions, positions + 1] = True
    rows[masked_positions] = vocabulary.mask
    device = device_of(objective.model)
    with inference(objective.model):
        inputs = (rows, torch.zeros_like(rows), masked_positions)
        scores, _ = objective.scores(*(each.to(device) for each in inputs))
    return float(scores.float().log_softmax(-1).cpu()[positions, labels].sum())
