"""Sentences as points: the encoder's final states, in two dimensions."""

import math
import textwrap
from collections.abc import Iterator, Sequence

import numpy as np
import seaborn as sns
import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from sklearn.decomposition import PCA
from torch import Tensor

from replications.corpora.batches.translation_batches import padded
from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.figures.labels import label_points
from replications.figures.paper_and_ours import axes
from replications.models.translator import State, Translator
from replications.tokens.languages import Languages

_LETTERS_A_LINE = 24


def sentence_vectors(
    model: Translator, languages: Languages, texts: Sequence[str]
) -> Float[Tensor, "sentence d"]:
    """The decoder's initial states: for a deep LSTM the last h and c of every layer, concatenated.

    Unknown words are allowed.
    """
    ids = [languages.encode_source(text, unknown_allowed=True) for text in texts]
    with inference(model):
        state = model.start(model.encode(padded(ids).to(device_of(model))))
    return torch.cat([part.flatten(1) for part in _tensors(state)], 1).float().cpu()


def _tensors(state: State) -> Iterator[Tensor]:
    if isinstance(state, Tensor):
        yield state
    else:
        for part in state:
            yield from _tensors(part)


def draw_sentences(
    vectors: Float[Tensor, "sentence d"],
    texts: Sequence[str],
    groups: Sequence[str] | None = None,
    *,
    height: float = 5.0,
) -> Figure:
    """The two principal components of the vectors, each point with its sentence.

    Source: Sutskever et al. 2014, figure 2. `groups` names the group of each sentence: groups
    differ by colour and by marker. The axes have no numbers, as only distances have a meaning.

    Raises ReplicationError for fewer than three sentences.
    """
    if len(texts) < 3:
        raise ReplicationError(
            f"{len(texts)} sentences make no plane to lay them in: give three at least."
        )
    coordinates = PCA(n_components=2, random_state=0).fit_transform(vectors.double().numpy())
    groups = [""] * len(texts) if groups is None else groups
    names = list(dict.fromkeys(groups))
    colours = dict(zip(names, sns.color_palette("dark", len(names)), strict=True))
    with axes(height=height) as ax:
        for name, marker in zip(names, "osD^vP*X" * len(names), strict=False):
            chosen = [
                index for index, group in zip(coordinates, groups, strict=True) if group == name
            ]
            ax.scatter(*np.array(chosen).T, color=colours[name], marker=marker, s=28, label=name)
        ax.set_xticklabels([])
        ax.set_yticklabels([])
        ax.grid(visible=False)
        ax.margins(0.3, 0.14)
        ax.set_xlabel("first principal component")
        ax.set_ylabel("second principal component")
        if any(names):
            ax.figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=10)
        label_points(
            ax, coordinates, list(map(_wrapped, texts)), [colours[group] for group in groups]
        )
    return ax.figure


def _wrapped(text: str) -> str:
    """Lines of like length."""
    lines = math.ceil(len(text) / _LETTERS_A_LINE)
    # A pair of dollars would be read as a formula.
    return textwrap.fill(text, max(len(text) // max(lines, 1) + 4, 1)).replace("$", r"\$")
