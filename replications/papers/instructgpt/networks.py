"""Networks of the chapter on InstructGPT, GPT-2's parts at several sizes, and what they read."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.instructions.prompts import (
    instruction_documents,
    world_prompts,
    world_words,
)
from replications.layers.attention import MultiHeadAttention
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT2
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import cosine

# The longest request has 18 tokens, special ones included; only very polite answers have 16.
PROMPT_LENGTH, ANSWER_LENGTH = 18, 16
MAX_LENGTH = 64
# One example before a request: more would not fit.
SHOTS, SHOTS_LENGTH = 1, 46
# Documents of the base text for what reads little of it.
TEXTS = 2_000

optimiser = partial(adamw, weight_decay=0.01, betas=(0.9, 0.95))


def network(d_model: int, layers: int, heads: int, *, max_length: int = MAX_LENGTH) -> partial:
    """GPT-2's parts: dense attention, as the texts are shorter than GPT-3's bands are wide."""
    # As the tied output adds up d products, narrower networks start wider (chapter 7).
    std = 0.02 * (768 / d_model) ** 0.5
    return partial(
        GPT2,
        d_model=d_model,
        layers=layers,
        heads=heads,
        d_ff=4 * d_model,
        max_length=max_length,
        dropout=0.0,
        attention=MultiHeadAttention,
        initialise=partial(scaled_normal, std=round(std, 3), positions=round(std, 3)),
    )


def base_text(documents: int) -> partial:
    return partial(instruction_documents, documents=documents)


def base_stream(documents: int, tokens_per_epoch: int, **eval_sets: partial) -> partial:
    """The base text, and prompts to be asked afterwards."""
    return partial(
        TokenStream,
        text=base_text(documents),
        tokenizer=world_words,
        length=MAX_LENGTH,
        sequences_per_batch=16,
        tokens_per_epoch=tokens_per_epoch,
        eval_sets=eval_sets,
    )


def prompted(kind: type, *, requests: int, documents: int = TEXTS, **knobs: object) -> partial:
    """Prompts of the world; `knobs` are those of the data module `kind`."""
    return partial(
        kind,
        prompts=partial(world_prompts, requests=requests),
        text=base_text(documents),
        tokenizer=world_words,
        prompt_length=PROMPT_LENGTH,
        answer_length=ANSWER_LENGTH,
        **knobs,
    )


def language_model(network: partial, learning_rate: float) -> partial:
    return partial(
        CausalLanguageModel,
        model=network,
        schedule=partial(cosine, learning_rate=learning_rate, warmup=0.05, floor=0.1),
        optimiser=optimiser,
    )
