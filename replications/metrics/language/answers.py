"""The likelihood of answers to instructions, and how much the instructions contribute to it."""

import math
from collections.abc import Sequence

from replications.corpora.batches.instruction_batches import AnswerIds, answer_batch, encode_answers
from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import token_losses

_AT_ONCE = 32


def answer_likelihood(
    objective: object, data: object, *, answers: str, prefix: str = "answers_"
) -> dict[str, float]:
    """`bits_per_byte` of the answers, each after its own instruction, and `instruction_gain`.

    The gain is by how many bits per byte an answer costs more after the instruction of another
    example, the next one that fits: what the model takes from the instruction, and not from the
    form of an answer. `answers` names the eval set. The end-of-text token has no bytes and is not
    counted.

    Raises ReplicationError where fewer than two examples fit.
    """
    tokenizer = data.vocabulary
    own = encode_answers(data.eval_sets[answers].examples, tokenizer, data.length)
    if len(own) < 2:
        raise ReplicationError(
            f"{len(own)} examples of {answers} fit into {data.length} tokens, and one is to be "
            "compared with another: give a greater `length`."
        )
    other = [
        _after(mine, next_one, data.length)
        for mine, next_one in zip(own, [*own[1:], own[0]], strict=True)
    ]
    # Both have the same tokens of each answer, as many as fit after both prompts.
    both = [_as_long(*pair) for pair in zip(own, other, strict=True)]
    size = sum(_bytes(mine, tokenizer) for mine, _ in both)
    mine, others = (
        _nats(objective.model, those, tokenizer) / (size * math.log(2))
        for those in zip(*both, strict=True)
    )
    return {f"{prefix}bits_per_byte": mine, f"{prefix}instruction_gain": others - mine}


def _as_long(one: AnswerIds, other: AnswerIds) -> tuple[AnswerIds, AnswerIds]:
    tokens = min(len(one.ids) - one.prompt, len(other.ids) - other.prompt)
    return tuple(AnswerIds(each.ids[: each.prompt + tokens], each.prompt) for each in (one, other))


def _after(mine: AnswerIds, other: AnswerIds, length: int) -> AnswerIds:
    """The answer of `mine` after the prompt of `other`."""
    prompt = other.ids[: other.prompt]
    return AnswerIds([*prompt, *mine.ids[mine.prompt :]][: length + 1], len(prompt))


def _bytes(example: AnswerIds, tokenizer: object) -> int:
    """Bytes of the answer's tokens; end-of-text has none."""
    return sum(
        len(tokenizer.symbols[number])
        for number in example.ids[example.prompt :]
        if number != tokenizer.end_of_text
    )


def _nats(model: object, examples: Sequence[AnswerIds], tokenizer: object) -> float:
    nats, device = 0.0, device_of(model)
    with inference(model):
        for first in range(0, len(examples), _AT_ONCE):
            batch = answer_batch(examples[first : first + _AT_ONCE], tokenizer)
            ids, labels = batch.ids.to(device), batch.labels[:, 1:]
            losses = token_losses(model(ids[:, :-1]), ids[:, 1:]).cpu().double()
            counted = (labels >= 0) & (labels != tokenizer.end_of_text)
            nats += float(losses[counted].sum())
    return nats
