"""The recipes of the chapter on GPT-3, by tier."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.episode_texts import episode_documents, episode_questions
from replications.corpora.texts.few_shot_questions import corpus_questions
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.corpora.texts.mixed_documents import mixed_documents
from replications.corpora.texts.practice_documents import practice_documents
from replications.layers.attention import MultiHeadAttention
from replications.layers.masks import alternating_bands
from replications.metrics.language.few_shots import best_accuracy, few_shot_accuracy
from replications.metrics.language.source_likelihood import source_bits_per_byte
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.mixed_precision import in_bfloat16
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT3
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import cosine
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA = {
    "smoke": ("world-episodes",),
    "laptop": ("wikipedia-en-2018", "gpt3-synthetic-tasks", "world-episodes"),
}

# Width, layers, heads and learning rate of each size. These were chosen on the validation part,
# with one seed: for d128 the best of 5e-4, 1e-3, 2e-3 and 3e-3; d32 and d96 are better with these
# than with twice as much, d64 is as good. That of d48 lies between those of its neighbours.
SIZES = {
    "d32": (32, 2, 2, 2.5e-3),
    "d48": (48, 2, 2, 2.25e-3),
    "d64": (64, 2, 2, 2e-3),
    "d96": (96, 3, 3, 1.5e-3),
    "d128": (128, 4, 4, 1e-3),
}
SMALLEST, LARGEST = "d32", "d128"
# As in the chapter on GPT-2, and the positions' as the tokens': in single pilots copying began
# earlier.
STDS = {"d32": 0.1, "d48": 0.08, "d64": 0.07, "d96": 0.057, "d128": 0.05}
# Weights of the layers' matrices alone, as figure 3.1 counts compute: without token and position
# embeddings (Kaplan et al. 2020, section 2.1).
WEIGHTS = {name: 12 * layers * d_model**2 for name, (d_model, layers, _, _) in SIZES.items()}
_MINUTES = {"d32": 4.0, "d48": 4.0, "d64": 5.0, "d96": 8.0, "d128": 12.0}

# The mix, in shares of its characters; a character of episodes and of practice makes about twice
# the tokens. Pilots with fewer episodes, or more kinds of them, had not begun to copy when they
# were stopped.
SHARES = {"encyclopedia": 0.3, "episodes": 0.55, "practice": 0.15}
# Few, and from the whole mix, so that the letters of the episodes are one token each. Pilots with
# 2,000 of the encyclopedia alone learned to copy, and not to tell from examples what to copy.
MERGES = 800
# Places are learned one by one: in pilots with 256 of them copying began later.
MAX_LENGTH = 128
FAMILIES = ("dictionary", "copy", "reverse", "compose", "labels")
HELD_OUT = ("compose", "labels")
# In pilots with dictionaries of four words hardly more than the form of an answer was learned.
ACTIVE, KEYS = 2, 16

SHOTS = (0, 1, 2, 4, 8)
SHOTS_OF_SETS = (0, 1, 4)
ITEMS = 100
ITEMS_OF_SETS = 100
SUMS = tuple(
    f"{digits}_digit_{operation}"
    for digits in ("two", "three", "four", "five")
    for operation in ("addition", "subtraction")
)
WORDS = (
    "cycle_letters_in_word",
    "mid_word_1_anagrams",
    "mid_word_2_anagrams",
    "random_insertion_in_word",
    "reversed_words",
)
SETS = (*SUMS, "two_digit_multiplication", "single_digit_three_ops", *WORDS)
SUMS_PRACTISED = ("plus-1", "plus-2", "minus-1", "minus-2")
WORDS_PRACTISED = ("cycle", "anagram-1", "anagram-2", "insertion")
SHUFFLED_SETS = (
    "two_digit_addition",
    "cycle_letters_in_word",
    "mid_word_2_anagrams",
    "random_insertion_in_word",
)

_families = {"families": FAMILIES, "held_out": HELD_OUT, "active": ACTIVE, "keys": KEYS}
_mix = partial(
    mixed_documents,
    sources={
        "encyclopedia": partial(
            corpus_documents, corpus="wikipedia-en-2018", stride=12, test_stride=20
        ),
        "episodes": partial(episode_documents, episodes=80_000, shots=(8, 8), **_families),
        "practice": partial(
            practice_documents,
            documents=26_000,
            validation_documents=100,
            # Not the words read backwards: whether that comes by itself is one of the claims.
            tasks=SUMS_PRACTISED + WORDS_PRACTISED,
        ),
    },
    shares=SHARES,
)
_episodes = partial(episode_questions, items=ITEMS, **_families)
_sets = partial(corpus_questions, tasks=SETS, items=ITEMS_OF_SETS)
_data = partial(
    TokenStream,
    text=_mix,
    tokenizer=partial(byte_level, merges=MERGES, characters=2_000_000),
    length=MAX_LENGTH,
    sequences_per_batch=8,
    tokens_per_epoch=600_000,
    eval_sets={
        "episodes": _episodes,
        "shuffled_episodes": partial(_episodes, demonstrations="shuffled"),
        "sets": _sets,
        "shuffled_sets": partial(_sets, tasks=SHUFFLED_SETS, demonstrations="shuffled"),
    },
)
OPTIMISER = partial(adamw, weight_decay=0.1, betas=(0.9, 0.95))


def _network(d_model: int, layers: int, heads: int, *, max_length: int, **changes) -> partial:
    """Each token is seen once, so that there is nothing to drop out against."""
    return partial(
        GPT3,
        d_model=d_model,
        layers=layers,
        heads=heads,
        d_ff=4 * d_model,
        max_length=max_length,
        dropout=0.0,
        attention=MultiHeadAttention,
        **changes,
    )


def network_of(size: str) -> partial:
    """The network of a size of SIZES: in every second layer attention to the nearer half alone."""
    d_model, layers, heads, _ = SIZES[size]
    return _network(
        d_model,
        layers,
        heads,
        max_length=MAX_LENGTH,
        mask=partial(alternating_bands, width=MAX_LENGTH // 2),
        initialise=partial(scaled_normal, std=STDS[size], positions=STDS[size]),
    )


def _objective(network: partial, learning_rate: float) -> partial:
    # Constant after the warm-up: a point in the middle of a decay would be worse than a training of
    # that length, and no fair point of a curve of loss against compute.
    return partial(
        CausalLanguageModel,
        model=network,
        schedule=partial(cosine, learning_rate=learning_rate, warmup=0.03, floor=1.0),
        optimiser=OPTIMISER,
    )


_metrics = (
    partial(few_shot_accuracy, questions="episodes", shots=SHOTS),
    partial(few_shot_accuracy, questions="shuffled_episodes", shots=SHOTS, prefix="shuffled"),
    partial(few_shot_accuracy, questions="sets", shots=SHOTS_OF_SETS, prefix="paper"),
    partial(
        few_shot_accuracy,
        questions="shuffled_sets",
        shots=SHOTS_OF_SETS[-1:],
        prefix="paper_shuffled",
    ),
    partial(source_bits_per_byte, source="encyclopedia"),
)


def _size(name: str) -> Recipe:
    *_, learning_rate = SIZES[name]
    return Recipe(
        name=name,
        data=_data,
        learner=partial(
            train,
            objective=_objective(network_of(name), learning_rate),
            epochs=12,
            precision="bf16-mixed",
            watch=(
                partial(
                    in_bfloat16,
                    metrics=(partial(bits_per_byte, part="validation", prefix="validation_"),),
                ),
            ),
        ),
        metrics=(
            partial(in_bfloat16, metrics=_metrics),
            partial(best_accuracy, questions="episodes", shots=SHOTS),
        ),
        minutes=_MINUTES[name],
    )


# Smoke: dictionaries alone, of two words each, which a tiny model begins to look up within seconds.
_dictionary = {"families": ("dictionary",), "active": 2, "keys": KEYS}
SHOTS_LIVE = (0, 1, 2, 3, 8)
_world = partial(
    TokenStream,
    text=partial(
        episode_documents, episodes=9_000, validation_episodes=50, shots=(8, 8), **_dictionary
    ),
    # All words become one token each.
    tokenizer=partial(byte_level, merges=80, characters=50_000),
    length=64,
    sequences_per_batch=8,
    eval_sets={
        "episodes": partial(episode_questions, **_dictionary),
        "shuffled_episodes": partial(episode_questions, demonstrations="shuffled", **_dictionary),
    },
)


def _live(name: str, d_model: int, layers: int, heads: int) -> Recipe:
    # A few hundred updates are too few to grow out of weights that start near 0.02.
    start = partial(scaled_normal, std=0.1, positions=0.1)
    return Recipe(
        name=name,
        data=_world,
        learner=partial(
            train,
            objective=_objective(
                _network(d_model, layers, heads, max_length=64, initialise=start), 2e-3
            ),
            epochs=1,
        ),
        metrics=(
            partial(few_shot_accuracy, questions="episodes", shots=SHOTS_LIVE),
            partial(
                few_shot_accuracy,
                questions="shuffled_episodes",
                shots=SHOTS_LIVE,
                prefix="shuffled",
            ),
            partial(best_accuracy, questions="episodes", shots=SHOTS_LIVE),
        ),
        minutes=0.2,
    )


RECIPES = {
    "smoke": (_live("world-episodes", 64, 2, 2), _live("world-small", 16, 1, 1)),
    "laptop": tuple(_size(name) for name in SIZES),
}
