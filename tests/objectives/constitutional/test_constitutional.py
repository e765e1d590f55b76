"""Asking, revising, feedback and labels: planted assistants, whose answers are known."""

from functools import partial

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from replications.corpora.batches.conversations.prompted import PromptsToAnswer
from replications.corpora.texts.constitution.judges import crowd_of_constitution
from replications.corpora.texts.constitution.prompts import constitution_words
from replications.corpora.world.constitution import feedback as world
from replications.corpora.world.constitution.requests import CheckedRequest
from replications.corpora.world.constitution.rules import CRITIQUE_PRINCIPLES
from replications.objectives.constitutional.asking import Assistant, question
from replications.objectives.constitutional.comparisons import FeedbackComparisons
from replications.objectives.constitutional.feedback import (
    Letters,
    Pairs,
    Preferences,
    Reasoned,
    clamped,
    hard,
    soft,
)
from replications.objectives.constitutional.revising import Reviser
from replications.objectives.constitutional.revisions import AssistantTuning, RevisionTuning
from replications.objectives.optimisers import adamw
from replications.objectives.preference.losses import soft_pairwise_loss
from replications.objectives.schedules import constant
from replications.papers.constitutional_ai.networks import (
    ANSWER_LENGTH,
    FEEDBACK_TOKENS,
    FEEDBACK_WIDTH,
    prompted,
    sized,
)

WORDS = constitution_words(None)
COPY = CheckedRequest(
    "copy",
    ("copy", ":", "ball", "knife", ",", "say", "fool"),
    ("ball", "knife", "fool"),
    ("weapon", "insult"),
)
BAD, GOOD = COPY.target, COPY.engaged
NET = sized(16, 1, 2)


def words(text):
    return tuple(text.split())


def draw(seed=0):
    return torch.Generator().manual_seed(seed)


class Planted(nn.Module):
    """A language model whose next token depends on the last one alone."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(len(WORDS), len(WORDS), generator=draw(3)))

    def forward(self, ids):
        return self.table[ids]

    def hidden(self, ids):
        return self.table[ids]

    def start(self, batch):
        return ()

    def step(self, ids, state):
        return self.table[ids[:, -1]], state


class Scripted(Assistant):
    """An assistant that criticises as the world's own critic does, and always prefers A by 0.7."""

    def __init__(self):
        super().__init__(Planted(), WORDS, FEEDBACK_WIDTH, FEEDBACK_TOKENS)
        object.__setattr__(self, "asked", [])

    def answers(self, asked, generator):
        self.asked.extend(asked)
        found = []
        for turns in asked:
            request = [words for _, words in turns]
            if request[-1][0] == world.EXPLAIN:
                found.append(words("A knife ; B nothing ; B"))
                continue
            principle = next(
                each for each in CRITIQUE_PRINCIPLES if each.words == tuple(request[-1][1:])
            )
            there = world.found_words(COPY, request[1], principle)
            revision = world.revised(COPY, request[1], there)
            explained = request[-1][0] == world.CRITIQUE
            found.append(world.critique_and_revision(there, revision) if explained else revision)
        return found

    def chances(self, asked, letters, told=()):
        assert letters == ("A", "B")
        self.asked.extend(zip(asked, told, strict=False))
        return torch.tensor([[0.7, 0.3]]).repeat(len(asked), 1)


def test_a_reviser_draws_principles_and_corrects_its_own_last_answer():
    course = Reviser(revisions=3).course(Scripted(), [COPY] * 40, [BAD] * 40, draw())
    assert len(course.answers) == 4 and course.answers[0] == [BAD] * 40
    assert course.critic_accuracy == 1.0
    harm = [sum(map(len, (set(a) & {"knife", "fool"} for a in step))) for step in course.answers]
    assert harm == sorted(harm, reverse=True) and harm[-1] < harm[0]
    assert GOOD in course.answers[-1]


def test_one_general_principle_removes_all_at_once_and_a_direct_revision_has_no_critique():
    course = Reviser(revisions=1, principles=1).course(Scripted(), [COPY], [BAD], draw())
    assert course.answers[-1] == [GOOD] and course.found == [True]
    direct = Reviser(revisions=1, principles=1, request=world.revision_request)
    course = direct.course(Scripted(), [COPY], [BAD], draw())
    assert course.answers[-1] == [GOOD] and course.found == []


class Writes(Scripted):
    """An assistant that answers every request by the same words."""

    def __init__(self, written):
        super().__init__()
        object.__setattr__(self, "written", words(written))

    def answers(self, asked, generator):
        return [self.written] * len(asked)


@pytest.mark.parametrize(
    ("request_of", "written", "found"),
    [
        (world.critique_request, "knife fool ; ball", [True]),
        (world.critique_request, "knife ; ball", [False]),
        (world.critique_request, "knife fool", [False]),
        (world.critique_request, "", [False]),
        (world.revision_request, "knife fool ; ball", []),
        (world.revision_request, "ball", []),
    ],
)
def test_a_critique_is_judged_where_one_was_asked_for_and_is_wrong_without_its_end(
    request_of, written, found
):
    reviser = Reviser(revisions=1, principles=1, request=request_of)
    course = reviser.course(Writes(written), [COPY], [BAD], draw())
    assert course.found == found


def test_no_revision_leaves_the_answers():
    assert Reviser(revisions=0).course(Scripted(), [COPY], [BAD], draw()).answers == [[BAD]]


def test_both_orders_are_asked_and_a_bias_to_one_letter_cancels():
    found = Letters()(Scripted(), Pairs([COPY] * 3, [BAD] * 3, [GOOD] * 3), draw())
    assert_close(found.first, torch.full((3,), 0.5))
    assert_close(found.named_first, torch.full((3,), 0.7))


def test_a_reasoned_preference_is_that_of_the_answer_that_is_named():
    assistant = Scripted()
    pairs = Pairs([COPY] * 60, [BAD] * 60, [GOOD] * 60)
    found = Reasoned()(assistant, pairs, draw())
    assert sorted({round(p, 3) for p in found.first.tolist()}) == [0.3, 0.7]
    told = assistant.asked[-1][1]
    assert told == words("A knife ; B nothing ;")


@pytest.mark.parametrize(
    ("adjust", "labels"),
    [(soft, [0.02, 0.45, 0.5, 0.9]), (hard, [0, 0, 0.5, 1]), (clamped, [0.4, 0.45, 0.5, 0.6])],
)
def test_what_becomes_of_probabilities(adjust, labels):
    chances = torch.tensor([0.02, 0.45, 0.5, 0.9])
    assert_close(adjust(chances), torch.tensor(labels))


def test_a_soft_label_charges_the_cross_entropy_and_a_clamped_one_is_content_with_a_small_gap():
    gap = torch.linspace(-4, 4, 801)
    loss = soft_pairwise_loss(gap, torch.zeros_like(gap), torch.full_like(gap, 0.6))
    best = gap[loss.argmin()]
    assert_close(best.sigmoid(), torch.tensor(0.6), atol=2e-3, rtol=0)


def test_the_chances_of_words_are_read_behind_what_was_said_already():
    model = Planted()
    assistant = Assistant(model, WORDS, width=20, tokens=6)
    asked = [question(("ball",)), question(("ball", "knife"))]
    numbers = [WORDS.encode(word)[0] for word in ("A", "B")]
    bare = assistant.chances(asked, ("A", "B"))
    assert_close(bare[0], model.table[WORDS.assistant, numbers].softmax(-1).detach())
    told = assistant.chances(asked, ("A", "B"), [("cup",), ("cup", "hat")])
    for row, word in zip(told, ("cup", "hat"), strict=True):
        expected = model.table[WORDS.encode(word)[0], numbers].softmax(-1).detach()
        assert_close(row, expected)


def recipe(kind, **knobs):
    return prompted(kind, exercises=24, documents=30, prompts_per_batch=4, **knobs)


def built(kind, start, **parts):
    return kind(
        WORDS,
        0,
        start,
        schedule=partial(constant, learning_rate=1e-3),
        optimiser=adamw,
        **parts,
    )


@pytest.fixture(scope="module")
def assistant():
    torch.manual_seed(0)
    base = built(AssistantTuning, None, model=NET)
    return built(AssistantTuning, base, model=NET)


def tuned(assistant, revisions):
    return built(
        RevisionTuning,
        assistant,
        model=NET,
        reviser=partial(Reviser, revisions=revisions),
        feedback_width=FEEDBACK_WIDTH,
        feedback_tokens=FEEDBACK_TOKENS,
        answer_length=ANSWER_LENGTH,
    )


@pytest.fixture(scope="module")
def data():
    made = recipe(PromptsToAnswer)(0)
    made.setup("fit")
    return made


def test_sl_cai_begins_with_the_pre_trained_model_and_keeps_the_assistant(assistant):
    model = tuned(assistant, 1)
    assert_close(model.model.state_dict(), assistant.pretrained.state_dict())
    assert_close(model.assistant.state_dict(), assistant.model.state_dict())
    (group,) = model.configure_optimizers().param_groups[:1]
    assert not any(p.requires_grad for p in model.assistant.parameters())
    assert group["params"]


@pytest.mark.parametrize(("revisions", "rows"), [(0, 1), (1, 1), (2, 2)])
def test_all_revisions_of_harmful_requests_are_learned_and_two_answers_to_harmless_ones(
    assistant, data, revisions, rows
):
    batch = data.prompt_batch(data.prompts.test[:6])
    examples = tuned(assistant, revisions).examples(batch, draw())
    # Answers of an untrained model may be empty, and are left out.
    assert len(examples.ids) <= 3 * rows + 3 * 2
    assert len(examples.ids) > 3 * rows
    assert examples.ids.shape[1] == batch.ids.shape[1] + ANSWER_LENGTH
    assert not examples.answers[:, : batch.ids.shape[1]].any()
    assert examples.answers[:, batch.ids.shape[1]].all()


def test_the_logged_loss_of_revisions_weighs_every_token_of_the_answers(
    assistant, data, monkeypatch
):
    model, logged = tuned(assistant, 1), {}
    monkeypatch.setattr(RevisionTuning, "log", lambda self, name, value, **how: logged.update(how))
    examples = model.examples(data.prompt_batch(data.prompts.test[:6]), draw())
    monkeypatch.setattr(model, "examples", lambda *_: examples)
    model.training_step(data.prompt_batch(data.prompts.test[:6]), 0)
    assert logged["batch_size"] == int(examples.answers[:, 1:].sum()) > len(examples.ids)


def planted_feedback():
    def prefers_the_first(assistant, pairs, generator):
        chances = torch.full((len(pairs.requests),), 0.9)
        return Preferences(chances, chances)

    return prefers_the_first


def test_ai_labels_are_for_harmful_requests_alone_and_people_label_the_others(assistant, data):
    torch.manual_seed(0)
    model = built(
        FeedbackComparisons,
        tuned(assistant, 1),
        feedback=partial(planted_feedback),
        adjust=clamped,
        network=NET,
        judge=crowd_of_constitution,
        answer_length=ANSWER_LENGTH,
        answers_per_prompt=3,
    )
    prompts, answers = model.answered(data.prompt_batch(data.prompts.test[:4]), draw())
    first, _ = model.compared(prompts, answers, draw())
    harmful = torch.tensor([one.request.harmful for one in data.prompts.test[:4]])
    assert_close(first[harmful], torch.full((2, 3), 0.6))
    assert set(first[~harmful].unique().tolist()) <= {0.0, 1.0}
    places, pairs = model.harmful_pairs(prompts, answers)
    assert places == [0, 2] and len(pairs.requests) == 6
