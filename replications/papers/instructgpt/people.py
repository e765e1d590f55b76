"""Recipes on real text: reviews steered towards praise, and reward models of human preferences."""

from functools import partial

from replications.corpora.batches.conversations.compared import ComparedAnswers
from replications.corpora.batches.conversations.prompted import Demonstrations, PromptsToAnswer
from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.instructions.comparisons import (
    corpus_comparisons,
    sentiment_comparisons,
)
from replications.corpora.texts.instructions.reviews import (
    dialogue_documents,
    review_documents,
    review_judge,
    review_prompts,
)
from replications.corpora.texts.learned_tokenizers import byte_level_with_chat_tokens
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.preference.comparing import recorded_accuracy
from replications.metrics.preference.course import policy_course
from replications.metrics.preference.steering import (
    review_samples,
    steered_divergence,
    steering_metrics,
)
from replications.objectives.optimisers import adamw
from replications.objectives.preference.comparisons import RecordedComparisons
from replications.objectives.preference.policy_optimisation import (
    ProximalPolicyOptimisation,
    Updates,
)
from replications.objectives.preference.rewards import LearnedReward
from replications.objectives.preference.supervised import SupervisedFineTuning
from replications.objectives.schedules import cosine, linear
from replications.papers.instructgpt.networks import language_model, network, optimiser
from replications.recipes import Recipe
from replications.training.trainers import train

MERGES = 1_000
# Words of a review that are the prompt, and that are to be continued.
WORDS = (4, 16)
REVIEW_PROMPT, REVIEW_ANSWER = 20, 44
DIALOGUE = 192
HH_SPLITS = ("helpful-base", "harmless-base", "helpful-online")
REVIEW_COEFFICIENTS = (0.1, 0.02)
_tokens = partial(byte_level_with_chat_tokens, merges=MERGES, characters=3_000_000)
NET = network(96, 3, 4, max_length=192)


def _prompted(kind: type, **knobs: object) -> partial:
    return partial(
        kind,
        prompts=partial(review_prompts, words=WORDS),
        text=review_documents,
        tokenizer=_tokens,
        prompt_length=REVIEW_PROMPT,
        answer_length=REVIEW_ANSWER,
        only_fitting=True,
        eval_sets={"judge": partial(review_judge, words=WORDS)},
        **knobs,
    )


def _supervised(net: partial, *, epochs: int, minutes: float) -> Recipe:
    """A model that continues reviews, from scratch: 12,000 of them, both kinds."""
    return Recipe(
        name="reviews",
        data=_prompted(Demonstrations, prompts_per_batch=32),
        learner=partial(
            train,
            objective=partial(
                SupervisedFineTuning,
                model=net,
                schedule=partial(cosine, learning_rate=2e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=epochs,
        ),
        metrics=(steering_metrics,),
        minutes=minutes,
        texts=review_samples,
    )


def _rewarded(
    name: str,
    start: Recipe,
    net: partial,
    data: partial,
    metrics: tuple,
    *,
    epochs: int,
    learning_rate: float,
) -> Recipe:
    return Recipe(
        name=name,
        data=data,
        learner=partial(
            train,
            objective=partial(
                RecordedComparisons,
                network=net,
                schedule=partial(cosine, learning_rate=learning_rate, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=epochs,
        ),
        metrics=metrics,
        minutes=4.0,
        start=start,
    )


def steered_name(coefficient: float) -> str:
    return f"reviews-ppo-kl-{coefficient:g}"


def _steered(start: Recipe, net: partial, coefficient: float, *, epochs: int) -> Recipe:
    return Recipe(
        name=steered_name(coefficient),
        data=_prompted(PromptsToAnswer, prompts_per_batch=64, batches_per_epoch=6),
        learner=partial(
            train,
            objective=partial(
                ProximalPolicyOptimisation,
                network=net,
                # A continuation is cut where it is long: no end-of-turn token is missed.
                reward=partial(LearnedReward, missing_end=0.0),
                answer_length=REVIEW_ANSWER,
                kl_coefficient=coefficient,
                schedule=partial(linear, learning_rate=3e-4, warmup=0.02),
                updates=partial(Updates, ppo_epochs=2, minibatches=4),
                optimiser=partial(adamw, weight_decay=0.0, eps=1e-5),
            ),
            epochs=epochs,
            watch=(policy_course,),
        ),
        metrics=(steering_metrics, steered_divergence),
        minutes=6.0,
        texts=review_samples,
        start=start,
    )


def people_recipes(net: partial = NET, *, scale: int = 1) -> tuple[Recipe, ...]:
    """`scale` multiplies the epochs."""
    reviews = _supervised(net, epochs=5 * scale, minutes=7.0)
    reviews_reward = _rewarded(
        "reviews-reward",
        reviews,
        net,
        partial(
            ComparedAnswers,
            comparisons=partial(sentiment_comparisons, pairs=6_000, words=WORDS),
            text=review_documents,
            tokenizer=_tokens,
            max_length=REVIEW_PROMPT + REVIEW_ANSWER,
            prompt_length=REVIEW_PROMPT,
            pairs_per_batch=32,
        ),
        (recorded_accuracy,),
        epochs=2 * scale,
        learning_rate=5e-4,
    )
    dialogues = partial(dialogue_documents, splits=HH_SPLITS)
    spoken = Recipe(
        name="hh-language-model",
        data=partial(
            TokenStream,
            text=dialogues,
            tokenizer=_tokens,
            length=DIALOGUE,
            sequences_per_batch=16,
            tokens_per_epoch=400_000,
        ),
        learner=partial(train, objective=language_model(net, 2e-3), epochs=6 * scale),
        metrics=(bits_per_byte,),
        minutes=6.0,
    )
    hh = _rewarded(
        "hh-reward",
        spoken,
        net,
        partial(
            ComparedAnswers,
            comparisons=partial(corpus_comparisons, splits=HH_SPLITS),
            text=dialogues,
            tokenizer=_tokens,
            max_length=DIALOGUE,
            pairs_per_batch=32,
        ),
        (recorded_accuracy,),
        epochs=2,
        learning_rate=3e-4,
    )
    steered = (_steered(reviews_reward, net, c, epochs=6 * scale) for c in REVIEW_COEFFICIENTS)
    return (reviews, reviews_reward, *steered, spoken, hh)
