"""A model's folder: its recipe, its vocabulary and its weights, as plain data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs
import torch

from replications.atomic_write import written_whole
from replications.decoding.search import beam_search, greedy_search
from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.recipes import Recipe, hash_of
from replications.tokens.bpe import BytePairEncoding
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.languages import Languages, as_written
from replications.tokens.shortlist import Shortlist
from replications.tokens.wordpiece import WordPiece
from replications.tokens.words import Vocabulary
from replications.yours.models import (
    AnsweringModel,
    GapFiller,
    SentenceTranslator,
    TextWriter,
    WordVectors,
)
from replications.yours.recipes import TAKEN, taken_recipe

_TOKENIZERS = {
    part.__name__: part
    for part in (BytePairEncoding, ByteLevelBPE, Shortlist, WordPiece, Vocabulary)
}
_ABOUT, _TOKENS, _WEIGHTS = "model.json", "tokens.json", "weights.pt"
_ASKED = {ByteLevelBPE: TextWriter, WordPiece: GapFiller}


def yours_folder() -> Path:
    """Where records and models on a reader's own text are put unless a folder is named."""
    return platformdirs.user_data_path("replications") / "yours"


def require_outside(folder: Path) -> None:
    """Raise ReplicationError for a folder among the records that the book is judged on."""
    if folder.resolve().is_relative_to(RECORDS.resolve()):
        raise ReplicationError(
            f"--records {folder} lies in {RECORDS}, which holds the book's own records: name "
            f"another folder, or none for {yours_folder()}."
        )


def model_folder(folder: Path, paper: str, recipe: str, tier: str, seed: int) -> Path:
    """Beside the record, by the same name."""
    return folder / paper / f"{recipe}.{tier}.seed{seed}"


def save_model(folder: Path, run: Any, *, paper: str, tier: str, taken: str) -> None:
    """Write the model of a Run. Raises ReplicationError where writing fails."""
    recipe, objective, vocabulary = taken_recipe(paper, tier), run.model, run.data.vocabulary
    search = getattr(objective, "search", None)
    about = {
        "paper": paper,
        "tier": tier,
        "recipe": taken,
        "learner": _learner_hash(recipe),
        "length": getattr(run.data, "length", None),
        "search": None if search is None else search.keywords,
    }
    if isinstance(vocabulary, Languages):
        tokens = {side: _plain(getattr(vocabulary, side)) for side in ("source", "target")}
        about["length"] = vocabulary.max_length
    else:
        tokens = {"text": _plain(vocabulary)}
    try:
        with written_whole(folder / _WEIGHTS) as partly, partly.open("wb") as file:
            torch.save(objective.state_dict(), file)
        for name, tree in ((_TOKENS, tokens), (_ABOUT, about)):
            with written_whole(folder / name) as partly:
                partly.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    # torch reports a full disk as an error of its own.
    except (OSError, RuntimeError) as error:
        raise ReplicationError(
            f"The model cannot be written to {folder} ({error}). Free some space, or name another "
            "folder with --records."
        ) from error


def load_model(folder: Path | str, device: str = "cpu") -> AnsweringModel:
    """The trained model of a folder, to be queried.

    Raises ReplicationError, naming the file, where it is missing, damaged, or of another version of
    the chapter's recipe.
    """
    folder = Path(folder)
    about, tokens = (_read(folder / name) for name in (_ABOUT, _TOKENS))
    try:
        recipe = taken_recipe(about["paper"], about["tier"])
        if about["learner"] != _learner_hash(recipe):
            raise ReplicationError(
                f"{folder / _ABOUT}: {about['paper']}'s recipe {recipe.name} has changed since this"
                " model was trained. Train it again with --replace, or take the version of the "
                "code that its record names."
            )
        vocabulary = _vocabulary(tokens, recipe, about)
        answering = _answering(vocabulary, about)
    except (KeyError, TypeError) as error:
        raise _damaged(folder / _ABOUT, error) from error
    objective = recipe.learner.keywords["objective"](vocabulary, 0)
    try:
        weights = torch.load(folder / _WEIGHTS, map_location="cpu", weights_only=True)
        objective.load_state_dict(weights)
    except (OSError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise _damaged(folder / _WEIGHTS, error) from error
    return answering(objective.to(device))


def find_model(named: str, folder: Path | None = None) -> Path:
    """The folder itself, or of a chapter the model that was trained last.

    Raises ReplicationError where there is none.
    """
    if (Path(named) / _ABOUT).is_file():
        return Path(named)
    place = (yours_folder() if folder is None else folder) / named
    found = sorted(place.glob(f"*/{_ABOUT}"), key=lambda file: file.stat().st_mtime)
    if not found:
        paper = named if named in TAKEN else "PAPER"
        raise ReplicationError(
            f"{named}: no folder of a model, and no model of that chapter is in {place}. Train one "
            f"with `replicate run {paper} --text FILE`, where PAPER is one of {', '.join(TAKEN)}."
        )
    return found[-1].parent


def _vocabulary(tokens: dict[str, Any], recipe: Recipe, about: dict[str, Any]) -> Any:
    made = {side: _tokenizer(tree) for side, tree in tokens.items()}
    if "text" in made:
        return made["text"]
    order = recipe.data.keywords.get("order", as_written)
    return Languages(made["source"], made["target"], order, about["length"])


def _answering(vocabulary: Any, about: dict[str, Any]) -> Callable[[Any], AnsweringModel]:
    """Makes the model that answers of the trained objective."""
    if isinstance(vocabulary, Languages):
        given = about["search"]
        search = greedy_search if given is None else partial(beam_search, **given)
        return partial(SentenceTranslator, vocabulary=vocabulary, search=search)
    if isinstance(vocabulary, Vocabulary):
        return partial(WordVectors, vocabulary=vocabulary)
    kind = _ASKED[type(vocabulary)]
    return partial(kind, vocabulary=vocabulary, length=about["length"])


def _learner_hash(recipe: Recipe) -> str:
    return hash_of(recipe.describe_training()["learner"])


def _plain(tokenizer: Any) -> dict[str, Any]:
    return {"part": type(tokenizer).__name__, **asdict(tokenizer)}


def _tokenizer(tree: dict[str, Any]) -> Any:
    given = {name: _tuples(value) for name, value in tree.items() if name != "part"}
    return _TOKENIZERS[tree["part"]](**given)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _read(file: Path) -> dict[str, Any]:
    try:
        tree = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(file, error) from error
    if not isinstance(tree, dict):
        raise _damaged(file, TypeError("it is no object"))
    return tree


def _damaged(file: Path, error: Exception) -> ReplicationError:
    return ReplicationError(
        f"{file} is missing or damaged ({type(error).__name__}: {str(error)[:200]}). Train the "
        "model again with `replicate run PAPER --text FILE --replace`."
    )
