"""The two architectures of Word2Vec: what is predicted from what within a window of words."""

from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor


class Prediction(NamedTuple):
    """`hidden[i]` is to predict `targets[j]`, `weights[i, j]` times."""

    hidden: Float[Tensor, "block position d"]
    targets: Int64[Tensor, "block target"]
    weights: Float[Tensor, "block position target"]


class Update(NamedTuple):
    """Gradients of rows of an embedding; `pairs` counts the predictions that each sums up."""

    rows: Int64[Tensor, "block row"]
    gradient: Float[Tensor, "block row d"]
    pairs: Float[Tensor, "block row"]


@runtime_checkable
class WindowPredictor(Protocol):
    """Maps windows of words to predictions, and the predictions' gradients back to words."""

    def predict(
        self,
        vectors: Float[Tensor, "word d"],
        centre: Int64[Tensor, "block centre"],
        context: Int64[Tensor, "block context"],
        in_window: Bool[Tensor, "block centre context"],
    ) -> Prediction: ...

    def spread(
        self,
        gradient: Float[Tensor, "block position d"],
        pairs: Float[Tensor, "block position"],
        centre: Int64[Tensor, "block centre"],
        context: Int64[Tensor, "block context"],
        in_window: Bool[Tensor, "block centre context"],
    ) -> Update: ...


class SkipGram:
    """The centre word predicts each word of its window.

    Source: Mikolov et al. 2013a, section 3.2, figure 1; 2013b, equation 1.
    Departure: word2vec.c exchanges the roles (the context's vector predicts the centre word). Over
    a whole epoch the pairs are the same.
    """

    def predict(
        self,
        vectors: Float[Tensor, "word d"],
        centre: Int64[Tensor, "block centre"],
        context: Int64[Tensor, "block context"],
        in_window: Bool[Tensor, "block centre context"],
    ) -> Prediction:
        return Prediction(vectors[centre], context, in_window.to(vectors.dtype))

    def spread(
        self,
        gradient: Float[Tensor, "block position d"],
        pairs: Float[Tensor, "block position"],
        centre: Int64[Tensor, "block centre"],
        context: Int64[Tensor, "block context"],
        in_window: Bool[Tensor, "block centre context"],
    ) -> Update:
        return Update(centre, gradient, pairs)


class ContinuousBagOfWords:
    """The mean of the window's vectors predicts the centre word.

    Source: Mikolov et al. 2013a, section 3.1, figure 1.

    word2vec.c adds the gradient of the mean to each word of the window undivided, although each
    contributes only 1/n to it; that is the default. `divided` gives the true gradient (İrsoy et
    al. 2021).
    """

    def __init__(self, *, divided: bool = False) -> None:
        self.divided = divided

    def predict(
        self,
        vectors: Float[Tensor, "word d"],
        centre: Int64[Tensor, "block centre"],
        context: Int64[Tensor, "block context"],
        in_window: Bool[Tensor, "block centre context"],
    ) -> Prediction:
        member = in_window.to(vectors.dtype)
        size = member.sum(2, keepdim=True)
        hidden = torch.bmm(member / size.clamp(min=1), vectors[context])
        return Prediction(hidden, centre, torch.diag_embed((size > 0).to(vectors.dtype)[..., 0]))

    def spread(
        self,
        gradient: Float[Tensor, "block position d"],
        pairs: Float[Tensor, "block position"],
        centre: Int64[Tensor, "block centre"],
        context: Int64[Tensor, "block context"],
        in_window: Bool[Tensor, "block centre context"],
    ) -> Update:
        share = in_window.to(gradient.dtype)
        if self.divided:
            share = share / share.sum(2, keepdim=True).clamp(min=1)
        share = share.transpose(1, 2)
        return Update(context, share @ gradient, (share @ pairs[..., None])[..., 0])
