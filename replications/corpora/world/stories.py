"""The synthetic world, story part: words that only a distant context determines.

People are introduced with facts: a trade, a home, something they own. Later sentences end in a word
that one fact decides, at a drawn distance, while other people's facts and other events stand
between. The chapters on language models ask with it: how long a context does a model use, does it
improve with size, and does it answer questions and summarise when the text asks for that?
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories_parts import (
    PARTS,
    check_choice,
    check_counts,
    check_shares,
    check_span,
    identify,
    uniform_numbers,
)
from replications.corpora.world.stories_telling import (
    LONGEST_END,
    LONGEST_EVENT,
    LONGEST_FACT,
    LONGEST_QUERY,
    Story,
    Teller,
)
from replications.corpora.world.stories_words import DOMAINS, FACTS
from replications.errors import ReplicationError

CORPUS = "world-stories"
COLUMNS = ("text", "answers")
DEFAULT_SEED = 0
DEFAULT_STORIES = 2_000
MOST_ENTITIES = 8

_MOST_WORDS = 10_000


@dataclass(frozen=True)
class StoryWorld:
    """Stories, and the truth that they were told from.

    Validation and test are the same for every seed. No story of theirs is in `train`, but for the
    planted ones: `planted` are the indices in `test` of the stories that `train` holds as well.
    """

    train: tuple[Story, ...]
    validation: tuple[Story, ...]
    test: tuple[Story, ...]
    planted: tuple[int, ...]
    identities: tuple[CorpusIdentity, ...]

    @property
    def identity(self) -> CorpusIdentity:
        """The identity of the training stories; `identities` has all three parts."""
        return self.identities[0]


def make_stories(
    seed: int,
    stories: int,
    *,
    validation_stories: int = 200,
    test_stories: int = 500,
    entities: tuple[int, int] = (2, 4),
    distance: tuple[int, int] = (5, 200),
    max_length: int = 320,
    questions: int = 3,
    facts: int = len(FACTS),
    verdicts: float = 0.5,
    question_share: float = 0.02,
    summary_share: float = 0.02,
    duplicate_share: float = 0.0,
    copies: int = 1,
    domain: str = "home",
) -> StoryWorld:
    """Tell `stories` training stories, and others to validate and test on.

    The same arguments give the same stories on every machine. The seed changes the training stories
    alone. Lengths and distances are in words, punctuation included. Knobs:

    - `validation_stories`, `test_stories`: how many.
    - `entities`: fewest and most people of a story, all but one distractors for any question.
    - `distance`: from a fact to the word that needs it. Drawn uniformly between the two, then moved
      to the end of a sentence: mostly nearer, and past the largest only where questions crowd.
    - `max_length`: words of the longest story, before question, answer or summary.
    - `questions`: words of a story that need a fact, each fact at most once.
    - `facts`: how many are told of each person. With one fact of one person and no question, a
      story is that fact, a mood if there is a verdict, and the verdict.
    - `verdicts`: share of the stories that end in `for mara it was a very good day .`, or bad, as
      the hero's mood was.
    - `question_share`: share of the stories with two questions and their answers behind them.
    - `summary_share`: share with `tl;dr:` and a summary of the hero behind them.
    - `duplicate_share`: share of the test stories that `copies` of the training stories are copies
      of; the number of training stories stays.
    - `domain`: "home", or "shifted" with other names and homes, where the rare sentences are the
      frequent ones.

    Raises ReplicationError for a knob out of its range, naming it and what it may be.
    """
    maker = "make_stories"
    counts = dict(zip(PARTS, (stories, validation_stories, test_stories), strict=True))
    check_counts(maker, seed, counts)
    check_shares(
        maker,
        verdicts=verdicts,
        question_share=question_share,
        summary_share=summary_share,
        duplicate_share=duplicate_share,
    )
    if question_share + summary_share > 1:
        raise ReplicationError(
            f"{maker}: question_share and summary_share add up to more than 1; give less"
        )
    if facts < len(FACTS) and question_share + summary_share > 0:
        raise ReplicationError(
            f"{maker}: questions and summaries ask for every fact, and facts is {facts}; give "
            f"{len(FACTS)}, or a question_share and summary_share of 0"
        )
    planted = tuple(range(round(duplicate_share * test_stories)))
    if copies < 1 or len(planted) * copies > stories:
        raise ReplicationError(
            f"{maker}: {len(planted)} planted stories with copies={copies} do not fit into "
            f"{stories} stories; give copies of 1 or more and a smaller duplicate_share"
        )
    check_telling(maker, domain, entities, distance, max_length, questions, facts)
    told: dict[str, tuple[Story, ...]] = {}
    taken: set[str] = set()
    for index, part in reversed([*enumerate(PARTS)]):
        uniform = uniform_numbers(0, seed) if part == "train" else uniform_numbers(index, 0)
        teller = Teller(
            uniform,
            DOMAINS[domain],
            entities=entities,
            distance=distance,
            max_length=max_length,
            questions=questions,
            verdicts=verdicts,
            facts=facts,
        )
        found: list[Story] = []
        while len(found) < counts[part]:
            share = uniform()
            form = (
                "questions"
                if share < question_share
                else "summary"
                if share < question_share + summary_share
                else "story"
            )
            story = teller.story(form)
            if story.text not in taken:
                found.append(story)
                if part != "train":
                    taken.add(story.text)
        if part == "train":
            _plant(found, [told["test"][place] for place in planted] * copies)
        told[part] = tuple(found)
    identities = tuple(
        identify(CORPUS, part, rows_of(told[part]), COLUMNS, counts[part]) for part in PARTS
    )
    return StoryWorld(
        train=told["train"],
        validation=told["validation"],
        test=told["test"],
        planted=planted,
        identities=identities,
    )


def check_telling(
    maker: str,
    domain: str,
    entities: tuple[int, int],
    distance: tuple[int, int],
    max_length: int,
    questions: int,
    facts: int = len(FACTS),
) -> None:
    """Raises ReplicationError, naming `maker`, for knobs that no story can be told with."""
    check_choice(maker, "domain", domain, DOMAINS)
    check_span(maker, "entities", entities, 1, MOST_ENTITIES)
    check_span(maker, "distance", distance, 5, _MOST_WORDS)
    if not 1 <= facts <= len(FACTS):
        raise ReplicationError(f"{maker}: facts is {facts}; give 1 to {len(FACTS)}")
    most = facts * entities[0]
    if not 0 <= questions <= most:
        raise ReplicationError(
            f"{maker}: questions is {questions}; give 0 to {most}, as {entities[0]} people have "
            f"{most} facts"
        )
    least = distance[0] + LONGEST_EVENT + LONGEST_END + LONGEST_QUERY * questions
    least += LONGEST_FACT * facts * entities[1]
    if max_length < least:
        raise ReplicationError(
            f"{maker}: max_length is {max_length}; with these entities, questions and distance it "
            f"must be at least {least}"
        )


def answer_loss(stories: Sequence[Story], window: int) -> float:
    """Mean loss, in nats, over the answers, of an ideal model with a context of `window` words.

    An answer that was told within the window has no loss; any other has a uniform distribution over
    all words of its kind, and the logarithm of their number as its loss. No model with this context
    does much better: only by excluding words that were told of others.

    Raises ReplicationError for stories without answers.
    """
    losses = [
        0.0 if answer.distance <= window else log(answer.inventory)
        for story in stories
        for answer in story.answers
    ]
    if not losses:
        raise ReplicationError(
            "answer_loss: these stories have no answers; make them with questions of 1 or more"
        )
    return sum(losses) / len(losses)


def rows_of(stories: Sequence[Story]) -> Iterator[dict[str, object]]:
    """The stories as rows. Answers are `start-end-distance`: character offsets, and words since
    the fact."""
    for story in stories:
        answers = [f"{found.start}-{found.end}-{found.distance}" for found in story.answers]
        yield {"text": story.text, "answers": " ".join(answers)}


def _plant(stories: list[Story], copied: Sequence[Story]) -> None:
    """Replace other stories by the copies, evenly apart."""
    for number, story in enumerate(copied):
        stories[number * len(stories) // len(copied)] = story
