"""Networks on torch's meta device, where tensors have shapes and no values, and their costs."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from replications.corpora.batches.translation_batches import joint, separate
from replications.corpora.texts.learned_tokenizers import (
    byte_level,
    byte_level_with_special_tokens,
    wordpiece,
)
from replications.errors import ReplicationError
from replications.recipes import Recipe
from replications.tokens.bpe import BytePairEncoding
from replications.tokens.byte_level import ALPHABET, END_OF_TEXT, ByteLevelBPE
from replications.tokens.languages import Languages
from replications.tokens.shortlist import Shortlist
from replications.tokens.special_tokens import WithSpecialTokens
from replications.tokens.wordpiece import SPECIAL, WordPiece

# Characters beside the merges of byte-pair encoding, inside a word and at its end: about so many
# in two European languages.
_CHARACTERS = 190


def operations(forward: Callable[[], object]) -> int:
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        forward()
    return counter.get_total_flops()


def saved_bytes(forward: Callable[[], Any], model: torch.nn.Module) -> int:
    """The bytes that the forward pass keeps for the backward pass, weights left out, and those of
    the outputs' log probabilities and gradients."""
    weights = {weight.untyped_storage()._cdata for weight in model.parameters()}
    sizes: dict[int, int] = {}
    kept = []  # so that no storage is freed and its number given to another

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in weights and storage._cdata not in sizes:
            kept.append(tensor)
            sizes[storage._cdata] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        given = forward()
    outputs = given if isinstance(given, tuple) else (given,)
    return sum(sizes.values()) + sum(2 * each.nbytes for each in outputs if each is not None)


def built(recipe: Any) -> Any:
    """The recipe's network on the meta device; None where it cannot be built without its data."""
    learner = getattr(recipe, "learner", None)
    vocabulary = _vocabulary(recipe) if isinstance(recipe, Recipe) else None
    if vocabulary is None and isinstance(recipe, Recipe):
        vocabulary = _languages(recipe)
    if vocabulary is None or "objective" not in learner.keywords:
        return None
    # Initialisation must not advance the random generator.
    with torch.random.fork_rng(devices=()), torch.device("meta"):
        try:
            return learner.keywords["objective"](vocabulary, 0).eval()
        # Some need the trained model of the recipe's start.
        except ReplicationError:
            return None


def _vocabulary(recipe: Recipe) -> ByteLevelBPE | WithSpecialTokens | WordPiece | None:
    """A vocabulary as large as the recipe's may become, with dummy symbols."""
    tokenizer = recipe.data.keywords.get("tokenizer")
    if not isinstance(tokenizer, partial):
        return None
    if tokenizer.func is wordpiece:
        size = tokenizer.keywords.get("size", 8_000)
        return WordPiece((*SPECIAL, *(f"piece{n}" for n in range(size - len(SPECIAL)))))
    if tokenizer.func in (byte_level, byte_level_with_special_tokens):
        made = (f"pair{n}" for n in range(tokenizer.keywords.get("merges", 8_000)))
        pairs = ByteLevelBPE((), (*ALPHABET, *made, END_OF_TEXT))
        return (
            WithSpecialTokens(pairs) if tokenizer.func is byte_level_with_special_tokens else pairs
        )
    return None


def _languages(recipe: Recipe) -> Languages | None:
    """The same for a translation, where the recipe gives the size of its tokenizers."""
    learner = recipe.data.keywords.get("tokenizers")
    if not isinstance(learner, partial) or learner.func not in (joint, separate):
        return None
    learn = learner.keywords["learn"]
    # A bound method is another object each time it is asked for.
    if getattr(learn, "func", None) == BytePairEncoding.learn:
        size = learn.keywords["merges"] + _CHARACTERS
    elif getattr(learn, "func", None) == Shortlist.learn:
        size = learn.keywords["size"] + 4
    else:
        return None
    tokenizer = Shortlist(tuple(f"word{n}" for n in range(size)))
    return Languages(tokenizer, tokenizer)
