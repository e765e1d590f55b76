"""Episodes of the synthetic world as training documents, and as few-shot test questions."""

from replications.corpora.texts.documents import Documents
from replications.corpora.texts.few_shot_questions import FewShotQuestions, Question
from replications.corpora.world.tasks_episodes import IN_CONTEXT, Episode, make_episodes

# Test episodes are for `episode_questions`; documents have a few so that no part is empty.
_TEST_DOCUMENTS = 100


def episode_documents(
    seed: int, *, episodes: int, validation_episodes: int = 500, **knobs: object
) -> Documents:
    """Episodes of whole lines, answers included: one to nine lines by default.

    A model that is trained on all tokens learns from every line, not from the last one alone.
    `knobs` are those of `make_episodes`.
    """
    world = make_episodes(
        seed,
        episodes,
        validation_episodes=validation_episodes,
        test_episodes=_TEST_DOCUMENTS,
        **knobs,
    )
    parts = (
        [f"{episode.text}\n" for episode in part]
        for part in (world.train, world.validation, world.test)
    )
    train = world.identities[0]
    return Documents(*parts, identities=world.identities, key=f"{train.name}-{train.sha256[:16]}")


def episode_questions(
    seed: int,
    *,
    items: int = 200,
    shots: int = 8,
    families: tuple[str, ...] = IN_CONTEXT,
    held_out: tuple[str, ...] = (),
    demonstrations: str = "true",
    **knobs: object,
) -> FewShotQuestions:
    """`items` test episodes of each family; the same for every seed.

    The questions are the same however many of the examples are shown, and with shuffled
    demonstrations. `knobs` are those of `make_episodes`; with `named` each question begins with the
    name of its family, which is all that identifies it without examples.
    """
    world = make_episodes(
        seed,
        1,
        validation_episodes=1,
        test_episodes=items * len(families),
        families=families,
        held_out=held_out,
        shots=(shots, shots),
        demonstrations=demonstrations,
        **knobs,
    )
    tasks: dict[str, list[Question]] = {name: [] for name in families}
    for episode in world.test:
        tasks[episode.family].append(_question(episode))
    return FewShotQuestions(
        {name: tuple(found) for name, found in tasks.items()},
        world.identities[2:],
        tuple(held_out),
        world.best_accuracy,
    )


def _question(episode: Episode) -> Question:
    examples = tuple(f"{given} -> {output}\n" for given, output in episode.demonstrations)
    instruction = f"{episode.header}\n" if episode.header else ""
    return Question(examples, f"{episode.query} ->", f" {episode.answer}\n", instruction)
