"""Live runs of a few seconds each: four sizes, one budget, on stories of the synthetic world."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import world_documents
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.metrics.language.sequence_loss import sequence_loss
from replications.papers.kaplan.sweep import SIZES, Shape, flops_per_token, training
from replications.recipes import Recipe

LIVE_CONTEXT = 64
LIVE_BUDGET = 1.5e9
LIVE_SIZES = ("d8", "d16", "d32", "d64")
# Merges and the bytes; what the world's stories leave of them to be learned is fewer.
LIVE_VOCABULARY = 512

_world = partial(
    TokenStream,
    text=partial(world_documents, stories=3_000, validation_stories=60, test_stories=60),
    tokenizer=partial(byte_level, merges=LIVE_VOCABULARY - 257),
    length=LIVE_CONTEXT,
)
