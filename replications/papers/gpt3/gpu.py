"""The recipes of the chapter on GPT-3 at tier `gpu`: the laptop's sizes, fourteen times the tokens.

In-context learning comes suddenly: what a single seed shows depends on whether its transition falls
into the budget. So the budget is far larger, and the runs are meant for eight seeds. Two things
differ from the laptop beside the budget. Letters that are shifted are trained too, so that
`compose`, which is held out, puts together two skills that were both trained; and a batch has eight
times the sequences, for which the learning rates are doubled. None of this has been tried on a
card.
"""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.episode_texts import episode_documents, episode_questions
from replications.corpora.texts.few_shot_questions import corpus_questions
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.corpora.texts.mixed_documents import mixed_documents
from replications.corpora.texts.practice_documents import practice_documents
from replications.metrics.language.few_shots import best_accuracy, few_shot_accuracy
from replications.metrics.language.source_likelihood import source_bits_per_byte
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.mixed_precision import in_bfloat16
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.schedules import cosine
from replications.papers.gpt3.recipes import (
    ACTIVE,
    HELD_OUT,
    KEYS,
    LARGEST,
    MAX_LENGTH,
    MERGES,
    OPTIMISER,
    SETS,
    SHARES,
    SHOTS,
    SHOTS_OF_SETS,
    SIZES,
    SMALLEST,
    SUMS_PRACTISED,
    WORDS_PRACTISED,
    network_of,
)
from replications.recipes import Recipe
from replications.training.trainers import train

FAMILIES = ("dictionary", "copy", "reverse", "shift", "compose", "labels")
_EPOCHS = 12
TOKENS = _EPOCHS << 23
"""Tokens that each model reads, a hundred million; what the mix has is read about three times."""

_families = {"families": FAMILIES, "held_out": HELD_OUT, "active": ACTIVE, "keys": KEYS}
_mix = partial(
    mixed_documents,
    sources={
        "encyclopedia": partial(
            corpus_documents, corpus="wikipedia-en-2018", stride=3, test_stride=20
        ),
        "episodes": partial(episode_documents, episodes=320_000, shots=(8, 8), **_families),
        "practice": partial(
            practice_documents,
            documents=104_000,
            validation_documents=100,
            tasks=SUMS_PRACTISED + WORDS_PRACTISED,
        ),
    },
    shares=SHARES,
)
_episodes = partial(episode_questions, items=400, **_families)
_data = partial(
    TokenStream,
    text=_mix,
    tokenizer=partial(byte_level, merges=MERGES, characters=2_000_000),
    length=MAX_LENGTH,
    sequences_per_batch=64,
    tokens_per_epoch=TOKENS // _EPOCHS,
    eval_sets={
        "episodes": _episodes,
        "shuffled_episodes": partial(_episodes, demonstrations="shuffled"),
        "sets": partial(corpus_questions, tasks=SETS, items=400),
    },
)
_in_context = partial(few_shot_accuracy, questions="episodes", shots=SHOTS)


def _size(name: str) -> Recipe:
    *_, learning_rate = SIZES[name]
    return Recipe(
        name=name,
        data=_data,
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=network_of(name),
                schedule=partial(cosine, learning_rate=2 * learning_rate, warmup=0.03, floor=1.0),
                optimiser=OPTIMISER,
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
                    _in_context,
                    partial(_in_context, questions="shuffled_episodes", prefix="shuffled"),
                    partial(_in_context, questions="sets", shots=SHOTS_OF_SETS, prefix="paper"),
                    partial(source_bits_per_byte, source="encyclopedia"),
                ),
            ),
            partial(best_accuracy, questions="episodes", shots=SHOTS),
        ),
        minutes=120.0,
    )


RECIPES = tuple(map(_size, SIZES))
PRIORITY = {LARGEST: 8, SMALLEST: 8, "d64": 6, "d48": 5, "d96": 5}
"""What a run is worth where time is short: the larger comes first."""
