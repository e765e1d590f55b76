"""Claims that thirty million tokens at tier `laptop` decide; criteria set before the runs."""

from replications.claims import (
    Above,
    Average,
    Below,
    Claim,
    Difference,
    Informative,
    LogSlope,
    Parameters,
    Value,
)
from replications.claims.measures.tuned import Tuned
from replications.papers.gpt2.claims import (
    BITS,
    DECADES,
    ENWIK8,
    ENWIK8_SOURCE,
    HALF_OF_THE_FALL,
    IN_WORDS,
)
from replications.papers.gpt2.recipes import DOMAINS
from replications.papers.gpt2.sizes import LARGEST, NGRAMS, RATES, SIZES, VARIED

_parameters = tuple(map(Parameters, SIZES))
# Of BLiMP's twelve phenomena those two that the chapters on scaling follow, too.
_PHENOMENA = {
    "subject_verb_agreement": "agreement of subject and verb",
    "determiner_noun_agreement": "agreement of determiner and noun",
}


def _slope(metric: str) -> LogSlope:
    """By how much the metric rises for ten times the parameters without embeddings."""
    return LogSlope(tuple(Value(name, metric) for name in SIZES), _parameters)


def _cloze(
    name: str, statement: str, source: str, paper_value: dict[str, float] | str, role: str
) -> Claim:
    numbers = [] if isinstance(paper_value, str) else [*paper_value.values()]
    return Claim(
        slug=f"cloze-grows-with-size-{name}",
        statement=statement,
        source=f"Radford et al. 2019, {source}",
        paper_value=paper_value,
        measure=_slope(f"cloze_{name}"),
        criterion=Above(0),
        smallest=(numbers[0] - numbers[1]) / DECADES / 2 if numbers else None,
        informative=Informative(
            Difference(Value(LARGEST, f"cloze_{name}"), Value(LARGEST, f"cloze_{name}_frequent")),
            Above(0),
            "always choosing the word that the passage has most often",
        ),
        role=role,
        unit="(the paper's %; ours points for ten times the parameters)",
    )


CLAIMS = (
    *(
        Claim(
            slug=f"sizes-need-fewer-bits-for-{domain}",
            statement=f"Of models that read thirty million tokens each, none of them "
            f"{IN_WORDS[domain]}, the larger need fewer bits for them.",
            source=ENWIK8_SOURCE,
            paper_value=ENWIK8,
            measure=_slope(f"bits_per_byte:{domain}"),
            criterion=Below(0),
            smallest=HALF_OF_THE_FALL,
            unit=BITS,
        )
        for domain in DOMAINS
    ),
    Claim(
        slug="the-largest-size-still-helps",
        statement="Of four sizes that read thirty million tokens each, the largest still improves "
        "on the one before it.",
        source="Radford et al. 2019, table 3 (WikiText103 of 762M and 1542M)",
        paper_value={"762M": 22.05, "1542M": 17.48},
        measure=Difference(
            Value("size-600k", "bits_per_byte:books"), Value(LARGEST, "bits_per_byte:books")
        ),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's perplexity; ours bits per byte of books)",
    ),
    Claim(
        slug="grammar-grows-with-size",
        statement="The more parameters, the more often the grammatical sentence of a minimal pair "
        "is the more probable one.",
        source="Radford et al. 2019, section 3, by way of BLiMP (Warstadt et al. 2020); ours",
        paper_value="no number",
        measure=_slope("blimp_accuracy"),
        criterion=Above(0),
        unit="% of BLiMP's pairs for ten times the parameters",
    ),
    *(
        Claim(
            slug=f"grammar-grows-with-size-{phenomenon.replace('_', '-')}",
            statement="The more parameters, the more often the grammatical sentence is the more "
            f"probable one, in pairs for the {words}.",
            source="Radford et al. 2019, section 3, by way of BLiMP (Warstadt et al. 2020); ours",
            paper_value="no number",
            measure=_slope(f"blimp:{phenomenon}"),
            criterion=Above(0),
            role="secondary",
            unit="% of pairs for ten times the parameters",
        )
        for phenomenon, words in _PHENOMENA.items()
    ),
    Claim(
        slug="the-passage-tells-of-its-last-word",
        statement="From the whole passage, the last word of LAMBADA is more probable than from its "
        "last sentence.",
        source="Radford et al. 2019, section 3.3: what the data set is made to test",
        paper_value="no number: people need the passage",
        measure=Value(LARGEST, "lambada_gain_nats"),
        criterion=Above(0),
        unit="nats",
    ),
    Claim(
        slug="the-passage-tells-larger-models-more",
        statement="The passage helps the last word of LAMBADA the more, the more parameters the "
        "model has.",
        source="Radford et al. 2019, section 3.3 and table 3 (LAMBADA); the measure is ours",
        paper_value="no number",
        measure=_slope("lambada_gain_nats"),
        criterion=Above(0),
        unit="nats for ten times the parameters",
    ),
    Claim(
        slug="the-last-word-is-found-among-the-passages",
        statement="Restricted to the passage's words, the largest model predicts the last word "
        "correctly more often than a random draw of one of its capitalised words does.",
        source="Radford et al. 2019, section 3.3; the baseline is Paperno et al. 2016, section 5",
        paper_value="no number",
        measure=Difference(
            Value(LARGEST, "lambada_passage_word_accuracy"),
            Value(LARGEST, "lambada_random_capitalised_word"),
        ),
        criterion=Above(0),
        unit="% of passages",
    ),
    _cloze(
        "names",
        "The more parameters, the more often a name left out of a book's sentence is predicted "
        "correctly.",
        "table 3 (CBT-NE)",
        {"1542M": 89.05, "117M": 83.4},
        "primary",
    ),
    _cloze(
        "nouns",
        "The more parameters, the more often a common noun left out is predicted correctly.",
        "table 3 (CBT-CN)",
        {"1542M": 93.30, "117M": 87.65},
        "primary",
    ),
    _cloze(
        "verbs",
        "The more parameters, the more often a verb left out is predicted correctly.",
        "section 3.2 (the paper tests names and common nouns alone)",
        "not given",
        "secondary",
    ),
    _cloze(
        "prepositions",
        "The more parameters, the more often a preposition left out is predicted correctly.",
        "section 3.2 (the paper tests names and common nouns alone)",
        "not given",
        "secondary",
    ),
    Claim(
        slug="varied-text-carries-over",
        statement="Trained on books as well, instead of half of Wikipedia, a model needs fewer "
        "bits for stories, captions and passages, none of which it was trained on.",
        source="Radford et al. 2019, section 2.1, in words: as large and diverse as possible",
        paper_value="no number",
        measure=Difference(
            Average(
                tuple(
                    Value(VARIED, f"bits_per_byte:{domain}")
                    for domain in ("stories", "captions", "passages")
                )
            ),
            Average(
                tuple(
                    Value("varied-600k", f"bits_per_byte:{domain}")
                    for domain in ("stories", "captions", "passages")
                )
            ),
        ),
        criterion=Above(0),
        unit="bits per byte",
    ),
    Claim(
        slug="overlap-is-small-whichever-texts",
        statement="Of the 8-grams of the tested domains fewer than 3.2 % are in the training text, "
        "whichever texts of these kinds had been taken.",
        source="Radford et al. 2019, table 6 (mean of six data sets with WebText)",
        paper_value={"mean": 3.2},
        measure=Average(tuple(Value(NGRAMS.name, f"overlap:{domain}") for domain in DOMAINS)),
        criterion=Below(3.2),
        spread="items",
        unit="%",
        role="secondary",
    ),
    Claim(
        slug="wikipedia-in-few-bits",
        statement="The largest model needs at most 1.85 bits for a byte of unseen Wikipedia.",
        source="Radford et al. 2019, table 3 (enwik8, 0.93, of raw pages); the bound is ours",
        paper_value="not given",
        measure=Value(LARGEST, "bits_per_byte"),
        criterion=Below(1.85),
        role="control",
        unit="bits per byte",
    ),
    *(
        Claim(
            slug=f"fewer-bits-than-{slug}",
            statement=f"The largest model needs fewer bits for Wikipedia than {words}.",
            source="Radford et al. 2019, section 3: a baseline that the paper has not",
            paper_value="not given",
            measure=Difference(Value(NGRAMS.name, metric), Value(LARGEST, "bits_per_byte")),
            criterion=Above(0),
            role="control",
            unit="bits per byte",
        )
        for slug, words, metric in (
            ("five-grams", "a 5-gram model of the same text", "bits_per_byte"),
            (
                "a-compressor",
                "xz, which has the training text before it",
                "primed_xz_bits_per_byte",
            ),
        )
    ),
    *(
        Claim(
            slug=f"rate-is-tuned-{size.removeprefix('size-')}",
            statement=f"Neither half nor twice the learning rate of `{size}` is better by more "
            "than 0.01 bits per byte, with a sixteenth of its tokens.",
            source="Radford et al. 2019, section 3: the rate of each model was tuned by hand",
            paper_value="not given",
            measure=Difference(
                Value(chosen.name, "validation_bits_per_byte"),
                Tuned((half.name, double.name), "validation_bits_per_byte"),
            ),
            criterion=Below(0.01),
            role="control",
            unit="bits per byte of the validation part",
        )
        for size, (half, chosen, double) in RATES.items()
    ),
)
