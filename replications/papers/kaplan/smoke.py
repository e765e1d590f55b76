"""Live runs of a few seconds each: four sizes, one budget, on stories of the synthetic world."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import world_documents
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.metrics.language.sequence_loss import sequence_loss
from replications.objectives.schedules import Schedule
from replications.papers.kaplan.sweep import SIZES, flops_per_token, training
from replications.recipes import Recipe

LIVE_CONTEXT = 64
LIVE_BUDGET = 6e8
LIVE_SIZES = ("d4", "d8", "d16", "d32")
# Merges and the bytes; what the world's stories leave of them to be learned is fewer.
LIVE_VOCABULARY = 384

_world = partial(
    TokenStream,
    text=partial(world_documents, stories=1_200, validation_stories=60, test_stories=60),
    tokenizer=partial(byte_level, merges=LIVE_VOCABULARY - 257),
    length=LIVE_CONTEXT,
)


def live(name: str, size: str, *, schedule: Schedule | None = None) -> Recipe:
    """A run at tier `smoke`; the chapter on Chinchilla gives it schedules of its own."""
    shape = SIZES[size]
    each = flops_per_token(shape, vocabulary=LIVE_VOCABULARY, context=LIVE_CONTEXT)
    return training(
        name,
        shape,
        tokens=LIVE_BUDGET / each,
        batch=2 * LIVE_CONTEXT,
        context=LIVE_CONTEXT,
        data=_world,
        schedule=schedule,
        parts=(4,),
        metrics=(partial(sequence_loss, sequences=64),),
        watch=(partial(sequence_loss, part="validation", sequences=32, prefix="validation_"),),
        precision="32-true",
        minutes=0.1,
    )


LIVE = tuple(live(f"live-{size}", size) for size in LIVE_SIZES)
