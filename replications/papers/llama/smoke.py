"""Live runs of seconds: the parts of GPT-3 and of LLaMA, on stories of the synthetic world."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import world_documents
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.schedules import cosine
from replications.papers.llama.recipes import (
    HEADS,
    MIDDLE_RATES,
    RUNGS,
    WIDTH,
    network,
    optimiser,
)
from replications.recipes import Recipe
from replications.training.trainers import train

_told = {"entities": (2, 2), "distance": (5, 20), "max_length": 69, "facts": 1, "questions": 2}
_no_tails = {"verdicts": 0.0, "question_share": 0.0, "summary_share": 0.0}
_world = partial(
    TokenStream,
    text=partial(
        world_documents,
        stories=6_000,
        validation_stories=20,
        test_stories=100,
        **_told,
        **_no_tails,
    ),
    tokenizer=partial(byte_level, merges=800),
    length=64,
    sequences_per_batch=16,
    tokens_per_epoch=60_000,
)


def _live(name: str, rung: str) -> Recipe:
    return Recipe(
        name=name,
        data=_world,
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=network(WIDTH, 1, HEADS, **RUNGS[rung]),
                optimiser=optimiser,
                schedule=partial(cosine, learning_rate=MIDDLE_RATES[rung], warmup=0.05, floor=0.1),
            ),
            epochs=3,
        ),
        metrics=(bits_per_byte,),
        minutes=0.1,
    )


RECIPES = (_live("world-gpt3", "gpt3"), _live("world-llama", "llama"))
