"""Sums of two digits for the section on emergence: one task, many sizes, two measures."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.arithmetic.sums import sum_documents, sum_questions
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.metrics.language.answer_scores import answered_sums
from replications.metrics.language.sequence_loss import sequence_loss
from replications.metrics.mixed_precision import in_bfloat16
from replications.papers.kaplan.sweep import CONTEXT, SIZES, training
from replications.recipes import Recipe

SUM_SIZES = ("d8", "d16", "d24", "d32", "d48", "d64")
SUM_TOKENS = 1_500_000
_data = partial(
    TokenStream,
    text=partial(sum_documents, documents=15_000, digits=2, validation_documents=150),
    # A token a digit.
    tokenizer=partial(byte_level, merges=0, characters=10_000),
    length=CONTEXT,
    eval_sets={"sums": partial(sum_questions, digits=2)},
)


def _of_size(size: str) -> Recipe:
    return training(
        f"sums-{size}",
        SIZES[size],
        tokens=SUM_TOKENS,
        batch=4 * CONTEXT,
        data=_data,
        metrics=(
            partial(in_bfloat16, metrics=(partial(sequence_loss, sequences=32), answered_sums)),
        ),
    )


SUM_RUNS = tuple(map(_of_size, SUM_SIZES))
