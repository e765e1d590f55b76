"""Rewards of a policy's answers to the test prompts, and its loss on held-out text."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from replications.corpora.batches.conversations.filled_up import filled_left
from replications.corpora.texts.instructions.prompts import Prompt, words_of
from replications.corpora.world.instructions.gold import correct, gold_reward
from replications.corpora.world.instructions.requests import kept
from replications.corpora.world.instructions.vocabulary import PLEASE
from replications.decoding.answers import Answers, sample_answers, texts_of
from replications.decoding.inference import device_of, inference
from replications.items import FromItems
from replications.objectives.preference.comparisons import policy_of
from replications.objectives.preference.rewards import Judge
from replications.tokens.chat import ChatTemplate

_BATCH = 256
_SEED = 2203  # answers are sampled with the same seed for all models


class Answered(NamedTuple):
    """Prompts, the answers as text, and whether each ended."""

    prompts: Sequence[Prompt]
    texts: list[str]
    ended: list[bool]


def answer_prompts(
    model: Any,
    data: Any,
    prompts: Sequence[Prompt],
    *,
    width: int | None = None,
    tokens: int | None = None,
    seed: int = _SEED,
    temperature: float = 1.0,
) -> Answered:
    """One answer of the policy to each prompt.

    Prompts have at most `width` tokens and answers `tokens`: those of the data unless given.
    """
    policy = policy_of(model)
    device = device_of(policy)
    draw = torch.Generator(device=device).manual_seed(seed)
    vocabulary, texts, ended = data.vocabulary, [], []
    template = ChatTemplate(vocabulary)
    for first in range(0, len(prompts), _BATCH):
        part = [template.prompt(prompt.turns) for prompt in prompts[first : first + _BATCH]]
        ids = filled_left(part, width or data.prompt_length, vocabulary.end_of_text)
        answers: Answers = sample_answers(
            policy,
            ids.to(device),
            tokens=tokens or data.answer_length,
            end=vocabulary.end,
            padding=vocabulary.end_of_text,
            generator=draw,
            temperature=temperature,
        )
        texts += texts_of(answers, vocabulary, vocabulary.end)
        ended += answers.ended
    return Answered(prompts, texts, ended)


def instruction_metrics(
    model: Any,
    data: Any,
    *,
    prefix: str = "",
    prompts: str = "",
    width: int | None = None,
    tokens: int | None = None,
) -> dict[str, float]:
    """Gold reward, correctness, constraints kept, and style of the answers to the test prompts.

    `prompts` names an eval set in place of the data's own prompts. `win_rate` counts, in per cent,
    answers whose gold reward is above that of the demonstrated answer, a tie as a half: so are
    summaries compared in Stiennon et al. 2020, figure 1.
    """
    source = data.eval_sets[prompts] if prompts else data.prompts
    answered = answer_prompts(model, data, source.test, width=width, tokens=tokens)
    asked = [prompt.request for prompt in answered.prompts]
    words = [words_of(text) for text in answered.texts]
    gold = np.array(
        [
            gold_reward(*pair, ended=end)
            for *pair, end in zip(asked, words, answered.ended, strict=True)
        ]
    )
    shown = np.array([gold_reward(p.request, words_of(p.answer)) for p in answered.prompts])
    right = np.array([correct(*pair) for pair in zip(asked, words, strict=True)])
    keeps = np.array([kept(*pair) for pair in zip(asked, words, strict=True)])
    pleases = np.array([answer.count(PLEASE) for answer in words])
    unseen = np.array(source.unseen)
    wins = (gold > shown) + 0.5 * (gold == shown)
    return {
        f"{prefix}gold": FromItems(gold.mean(), "mean", gold),
        f"{prefix}correct": FromItems(100 * right.mean(), "percent", right),
        f"{prefix}kept": FromItems(100 * keeps.mean(), "percent", keeps),
        f"{prefix}win_rate": float(100 * wins.mean()),
        f"{prefix}gold_unseen": float(gold[unseen].mean()),
        f"{prefix}pleases": float(pleases.mean()),
        f"{prefix}too_polite": float(100 * (pleases > 2).mean()),
        f"{prefix}ended": float(100 * np.mean(answered.ended)),
        f"{prefix}words": float(np.mean([len(answer) for answer in words])),
    }


def judged_metrics(
    model: Any, data: Any, *, judges: dict[str, Judge], prompts: str = ""
) -> dict[str, float]:
    """The mean of each judge over the answers to the test prompts, in per cent, by its name."""
    source = data.eval_sets[prompts] if prompts else data.prompts
    answered = answer_prompts(model, data, source.test)
    asked = [prompt.request for prompt in answered.prompts]
    found = {}
    for name, judge in judges.items():
        marks = np.array(judge(asked, answered.texts, answered.ended))
        found[name] = FromItems(100 * marks.mean(), "percent", marks > 0.5)
    return found


def held_out_text(model: Any, data: Any, *, length: int = 32) -> dict[str, float]:
    """Nats per token on held-out pre-training text, which show the alignment tax."""
    policy = policy_of(model)
    ids = [
        number
        for text in data.text.test
        for number in (*data.vocabulary.encode(text), data.vocabulary.end_of_text)
    ]
    width = length + 1
    rows = torch.tensor(ids[: len(ids) // width * width]).view(-1, width).to(device_of(policy))
    total = 0.0
    with inference(policy):
        for part in rows.split(_BATCH):
            logits = policy(part[:, :-1]).float()
            total += torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), part[:, 1:].flatten(), reduction="sum"
            ).item()
    return {"text_nats_per_token": total / (len(rows) * length)}


def instruction_samples(model: Any, data: Any, *, count: int = 12) -> list[dict[str, Any]]:
    """The first test prompts with the policy's answers and their gold reward, to be read."""
    answered = answer_prompts(model, data, data.prompts.test[:count])
    return [
        {
            "prompt": prompt.turns[-1][1],
            "answer": text,
            "demonstration": prompt.answer,
            "gold": gold_reward(prompt.request, words_of(text), ended=end),
        }
        for prompt, text, end in zip(*answered, strict=True)
    ]
