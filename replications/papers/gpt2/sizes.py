"""Four sizes that read thirty million tokens each at tier `laptop`, and their baselines.

The chapter's first recipes read four million, about one a parameter of the largest model: too few
to tell sizes apart by more than bits per byte.
"""

from dataclasses import replace
from functools import partial

from replications.baselines.compressed_text import primed_xz_bits_per_byte, xz_bits_per_byte
from replications.baselines.token_ngrams import count_ngrams, ngram_bits_per_byte
from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.held_out_texts import held_out_texts
from replications.corpora.texts.joined_documents import joined_documents
from replications.corpora.texts.last_words import corpus_last_words
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.corpora.texts.minimal_pairs import corpus_minimal_pairs
from replications.corpora.texts.name_cloze import corpus_name_cloze
from replications.corpora.texts.word_cloze import corpus_word_cloze
from replications.layers.attention import MultiHeadAttention
from replications.metrics.language.domains import domain_likelihood
from replications.metrics.language.last_word_gain import last_word_gain
from replications.metrics.language.minimal_pairs import minimal_pair_accuracy
from replications.metrics.language.name_cloze import name_cloze_metrics
from replications.metrics.language.overlap import overlap_metrics
from replications.metrics.language.seen_text import seen_likelihood
from replications.metrics.language.sentence_scores import log_probabilities
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.mixed_precision import in_bfloat16
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT2
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import cosine
from replications.papers.gpt2.recipes import DOMAINS, INVISIBLE, OTHER_TEXTS
from replications.recipes import Recipe
from replications.training.trainers import train

# Layers, d, heads, peak learning rate, standard deviation of the initialisation, minutes. The names
# give the parameters in the layers' matrices, in thousands. The learning rates are 0.28 / d, as of
# the chapter's first recipes; the runs of RATES compare each with half of it and with its double.
SIZES = {
    "size-55k": (2, 48, 2, 6e-3, 0.08, 10.0),
    "size-230k": (3, 80, 2, 3.5e-3, 0.062, 20.0),
    "size-600k": (4, 112, 4, 2.4e-3, 0.052, 35.0),
    "size-1500k": (5, 160, 5, 1.7e-3, 0.044, 70.0),
}
SMALLEST, LARGEST = "size-55k", "size-1500k"
VARIED = "size-600k"
"""The size that reads varied text as well."""
FACTORS = {"half": 0.5, "chosen": 1.0, "double": 2.0}
TOKENS = 30 << 20
"""Tokens that each model reads, in eight epochs: none is seen twice."""
# The class by its label in the treebank, and how many candidates a question has: a passage has no
# ten prepositions, except 77 times in all books of the test part.
CLASSES = {"nouns": ("NOUN", 10), "verbs": ("VERB", 10), "prepositions": ("ADP", 8)}

_EPOCHS, _LENGTH, _SEQUENCES = 8, 256, 8
_wikipedia = partial(corpus_documents, corpus="wikipedia-en-2018", test_stride=10)
# Two kinds of text in place of one; a test part of its own has either.
_varied = partial(
    joined_documents,
    sources={
        "wikipedia": _wikipedia,
        "books": partial(corpus_documents, corpus="classic-books", test_stride=4),
    },
)
_of_books = {"corpus": "classic-books", "removed": INVISIBLE}
_stream = partial(
    TokenStream,
    text=_wikipedia,
    tokenizer=partial(byte_level, merges=4_000),
    length=_LENGTH,
    sequences_per_batch=_SEQUENCES,
    tokens_per_epoch=TOKENS // _EPOCHS,
    eval_sets={
        **OTHER_TEXTS,
        "last_words": partial(corpus_last_words, corpus="lambada", stride=5),
        "blimp": partial(corpus_minimal_pairs, pairs_per_paradigm=100),
        "names": partial(corpus_name_cloze, **_of_books),
        **{
            name: partial(
                corpus_word_cloze, word_class=of, fewest=candidates, most=candidates, **_of_books
            )
            for name, (of, candidates) in CLASSES.items()
        },
        "unseen": partial(held_out_texts, corpus="wikipedia-en-2018"),
    },
)
_read = (
    bits_per_byte,
    partial(domain_likelihood, domains=DOMAINS),
    name_cloze_metrics,
    *(partial(name_cloze_metrics, questions=name, prefix=f"cloze_{name}") for name in CLASSES),
)


def _size(
    name: str, size: str, *, data: partial = _stream, metrics: tuple = (), factor: float = 1.0
) -> Recipe:
    layers, d_model, heads, learning_rate, std, minutes = SIZES[size]
    return Recipe(
        name=name,
        data=data,
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
                optimiser=partial(adamw, weight_decay=0.01, betas=(0.9, 0.95)),
                schedule=partial(cosine, learning_rate=factor * learning_rate, warmup=0.05),
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
            partial(in_bfloat16, metrics=(*_read, *metrics)),
            last_word_gain,
            partial(minimal_pair_accuracy, score=log_probabilities),
        ),
        minutes=minutes,
    )


def _rate(size: str, name: str) -> Recipe:
    """A sixteenth of the tokens, with its own schedule, for the validation part alone."""
    data = partial(_stream, tokens_per_epoch=TOKENS // 16 // _EPOCHS, eval_sets={})
    made = _size(f"rate-{name}-{size.removeprefix('size-')}", size, data=data, factor=FACTORS[name])
    return replace(
        made,
        metrics=made.learner.keywords["watch"],
        minutes=made.minutes / 16,
    )


_seen = partial(seen_likelihood, epochs=_EPOCHS, unseen="unseen")
NGRAMS = Recipe(
    name="five-grams",
    data=_stream,
    learner=partial(count_ngrams, order=5),
    metrics=(
        ngram_bits_per_byte,
        xz_bits_per_byte,
        primed_xz_bits_per_byte,
        partial(overlap_metrics, domains=DOMAINS),
    ),
    minutes=12.0,
)
RATES = {size: tuple(_rate(size, name) for name in FACTORS) for size in SIZES}
RECIPES = (
    *(each for those in RATES.values() for each in those),
    *(_size(name, name, metrics=(_seen,)) for name in SIZES),
    _size("varied-600k", VARIED, data=partial(_stream, text=_varied)),
    NGRAMS,
)
PRIORITY = {
    LARGEST: 9,
    **{size: 8 for size in SIZES if size != LARGEST},
    **{each.name: 7 for those in RATES.values() for each in those},
    "varied-600k": 6,
    NGRAMS.name: 5,
}
"""What a run is worth where time is short: the larger comes first."""
