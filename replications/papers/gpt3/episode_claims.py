"""Claims that the episodes of tier `laptop` decide; criteria set before the runs.

Each size was trained with two learning rates, and the one with the lower validation loss counts.
"""

from replications.claims import Above, Below, Claim, Difference, Informative
from replications.claims.measures.transitions import Exceeds
from replications.claims.measures.tuned import Tuned
from replications.papers.gpt3.episodes import CANDIDATES

_LARGEST, _SMALLEST = CANDIDATES["d128"], CANDIDATES["d32"]


def _best(metric: str, candidates: tuple[str, ...] = _LARGEST) -> Tuned:
    return Tuned(candidates, metric, chosen_by="validation_nats_per_token")


def _gain(more: str, fewer: str, candidates: tuple[str, ...] = _LARGEST) -> Difference:
    return Difference(_best(more, candidates), _best(fewer, candidates))


def _past(candidates: tuple[str, ...]) -> Exceeds:
    """A run that looks words up: copying either letter shown is right for one in two."""
    return Exceeds(_best("in_context:dictionary:8", candidates), 75)


CLAIMS = (
    Claim(
        slug="examples-beat-an-instruction",
        statement="Eight examples beat the name of the task alone: no weight changes.",
        source="Brown et al. 2020, table 3.2 (LAMBADA, accuracy; zero-shot in another format)",
        paper_value={"few": 86.4, "zero": 76.2},
        measure=_gain("instructed:8", "instructed:0"),
        criterion=Above(0),
        comparable=False,
        unit="points",
    ),
    Claim(
        slug="eight-examples-beat-one",
        statement="Eight examples beat one, where the task is named as well.",
        source="Brown et al. 2020, section 3.2 (TriviaQA)",
        paper_value={"few": 71.2, "one": 68.0},
        measure=_gain("instructed:8", "instructed:1"),
        criterion=Above(0),
        comparable=False,
        unit="points",
    ),
    Claim(
        slug="examples-bring-more-to-larger-models",
        statement="The gain from eight examples over the task's name alone grows with the model.",
        source="Brown et al. 2020, figures 1.2 and 1.3",
        paper_value="the gap between few-shot and zero-shot widens with size",
        measure=Difference(
            _gain("instructed:8", "instructed:0"),
            _gain("instructed:8", "instructed:0", _SMALLEST),
        ),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="trained-skills-are-recombined",
        statement="With eight examples a task that occurs nowhere in training is solved more often "
        "than by a draw of two of the three letters that they show: it puts together two skills, "
        "each of which is trained.",
        source="Brown et al. 2020, section 2 (no weight is changed for a task)",
        paper_value="few-shot beats zero-shot on tasks that nobody trained for",
        measure=_best("in_context:spell-backwards:8"),
        criterion=Above(100 / 6),
        informative=Informative(
            _best("in_context:spell:8"),
            Above(50),
            "spelling forwards, which is trained, in less than half of the questions",
        ),
        unit="% right",
    ),
    Claim(
        slug="most-runs-pass-the-transition",
        statement="More than half of the runs of the largest model look a word up among eight "
        "examples.",
        source="Brown et al. 2020, section 2, in words; the task and the bounds are ours",
        paper_value="not given",
        measure=_past(_LARGEST),
        criterion=Above(50),
        unit="% of runs",
    ),
    Claim(
        slug="more-large-runs-pass-the-transition",
        statement="More runs of the largest model than of the smallest look a word up among eight "
        "examples.",
        source="Brown et al. 2020, figure 1.2, in words; the measure is ours",
        paper_value="not given",
        measure=Difference(_past(_LARGEST), _past(_SMALLEST)),
        criterion=Above(0),
        unit="points of the share of runs",
    ),
    *(
        Claim(
            slug=f"shuffled-control-{family}",
            statement=f"Examples with shuffled answers bring no gain on the task `{family}` beyond "
            "the first one, which shows the format.",
            source="a control that the paper has not, after Min et al. 2022; the margin is ours",
            paper_value="not given",
            measure=_gain(f"shuffled:{family}:8", f"shuffled:{family}:1"),
            criterion=Below(5),
            role="control",
            unit="points",
        )
        for family in ("dictionary", "spell")
    ),
    Claim(
        slug="an-induction-head-forms",
        statement="In the largest model some head attends to what followed the present token "
        "before, with at least a fifth of its attention.",
        source="a control that the paper has not, after Olsson et al. 2022; the bound is ours",
        paper_value="not given",
        measure=_best("induction_best"),
        criterion=Above(20),
        role="control",
        unit="% of attention",
    ),
)
