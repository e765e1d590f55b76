"""In-context learning alone, at tier `laptop`: episodes for the most part, and eight seeds.

The chapter's first recipes read seven million tokens of a mix, at the end of which hardly any had
begun to look words up. Here nine tenths are episodes, of fewer kinds, and the tokens are four times
as many. A task may be named above its lines, so that a question without examples has an
instruction. `spell-backwards` is in no training text: it takes spelling by a dictionary, and the
reversal of letters, each of which is trained.
"""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.episode_texts import episode_documents, episode_questions
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.corpora.texts.mixed_documents import mixed_documents
from replications.metrics.language.few_shots import best_accuracy, few_shot_accuracy
from replications.metrics.language.induction_heads import induction_heads
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.mixed_precision import in_bfloat16
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.schedules import cosine
from replications.papers.gpt3.recipes import (
    ACTIVE,
    KEYS,
    MAX_LENGTH,
    OPTIMISER,
    SHOTS,
    SIZES,
    network_of,
)
from replications.recipes import Recipe
from replications.training.trainers import train

FAMILIES = ("dictionary", "copy", "reverse", "spell", "spell-backwards")
HELD_OUT = ("spell-backwards",)
EPOCHS = 12
TOKENS = EPOCHS * 2_400_000
"""Tokens that each model reads; the mix has about half as many."""
SHARES = {"encyclopedia": 0.1, "episodes": 0.5, "instructed": 0.4}
CHOSEN = ("d32", "d64", "d128")
RATES = {"": 1.0, "-double": 2.0}
"""By what the learning rate of the chapter's first recipes is multiplied.

Of two runs of a size and seed the one with the lower validation loss counts.
"""
CANDIDATES = {size: tuple(f"{size}-episodes{suffix}" for suffix in RATES) for size in CHOSEN}
_MINUTES = {"d32": 6.0, "d64": 8.0, "d128": 22.0}

_families = {"families": FAMILIES, "held_out": HELD_OUT, "active": ACTIVE, "keys": KEYS}
_text = partial(
    mixed_documents,
    sources={
        "encyclopedia": partial(
            corpus_documents, corpus="wikipedia-en-2018", stride=12, test_stride=20
        ),
        "episodes": partial(episode_documents, episodes=120_000, shots=(8, 8), **_families),
        "instructed": partial(
            episode_documents, episodes=100_000, shots=(0, 8), named=True, **_families
        ),
    },
    shares=SHARES,
)
_questions = partial(episode_questions, items=200, **_families)
_data = partial(
    TokenStream,
    text=_text,
    # The letters and the keys are one token each.
    tokenizer=partial(byte_level, merges=400, characters=2_000_000),
    length=MAX_LENGTH,
    sequences_per_batch=16,
    tokens_per_epoch=TOKENS // EPOCHS,
    eval_sets={
        "episodes": _questions,
        "instructed_episodes": partial(_questions, named=True),
        "shuffled_episodes": partial(_questions, demonstrations="shuffled"),
        "watched_episodes": partial(_questions, items=50),
    },
)


def _size(size: str, suffix: str) -> Recipe:
    *_, learning_rate = SIZES[size]
    return Recipe(
        name=f"{size}-episodes{suffix}",
        data=_data,
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=network_of(size),
                schedule=partial(
                    cosine, learning_rate=RATES[suffix] * learning_rate, warmup=0.03, floor=0.1
                ),
                optimiser=OPTIMISER,
            ),
            epochs=EPOCHS,
            precision="bf16-mixed",
            watch=(
                partial(
                    in_bfloat16,
                    metrics=(
                        partial(bits_per_byte, part="validation", prefix="validation_"),
                        partial(
                            few_shot_accuracy,
                            questions="watched_episodes",
                            shots=(8,),
                            prefix="watched",
                        ),
                    ),
                ),
                induction_heads,
            ),
        ),
        metrics=(
            partial(
                in_bfloat16,
                metrics=(
                    partial(few_shot_accuracy, questions="episodes", shots=SHOTS),
                    partial(
                        few_shot_accuracy,
                        questions="instructed_episodes",
                        shots=SHOTS,
                        prefix="instructed",
                    ),
                    partial(
                        few_shot_accuracy,
                        questions="shuffled_episodes",
                        shots=SHOTS,
                        prefix="shuffled",
                    ),
                ),
            ),
            partial(best_accuracy, questions="episodes", shots=SHOTS),
            induction_heads,
        ),
        minutes=_MINUTES[size],
    )


RECIPES = tuple(_size(size, suffix) for size in CHOSEN for suffix in RATES)
PRIORITY = {
    name: worth
    for size, worth in (("d128", 8), ("d32", 7), ("d64", 6))
    for name in CANDIDATES[size]
}
"""What a run is worth where time is short: the larger comes first."""
