"""The claims of the chapter on GPT-3 judged at tier `gpu`; criteria set before the runs."""

from replications.claims import Above, Claim, Informative, Value, at_gpu
from replications.papers.gpt3.claims import CLAIMS as LAPTOP
from replications.papers.gpt3.claims import gain
from replications.papers.gpt3.recipes import LARGEST

_laptop = {claim.slug: claim for claim in LAPTOP}

CLAIMS = (
    Claim(
        slug="gpu-examples-are-looked-up",
        statement="The largest model looks a word up among eight examples: it is right for more "
        "than three in four, where copying one of the letters in the prompt is for one in two.",
        source="Brown et al. 2020, section 2, in words; the task and the bound are ours",
        paper_value="no number: no weight is changed for a task",
        measure=Value(LARGEST, "in_context:dictionary:8"),
        criterion=Above(75),
        unit="%",
        tier="gpu",
    ),
    at_gpu(
        _laptop["gain-grows-with-size"],
        statement="The gain from eight examples grows with the model.",
    ),
    at_gpu(_laptop["few-beats-one"]),
    Claim(
        slug="gpu-trained-skills-are-combined",
        statement="Examples help with a task that occurs nowhere in training, and puts two trained "
        "skills together: a word is looked up, and its letter shifted.",
        source="Brown et al. 2020, section 2 (no weight is changed for a task)",
        paper_value="few-shot beats zero-shot on tasks that nobody trained for",
        measure=gain("in_context:compose:8", "in_context:compose:0"),
        criterion=Above(0),
        informative=Informative(
            gain("in_context:compose:8", "best:compose:0"),
            Above(0),
            "the best guess without an example",
        ),
        unit="points",
        tier="gpu",
    ),
    at_gpu(
        _laptop["shuffled-control"],
        statement="Examples with shuffled answers bring no gain where only examples determine the "
        "answer.",
        measure=gain("shuffled:dictionary:8", "shuffled:dictionary:1"),
    ),
    at_gpu(_laptop["arithmetic-falls-with-digits"]),
    at_gpu(_laptop["arithmetic-few-beats-zero"]),
    at_gpu(_laptop["scrambling-few-beats-zero"]),
    at_gpu(_laptop["compute-power-law"]),
    at_gpu(_laptop["compute-exponent"]),
)
