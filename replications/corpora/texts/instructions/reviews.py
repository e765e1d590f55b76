"""Film reviews to be continued, a judge of their sentiment, and dialogues as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.instructions.comparisons import (
    Beginning,
    Comparison,
    beginning,
    corpus_comparisons,
)
from replications.corpora.texts.instructions.prompts import Prompt, Prompts
from replications.tokens.chat import USER


def review_documents(seed: int, *, corpus: str = "imdb", reviews: int = 5_000) -> Documents:
    """Whole reviews, to learn a tokenizer from. The seed changes nothing."""
    rows, identity = load_corpus(corpus, "train")
    # Both kinds, as the negative ones stand first.
    texts = [text.replace("<br />", " ") for text in rows["text"][:: max(1, len(rows) // reviews)]]
    key = f"{corpus}-{reviews}-{identity.sha256[:16]}"
    return Documents(texts, texts[:1], texts[:1], identities=(identity,), key=key)


def review_prompts(
    seed: int,
    *,
    corpus: str = "imdb",
    words: Beginning = (4, 20),
    prompts: int = 12_000,
    test_prompts: int = 300,
) -> Prompts:
    """The first words of reviews of both kinds, and how they go on."""
    parts, identities = [], []
    for split, many in (("train", prompts), ("test", test_prompts)):
        rows, identity = load_corpus(corpus, split)
        identities.append(identity)
        order = np.random.default_rng(2211).permutation(len(rows))[:many]
        # All at once: out of order, each text would be looked for in the file anew.
        texts = list(rows["text"])
        cut = [beginning(texts[int(number)], words) for number in order]
        parts.append([Prompt(((USER, a),), b, a) for a, b in cut if a and b])
    train, test = parts
    return Prompts(train, train[:1], test, [False] * len(test), tuple(identities))


@dataclass(frozen=True)
class ReviewJudge:
    """Logistic regression on words and pairs of words: the gold judge of continuations.

    It stands in for human judgement: what it measures is how far a classifier is exploited.
    """

    counter: Any
    classifier: Any
    identities: tuple[CorpusIdentity, ...]

    def positive(self, texts: Sequence[str]) -> Float64[np.ndarray, " text"]:
        """The probability that each text is from a positive review."""
        return self.classifier.predict_proba(self.counter.transform(texts))[:, 1]


def review_judge(seed: int, *, corpus: str = "imdb", words: Beginning = (4, 20)) -> ReviewJudge:
    """Fitted on beginnings of the odd-numbered reviews, which no reward model is trained on."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    rows, identity = load_corpus(corpus, "train")
    texts = [" ".join(beginning(text, words)) for text in rows["text"][1::2]]
    counter = TfidfVectorizer(min_df=3, ngram_range=(1, 2), sublinear_tf=True)
    fitted = LogisticRegression(C=3.0, max_iter=1_000)
    fitted.fit(counter.fit_transform(texts), list(rows["label"][1::2]))
    return ReviewJudge(counter, fitted, (identity,))


def dialogue_documents(
    seed: int, *, corpus: str = "hh-rlhf", splits: tuple[str, ...], test_share: float = 0.2
) -> Documents:
    """The training dialogues of `corpus_comparisons`, with the preferred answers, as plain text."""
    comparisons = corpus_comparisons(seed, corpus=corpus, splits=splits, test_share=test_share)
    parts = [[_as_text(pair) for pair in part] for part in (comparisons.train, comparisons.test)]
    shas = "".join(each.sha256[:6] for each in comparisons.identities)
    key = f"{corpus}-{shas}-{seed}-{test_share:g}"
    return Documents(parts[0], parts[1][:50], parts[1], identities=comparisons.identities, key=key)


def _as_text(pair: Comparison) -> str:
    return "\n".join([*(text for _, text in pair.turns), pair.chosen])
