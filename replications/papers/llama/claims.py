"""The claims of the chapter on LLaMA and Llama 2, and criteria set before the runs.

Source names: 2023a is arXiv:2302.13971 (LLaMA), 2023b is arXiv:2307.09288 (Llama 2).
"""

from replications.claims import (
    Above,
    Below,
    Between,
    Claim,
    Difference,
    Informative,
    Role,
    Tuned,
    Value,
)
from replications.papers.llama.recipes import candidates

BITS = "bits_per_byte"
_UNIT = "bits per byte"
# What counts: half a per cent of the some two bits that a byte costs these networks.
SMALL = 0.01


def _best(rung: str) -> Tuned:
    return Tuned(candidates(rung), BITS)


def _step(after: str, before: str) -> Difference:
    """By how much one rung costs more than another, each at its best learning rate."""
    return Difference(_best(after), _best(before))


def _rung_helps(
    slug: str, statement: str, source: str, after: str, before: str, role: Role = "primary"
) -> Claim:
    return Claim(
        slug=slug,
        statement=statement,
        source=f"Touvron et al. 2023a, section 2.2 ({source}); it has no ablation",
        paper_value="no number: the change is taken over from other models",
        measure=_step(after, before),
        criterion=Below(0),
        smallest=-SMALL,
        unit=_UNIT,
        role=role,
    )


def _rung_costs_nothing(slug: str, statement: str, source: str, after: str, before: str) -> Claim:
    return Claim(
        slug=slug,
        statement=statement,
        source=source,
        paper_value="no number",
        measure=_step(after, before),
        criterion=Between(-SMALL, SMALL),
        unit=_UNIT,
        role="secondary",
    )


def _rounded(way: str, less: str = "float32") -> Difference:
    return Difference(
        Value("llama", f"rounded_{BITS}:{way}"), Value("llama", f"rounded_{BITS}:{less}")
    )


_SECTION_1 = 'Touvron et al. 2023a, section 1 ("can be run on a single GPU"); the rounding is of '

CLAIMS = (
    _rung_helps(
        "llama-beats-gpt3",
        "With as many parameters and operations, LLaMA's parts need fewer bits than GPT-3's.",
        "all changes",
        "llama",
        "gpt3",
    ),
    _rung_costs_nothing(
        "rmsnorm-costs-nothing",
        "RMSNorm does as well as LayerNorm.",
        "Touvron et al. 2023a, section 2.2 (pre-normalization, after Zhang and Sennrich 2019)",
        "rmsnorm",
        "gpt3",
    ),
    _rung_helps(
        "swiglu-helps",
        "A gated feed-forward network of as many parameters needs fewer bits than one with a GELU.",
        "SwiGLU, after Shazeer 2020",
        "swiglu",
        "rmsnorm",
    ),
    _rung_helps(
        "rotary-helps",
        "Rotary positions need fewer bits than learned ones.",
        "rotary embeddings, after Su et al. 2021",
        "rotary",
        "swiglu",
    ),
    _rung_costs_nothing(
        "no-biases-cost-nothing",
        "Without biases the network does as well as with them.",
        "Touvron et al. 2023a, section 2.2, in the code beside it: no layer has a bias",
        "llama",
        "rotary",
    ),
    Claim(
        slug="grouped-queries-cost-nothing",
        statement="With a third of the heads of keys and values, and a feed-forward network that "
        "takes what they save, as many bits are needed.",
        source="Touvron et al. 2023b, table 18 (MMLU)",
        paper_value={"GQA": 26.9, "MHA": 28.0},
        measure=_step("gqa", "llama"),
        criterion=Between(-SMALL, SMALL),
        comparable=False,
        unit="(the paper's % of MMLU; ours bits per byte)",
    ),
    Claim(
        slug="multi-query-costs-more-than-grouped",
        statement="A single head of keys and values needs more bits than two.",
        source="Touvron et al. 2023b, table 18 (TriviaQA)",
        paper_value={"GQA": 46.2, "MQA": 42.8},
        measure=_step("mqa", "gqa"),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's % of TriviaQA; ours bits per byte)",
        role="secondary",
    ),
    Claim(
        slug="smaller-longer-beats-larger-shorter",
        statement="For as many training operations, a quarter of the parameters and 21 tokens for "
        "each need fewer bits than all of them with GPT-3's 1.7 tokens, and each token is a third "
        "of the work to generate.",
        source="Touvron et al. 2023a, table 3 (HellaSwag of LLaMA 13B and GPT-3 175B)",
        paper_value={"13B, 77 tokens a parameter": 79.2, "175B, 1.7 tokens a parameter": 78.9},
        measure=Difference(
            Value("smaller-longer", BITS), Tuned(candidates("larger-shorter"), BITS)
        ),
        criterion=Below(0),
        smallest=-SMALL,
        comparable=False,
        unit="(the paper's % of HellaSwag; ours bits per byte)",
    ),
    Claim(
        slug="still-improves-at-148-tokens-a-parameter",
        statement="A small model still improves from 77 tokens a parameter to 148, seven times "
        "what is optimal for training alone.",
        source='Touvron et al. 2023a, section 1 ("continues to improve even after 1T tokens", 7B)',
        paper_value="no number: the curve of figure 1 falls to its end",
        measure=Difference(Value("tiny-148", BITS), Value("tiny-77", BITS)),
        criterion=Below(0),
        smallest=-SMALL,
        unit=_UNIT,
    ),
    Claim(
        slug="eight-bits-cost-nothing",
        statement="Weights rounded to 8 bits, a scale for each row, cost less than a thousandth of "
        "a bit per byte.",
        source=f"{_SECTION_1}Dettmers et al. 2022",
        paper_value="no number",
        measure=_rounded("int8"),
        criterion=Below(0.001),
        unit=_UNIT,
    ),
    Claim(
        slug="four-bits-cost-little",
        statement="Weights rounded to 4 bits, a scale for each 32, cost less than two per cent of "
        "the bits.",
        source=f"{_SECTION_1}Dettmers and Zettlemoyer 2023",
        paper_value="no number",
        measure=_rounded("int4"),
        criterion=Below(0.04),
        unit=_UNIT,
    ),
    Claim(
        slug="groups-help-at-four-bits",
        statement="At 4 bits a scale for each 32 weights loses less than one for each row.",
        source=f"{_SECTION_1}Dettmers and Zettlemoyer 2023",
        paper_value="no number",
        measure=_rounded("int4", less="int4-row"),
        criterion=Below(0),
        unit=_UNIT,
        role="secondary",
    ),
    Claim(
        slug="instruction-tuning-helps",
        statement="Tuned on instructions that a model wrote, the network needs fewer bits for "
        "answers that people wrote.",
        source="Touvron et al. 2023a, section 4 and table 10 (MMLU of 65B, tuned and not)",
        paper_value={"LLaMA-I": 68.9, "LLaMA": 63.4},
        measure=Difference(
            Value("smaller-longer", "answers_bits_per_byte"),
            Value("instruction-tuned", "answers_bits_per_byte"),
        ),
        criterion=Above(0),
        smallest=0.05,
        comparable=False,
        paired=True,
        unit="(the paper's % of MMLU; ours bits per byte of answers)",
    ),
    Claim(
        slug="instructions-are-used",
        statement="After tuning, an answer costs more bits after another instruction than after "
        "its own, and by more than before.",
        source="Touvron et al. 2023a, section 4; the measure is ours",
        paper_value="no number",
        measure=Difference(
            Value("instruction-tuned", "answers_instruction_gain"),
            Value("smaller-longer", "answers_instruction_gain"),
        ),
        criterion=Above(0),
        informative=Informative(
            Value("instruction-tuned", "answers_instruction_gain"),
            Above(0),
            "an answer that is the same for every instruction",
        ),
        paired=True,
        role="secondary",
        unit="bits per byte of answers",
    ),
    Claim(
        slug="ghost-attention",
        statement="Tuned with Ghost Attention, a model still keeps to an instruction of the first "
        "message after twenty messages, and without it does not after six.",
        source="Touvron et al. 2023b, table 30",
        paper_value={"with, 20 messages": 100, "without, 6 messages": 0},
        not_testable="It takes a model that follows an instruction within one turn to begin with, "
        "and contexts of thousands of tokens; ours have 128.",
    ),
    Claim(
        slug="absolute-results",
        statement="LLaMA 65B answers 63.4 % of MMLU and 84.2 % of HellaSwag correctly.",
        source="Touvron et al. 2023a, tables 3 and 9",
        paper_value={"MMLU": 63.4, "HellaSwag": 84.2},
        not_testable="It took 65 billion parameters and 1.4 trillion tokens; ours have less than a "
        "million parameters and 8 million tokens, at which such questions are answered at chance.",
    ),
)
