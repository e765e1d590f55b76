"""An interactive map of words with search: one piece of HTML that needs no network."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import torch
from IPython.display import HTML
from jaxtyping import Float
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from torch import Tensor

from replications.figures.words.neighbours import nearest_words
from replications.figures.words.word_map_page import COLOURS, PAGE
from replications.tokens.words import Vocabulary

# Nearest words that are shown of each word.
_NEAREST = 8


def word_coordinates(
    vectors: Float[Tensor, "word d"], *, seed: int = 0
) -> Float[np.ndarray, "word 2"]:
    """Points in the unit square where words with a high cosine lie close together: t-SNE.

    Fewer than ten words are placed by their two principal components.
    """
    unit = torch.nn.functional.normalize(vectors, dim=1).double().numpy()
    if len(unit) < 10:
        coordinates = PCA(n_components=2, random_state=seed).fit_transform(unit)
    else:
        perplexity = min(15.0, len(unit) / 4)
        tsne = TSNE(perplexity=perplexity, init="pca", max_iter=500, random_state=seed, n_jobs=1)
        coordinates = tsne.fit_transform(unit)
    low, high = coordinates.min(0), coordinates.max(0)
    return (coordinates - low) / np.maximum(high - low, 1e-12)


def word_map(
    vectors: Float[Tensor, "word d"],
    vocabulary: Vocabulary,
    words: Sequence[str],
    *,
    description: str,
    groups: Mapping[str, str] | None = None,
    most_frequent: int | None = None,
    seed: int = 0,
) -> HTML:
    """A map of some hundred words of the vocabulary; words it does not have are left out.

    Pointing at a word or typing it shows its nearest words, taken from the whole vocabulary or its
    `most_frequent` words. `groups` gives words a colour by name. Where there is no room for all
    labels, words that come earlier have theirs. `description` is the text alternative; below the
    map all of it stands as text too.
    """
    shown = [word for word in dict.fromkeys(words) if word in vocabulary]
    ids = torch.tensor([vocabulary.id(word) for word in shown])
    near = nearest_words(vectors, vocabulary, shown, count=_NEAREST, most_frequent=most_frequent)
    groups = groups or {}
    names = list(dict.fromkeys(groups[word] for word in shown if word in groups))
    coordinates = word_coordinates(vectors[ids], seed=seed)
    data = {
        "words": shown,
        "places": [[round(float(x), 4), round(float(y), 4)] for x, y in coordinates],
        "groups": [names.index(groups[word]) if word in groups else -1 for word in shown],
        "near": [[[word, round(cosine, 2)] for word, cosine in found] for found in near],
    }
    # No tag can end the script early.
    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    identity = "word-map-" + hashlib.sha256(payload.encode()).hexdigest()[:10]
    return HTML(
        PAGE.substitute(
            id=identity,
            description=escape(description, quote=True),
            legend=_legend(names),
            options="".join(f'<option value="{escape(word)}">' for word in sorted(shown)),
            count=len(shown),
            marks=_marks(data),
            text=_as_text(data),
            data=payload,
        )
    )


def _colour(group: int) -> str:
    return COLOURS[group % len(COLOURS)] if group >= 0 else "var(--dot)"


def _legend(names: Sequence[str]) -> str:
    return "".join(
        f'<span><i style="background:{_colour(number)}"></i>{escape(name)}</span>'
        for number, name in enumerate(names)
    )


def _marks(data: dict) -> str:
    """The map as it is before any script has run: drawn for a width of 720 pixels."""
    marks = []
    rows = zip(data["words"], data["places"], data["groups"], strict=True)
    for number, (word, (x, y), group) in enumerate(rows):
        left, top = 20 + 680 * x, 20 + 460 * y
        marks.append(
            f'<g data-word="{number}"><circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" '
            f'fill="{_colour(group)}"/>'
            f'<text x="{left + 6:.1f}" y="{top + 4:.1f}">{escape(word)}</text></g>'
        )
    return "".join(marks)


def _as_text(data: dict) -> str:
    return "".join(
        f"<li><b>{escape(word)}</b>: {escape(', '.join(name for name, _ in near))}</li>"
        for word, near in sorted(zip(data["words"], data["near"], strict=True))
    )
