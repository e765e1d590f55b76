"""The network of the chapter on Constitutional AI, and what it reads."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.constitution.prompts import (
    constitution_documents,
    constitution_prompts,
    constitution_words,
)
from replications.papers.instructgpt.networks import network

# The longest request has 18 tokens with its marks, the longest answer to one 13 with its end.
PROMPT_LENGTH, ANSWER_LENGTH = 18, 14
# A comparison holds a request, two answers of at most 12 words and a principle; what is said of
# answers are three words found, and a revision.
FEEDBACK_WIDTH, FEEDBACK_TOKENS = 54, 18
MAX_LENGTH = FEEDBACK_WIDTH + FEEDBACK_TOKENS

sized = partial(network, max_length=MAX_LENGTH)


def base_text(documents: int) -> partial:
    return partial(constitution_documents, documents=documents)


def base_stream(documents: int, tokens_per_epoch: int, **eval_sets: partial) -> partial:
    """The base text, and prompts to be asked afterwards."""
    return partial(
        TokenStream,
        text=base_text(documents),
        tokenizer=constitution_words,
        length=MAX_LENGTH,
        sequences_per_batch=16,
        tokens_per_epoch=tokens_per_epoch,
        eval_sets=eval_sets,
    )


def prompted(
    kind: type,
    *,
    exercises: int,
    feedback_share: float = 0.0,
    prompt_length: int = PROMPT_LENGTH,
    answer_length: int = ANSWER_LENGTH,
    documents: int = 2_000,
    **knobs: object,
) -> partial:
    """Exercises of the world as batches of that kind."""
    return partial(
        kind,
        prompts=partial(constitution_prompts, exercises=exercises, feedback_share=feedback_share),
        text=base_text(documents),
        tokenizer=constitution_words,
        prompt_length=prompt_length,
        answer_length=answer_length,
        **knobs,
    )
