"""The claims of the chapter on LLaMA judged at tier `gpu`; criteria set before the runs."""

from replications.claims import Below, Between, Claim, Difference, Tuned, Value
from replications.papers.llama.claims import BITS, SMALL
from replications.papers.llama.gpu import candidates


def _best(rung: str) -> Tuned:
    return Tuned(candidates(rung), BITS)


CLAIMS = (
    Claim(
        slug="gpu-llama-beats-gpt3",
        statement="With ten million parameters, LLaMA's parts need fewer bits than GPT-3's.",
        source="Touvron et al. 2023a, section 2.2 (all changes); it has no ablation",
        paper_value="no number: the changes are taken over from other models",
        measure=Difference(_best("llama"), _best("gpt3")),
        criterion=Below(0),
        smallest=-SMALL,
        unit="bits per byte",
        tier="gpu",
    ),
    Claim(
        slug="gpu-grouped-queries-cost-nothing",
        statement="With ten million parameters, a third of the heads of keys and values needs as "
        "many bits.",
        source="Touvron et al. 2023b, table 18 (MMLU)",
        paper_value={"GQA": 26.9, "MHA": 28.0},
        measure=Difference(_best("gqa"), _best("llama")),
        criterion=Between(-SMALL, SMALL),
        comparable=False,
        unit="(the paper's % of MMLU; ours bits per byte)",
        tier="gpu",
    ),
    Claim(
        slug="gpu-four-bits-cost-little",
        statement="With ten million parameters, weights rounded to 4 bits, a scale for each 32, "
        "cost less than two per cent of the bits.",
        source='Touvron et al. 2023a, section 1 ("can be run on a single GPU"); the rounding is of '
        "Dettmers and Zettlemoyer 2023",
        paper_value="no number",
        measure=Difference(
            Value("llama", f"rounded_{BITS}:int4"), Value("llama", f"rounded_{BITS}:float32")
        ),
        criterion=Below(0.03),
        unit="bits per byte",
        tier="gpu",
    ),
)
