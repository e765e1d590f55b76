"""Old records in today's names: upgrades that are applied when a record is read.

A record holds its recipe's parts as they were called when it was made. The code's names change;
record files never do. So each change of a name that is hashed appends one upgrade to the list
below, in the order in which the changes were made. A record is stale when the hash of its upgraded
parts differs from the recipe's.

How to rename, one line each, appended to UPGRADES in the commit that changes the code:

- an argument of a part: `Renamed("FeedForward", inner="d_ff")`;
- a part (function or class): `RenamedPart("both_ways", "bidirectional")`;
- a new argument, with the value that the old code meant: `Added("train", accumulated=1)`;
- an argument that is gone, with the only value that today's code means: `Removed("x", flag=False)`;
- several parts that became one: `Merged("train_networks", "train", accumulated=1)`, one line each,
  with the arguments that the old part had not and what it meant by them;
- arguments of another library's part that no recipe gives: `Unhashed("Adam", foreach=None)`;
- a metric in the records of a paper: `RenamedMetric("bert", "follows_accuracy", "next_sentence")`;
- a recipe of a paper: `RenamedRecipe("bert", "long-rows", "long-sequences")`.

A part is named as in a record: the name of the function or class, without its module. Names in a
later line are those that earlier lines have made. A name that an upgrade has retired is never used
again for something else: upgrades know no dates. Values never change here: another value is
another run. `tests/test_renames.py` holds the list to all this.

What a record measured is never changed either. One number is known to be off in old records: their
`flops` were those of the first batch, taken as proportional to the tokens of all others, and
frozen weights were charged for gradients. Since then each shape of batch is counted by itself.
Where a record's batches have one shape the two agree; see `objectives/operations.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from replications.errors import ReplicationError

Part = dict[str, Any]


@dataclass(frozen=True, init=False)
class _OfPart:
    """An upgrade of each part of one name."""

    part: str
    arguments: Mapping[str, Any]

    def __init__(self, part: str, **arguments: Any) -> None:
        object.__setattr__(self, "part", part)
        object.__setattr__(self, "arguments", arguments)

    def apply(self, part: Part) -> Part:
        raise NotImplementedError


class Renamed(_OfPart):
    """Arguments of a part, each `old="new"`. Raises ReplicationError where both are there."""

    def apply(self, part: Part) -> Part:
        if both := [name for old, name in self.arguments.items() if {old, name} <= part.keys()]:
            raise ReplicationError(
                f"A record's part {self.part!r} has {both[0]!r} and the argument that was renamed "
                "to it: correct replications/renames.py."
            )
        return {self.arguments.get(name, name): value for name, value in part.items()}


class Added(_OfPart):
    """Arguments that a part did not have, with the values that the code implied without them."""

    def apply(self, part: Part) -> Part:
        return {**self.arguments, **part}


class Removed(_OfPart):
    """Arguments that a part no longer has, where they had the value that today's code implies."""

    def apply(self, part: Part) -> Part:
        return {
            name: value
            for name, value in part.items()
            if name not in self.arguments or value != self.arguments[name]
        }


class Unhashed(Removed):
    """Defaults of another library's part, which were hashed once and are no longer."""


@dataclass(frozen=True)
class RenamedPart:
    part: str
    to: str

    def apply(self, part: Part) -> Part:
        return {**part, "part": self.to}


@dataclass(frozen=True, init=False)
class Merged(_OfPart):
    """One of several parts that became one, with the arguments that the old part implied."""

    to: str

    def __init__(self, part: str, to: str, **arguments: Any) -> None:
        super().__init__(part, **arguments)
        object.__setattr__(self, "to", to)

    def apply(self, part: Part) -> Part:
        return {**self.arguments, **part, "part": self.to}


@dataclass(frozen=True)
class Uncovered:
    """A part whose argument `part` had taken the place of its name in the record.

    It is known by its other arguments. The argument is described as "part=" since.
    """

    name: str
    others: tuple[str, ...]

    def matches(self, part: Part) -> bool:
        known = part["part"] in ("test", "validation", "train")
        return known and part.keys() == {"part", *self.others}

    def apply(self, part: Part) -> Part:
        return {**part, "part": self.name, "part=": part["part"]}


@dataclass(frozen=True)
class RenamedMetric:
    """A metric of a paper's records, in `metrics`, `trajectory` and `items` alike."""

    paper: str
    old: str
    new: str


@dataclass(frozen=True)
class RenamedRecipe:
    paper: str
    old: str
    new: str


Upgrade = (
    Renamed | Added | Removed | RenamedPart | Merged | Uncovered | RenamedMetric | RenamedRecipe
)

# The whole description of a recipe, and of the recipe that it begins with, have no part's name.
RECIPE, START = "Recipe", "Start"

UPGRADES: tuple[Upgrade, ...] = (
    # Until here an argument named `part` stood where the name of its part should.
    Uncovered("bits_per_byte", ("overlap", "prefix")),
    Uncovered("source_bits_per_byte", ("source", "prefix")),
    Uncovered("negative_log_likelihood", ("edges", "prefix")),
    Uncovered("masked_likelihood", ("batches", "prefix")),
    Uncovered("task_score", ("agreement", "score", "prefix")),
    Uncovered("label_metrics", ("agreement", "prefix")),
    # A recipe said nothing of texts and starts that it had not.
    Added(RECIPE, texts=None, start=None),
    Added(START, start=None),
    # Defaults of torch are torch's.
    Unhashed(
        "Adam",
        amsgrad=False,
        capturable=False,
        decoupled_weight_decay=False,
        differentiable=False,
        foreach=None,
        fused=None,
        lr=0.001,
        maximize=False,
        weight_decay=0,
    ),
    Unhashed("GELU", approximate="none"),
    Unhashed("LayerNorm", bias=True, device=None, dtype=None, elementwise_affine=True),
    # Whether different data are allowed is no matter of the recipe: the record's corpora say it.
    Removed("alignment_pairs", allow_different_data=False),
    Removed("corpus_documents", allow_different_data=False),
    Removed("corpus_pairs", allow_different_data=False),
    Removed("corpus_questions", allow_different_data=False),
    Removed("corpus_task", allow_different_data=False),
    Removed("corpus_text", allow_different_data=False),
    Removed("mixed_documents", allow_different_data=False),
    Removed("practice_documents", allow_different_data=False),
    # Three learners became one.
    Merged(
        "train_with_lightning",
        "train",
        precision="32-true",
        watch=[],
        averaged=1,
        accumulated=1,
        finish=None,
    ),
    Merged("train_networks", "train", watched=False, accumulated=1),
    Merged("pretrain", "train", watched=False, averaged=1, finish=None),
    # The field's words for what had others.
    RenamedPart("BytePairs.learn", "BytePairEncoding.learn"),
    Renamed("DecoderOnly", d="d_model", inner="d_ff", longest="max_length", pattern="mask"),
    Renamed("EncoderOnly", d="d_model", inner="d_ff", longest="max_length", pattern="mask"),
    Renamed("LabelledBatches", passes="repeats"),
    RenamedPart("Learned", "LearnedPositions"),
    RenamedPart("LookBack", "CrossAttention"),
    Renamed("MultiHeadAttention", key="d_head"),
    Renamed("NegativeSampling", draws="shared_negatives"),
    Merged("NormAfter", "PostNorm", norm={"part": "LayerNorm"}),
    Merged("NormBefore", "PreNorm", norm={"part": "LayerNorm"}),
    Renamed("PairClassifier", deviation="std"),
    Renamed("PlainLanguageModel", d="d_model", deviation="std", inner="d_ff", longest="max_length"),
    RenamedPart("PlainRecurrent", "VanillaRNNLayer"),
    Added("PostNorm", norm={"part": "LayerNorm"}),
    Added("PreNorm", norm={"part": "LayerNorm"}),
    Renamed("RecurrentLanguageModel", d="d_model"),
    Renamed("TextClassifier", deviation="std"),
    Renamed(
        "TextPairs", hide="masking", rows_per_batch="sequences_per_batch", shorter="length_schedule"
    ),
    Renamed("TokenStream", beside="eval_sets", blocks_per_batch="sequences_per_batch"),
    Renamed("Transformer", d="d_model", inner="d_ff", key="d_head", longest="max_length"),
    Renamed("TranslationBatches", longest="max_length"),
    Renamed("WordVectorObjective", most_pairs="update_cap"),
    Renamed("beam_search", kept="n_best", longest="max_length"),
    RenamedPart("both_ways", "bidirectional"),
    RenamedPart("byte_level_with_marks", "byte_level_with_special_tokens"),
    Renamed("continuations", share="p"),
    Renamed("corpus_documents", every="stride", test_every="test_stride"),
    Renamed("corpus_last_words", every="stride"),
    Renamed("corpus_name_cloze", longest="max_length"),
    Renamed("corpus_text", every="stride"),
    Renamed("cosine", rate="learning_rate"),
    RenamedPart("count_words", "bag_of_words"),
    RenamedPart("everything", "all_layers"),
    RenamedPart("guess", "majority_class"),
    Renamed("held_out_texts", every="stride"),
    Renamed("in_reading_order", longest="max_length"),
    Renamed("in_segments", longest="max_length"),
    RenamedPart("left_to_right", "causal"),
    Renamed("linear", rate="learning_rate"),
    Renamed("masked", hidden="mask_probability", share="mlm_probability"),
    RenamedPart("next_piece", "next_token"),
    Renamed("noam", d="d_model"),
    Renamed("normal", deviation="std"),
    Renamed("practice_documents", every="stride"),
    Renamed("scaled_normal", deviation="std"),
    Renamed("seen_likelihood", blocks="sequences", blocks_per_batch="sequences_per_batch"),
    Renamed("small_normal_weights", deviation="std"),
    RenamedPart("small_normal_weights", "small_normal"),
    Renamed("train", accumulated="accumulate_batches"),
    Renamed("truncated_normal", deviation="std"),
    RenamedPart("uniform_weights", "uniform"),
    RenamedPart("word_pieces", "wordpiece"),
    RenamedMetric("bert", "follows_accuracy", "next_sentence_accuracy"),
    RenamedRecipe("bert", "cola-left-to-right", "cola-causal"),
    RenamedRecipe("bert", "left-to-right", "causal"),
    RenamedRecipe("bert", "left-to-right-short", "causal-short"),
    RenamedRecipe("bert", "long-rows", "long-sequences"),
    RenamedRecipe("bert", "mrpc-left-to-right", "mrpc-causal"),
    RenamedRecipe("bert", "rte-left-to-right", "rte-causal"),
    RenamedRecipe("bert", "sst2-left-to-right", "sst2-causal"),
    RenamedRecipe("bert", "sst2-left-to-right-short", "sst2-causal-short"),
    RenamedRecipe("bert", "stsb-left-to-right", "stsb-causal"),
    RenamedRecipe("bert", "stsb-left-to-right-short", "stsb-causal-short"),
    RenamedRecipe("gpt1", "cola-words", "cola-bag-of-words"),
    RenamedRecipe("gpt1", "mrpc-words", "mrpc-bag-of-words"),
    RenamedRecipe("gpt1", "rte-words", "rte-bag-of-words"),
    RenamedRecipe("gpt1", "sst2-words", "sst2-bag-of-words"),
    RenamedRecipe("gpt1", "stsb-words", "stsb-bag-of-words"),
    RenamedRecipe("seq2seq", "adding-plain", "adding-vanilla"),
    # Runs could not end as they were after their best epoch.
    Added("train", best=None),
    # Keys were always as wide as values.
    Added("MultiHeadAttention", d_key=None),
    Added("Transformer", d_key=None),
    # The smallest window was always of one word, and today's input gates had no bias of their own.
    Added("WordBlocks", smallest_radius=1),
    Added("LSTMLayer", input_gate_biases=[0.0, 0.0]),
    # Nobody could watch a search.
    Added("beam_search", watch=None),
    # A search went on until no open hypothesis could be better.
    Added("beam_search", early_stopping=False),
    Added("choose_length_penalty", early_stopping=False),
    # No recipe had another penalty than the log ratio, an adaptive coefficient or whitened rewards.
    Removed("ProximalPolicyOptimisation", controller={"part": "fixed"}, estimator={"part": "k1"}),
    Removed("Updates", whiten_rewards=False),
)


def upgraded(parts: Part, upgrades: Sequence[Upgrade] = UPGRADES) -> Part:
    """A record's `recipe_parts` in today's names."""
    of_parts = [each for each in upgrades if not isinstance(each, RenamedMetric | RenamedRecipe)]
    return _upgraded(parts, of_parts, RECIPE)


def upgraded_metrics(
    paper: str, numbers: Mapping[str, Any], upgrades: Iterable[Upgrade] = UPGRADES
) -> dict[str, Any]:
    """A mapping from a paper's metrics in today's names."""
    found = dict(numbers)
    for each in upgrades:
        if isinstance(each, RenamedMetric) and each.paper == paper and each.old in found:
            found = {each.new if name == each.old else name: n for name, n in found.items()}
    return found


def upgraded_recipe(paper: str, recipe: str, upgrades: Iterable[Upgrade] = UPGRADES) -> str:
    """The name of a paper's recipe today."""
    for each in upgrades:
        if isinstance(each, RenamedRecipe) and (each.paper, each.old) == (paper, recipe):
            recipe = each.new
    return recipe


def earlier_names(paper: str, recipe: str, upgrades: Sequence[Upgrade] = UPGRADES) -> list[str]:
    """What a paper's recipe was called before, the latest first."""
    names = [recipe]
    for each in reversed(upgrades):
        if isinstance(each, RenamedRecipe) and (each.paper, each.new) == (paper, names[-1]):
            names.append(each.old)
    return names[1:]


def _upgraded(tree: Any, upgrades: Sequence[Any], name: str = "") -> Any:
    if isinstance(tree, list):
        return [_upgraded(item, upgrades) for item in tree]
    if not isinstance(tree, dict):
        return tree
    # A mapping that is no part, such as data by name, has its values upgraded alone.
    if "part" in tree or name:
        for each in upgrades:
            if isinstance(each, Uncovered):
                applies = "part" in tree and each.matches(tree)
            else:
                applies = each.part == tree.get("part", name)
            tree = each.apply(tree) if applies else tree
    return {
        key: _upgraded(value, upgrades, START if name and key == "start" else "")
        for key, value in tree.items()
    }
