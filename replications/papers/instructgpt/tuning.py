"""Language models of the world of instructions: base models, and those tuned to demonstrations."""

from dataclasses import replace
from functools import partial

from replications.corpora.batches.conversations.prompted import Demonstrations
from replications.corpora.texts.instructions.judges import kept_rule, right_in_dialogue
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
from replications.objectives.preference.supervised import SupervisedFineTuning
from replications.objectives.schedules import cosine
from replications.papers.instructgpt.networks import (
    ANSWER_LENGTH,
    PROMPT_LENGTH,
    SHOTS,
    SHOTS_LENGTH,
    TEXTS,
    base_stream,
    base_text,
    language_model,
    optimiser,
    prompted,
)
from replications.recipes import Recipe
from replications.training.trainers import train

BASE_DOCUMENTS, TOKENS_PER_EPOCH = 100_000, 500_000
LARGE_BASE = "base-tenfold-equal-tokens"
DEMONSTRATIONS, SFT_EPOCHS = 4_000, 10
DIALOGUE_LENGTH = 56
ANSWERS_METRICS = (instruction_metrics, held_out_text)

_shots = partial(world_prompts, requests=2, shots=SHOTS)
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


def large_base(net: partial, learning_rate: float, *, epochs: int, minutes: float) -> Recipe:
    """A large base model that reads as many tokens as the small one, with products in bfloat16."""
    made = base(LARGE_BASE, net, learning_rate, epochs=epochs, minutes=minutes)
    return replace(made, learner=partial(made.learner, precision="bf16-mixed"))


def supervised(start: Recipe | None, net: partial, *, name: str = "sft") -> Recipe:
    """The base model, tuned to demonstrations."""
    return Recipe(
        name=name,
        data=prompted(Demonstrations, requests=DEMONSTRATIONS),
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
        metrics=ANSWERS_METRICS,
        minutes=1.0,
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
            text=base_text(TEXTS),
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
