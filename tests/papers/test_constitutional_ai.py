"""Constitutional AI: what the recipes share, what the claims quote, and that all questions fit."""

import pytest

from replications.corpora.texts.constitution.prompts import (
    constitution_prompts,
    constitution_words,
)
from replications.corpora.world.constitution.feedback import comparison_request, critique_request
from replications.corpora.world.constitution.requests import draw_harmful, draw_harmless
from replications.corpora.world.constitution.rules import (
    COMPARISON_PRINCIPLES,
    CRITIQUE_PRINCIPLES,
)
from replications.corpora.world.stories_parts import uniform_numbers
from replications.figures.constitution.answers import STAGES
from replications.figures.constitution.frontier import MODELS
from replications.figures.paper_values import paper_row
from replications.objectives.constitutional.asking import question
from replications.objectives.constitutional.revising import MOST_WORDS
from replications.papers import constitutional_ai
from replications.papers.constitutional_ai import networks
from replications.tokens.chat import ChatTemplate

LAPTOP = {recipe.name: recipe for recipe in constitutional_ai.RECIPES["laptop"]}
CLAIMS = {claim.slug: claim for claim in constitutional_ai.CLAIMS}
TEMPLATE = ChatTemplate(constitution_words(None))


def length(turns):
    return len(TEMPLATE.prompt((who, " ".join(words)) for who, words in turns))


def drawn(draw, many=3_000):
    uniform = uniform_numbers(7)
    return [draw(uniform) for _ in range(many)]


def test_every_request_and_its_answer_fit():
    prompts = constitution_prompts(0, exercises=3_000)
    both = (*prompts.train, *prompts.test)
    assert max(len(TEMPLATE.prompt(p.turns)) for p in both) <= networks.PROMPT_LENGTH
    assert max(len(TEMPLATE.answer(p.answer)) for p in both) <= networks.ANSWER_LENGTH


def test_the_longest_comparison_and_critique_fit():
    longest = ("ball",) * MOST_WORDS
    requests = (*drawn(draw_harmful), *drawn(draw_harmless))
    principle = max(COMPARISON_PRINCIPLES, key=lambda each: len(each.words))
    critique = max(CRITIQUE_PRINCIPLES, key=lambda each: len(each.words))
    for asked in requests:
        compared = comparison_request(asked, longest, longest, principle, explained=True)
        assert length(question(compared)) <= networks.FEEDBACK_WIDTH
        turns = question(asked.words, longest, critique_request(critique))
        assert length(turns) <= networks.FEEDBACK_WIDTH
    assert networks.FEEDBACK_WIDTH + networks.FEEDBACK_TOKENS <= networks.MAX_LENGTH


def test_exercises_of_feedback_fit():
    prompts = constitution_prompts(0, exercises=3_000, feedback_share=0.7)
    assert max(len(TEMPLATE.prompt(p.turns)) for p in prompts.train) <= networks.FEEDBACK_WIDTH
    assert max(len(TEMPLATE.answer(p.answer)) for p in prompts.train) <= networks.FEEDBACK_TOKENS


@pytest.mark.parametrize("tier", ["laptop", "gpu"])
def test_the_models_of_the_labels_differ_in_the_labels_alone(tier):
    described = []
    for name in constitutional_ai.LABELS:
        recipe = next(each for each in constitutional_ai.RECIPES[tier] if each.name == name)
        one = recipe.describe()
        for part in ("feedback", "adjust"):
            one["learner"]["objective"].pop(part)
        described.append(one)
    assert all(one == described[0] for one in described)


def test_people_and_the_assistant_label_as_many_answers_of_one_model():
    ours, theirs = LAPTOP["preferences-soft"], LAPTOP["preferences-people"]
    assert ours.describe()["data"] == theirs.describe()["data"]
    assert ours.start is theirs.start
    same = [LAPTOP[name].describe() for name in ("rl-cai", "rl-people")]
    for one in same:
        one.pop("start")
    assert same[0] == same[1]


def test_close_policies_differ_from_theirs_in_the_coefficient_alone():
    for name in ("rl-cai", "rl-people"):
        two = [LAPTOP[each].describe() for each in (name, constitutional_ai.close_name(name))]
        found = [one["learner"]["objective"].pop("kl_coefficient") for one in two]
        assert tuple(found) == constitutional_ai.KL_COEFFICIENTS and two[0] == two[1]


def test_revisions_principles_and_the_clamp_are_the_papers():
    section = "Bai et al. 2022, section 3", "SL-CAI"
    assert paper_row("constitutional_ai", *section)["revisions"] == constitutional_ai.REVISIONS
    assert paper_row("constitutional_ai", *section)["principles"] == len(CRITIQUE_PRINCIPLES)
    clamp = paper_row("constitutional_ai", "Bai et al. 2022, section 4", "clamp")
    adjust = LAPTOP["preferences-clamped"].describe()["learner"]["objective"]["adjust"]
    assert (adjust["low"], adjust["high"]) == (clamp["lowest"], clamp["highest"])


def test_the_claims_quote_the_transcribed_numbers():
    table = "Lee et al. 2023 (RLAIF), table 1"
    quoted = CLAIMS["ai-labels-are-as-good-as-peoples"].paper_value
    for name in ("RLAIF", "RLHF"):
        row = paper_row("constitutional_ai", table, name)
        assert quoted[name] == row["harmless rate"]


def test_real_and_synthetic_claims_are_told_apart_in_every_row():
    for claim in constitutional_ai.CLAIMS:
        if claim.measure is not None:
            assert ("(synthetic)" in claim.unit) != ("(real)" in claim.unit), claim.slug


def test_what_the_pages_show_are_recipes():
    assert set(STAGES.values()) | set(MODELS.values()) <= set(LAPTOP)
    assert len(constitutional_ai.CLAIMS) >= 8
