"""The recipes of the chapter on GPT-2, by tier."""

from functools import partial

from replications.baselines.plain_language_model import PlainLanguageModel, plain_loop
from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents, world_documents
from replications.corpora.texts.held_out_texts import held_out_texts, world_texts
from replications.corpora.texts.last_words import corpus_last_words, world_last_words
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.corpora.texts.name_cloze import corpus_name_cloze
from replications.layers.attention import MultiHeadAttention
from replications.metrics.language.continuations import continuations
from replications.metrics.language.domains import domain_likelihood
from replications.metrics.language.last_word import last_word_metrics
from replications.metrics.language.name_cloze import name_cloze_metrics
from replications.metrics.language.overlap import overlap_metrics
from replications.metrics.language.seen_text import seen_likelihood
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.mixed_precision import in_bfloat16
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT2
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import cosine
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA = {
    "smoke": ("world-stories", "world-last-words"),
    "laptop": (
        "wikipedia-en-2018",
        "classic-books",
        "tinystories-sample:validation",
        "multi30k",
        "lambada",
    ),
}

# Kinds of text that the models are tested on, and never trained on.
DOMAINS = ("books", "stories", "captions", "passages")

# Layers, d, heads, and peak learning rate.
SIZES = {
    "layers-2": (2, 64, 2, 4e-3),
    "layers-3": (3, 96, 3, 3e-3),
    "layers-4": (4, 128, 4, 2e-3),
    "layers-6": (6, 192, 6, 1.5e-3),
}
MINUTES = {"layers-2": 3.0, "layers-3": 5.0, "layers-4": 7.0, "layers-6": 14.0}

_EPOCHS, _LENGTH = 8, 256
# Two of the books' files have it beside each dash, three bytes that nobody sees.
INVISIBLE = "\ufeff"

_optimiser = partial(adamw, weight_decay=0.01, betas=(0.9, 0.95))
_watch = (
    partial(
        in_bfloat16, metrics=(partial(bits_per_byte, part="validation", prefix="validation_"),)
    ),
)

# Kinds of text that no model is trained on, by domain.
OTHER_TEXTS = {
    "books": partial(held_out_texts, corpus="classic-books", characters=20_000, removed=INVISIBLE),
    "stories": partial(held_out_texts, corpus="tinystories-sample", split="validation", stride=5),
    "captions": partial(held_out_texts, corpus="multi30k", column="en", together=20),
    "passages": partial(held_out_texts, corpus="lambada", stride=15, together=10, between="\n\n"),
}
# 4 million tokens of the 8 million that these articles have: none is seen twice.
_wikipedia = partial(
    TokenStream,
    text=partial(corpus_documents, corpus="wikipedia-en-2018", stride=5, test_stride=10),
    tokenizer=partial(byte_level, merges=4_000),
    length=_LENGTH,
    sequences_per_batch=4,
    tokens_per_epoch=500_000,
    eval_sets={
        **OTHER_TEXTS,
        "last_words": partial(corpus_last_words, corpus="lambada", stride=5),
        "names": partial(corpus_name_cloze, corpus="classic-books", removed=INVISIBLE),
        "unseen": partial(held_out_texts, corpus="wikipedia-en-2018"),
    },
)

_likelihoods = (bits_per_byte, partial(domain_likelihood, domains=DOMAINS))
_metrics = (
    *_likelihoods,
    partial(last_word_metrics, prefix="lambada_"),
    name_cloze_metrics,
    partial(seen_likelihood, epochs=_EPOCHS, unseen="unseen"),
)

_samples = partial(
    continuations,
    prompts=(
        "The city lies on the river",
        "Once upon a time, there was a little girl who",
        '"I do not believe you," said',
    ),
)


def _shape(name: str, base: object, **parts: object) -> partial:
    layers, d_model, heads, _ = SIZES[name]
    return partial(
        base,
        d_model=d_model,
        layers=layers,
        heads=heads,
        d_ff=4 * d_model,
        max_length=_LENGTH,
        dropout=0.0,
        **parts,
    )


# The published code's 0.02 is for d = 768. As the tied output adds up d products, its logits start
# as wide with a smaller d if the standard deviation grows with the root of the ratio.
_STDS = {"layers-2": 0.07, "layers-3": 0.057, "layers-4": 0.05, "layers-6": 0.04}


def _schedule(name: str) -> partial:
    return partial(cosine, learning_rate=SIZES[name][3], warmup=0.05)


def _size(name: str, *, metrics: tuple = ()) -> Recipe:
    return Recipe(
        name=name,
        data=_wikipedia,
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=_shape(
                    name,
                    GPT2,
                    attention=MultiHeadAttention,
                    initialise=partial(scaled_normal, std=_STDS[name]),
                ),
                optimiser=_optimiser,
                schedule=_schedule(name),
                clip=1.0,
            ),
            epochs=_EPOCHS,
            precision="bf16-mixed",
            watch=_watch,
        ),
        metrics=(partial(in_bfloat16, metrics=_metrics), *metrics),
        minutes=MINUTES[name],
        texts=_samples,
    )


_reference = Recipe(
    name="reference-loop",
    data=_wikipedia,
    learner=partial(
        plain_loop,
        model=_shape("layers-6", PlainLanguageModel, std=_STDS["layers-6"]),
        optimiser=_optimiser,
        schedule=_schedule("layers-6"),
        epochs=_EPOCHS,
        watch=_watch,
    ),
    metrics=(partial(in_bfloat16, metrics=_likelihoods),),
    minutes=MINUTES["layers-6"],
)

# Smoke: stories of the world with one fact of each of two people, and words that need one.
_told = {"entities": (2, 2), "distance": (5, 20)}
_no_tails = {"verdicts": 0.0, "question_share": 0.0, "summary_share": 0.0}
_short = {"max_length": 69, "facts": 1, "questions": 2, **_no_tails, **_told}
_world = partial(
    TokenStream,
    text=partial(
        world_documents,
        stories=9_000,
        validation_stories=20,
        test_stories=200,
        duplicate_share=0.5,
        copies=10,
        **_short,
    ),
    tokenizer=partial(byte_level, merges=1_200),
    length=64,
    sequences_per_batch=16,
    tokens_per_epoch=80_000,
    eval_sets={
        "shifted": partial(world_texts, stories=100, domain="shifted", **_short),
        "last_words": partial(world_last_words, passages=200, max_length=100, **_told),
    },
)


def _live(name: str, layers: int, d_model: int, learning_rate: float) -> Recipe:
    return Recipe(
        name=name,
        data=_world,
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=partial(
                    GPT2,
                    d_model=d_model,
                    layers=layers,
                    heads=2,
                    d_ff=4 * d_model,
                    max_length=64,
                    dropout=0.0,
                    attention=MultiHeadAttention,
                ),
                optimiser=_optimiser,
                schedule=partial(cosine, learning_rate=learning_rate, warmup=0.05),
            ),
            epochs=3,
        ),
        metrics=(
            bits_per_byte,
            partial(domain_likelihood, domains=("shifted",)),
            partial(last_word_metrics, prefix="last_word_"),
            partial(overlap_metrics, domains=("shifted",)),
        ),
        minutes=0.15,
    )


RECIPES = {
    "smoke": (_live("world-small", 1, 32, 1e-2), _live("world-large", 2, 64, 8e-3)),
    "laptop": (
        _size("layers-2", metrics=(partial(overlap_metrics, domains=DOMAINS),)),
        _size("layers-3"),
        _size("layers-4"),
        _size("layers-6"),
        _reference,
    ),
}
