"""Pairs of words in the plane: is the way from one to the other the same for all?"""

from collections.abc import Iterable

import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from sklearn.decomposition import PCA
from torch import Tensor

from replications.figures.paper_and_ours import axes
from replications.tokens.words import Vocabulary


def draw_offsets(
    vectors: Float[Tensor, "word d"],
    vocabulary: Vocabulary,
    pairs: Iterable[tuple[str, str]],
) -> Figure:
    """The two principal components of the pairs' words, each pair joined by an arrow.

    Source: Mikolov et al. 2013b, figure 2. Pairs with a word outside the vocabulary are left out.
    """
    known = [pair for pair in pairs if all(word in vocabulary for word in pair)]
    ids = torch.tensor([[vocabulary.id(word) for word in pair] for pair in known])
    unit = torch.nn.functional.normalize(vectors, dim=1)[ids.flatten()]
    places = PCA(n_components=2, random_state=0).fit_transform(unit.double().numpy())
    with axes(height=4.6) as ax:
        for (first, second), (start, end) in zip(known, places.reshape(-1, 2, 2), strict=True):
            ax.annotate(
                "", end, start, arrowprops={"arrowstyle": "->", "color": "#56b4e9", "lw": 1.2}
            )
            ax.annotate(first, start, fontsize=10, color="#0072b2", ha="center", va="center")
            ax.annotate(second, end, fontsize=10, color="#d55e00", ha="center", va="center")
        ax.scatter(*places.T, s=0)
        ax.margins(0.12)
        ax.set_xlabel("first principal component")
        ax.set_ylabel("second principal component")
    return ax.figure
