"""The recipes of the chapter on InstructGPT, by tier."""

from dataclasses import replace
from functools import partial

from replications.corpora.batches.conversations.prompted import Demonstrations, PromptsToAnswer
from replications.corpora.texts.instructions.judges import (
    gold_of_instructions,
    kept_rule,
    right_in_dialogue,
)
from replications.corpora.texts.instructions.prompts import (
    world_dialogues,
    world_prompts,
    world_words,
)
from replications.metrics.preference.answering import (
    held_out_text,
    instruction_metrics,
    instruction_samples,
    judged_metrics,
)
from replications.metrics.preference.best_of_n import best_of_n_metrics
from replications.metrics.preference.comparing import sampled_accuracy
from replications.metrics.preference.course import policy_course
from replications.models.transfer import Transfer, all_layers, into_fewer_layers
from replications.objectives.optimisers import adamw
from replications.objectives.preference.comparisons import (
    SampledComparisons,
    standardise_on_reference,
)
from replications.objectives.preference.policy_optimisation import (
    ProximalPolicyOptimisation,
    Updates,
)
from replications.objectives.preference.rewards import JudgedReward, LearnedReward
from replications.objectives.preference.supervised import SupervisedFineTuning
from replications.objectives.schedules import cosine, linear
from replications.papers.instructgpt.listed import exact_recipes, listed_policy
from replications.papers.instructgpt.networks import (
    ANSWER_LENGTH,
    PROMPT_LENGTH,
    SHOTS,
    SHOTS_LENGTH,
    base_stream,
    base_text,
    language_model,
    network,
    optimiser,
)
from replications.papers.instructgpt.people import people_recipes
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA = {
    "smoke": ("world-instructions", "world-instruction-text"),
    "laptop": (
        "world-instructions",
        "world-instruction-text",
        "world-dialogues",
        "imdb",
        "hh-rlhf",
    ),
}

# Best-of-n is measured up to here, from a pool of twice as many.
COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
# The KL coefficients of the frontier; 0.02 is the paper's.
COEFFICIENTS = (0.5, 0.2, 0.05, 0.02, 0.0)
MAIN_COEFFICIENT = 0.05
# How many prompts are compared, six answers each, and how many layers a reward model has.
PROMPTS_COMPARED = (128, 512, 2_048, 8_192)
PROMPTS_PUSHED = 512
REWARD_LAYERS = (1, 2, 3)
_TEXTS = 2_000

BASE_DOCUMENTS, TOKENS_PER_EPOCH = 100_000, 500_000
DEMONSTRATIONS = 4_000
SFT_EPOCHS, POLICY_EPOCHS, BATCHES_PER_EPOCH = 10, 12, 8
POLICY_LEARNING_RATE = 3e-4
# The paper's 27.8 is for losses that are averaged in another way; chosen in pilots.
TEXT_WEIGHT = 1.0
DIALOGUE_LENGTH = 56

_policy_optimiser = partial(adamw, weight_decay=0.0, eps=1e-5)  # Ziegler et al. 2019's epsilon
_answers_metrics = (instruction_metrics, held_out_text)
_shots = partial(world_prompts, requests=2, shots=SHOTS)


def _prompted(kind: type, *, requests: int, documents: int = _TEXTS, **knobs: object) -> partial:
    return partial(
        kind,
        prompts=partial(world_prompts, requests=requests),
        text=base_text(documents),
        tokenizer=world_words,
        prompt_length=PROMPT_LENGTH,
        answer_length=ANSWER_LENGTH,
        **knobs,
    )


def reward_recipe_name(prompts: int, layers: int | None = None) -> str:
    """The name of a reward model of so many layers; of all that the policy has, with None."""
    return f"reward-{prompts}" + ("" if layers is None else f"-layers-{layers}")


def policy_name(coefficient: float) -> str:
    return f"ppo-kl-{coefficient:g}"


REWARD_MODEL = reward_recipe_name(PROMPTS_COMPARED[-1])
POLICY = policy_name(MAIN_COEFFICIENT)


_base_metrics = (
    partial(instruction_metrics, prompts="requests", width=PROMPT_LENGTH, tokens=ANSWER_LENGTH),
    partial(
        instruction_metrics,
        prompts="prompted",
        prefix="prompted_",
        width=SHOTS_LENGTH,
        tokens=ANSWER_LENGTH,
    ),
    held_out_text,
)
_asked = {"requests": partial(world_prompts, requests=1), "prompted": _shots}


def base(name: str, net: partial, learning_rate: float, *, epochs: int, minutes: float) -> Recipe:
    """A language model of the base text, asked as it is and with examples before the request."""
    return Recipe(
        name=name,
        data=base_stream(BASE_DOCUMENTS, TOKENS_PER_EPOCH, **_asked),
        learner=partial(train, objective=language_model(net, learning_rate), epochs=epochs),
        metrics=_base_metrics,
        minutes=minutes,
    )


def supervised(start: Recipe | None, net: partial, *, name: str = "sft") -> Recipe:
    """The base model, tuned to demonstrations."""
    return Recipe(
        name=name,
        data=_prompted(Demonstrations, requests=DEMONSTRATIONS),
        learner=partial(
            train,
            objective=partial(
                SupervisedFineTuning,
                model=net,
                schedule=partial(cosine, learning_rate=1e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=SFT_EPOCHS,
        ),
        metrics=_answers_metrics,
        minutes=1.0,
        texts=instruction_samples,
        start=start,
    )


def reward_model(
    start: Recipe,
    prompts: int,
    net: partial,
    *,
    layers: int | None = None,
    transfer: Transfer = all_layers,
) -> Recipe:
    """Six answers to each prompt, compared two by two; then best-of-n by what was learned."""
    return Recipe(
        name=reward_recipe_name(prompts, layers),
        data=_prompted(PromptsToAnswer, requests=prompts, prompts_per_batch=8),
        learner=partial(
            train,
            objective=partial(
                SampledComparisons,
                network=net,
                judge=gold_of_instructions,
                answer_length=ANSWER_LENGTH,
                transfer=transfer,
                schedule=partial(cosine, learning_rate=1e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=1,
            finish=standardise_on_reference,
        ),
        metrics=(
            sampled_accuracy,
            partial(best_of_n_metrics, judge=gold_of_instructions, counts=COUNTS),
        ),
        minutes=2.0,
        start=start,
    )


def policy(
    start: Recipe,
    net: partial,
    coefficient: float,
    *,
    name: str = "",
    text_weight: float = 0.0,
    reward: partial | type = LearnedReward,
    epochs: int | None = None,
) -> Recipe:
    """PPO from the fine-tuned model against the reward model that `start` trains."""
    texts = {"text_length": 32, "texts_per_batch": 64, "documents": 20_000} if text_weight else {}
    return Recipe(
        name=name or policy_name(coefficient),
        data=_prompted(
            PromptsToAnswer,
            requests=4_096,
            prompts_per_batch=128,
            batches_per_epoch=BATCHES_PER_EPOCH,
            **texts,
        ),
        learner=partial(
            train,
            objective=partial(
                ProximalPolicyOptimisation,
                network=net,
                reward=reward,
                judge=gold_of_instructions,
                answer_length=ANSWER_LENGTH,
                kl_coefficient=coefficient,
                text_weight=text_weight,
                schedule=partial(linear, learning_rate=POLICY_LEARNING_RATE, warmup=0.02),
                updates=partial(Updates, ppo_epochs=4, minibatches=4),
                optimiser=_policy_optimiser,
            ),
            epochs=epochs or POLICY_EPOCHS,
            watch=(policy_course,),
        ),
        metrics=_answers_metrics,
        minutes=4.0,
        texts=instruction_samples,
        start=start,
    )


def dialogues(start: Recipe, net: partial, *, turns: tuple[int, int], name: str) -> Recipe:
    """Tuned to the last answers of dialogues, and asked at their third turn."""
    tested = {
        f"at_turn_{turn}": partial(world_dialogues, dialogues=1, turns=turn) for turn in (2, 3)
    }
    metrics = tuple(
        partial(
            judged_metrics,
            judges={f"kept:{turn}": kept_rule, f"right:{turn}": right_in_dialogue},
            prompts=f"at_turn_{turn}",
        )
        for turn in (2, 3)
    )
    return Recipe(
        name=name,
        data=partial(
            Demonstrations,
            prompts=partial(world_dialogues, dialogues=3_000, turns=3, span=turns),
            text=base_text(_TEXTS),
            tokenizer=world_words,
            prompt_length=DIALOGUE_LENGTH,
            answer_length=8,
            eval_sets=tested,
        ),
        learner=partial(
            train,
            objective=partial(
                SupervisedFineTuning,
                model=net,
                schedule=partial(cosine, learning_rate=1e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=SFT_EPOCHS,
        ),
        metrics=metrics,
        minutes=2.0,
        start=start,
    )


def of_the_world(
    small: tuple[int, int, int],
    large: tuple[int, int, int],
    *,
    rates: tuple[float, float],
    epochs: tuple[int, int],
    minutes: tuple[float, float],
) -> tuple[Recipe, ...]:
    """All recipes of the world of instructions: a policy, and a base model of ten times its size.

    Sizes are width, layers and heads; rates, epochs and minutes those of the two base models.
    """
    d_model, layers, heads = small
    net = network(*small)
    start = base("base", net, rates[0], epochs=epochs[0], minutes=minutes[0])
    sft = supervised(start, net)
    most = PROMPTS_COMPARED[-1]
    rewards = {count: reward_model(sft, count, net) for count in PROMPTS_COMPARED}
    shallow = tuple(
        reward_model(
            sft,
            most,
            network(d_model, kept, heads),
            layers=kept,
            transfer=into_fewer_layers,
        )
        for kept in REWARD_LAYERS
        if kept < layers
    )
    gold = partial(JudgedReward, judge=gold_of_instructions)
    return (
        start,
        base("base-tenfold", network(*large), rates[1], epochs=epochs[1], minutes=minutes[1]),
        sft,
        *rewards.values(),
        *shallow,
        *(policy(rewards[most], net, coefficient) for coefficient in COEFFICIENTS),
        policy(rewards[most], net, MAIN_COEFFICIENT, name="ppo-ptx", text_weight=TEXT_WEIGHT),
        policy(rewards[PROMPTS_PUSHED], net, 0.0, name="ppo-few-comparisons"),
        policy(sft, net, MAIN_COEFFICIENT, name="ppo-gold", reward=gold),
        dialogues(start, net, turns=(1, 3), name="several-turns"),
        dialogues(start, net, turns=(1, 1), name="one-turn"),
    )


LAPTOP = (
    *of_the_world(
        (64, 3, 2),
        (192, 4, 6),
        rates=(3e-3, 1.5e-3),
        epochs=(14, 6),
        minutes=(6.0, 8.0),
    ),
    *exact_recipes(),
    *people_recipes(),
)


def _live() -> tuple[Recipe, ...]:
    """Seconds: a tiny model that is tuned, rewarded and aligned while one reads."""
    net = network(32, 2, 2)
    sft = replace(
        supervised(None, net, name="world-sft"),
        learner=partial(
            train,
            objective=partial(
                SupervisedFineTuning,
                model=net,
                schedule=partial(cosine, learning_rate=5e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=3,
        ),
        minutes=0.1,
    )
    reward = replace(
        reward_model(sft, 512, net),
        name="world-reward",
        metrics=(
            partial(sampled_accuracy, prompts=64),
            partial(
                best_of_n_metrics,
                judge=gold_of_instructions,
                counts=COUNTS[:7],
                prompts=24,
                answers=128,
            ),
        ),
        minutes=0.1,
    )
    aligned = replace(
        policy(reward, net, MAIN_COEFFICIENT, name="world-ppo", epochs=4), minutes=0.1
    )
    listed = listed_policy(
        0.3, name="world-listed", symbols=6, length=4, epochs=3, batches=10, minutes=0.1
    )
    return sft, reward, aligned, listed


RECIPES = {"smoke": _live(), "laptop": LAPTOP}
