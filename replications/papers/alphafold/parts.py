"""The chapter's networks as lists of parts: what an ablation takes out or puts in its place.

And how they are optimised."""

from functools import partial

from replications.layers.evoformer.alignment import ColumnAttention, OuterProductMean, RowAttention
from replications.layers.evoformer.transition import AlignmentTransition, Transition
from replications.layers.evoformer.triangle import (
    axial_ending,
    axial_starting,
    ending,
    incoming,
    outgoing,
    starting,
)
from replications.models.protein.contact_network import ContactNetwork
from replications.models.protein.evoformer import EvoformerBlock
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import cosine

OPTIMISER = partial(adamw, weight_decay=0.01, betas=(0.9, 0.99))


def schedule(learning_rate: float) -> partial:
    return partial(cosine, learning_rate=learning_rate, warmup=0.05)


D_MSA, D_PAIR, BLOCKS = 24, 24, 2
_HEADS = {"heads": 2, "d_head": 8}
_OUTER = partial(OuterProductMean, d_hidden=12)
_TRANSITION = partial(Transition, factor=2)


def _msa_updates(pair_bias: bool) -> tuple[partial, ...]:
    return (
        partial(RowAttention, heads=4, d_head=8, pair_bias=pair_bias),
        partial(ColumnAttention, heads=4, d_head=8),
        partial(AlignmentTransition, factor=2),
    )


MULTIPLICATIONS = (outgoing, incoming)
TRIANGLE_ATTENTIONS = (partial(starting, **_HEADS), partial(ending, **_HEADS))
AXIAL_ATTENTIONS = (partial(axial_starting, **_HEADS), partial(axial_ending, **_HEADS))

PAIR_UPDATES = {
    "both": (*MULTIPLICATIONS, *TRIANGLE_ATTENTIONS, _TRANSITION),
    "multiplication": (*MULTIPLICATIONS, _TRANSITION),
    "attention": (*TRIANGLE_ATTENTIONS, _TRANSITION),
    "axial": (*AXIAL_ATTENTIONS, _TRANSITION),
}
"""The pair updates of a block by which triangle operations it has. `axial` has none: attention
along the two axes without the third side, the paper's ablation."""


def evoformer(
    *, pair_updates: str = "both", pair_bias: bool = True, blocks: int = BLOCKS
) -> partial:
    """The network with all of its parts, or with others in their place."""
    block = partial(
        EvoformerBlock,
        msa_updates=_msa_updates(pair_bias),
        pair_updates=PAIR_UPDATES[pair_updates],
        outer=_OUTER,
    )
    return partial(ContactNetwork, d_msa=D_MSA, d_pair=D_PAIR, blocks=blocks, block=block)


def msa_attention_alone(*, blocks: int) -> partial:
    """Attention over the alignment alone; the pairs are computed at the end."""
    block = partial(EvoformerBlock, msa_updates=_msa_updates(False), pair_updates=(), outer=None)
    last = partial(EvoformerBlock, msa_updates=(), pair_updates=(_TRANSITION,), outer=_OUTER)
    return partial(
        ContactNetwork, d_msa=D_MSA, d_pair=D_PAIR, blocks=blocks, block=block, last=last
    )
