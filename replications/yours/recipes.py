"""A chapter's recipe on a reader's own text: its sizes as they are, its corpora replaced."""

import re
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from replications.corpora.batches.cooccurrence_blocks import CooccurrenceBlocks
from replications.corpora.batches.single_texts import SingleTexts
from replications.corpora.batches.text_pairs import TextPairs
from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.batches.translation_batches import TranslationBatches
from replications.corpora.batches.word_blocks import WordBlocks
from replications.corpora.texts.documents import Documents
from replications.corpora.yours.documents import own_documents
from replications.corpora.yours.sentence_pairs import own_pairs
from replications.corpora.yours.words import own_words
from replications.decoding.search import greedy_search
from replications.errors import ReplicationError
from replications.metrics.language.masked_likelihood import masked_likelihood
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.measuring import Metric
from replications.metrics.mixed_precision import in_bfloat16
from replications.metrics.translation.bleu import translation_metrics
from replications.metrics.translation.chosen_search import chosen_penalty, with_chosen_search
from replications.metrics.translation.likelihood import negative_log_likelihood
from replications.metrics.word_vectors.held_out import held_out_counts, held_out_loss
from replications.papers import PAPERS
from replications.recipes import Recipe

# The recipe whose data, sizes and budget are taken, by chapter and tier. BERT's is the one without
# next-sentence prediction: a single book has no second document to take a sentence from.
TAKEN = {
    "word2vec": {"smoke": "articles-skip-gram", "laptop": "skip-gram"},
    "glove": {"smoke": "articles-glove", "laptop": "glove"},
    "seq2seq": {"smoke": "world-reversed", "laptop": "seq2seq"},
    "bahdanau": {"smoke": "world-rnnsearch", "laptop": "rnnsearch"},
    "transformer": {"smoke": "world-transformer", "laptop": "transformer"},
    "gpt2": {"smoke": "world-large", "laptop": "layers-6", "gpu": "size-10"},
    "bert": {"smoke": "world-bidirectional", "laptop": "no-nsp", "gpu": "no-nsp"},
}
TRANSLATES = ("seq2seq", "bahdanau", "transformer")

# Passes over the text where a recipe's own short documents made an epoch.
_TOKENS_PER_EPOCH = 100_000

LEFT_OUT = {
    "words": "Analogies and human judgements of similarity are left out: they ask for common "
    "English words, which your text need not have.",
    "language": "What is measured on other corpora, LAMBADA and labelled tasks too, is left out: "
    "it says nothing about your text.",
    "translation": "Alignments and joined sentences are left out: they need gold alignments, or "
    "corpora of their own.",
}


class OwnText(NamedTuple):
    """Where a reader's text is: `target` is the second of two parallel files."""

    path: Path
    target: Path | None = None
    a_line: bool = False

    @property
    def name(self) -> str:
        """The text's name in names of files."""
        return re.sub(r"[^\w-]+", "-", self.path.name.split(".")[0]).strip("-").lower() or "text"


class OwnRecipe(NamedTuple):
    """The recipe that was made, the name of the one it was made of, and what it leaves out."""

    recipe: Recipe
    taken: str
    left_out: str


def taken_recipe(paper: str, tier: str) -> Recipe:
    """The chapter's own recipe. Raises ReplicationError for a chapter or tier that has none."""
    if paper not in TAKEN:
        raise ReplicationError(
            f"{paper} cannot be trained on a text of your own; these can: {', '.join(TAKEN)}."
        )
    if tier not in TAKEN[paper]:
        raise ReplicationError(
            f"{paper} has no tier {tier!r} for a text of your own; it has: "
            f"{', '.join(TAKEN[paper])}."
        )
    by_name = {recipe.name: recipe for recipe in PAPERS[paper].RECIPES[tier]}
    return by_name[TAKEN[paper][tier]]


def own_recipe(paper: str, tier: str, text: OwnText) -> OwnRecipe:
    """The chapter's recipe with the text in place of its corpora, measured on what is held out.

    Raises ReplicationError for a chapter or tier that has none, and where a chapter that translates
    has one file, or another one two.
    """
    recipe = taken_recipe(paper, tier)
    if paper in TRANSLATES and text.target is None:
        raise ReplicationError(
            f"{paper} translates: give two files with one sentence a line, --text SOURCE and "
            "--text-target TARGET."
        )
    if paper not in TRANSLATES and text.target is not None:
        raise ReplicationError(
            f"{paper} reads one text: leave out --text-target, or take one of "
            f"{', '.join(TRANSLATES)}."
        )
    data, metrics, left_out = _on(text, recipe)
    made = Recipe(
        name=f"{recipe.name}-on-{text.name}",
        data=data,
        learner=recipe.learner,
        metrics=metrics,
        minutes=recipe.minutes,
    )
    return OwnRecipe(made, recipe.name, left_out)


def _on(text: OwnText, recipe: Recipe) -> tuple[partial, tuple[Metric, ...], str]:
    """The data module on the text, what is measured on it, and what is left out."""
    kind, given = recipe.data.func, dict(recipe.data.keywords)
    given.pop("eval_sets", None)
    given["text"] = _source(text, recipe)
    if kind is WordBlocks:
        return partial(kind, **given), (held_out_loss,), LEFT_OUT["words"]
    if kind is CooccurrenceBlocks:
        return partial(kind, **given), (held_out_counts,), LEFT_OUT["words"]
    if kind is TranslationBatches:
        return partial(kind, **given), _translated(recipe), LEFT_OUT["translation"]
    metric = bits_per_byte if kind is TokenStream else partial(masked_likelihood, batches=40)
    if "bf16" in recipe.learner.keywords.get("precision", ""):
        metric = partial(in_bfloat16, metrics=(metric,))
    if kind is SingleTexts:
        # The chapter's documents are short, a reader's may be long: sequences are cut from them.
        kind, given = TextPairs, {**given, "tokens_per_epoch": _TOKENS_PER_EPOCH}
        given["random"] = 0.0
    return partial(kind, **given), (metric,), LEFT_OUT["language"]


def _source(text: OwnText, recipe: Recipe) -> partial:
    kind, given = recipe.data.func, recipe.data.keywords
    if kind is TranslationBatches:
        return partial(own_pairs, source=str(text.path), target=str(text.target))
    whole: dict[str, Any] = {"path": str(text.path), "a_line": text.a_line}
    if kind in (WordBlocks, CooccurrenceBlocks):
        sizes = given["text"].keywords
        least = 10 * given.get("block", 64) * given.get("blocks_per_batch", 1)
        whole |= {"min_count": sizes.get("min_count", 5), "max_size": sizes.get("max_size")}
        return partial(own_words, least=least, **whole)
    length, rows = given.get("length", 128), given.get("sequences_per_batch", 32)
    return partial(enough_documents, tokens_per_batch=length * rows, **whole)


def enough_documents(
    seed: int, *, path: str, a_line: bool = False, tokens_per_batch: int = 1
) -> Documents:
    """What `own_documents` gives. Raises ReplicationError for less than ten batches of bytes.

    A token stands for some four bytes, so what passes may be read several times in ten updates.
    """
    documents = own_documents(seed, path=path, a_line=a_line)
    size, least = 0, 10 * tokens_per_batch
    for text in documents.train:
        size += len(text.encode())
        if size >= least:
            return documents
    raise ReplicationError(
        f"{path} has too little text: {size:,} bytes to train on, where ten batches of the "
        f"recipe read {least:,} tokens. Give more text, or take a smaller --tier."
    )


def _translated(recipe: Recipe) -> tuple[Metric, ...]:
    if recipe.learner.keywords.get("finish") is None:
        return (partial(translation_metrics, search=greedy_search), negative_log_likelihood)
    return (
        chosen_penalty,
        partial(with_chosen_search, metric=translation_metrics),
        negative_log_likelihood,
    )
