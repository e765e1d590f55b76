"""The accuracy of a reward model on comparisons, beside baselines without a network."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float64
from torch import Tensor

from replications.decoding.inference import device_of, inference
from replications.items import FromItems
from replications.objectives.preference.comparisons import SampledComparisons
from replications.objectives.preference.losses import pairs_of, pairwise_loss
from replications.objectives.preference.rewards import judged

_SEED = 2211
_BATCH = 64


def sampled_accuracy(
    model: SampledComparisons, data: Any, *, prompts: int = 300
) -> dict[str, float]:
    """Per cent of test pairs whose preferred answer gets the higher reward; ties are left out.

    `accuracy` is against the drawn labels, `gold_accuracy` against the gold reward where it
    differs; `best_accuracy` is that of the gold reward against the labels, an upper bound in
    expectation. `length_accuracy` always prefers the longer answer. `comparison_nats` is the loss,
    the cross-entropy of a label that is a probability.
    """
    device = device_of(model.model)
    draw = torch.Generator(device=device).manual_seed(_SEED)
    many, found = model.answers_per_prompt, []
    with inference(model):
        for first in range(0, prompts, _BATCH):
            batch = data.prompt_batch(data.prompts.test[first : min(first + _BATCH, prompts)])
            batch = batch._replace(ids=batch.ids.to(device))
            asked, answers = model.answered(batch, draw)
            label, mask = model.compared(asked, answers, draw)
            ids = torch.cat([asked.ids, answers.ids], 1)
            reward = model.model.at(ids, asked.ids.shape[1] + answers.lengths - 1).float()
            gold = judged(model.judge, model.vocabulary, asked, answers)
            rows = (reward, gold, answers.lengths.float())
            gaps = [_gaps(row.view(-1, many))[mask] for row in rows]
            found.append(torch.stack([*gaps, label[mask]]).cpu())
    reward, gold, length, preference = torch.cat(found, 1)
    label = preference * 2 - 1
    differ = gold != 0
    right, right_gold = (reward * label) > 0, (reward * gold)[differ] > 0
    uneven = length != 0
    return {
        "accuracy": FromItems(_percent(right), "percent", right.numpy()),
        "gold_accuracy": FromItems(_percent(right_gold), "percent", right_gold.numpy()),
        "best_accuracy": _percent((gold * label) > 0) + 50 * float((~differ).float().mean()),
        "length_accuracy": _percent((length * label)[uneven] > 0),
        "comparison_nats": float(comparison_nats(reward, preference).mean()),
        "comparisons": float(len(label)),
    }


def comparison_nats(
    gap: Float[Tensor, " pair"], preference: Float[Tensor, " pair"]
) -> Float[Tensor, " pair"]:
    """The loss of each pair in nats: `gap` is the difference of its rewards, first minus second.

    `preference` is the label's probability that the first is preferred. Where it is 0 or 1 this is
    bit for bit the loss of the better one, which `soft_pairwise_loss` is only to rounding.
    """
    none = torch.zeros_like(gap)
    first, second = pairwise_loss(gap, none), pairwise_loss(-gap, none)
    return preference * first + (1 - preference) * second


def recorded_accuracy(model: Any, data: Any) -> dict[str, float]:
    """Accuracy on recorded comparisons, beside two baselines that are fitted on the training part.

    `length_accuracy` prefers the longer answer or the shorter, whichever is right more often in
    training; `words_accuracy` is a logistic regression on differences of word counts, without the
    prompt. These and `accuracy` are in per cent of the test pairs, whose items are kept; a tie
    counts as wrong. `over_length` and `over_words` are `accuracy` minus each baseline, in points;
    as differences they keep no items, nor does the loss, `comparison_nats`.
    """
    gaps: list[float] = []
    with inference(model):
        for batch in data.test_batches():
            rewards = model.model.at(batch.ids.to(model.device), batch.last.to(model.device))
            chosen, rejected = rewards.float().chunk(2)
            gaps += (chosen - rejected).tolist()
    reward = np.array(gaps)
    length = _length_gaps(data.comparisons.test)
    sign = 1 if (_length_gaps(data.comparisons.train) > 0).mean() >= 0.5 else -1
    words = _words_gaps(data.comparisons)
    return {
        "accuracy": _share(reward > 0),
        "length_accuracy": _share(sign * length > 0),
        "words_accuracy": _share(words > 0),
        "comparison_nats": float(np.logaddexp(0, -reward).mean()),
        "over_length": _share(reward > 0) - _share(sign * length > 0),
        "over_words": _share(reward > 0) - _share(words > 0),
    }


def _share(right: np.ndarray) -> FromItems:
    return FromItems(100 * float(right.mean()), "percent", right)


def _length_gaps(pairs: Any) -> Float64[np.ndarray, " pair"]:
    return np.array([float(len(pair.chosen) - len(pair.rejected)) for pair in pairs])


def _words_gaps(comparisons: Any) -> Float64[np.ndarray, " pair"]:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    train, test = comparisons.train, comparisons.test
    counter = CountVectorizer(min_df=3, max_features=5_000, ngram_range=(1, 2))
    counter.fit([text for pair in train for text in (pair.chosen, pair.rejected)])

    def gaps(pairs: Any) -> Any:
        chosen, rejected = ([pair[side] for pair in pairs] for side in (1, 2))
        return (counter.transform(chosen) - counter.transform(rejected)).astype(float)

    # Both orders of each pair, so that there are two classes; without an intercept.
    one = gaps(train)
    from scipy.sparse import vstack

    labels = np.repeat([1, 0], one.shape[0])
    fitted = LogisticRegression(C=0.01, fit_intercept=False, max_iter=2_000)
    fitted.fit(vstack([one, -one]), labels)
    return fitted.decision_function(gaps(test))


def _gaps(values: Tensor) -> Tensor:
    one, other = pairs_of(values)
    return one - other


def _percent(right: Tensor) -> float:
    return 100 * float(right.float().mean())
