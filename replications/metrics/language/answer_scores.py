"""The same outputs scored by a discontinuous metric, exact match, and by continuous ones.

Source: Schaeffer et al. 2023 (arXiv:2304.15004), section 2: exact match of an answer of n tokens
falls as the n-th power of a token's accuracy, so that what improves smoothly by the one metric
appears emergent by the other.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import token_losses


class AnswerScores(NamedTuple):
    """Of each token of each answer: -log p in nats, and whether it was the most probable one.

    Each is predicted by teacher forcing; a greedy answer is right as a whole where all its tokens
    are.
    """

    nats: Float[Tensor, "answer token"]
    right: Bool[Tensor, "answer token"]

    def named(self, prefix: str, lengths: Sequence[int]) -> dict[str, float]:
        """`exact_match:n` and `token_accuracy` in per cent, `nats_per_token`, with the prefix.

        Exact match is that of n tokens one after the other, for each n of `lengths`.
        """
        found = {
            f"{prefix}_nats_per_token": float(self.nats.double().mean()),
            f"{prefix}_token_accuracy": 100 * float(self.right.double().mean()),
        }
        for length in lengths:
            whole = self.right.unfold(1, length, length).all(-1)
            found[f"{prefix}_exact_match:{length}"] = 100 * float(whole.double().mean())
        return found


def answer_scores(
    objective: Any, ids: Int[Tensor, "answer time"], tokens: int, *, sequences_per_batch: int = 64
) -> AnswerScores:
    """The scores of the last `tokens` of each sequence."""
    nats, right = [], []
    with inference(objective.model):
        for batch in ids.to(device_of(objective.model)).split(sequences_per_batch):
            logits = objective.model(batch[:, :-1])[:, -tokens:]
            nats.append(token_losses(logits, batch[:, -tokens:]).cpu())
            right.append((logits.argmax(-1) == batch[:, -tokens:]).cpu())
    return AnswerScores(torch.cat(nats), torch.cat(right))


def repeated_tokens(
    objective: Any,
    data: Any,
    *,
    sequences: int = 256,
    repeated: int = 32,
    scored: int = 16,
    lengths: tuple[int, ...] = (1, 2, 4, 8, 16),
    prefix: str = "induction",
) -> dict[str, float]:
    """How well a model repeats `repeated` random tokens: the last `scored` of their second copy.

    Source: Olsson et al. 2022 (In-context Learning and Induction Heads), "Definition of Induction
    Heads": only a model that copies has small losses there. The tokens are drawn uniformly from the
    vocabulary without the special tokens, and are the same for every model.
    """
    draw = torch.Generator().manual_seed(0)
    usable = len(data.vocabulary) - 1
    first = torch.randint(usable, (sequences, repeated), generator=draw)
    end = torch.full((sequences, 1), data.vocabulary.end_of_text)
    scores = answer_scores(objective, torch.cat((end, first, first), 1), scored)
    return scores.named(prefix, lengths)


def answered_sums(
    objective: Any, data: Any, *, questions: str = "sums", prefix: str = "sums"
) -> dict[str, float]:
    """The scores of the digits of each sum of the eval set `questions`.

    Raises ReplicationError where questions or answers are not all of one length in tokens.
    """
    encode = data.vocabulary.encode
    asked = data.eval_sets[questions].questions
    sequences = [[*encode(question), *encode(answer)] for question, answer in asked]
    answers = {len(encode(answer)) for _, answer in asked}
    if len({len(each) for each in sequences}) > 1 or len(answers) > 1:
        raise ReplicationError(
            "The sums are of several lengths in tokens: take a tokenizer that has a token a digit."
        )
    (tokens,) = answers
    scores = answer_scores(objective, torch.tensor(sequences), tokens)
    return scores.named(prefix, (1, tokens))
