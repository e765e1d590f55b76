"""Stories of the synthetic world that stop before `good` or `bad`, which is their label."""

from replications.corpora.texts.labelled_texts import Labelled, LabelledTexts, drawn
from replications.corpora.world.stories import StoryWorld, make_stories

# Far from the seeds of runs, so that labelled stories are another draw than the unlabelled.
_LABELLED = 1 << 20


def story_verdicts(
    seed: int, *, items: int, shuffled: bool = False, **knobs: object
) -> LabelledTexts:
    """Stories up to `for mara it was a very`, labelled with 1 where the day was good.

    A model that can continue such a story knows its label. `items` are to train on; validation and
    test are those of `make_stories` with the same `knobs`, the same for every seed. With `shuffled`
    the labels of the training part are permuted: the control, which has nothing to learn.

    Raises ReplicationError for a knob out of its range.
    """
    world: StoryWorld = make_stories(_LABELLED + seed, items, **{**knobs, "verdicts": 1.0})
    parts = []
    for stories in (world.train, world.validation, world.test):
        verdicts = [story.answers[-1] for story in stories]
        texts = [
            (story.text[: found.start].rstrip(),)
            for story, found in zip(stories, verdicts, strict=True)
        ]
        parts.append(Labelled(texts, [float(found.word == "good") for found in verdicts]))
    task = LabelledTexts(*parts, classes=2, symmetric=False, identities=world.identities)
    return drawn(task, seed, shuffled=shuffled)
