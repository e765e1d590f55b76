"""Live runs of seconds: a network pre-trained on stories of the synthetic world, and its tasks."""

from functools import partial

from replications.baselines.word_counts import bag_of_words
from replications.corpora.batches.arrangements import in_reading_order
from replications.corpora.batches.labelled_batches import LabelledBatches
from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import world_documents
from replications.corpora.texts.learned_tokenizers import byte_level_with_special_tokens
from replications.corpora.texts.story_verdicts import story_verdicts
from replications.layers.attention import MultiHeadAttention
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.tasks.labels import label_metrics
from replications.models.presets import GPT1
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.classification import Classification
from replications.objectives.schedules import cosine, linear
from replications.papers.gpt1.recipes import optimiser
from replications.recipes import Recipe
from replications.training.trainers import train

# Stories of one person, told by a fact, a mood and a verdict on the day, with a vocabulary
# of whole words. Whoever foresees the verdict knows which moods are good ones.
_telling = {
    "entities": (1, 1),
    "distance": (5, 10),
    "max_length": 60,
    "questions": 0,
    "facts": 1,
    "question_share": 0.0,
    "summary_share": 0.0,
    "validation_stories": 50,
    "test_stories": 400,
}
_stories = partial(world_documents, stories=10_000, verdicts=1.0, **_telling)
_whole_words = partial(byte_level_with_special_tokens, merges=1000)
_small = partial(
    GPT1,
    d_model=48,
    layers=2,
    heads=4,
    d_ff=192,
    max_length=32,
    dropout=0.0,
    attention=MultiHeadAttention,
)
_world_pretrained = Recipe(
    name="world-pretrained",
    data=partial(
        TokenStream, text=_stories, tokenizer=_whole_words, length=32, sequences_per_batch=8
    ),
    learner=partial(
        train,
        objective=partial(
            CausalLanguageModel,
            model=_small,
            schedule=partial(cosine, learning_rate=6e-3, warmup=0.1),
            optimiser=optimiser,
        ),
        epochs=1,
    ),
    metrics=(bits_per_byte,),
    minutes=0.2,
)
_world_tuned = partial(
    train,
    objective=partial(
        Classification,
        network=_small,
        outputs=2,
        schedule=partial(linear, learning_rate=1e-3, warmup=0.05),
        optimiser=optimiser,
    ),
    epochs=2,
)


def _world_task(
    variant: str, learner: partial, *, shuffled: bool = False, start: Recipe | None = None
) -> Recipe:
    return Recipe(
        name=f"world-task-{variant}",
        data=partial(
            LabelledBatches,
            text=partial(story_verdicts, items=32, shuffled=shuffled, **_telling),
            pretraining=_stories,
            tokenizer=_whole_words,
            arrange=partial(in_reading_order, max_length=32),
            examples_per_batch=8,
            repeats=10,
        ),
        learner=learner,
        metrics=(label_metrics,),
        minutes=0.1,
        start=start,
    )


RECIPES = (
    _world_pretrained,
    _world_task("pretrained", _world_tuned, start=_world_pretrained),
    _world_task("scratch", _world_tuned),
    # The control: with labels that have changed places, there is nothing that could help.
    _world_task("shuffled", _world_tuned, shuffled=True, start=_world_pretrained),
    _world_task("bag-of-words", partial(bag_of_words)),
)
