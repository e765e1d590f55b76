"""A linear probe: the accuracy of word labels predicted from the states of a frozen network."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from replications.corpora.texts.treebank.word_labels import LabelledSentence
from replications.decoding.inference import device_of, inference
from replications.decoding.padded_sequences import padded_sequences
from replications.items import FromItems
from replications.models.mean_state import inputs_of

LAYERS: Mapping[str, tuple[int, ...]] = {
    "embeddings": (0,),
    "second_to_last": (-2,),
    "last": (-1,),
    "last_four": (-4, -3, -2, -1),
}
"""The features of Devlin et al. 2019, table 7, by the layers that are concatenated."""


def word_probe(
    objective: Any,
    data: Any,
    *,
    words: str = "words",
    layers: Mapping[str, tuple[int, ...]] = LAYERS,
    weight_decay: float = 1e-4,
    updates: int = 100,
    batch_tokens: int = 16_384,
    prefix: str = "word_labels",
) -> dict[str, float]:
    """`word_labels:last` and so on, the accuracy in per cent of labels of the test part's words
    from the states of those layers, and `word_labels_by_form`, that of a word's most frequent one.

    Source: Devlin et al. 2019, section 5.3: frozen features of one or several layers, a word being
    represented by its first token. Departure: the classifier is linear, multinomial logistic
    regression fitted to features of mean 0 and standard deviation 1, where the paper has a
    two-layer BiLSTM, and the labels are parts of speech. Layer 0 is the embedded tokens, -1 the
    last layer. Sentences of more tokens than `data.length` are left out.
    """
    found = data.eval_sets[words]
    train = _states(objective.model, data, found.train, batch_tokens)
    test = _states(objective.model, data, found.test, batch_tokens)
    names = sorted({label for sentence in found.train for label in sentence.labels})
    number = {name: n for n, name in enumerate(names)}
    labels = torch.tensor([number[label] for _, label in train.words])
    # A label that the training part does not have is never predicted.
    asked = torch.tensor([number.get(label, -1) for _, label in test.words])
    numbers: dict[str, float] = {}
    for name, chosen in layers.items():
        here, there = (part.states[:, list(chosen)].flatten(1) for part in (train, test))
        mean, deviation = here.mean(0), here.std(0).clamp(min=1e-6)
        weights = _fitted(
            (here - mean) / deviation,
            labels,
            len(names),
            weight_decay=weight_decay,
            updates=updates,
        )
        right = (_outputs((there - mean) / deviation, weights).argmax(-1) == asked).tolist()
        numbers[f"{prefix}:{name}"] = FromItems(100 * float(np.mean(right)), "percent", right)
    usual = _usual(train.words)
    right = [usual.get(word.lower(), usual[""]) == label for word, label in test.words]
    numbers[f"{prefix}_by_form"] = FromItems(100 * float(np.mean(right)), "percent", right)
    return numbers


class _Words:
    """Words with their labels, and the states of each in all layers."""

    def __init__(self, words: list[tuple[str, str]], states: Float[Tensor, "word layer d"]) -> None:
        self.words, self.states = words, states


def _states(
    model: torch.nn.Module, data: Any, sentences: Sequence[LabelledSentence], batch_tokens: int
) -> _Words:
    """Each word's states at its first token, between [CLS] and [SEP]."""
    vocabulary = data.vocabulary
    sequences, firsts, words = [], [], []
    for sentence in sentences:
        ids, first, read = [vocabulary.start], [], []
        for word, label in zip(sentence.words, sentence.labels, strict=True):
            # A word that has no token, such as a control character, is left out.
            if tokens := vocabulary.encode(word):
                first.append(len(ids))
                read.append((word, label))
                ids += tokens
        if read and len(ids) < data.length:
            sequences.append([*ids, vocabulary.separator])
            firsts.append(first)
            words.append(read)
    states: list[Tensor | None] = [None] * len(sequences)
    blocks = padded_sequences(
        sequences, device_of(model), max_length=data.length, padding=vocabulary.padding
    )
    with inference(model):
        for block in blocks:
            for batch in block.batches(batch_tokens):
                found = model.states(*inputs_of(model, batch.ids, torch.zeros_like(batch.ids)))
                for row, which in zip(found.float().cpu(), batch.numbers.tolist(), strict=True):
                    states[which] = row[:, firsts[which]].transpose(0, 1)
    return _Words([each for read in words for each in read], torch.cat(states))


def _fitted(
    features: Float[Tensor, "word feature"],
    labels: Int[Tensor, " word"],
    classes: int,
    *,
    weight_decay: float,
    updates: int,
) -> Float[Tensor, "feature_and_bias klass"]:
    """The weights of least cross-entropy, from zero: the problem is convex, and needs no seed."""
    weights = torch.zeros(features.shape[1] + 1, classes, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [weights], max_iter=updates, history_size=10, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = functional.cross_entropy(_outputs(features, weights), labels)
        loss = loss + weight_decay * weights[:-1].square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weights.detach()


def _outputs(
    features: Float[Tensor, "word feature"], weights: Float[Tensor, "feature_and_bias klass"]
) -> Float[Tensor, "word klass"]:
    return features @ weights[:-1] + weights[-1]


def _usual(words: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The most frequent label of each word in lower case; under "" that of all words."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for word, label in words:
        seen[word.lower()][label] += 1
        seen[""][label] += 1
    return {word: labels.most_common(1)[0][0] for word, labels in seen.items()}
