"""Any recipe in miniature: a few updates, on fabricated texts, with the network as it is.

A recipe of a large tier has to be shown to run from end to end where its machine and its corpora
are not. Its corpora are replaced where they are loaded; what its partials say in numbers of tokens,
rows, epochs or questions is made small. What shapes the network stays.
"""

from __future__ import annotations

import inspect
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import cycle, product

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.constitution.published import MODELS
from replications.papers.gpt3 import SETS
from replications.recipes import Recipe

# The most that a part may ask for, by the name of its argument. Rows of 512 tokens still make an
# epoch of one update; those of 128 make four.
MOST = {
    "accumulate_batches": 2,
    "answers": 8,
    "answers_per_batch": 16,
    "answers_per_prompt": 3,
    "batches": 2,
    "batches_per_epoch": 2,
    "families_per_batch": 2,
    "test_depth": 64,
    "train_families": 3,
    "test_families": 2,
    "sequences": 2,
    "characters": 600,
    "counts": 8,
    "demonstrations": 16,
    "dialogues": 16,
    "prompts_per_batch": 8,
    "requests": 16,
    "epochs": 1,
    "stride": 1,
    "documents": 40,
    "episodes": 40,
    "examples": 16,
    "exercises": 16,
    "examples_per_batch": 4,
    "held_out": 8,
    "items": 4,
    "members": 2,
    "minibatches": 2,
    "pairs": 8,
    "ppo_epochs": 1,
    "prompts": 16,
    "rounds": 2,
    "symbols": 4,
    "repeats": 1,
    "questions": 2,
    "pairs_per_paradigm": 2,
    "sequences_per_batch": 2,
    "test_pairs": 2,
    "test_prompts": 4,
    "test_stride": 1,
    "texts_per_batch": 4,
    "together": 2,
    "tokens_per_batch": 64,
    "tokens_per_epoch": 1100,
}

# What a part is given by name: what it passes on to another, and counts that may not be so small.
GIVEN = {
    "constitution_documents": {"validation_documents": 4, "test_documents": 16},
    "constitution_prompts": {"validation_exercises": 8, "test_exercises": 24},
    "instruction_documents": {"validation_documents": 4, "test_documents": 16},
    "query_feedback": {"questions": 12},
    "world_dialogues": {"validation_dialogues": 4, "test_dialogues": 16},
    "world_prompts": {"validation_requests": 8, "test_requests": 24},
}


def cut_down(recipe: Recipe | None) -> Recipe | None:
    """The recipe, and what it begins with, with a few updates and a few questions."""
    if recipe is None:
        return None
    parts = {name: _cut(getattr(recipe, name)) for name in ("data", "learner", "metrics", "texts")}
    return replace(recipe, **parts, start=cut_down(recipe.start))


def _cut(part):
    if isinstance(part, Mapping):
        return {name: _cut(value) for name, value in part.items()}
    if type(part) is tuple:
        return tuple(map(_cut, part))
    if not isinstance(part, partial) and not inspect.isfunction(part):
        return part
    given = dict(part.keywords) if isinstance(part, partial) else {}
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(_function(part)).parameters.items()
    }
    # Also what a part is given without naming it, and hands on to another.
    for name, value in {**defaults, **given}.items():
        if name in MOST and isinstance(value, int) and value > MOST[name]:
            given[name] = MOST[name]
        elif name in MOST and isinstance(value, tuple) and all(isinstance(n, int) for n in value):
            given[name] = tuple(each for each in value if each <= MOST[name])
        elif name in given:
            given[name] = _cut(value)
    given |= GIVEN.get(getattr(_function(part), "__name__", ""), {})
    return partial(_function(part), **given) if given else part


def _function(part):
    return part.func if isinstance(part, partial) else part


_WORDS = (
    "the old house stood near a river and nobody in town knew who had lived there before".split()
)
# Words to be scrambled: enough that each part has some.
_RARER = tuple(map("".join, product(("mar", "sil", "ton"), "aeiou", ("ke", "dor", "nil", "pas"))))
_PHENOMENA = ("subject_verb_agreement", "determiner_noun_agreement")
_NAMES = ("Anna", "Peter", "Mary", "John")


def sentences(count: int, seed: int = 0) -> list[str]:
    """Sentences of a dozen words, with names inside that come again and again."""
    draw = random.Random(seed)
    made = []
    for _ in range(count):
        words = draw.choices(_WORDS, k=12)
        for place in (3, 7):
            words[place] = draw.choice(_NAMES)
        made.append(f"Then {' '.join(words)}.")
    return made


class _Columns(tuple):
    """All columns that anybody asks for."""

    def __contains__(self, name: object) -> bool:
        return True


class FabricatedRows:
    """Stands for the rows of any corpus.

    Documents are under "text", the labels 0, 0, 1, 1 and so on under "label", links between words
    under "sure" and "possible", dialogues under "chosen" and "rejected", sentences under nearly
    every other name. One by one, the rows are minimal pairs, of two paradigms.
    """

    column_names = _Columns(("text", "label"))

    def __init__(self, split: str) -> None:
        self.count = 40 if split == "train" else 4
        self.seed = sum(map(ord, split))

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[dict[str, str]]:
        columns = ("sentence_good", "sentence_bad")
        for number, pair in enumerate(zip(*(self[name] for name in columns), strict=True)):
            paradigm = number % 2
            yield {
                **dict(zip(columns, pair, strict=True)),
                "field": "morphology",
                "linguistics_term": _PHENOMENA[paradigm],
                "UID": f"paradigm_{paradigm}",
            }

    def __getitem__(self, column: str) -> list:
        if column == "label":
            return [number // 2 % 2 for number in range(self.count)]
        if column in ("sure", "possible"):
            return ["0-0 1-1"] * self.count
        if column in ("chosen", "rejected", "text_correct", "text_incorrect"):
            asked = sentences(self.count, self.seed)
            told = sentences(self.count, self.seed + len(column))
            return [
                f"\n\nHuman: {one}\n\nAssistant: {other}"
                for one, other in zip(asked, told, strict=True)
            ]
        if column == "source_file":
            return [f"SET_{name}" for name, _ in zip(cycle(MODELS), range(self.count))]
        if column == "prompt":
            return sentences(1, self.seed) * self.count
        if column == "text":
            told = sentences(20 * self.count, self.seed)
            rarer = f" Of {' '.join(_RARER)}."
            return [" ".join(told[20 * n : 20 * n + 20]) + rarer for n in range(self.count)]
        return sentences(self.count, self.seed + len(column))


class FabricatedSets:
    """Stands for the questions of GPT-3's sets: twelve of each task."""

    column_names = ("task", "context", "completion")

    def __len__(self) -> int:
        return 12 * len(SETS)

    def __getitem__(self, column: str) -> list[str]:
        texts = {"task": "{0}", "context": "\n{0} {1} =", "completion": " {1}"}
        return [texts[column].format(task, number) for task in SETS for number in range(12)]


def fabricated_corpus(name: str, split: str = "train", **_options) -> tuple:
    """Stands for load_corpus: any corpus is here, and small."""
    rows = FabricatedSets() if name == "gpt3-synthetic-tasks" else FabricatedRows(split)
    identity = CorpusIdentity(name, split, "synthetic", "c" * 64, len(rows), "generated", True)
    return rows, identity


def replace_corpora(monkeypatch) -> None:
    """Wherever the package loads a corpus, it gets a fabricated one."""
    for name, module in list(sys.modules.items()):
        if name.startswith("replications.") and hasattr(module, "load_corpus"):
            monkeypatch.setattr(module, "load_corpus", fabricated_corpus)
