"""The recipes of the chapter on GPT-2 at tier `gpu`: one to thirty million parameters."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.held_out_texts import held_out_texts
from replications.corpora.texts.last_words import corpus_last_words
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.corpora.texts.minimal_pairs import corpus_minimal_pairs
from replications.layers.attention import MultiHeadAttention
from replications.metrics.language.domains import domain_likelihood
from replications.metrics.language.last_word_gain import last_word_gain
from replications.metrics.language.minimal_pairs import minimal_pair_accuracy
from replications.metrics.language.seen_text import seen_likelihood
from replications.metrics.language.sentence_scores import log_probabilities
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.mixed_precision import in_bfloat16
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT2
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import cosine
from replications.papers.gpt2.recipes import DOMAINS, OTHER_TEXTS
from replications.recipes import Recipe
from replications.training.trainers import train

# Layers, d, heads, peak learning rate, standard deviation of the initialisation. The names give the
# parameters without embeddings, in millions. In runs of 8 million tokens twice the learning rate
# was worse for the two smaller sizes; for the larger ones no other was tried.
SIZES = {
    "size-1": (5, 128, 2, 3e-3, 0.05),
    "size-3": (7, 192, 3, 2e-3, 0.04),
    "size-10": (6, 384, 6, 1.5e-3, 0.028),
    "size-30": (10, 512, 8, 1e-3, 0.025),
}
TOKENS = 1 << 25
"""Tokens that each model reads, in eight epochs: most of what these articles have, once."""

_EPOCHS, _LENGTH, _BLOCKS = 8, 256, 64
_optimiser = partial(adamw, weight_decay=0.1, betas=(0.9, 0.95))

_wikipedia = partial(
    TokenStream,
    text=partial(corpus_documents, corpus="wikipedia-en-2018", test_stride=10),
    tokenizer=partial(byte_level, merges=8_000),
    length=_LENGTH,
    sequences_per_batch=_BLOCKS,
    tokens_per_epoch=TOKENS // _EPOCHS,
    eval_sets={
        **OTHER_TEXTS,
        "last_words": partial(corpus_last_words, corpus="lambada", stride=5),
        "blimp": partial(corpus_minimal_pairs, pairs_per_paradigm=100),
        "unseen": partial(held_out_texts, corpus="wikipedia-en-2018"),
    },
)


def _size(name: str) -> Recipe:
    layers, d_model, heads, learning_rate, std = SIZES[name]
    return Recipe(
        name=name,
        data=_wikipedia,
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=partial(
                    GPT2,
                    d_model=d_model,
                    layers=layers,
                    heads=heads,
                    d_ff=4 * d_model,
                    max_length=_LENGTH,
                    dropout=0.0,
                    attention=MultiHeadAttention,
                    initialise=partial(scaled_normal, std=std),
                ),
                optimiser=_optimiser,
                schedule=partial(cosine, learning_rate=learning_rate, warmup=0.05),
                clip=1.0,
            ),
            epochs=_EPOCHS,
            precision="bf16-mixed",
            watch=(
                partial(
                    in_bfloat16,
                    metrics=(partial(bits_per_byte, part="validation", prefix="validation_"),),
                ),
            ),
        ),
        metrics=(
            partial(
                in_bfloat16,
                metrics=(
                    bits_per_byte,
                    partial(domain_likelihood, domains=DOMAINS),
                    partial(seen_likelihood, epochs=_EPOCHS, unseen="unseen"),
                ),
            ),
            last_word_gain,
            partial(minimal_pair_accuracy, score=log_probabilities),
        ),
        minutes=120.0,
    )


RECIPES = tuple(map(_size, SIZES))
