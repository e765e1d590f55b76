"""Translation quality: BLEU and chrF as sacrebleu computes them, and related measures.

A recipe's metric decodes the test part once, with `translation_metrics`, and passes all texts to
its `parts`: functions of `Translations`, here and in the modules beside this one.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.metrics.bleu import BLEUScore

from replications.corpora.texts.parallel_text import Pairs
from replications.decoding.search import Hypothesis, beam_search, greedy_search
from replications.decoding.translation import translate
from replications.errors import ReplicationError
from replications.items import FromItems
from replications.tokens.special import SPECIAL, UNKNOWN

BLEU_SIGNATURE = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp"
CHRF_SIGNATURE = "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no"

Search = Callable[..., list[list[Hypothesis]]]


@dataclass(frozen=True)
class Translations:
    """Source sentences, their references and a model's translations.

    `training` are the target sentences of the training data.
    """

    source: tuple[str, ...]
    reference: tuple[str, ...]
    hypothesis: tuple[str, ...]
    training: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        counts = {len(self.source), len(self.reference), len(self.hypothesis)}
        if counts != {len(self.source)} or not self.source:
            raise ReplicationError(
                f"{len(self.source)} sentences, {len(self.reference)} references and "
                f"{len(self.hypothesis)} translations cannot be compared: give as many of each, "
                "and at least one."
            )

    def at(self, indices: Sequence[int]) -> "Translations":
        """The translations with these indices."""
        chosen = (
            tuple(texts[index] for index in indices)
            for texts in (self.source, self.reference, self.hypothesis)
        )
        return Translations(*chosen, training=self.training)


Part = Callable[[Translations], dict[str, float]]


def translate_part(
    objective: object,
    data: object,
    *,
    search: Search = beam_search,
    part: str = "test",
    chosen: Callable[[Pairs], Pairs] | None = None,
    sentences: int | None = None,
) -> Translations:
    """Translations of a part of the data, or of its first `sentences`, by the objective's model.

    `chosen` makes other pairs of the part's: some of them, or joined ones.

    What the tokenizers do not know is encoded as <unk>, and sentences may be longer than those the
    model was trained on.
    """
    pairs: Pairs = getattr(data.text, part)
    if chosen is not None:
        pairs = chosen(pairs)
    source = tuple(islice(pairs.source, sentences))
    languages = replace(data.vocabulary, max_length=sys.maxsize)
    found = translate(objective.model, languages, source, search=search, unknown_allowed=True)
    reference = tuple(islice(pairs.target, sentences))
    return Translations(source, reference, tuple(found), data.text.train.target)


def bleu(hypotheses: Sequence[str], references: Sequence[str]) -> tuple[float, str]:
    """Corpus BLEU in percent, and sacrebleu's signature without its version.

    Source: Papineni et al. 2002; Post 2018 (arXiv:1804.08771) for the tokenisation 13a and the
    signature. Case-sensitive. Not comparable with scores of multi-bleu.pl on other tokens.
    """
    score, signature = _bleu(hypotheses, references)
    return score.score, signature


def bleu_items(score: float, translations: Translations) -> FromItems:
    """Corpus BLEU with its sufficient statistics: each sentence's lengths and n-gram counts."""
    metric = BLEU(force=True, effective_order=True)
    pairs = zip(_one_token(translations.hypothesis), translations.reference, strict=True)
    found = [metric.sentence_score(ours, [theirs]) for ours, theirs in pairs]
    rows = [(each.sys_len, each.ref_len, *each.counts, *each.totals) for each in found]
    return FromItems(score, "bleu", *zip(*rows, strict=True))


def chrf(hypotheses: Sequence[str], references: Sequence[str]) -> tuple[float, str]:
    """Corpus chrF2 in percent, and sacrebleu's signature without its version.

    Source: Popović 2015, with recall weighing twice as much as precision.
    """
    metric = CHRF()
    score = metric.corpus_score(_compared(hypotheses, references), [list(references)])
    return score.score, _unversioned(metric)


def corpus_scores(
    translations: Translations,
    *,
    bleu_signature: str = BLEU_SIGNATURE,
    chrf_signature: str = CHRF_SIGNATURE,
) -> dict[str, float]:
    """`bleu`, `chrf`, `length_ratio` (tokens of translations over tokens of references, as in
    BLEU), and `unknowns`: the percentage of <unk> among the translations' words.

    The signatures say how the scores are computed; they stand in a record among the recipe's
    parts. Raises ReplicationError when the installed sacrebleu computes them in another way.
    """
    texts = translations.hypothesis, translations.reference
    score, signature = _bleu(*texts)
    agree(signature, bleu_signature)
    characters, signature = chrf(*texts)
    agree(signature, chrf_signature)
    words = sum(len(text.split()) for text in translations.hypothesis)
    unknowns = sum(text.count(SPECIAL[UNKNOWN]) for text in translations.hypothesis)
    return {
        "bleu": bleu_items(score.score, translations),
        "chrf": characters,
        "length_ratio": score.sys_len / score.ref_len,
        "unknowns": 100 * unknowns / max(words, 1),
    }


def translation_metrics(
    objective: object,
    data: object,
    *,
    search: Search = beam_search,
    chosen: Callable[[Pairs], Pairs] | None = None,
    parts: tuple[Part, ...] = (corpus_scores,),
    prefix: str = "",
) -> dict[str, float]:
    """All `parts` on the test part, which is decoded once; the names get the prefix.

    `chosen` makes other pairs of it first, as in `translate_part`.

    The search is by default that of Vaswani et al. 2017, section 6.1.
    """
    translations = translate_part(objective, data, search=search, chosen=chosen)
    numbers: dict[str, float] = {}
    for part in parts:
        found = part(translations)
        if twice := numbers.keys() & found.keys():
            raise ReplicationError(f"Two parts of a metric are both named {sorted(twice)[0]!r}.")
        numbers.update(found)
    return {prefix + name: value for name, value in numbers.items()}


def validation_bleu(
    objective: object,
    data: object,
    *,
    sentences: int | None = None,
    signature: str = BLEU_SIGNATURE,
) -> dict[str, float]:
    """BLEU of greedy translations of the validation part, or of its first `sentences`: quick
    enough to be watched while training."""
    found = translate_part(
        objective, data, search=greedy_search, part="validation", sentences=sentences
    )
    score, actual = bleu(found.hypothesis, found.reference)
    agree(actual, signature)
    return {"validation_bleu": score}


def beam_sizes(
    objective: object,
    data: object,
    *,
    beams: tuple[int, ...] = (1, 2, 12),
    length_penalty: float = 0.0,
    sentences: int | None = None,
    signature: str = BLEU_SIGNATURE,
) -> dict[str, float]:
    """BLEU on the test part with beams of several sizes: `bleu_beam1` and so on.

    Source: Sutskever et al. 2014, table 1.
    """
    numbers = {}
    for beam in beams:
        search = partial(beam_search, beam=beam, length_penalty=length_penalty)
        found = translate_part(objective, data, search=search, sentences=sentences)
        score, actual = bleu(found.hypothesis, found.reference)
        agree(actual, signature)
        numbers[f"bleu_beam{beam}"] = bleu_items(score, found)
    return numbers


def translations_to_show(translations: Translations, *, count: int = 10) -> list[dict]:
    """Sentences at evenly spaced percentiles of chrF, from the worst to the best.

    The sentences are ranked by their own chrF, ties by their index; with a `count` of 10 those at
    the 5th, 15th, ... 95th percentile are taken. Each row has `place`, the index in the part,
    `source`, `reference`, `hypothesis` and `score`, the chrF in percent.
    """
    metric = CHRF()
    pairs = zip(_one_token(translations.hypothesis), translations.reference, strict=True)
    scores = [metric.sentence_score(ours, [theirs]).score for ours, theirs in pairs]
    ranked = sorted(range(len(scores)), key=lambda index: (scores[index], index))
    count = min(count, len(ranked))
    chosen = [ranked[(2 * number + 1) * len(ranked) // (2 * count)] for number in range(count)]
    return [
        {
            "place": index,
            "source": translations.source[index],
            "reference": translations.reference[index],
            "hypothesis": translations.hypothesis[index],
            "score": scores[index],
        }
        for index in chosen
    ]


def shown_translations(
    objective: object, data: object, *, search: Search = beam_search, count: int = 10
) -> list[dict]:
    """`translations_to_show` of the test part, as a record keeps them."""
    return translations_to_show(translate_part(objective, data, search=search), count=count)


def agree(actual: str, stated: str) -> None:
    """Raise ReplicationError unless the score was computed as stated."""
    if actual != stated:
        raise ReplicationError(
            f"The installed sacrebleu computes {actual}, and the recipe states {stated}: the "
            "scores could not be compared. Install the version in constraints.txt, or state the "
            "new signature in the recipe."
        )


def _bleu(hypotheses: Sequence[str], references: Sequence[str]) -> tuple[BLEUScore, str]:
    # force: no warning for text that looks tokenised, as a synthetic language does.
    metric = BLEU(force=True)
    score = metric.corpus_score(_compared(hypotheses, references), [list(references)])
    return score, _unversioned(metric)


def _compared(hypotheses: Sequence[str], references: Sequence[str]) -> list[str]:
    if len(hypotheses) != len(references) or not references:
        raise ReplicationError(
            f"{len(hypotheses)} translations cannot be compared with {len(references)} "
            "references: give as many of each, and at least one."
        )
    return _one_token(hypotheses)


def _one_token(hypotheses: Sequence[str]) -> list[str]:
    # 13a would make three tokens of <unk>. One wrong word is one wrong token.
    return [text.replace(SPECIAL[UNKNOWN], "UNK") for text in hypotheses]


def _unversioned(metric: BLEU | CHRF) -> str:
    fields = metric.get_signature().format().split("|")
    return "|".join(field for field in fields if not field.startswith("version:"))
