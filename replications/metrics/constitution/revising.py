"""Effects of successive revisions: harm, helpfulness, and the accuracy of critiques."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from replications.corpora.world.constitution.gold import right
from replications.corpora.world.constitution.rules import harms
from replications.items import FromItems
from replications.objectives.constitutional.asking import Assistant, question
from replications.objectives.constitutional.revising import MOST_WORDS, Reviser

_SEED = 2212


def revision_course(
    model: Any,
    data: Any,
    *,
    revisers: Mapping[str, Callable[..., Reviser]],
    width: int,
    tokens: int,
    prompts: int = 300,
) -> dict[str, float]:
    """Of each reviser, by its name, after each number of revisions, on harmful test prompts.

    `harms:NAME:n` kinds of harm per answer, `obeyed:NAME:n` answers as asked for in per cent,
    `critics:NAME` critiques that find all that is there and nothing else. `first_share:NAME` is
    what the first revision removes of all that is removed, in per cent. All revisers begin with the
    same answers.
    """
    asked = [prompt.request for prompt in data.prompts.test if prompt.request.harmful][:prompts]
    device = next(model.model.parameters()).device

    def drawn() -> torch.Generator:
        return torch.Generator(device=device).manual_seed(_SEED)

    def assistant(most: int) -> Assistant:
        return Assistant(model.model, data.vocabulary, width, most)

    first = assistant(data.answer_length).answers([question(one.words) for one in asked], drawn())
    first = [answer[:MOST_WORDS] for answer in first]
    found: dict[str, float] = {}
    for name, reviser in revisers.items():
        course = reviser().course(assistant(tokens), asked, first, drawn())
        left = []
        for step, answers in enumerate(course.answers):
            pairs = list(zip(asked, answers, strict=True))
            harm = np.array([harms(*pair) for pair in pairs], dtype=float)
            obeyed = np.array([right(*pair) for pair in pairs])
            left.append(harm.mean())
            found[f"harms:{name}:{step}"] = FromItems(harm.mean(), "mean", harm)
            found[f"obeyed:{name}:{step}"] = FromItems(100 * obeyed.mean(), "percent", obeyed)
        if course.found:
            found[f"critics:{name}"] = 100 * course.critic_accuracy
        if len(left) > 1 and left[0] > left[-1]:
            found[f"first_share:{name}"] = 100 * float((left[0] - left[1]) / (left[0] - left[-1]))
    return found
