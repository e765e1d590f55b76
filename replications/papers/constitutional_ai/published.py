"""Recipes on what the paper's authors published: its answers read, its principles put to use."""

from functools import partial

from replications.baselines.as_it_is import as_it_is
from replications.baselines.published_answers import read_answers
from replications.corpora.batches.conversations.published import PublishedAnswers
from replications.metrics.constitution.principled import principled_judgements
from replications.metrics.constitution.published import published_evasion, published_samples
from replications.papers.instructgpt.people import people_recipes
from replications.recipes import Recipe

# Chapter 12's language model of real dialogues, to be asked with real principles.
_SPOKEN = next(each for each in people_recipes() if each.name == "hh-language-model")

PUBLISHED = Recipe(
    name="published-answers",
    data=partial(PublishedAnswers),
    learner=partial(read_answers),
    metrics=(published_evasion,),
    minutes=0.1,
    texts=published_samples,
)
JUDGE = Recipe(
    name="small-judge",
    data=_SPOKEN.data,
    learner=partial(as_it_is),
    metrics=(principled_judgements,),
    minutes=1.0,
    start=_SPOKEN,
)


def published_recipes() -> tuple[Recipe, ...]:
    return (PUBLISHED, JUDGE)
