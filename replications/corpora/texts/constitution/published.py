"""The published data of Constitutional AI: principles, the models' answers, a test.

Source: github.com/anthropics/ConstitutionalHarmlessnessPaper, beside Bai et al. 2022.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity

CORPUS = "constitutional-ai"
# How the paper's files call the models that it compares. "Madison" is the stage of RL-CAI.
MODELS: Mapping[str, str] = {
    "HRLHF": "helpful",
    "HHRLHF": "rlhf",
    "RLMADISON": "rl-cai",
    "RLMADISON_COT": "rl-cai-reasoned",
}
_SPOKEN_ON = re.compile(r"\s*(Human|H):\s*$")
_LISTED = re.compile(r"response is ((?:\w+, )+or \w+)")


class PublishedAnswer(NamedTuple):
    """A model's answer to a prompt."""

    model: str
    prompt: str
    answer: str


class HonestPair(NamedTuple):
    """Two dialogues with one prompt, of which the first ends helpfully, honestly, harmlessly."""

    better: str
    worse: str


@dataclass(frozen=True)
class Constitution:
    """The paper's principles: requests for a critique, and questions to compare two answers."""

    critiques: Sequence[str]
    comparisons: Sequence[str]
    identities: tuple[CorpusIdentity, ...]

    @property
    def harms(self) -> tuple[str, ...]:
        """The kinds of harm that the first critique is to find, a word each."""
        found = _LISTED.search(self.critiques[0])
        return tuple(found[1].replace("or ", "").split(", ")) if found else ()


def published_constitution() -> Constitution:
    """The sixteen principles of each kind. Raises ReplicationError where they cannot be had."""
    critiques, one = load_corpus(CORPUS, "critique_revision_principles")
    comparisons, other = load_corpus(CORPUS, "preference_principles")
    asked = [_request(text) for text in critiques["critique_request"]]
    return Constitution(asked, [text.strip() for text in comparisons["text"]], (one, other))


def published_answers() -> tuple[list[PublishedAnswer], CorpusIdentity]:
    """Answers of the paper's models to one list of prompts, several of each to a prompt."""
    rows, identity = load_corpus(CORPUS, "model_samples")
    names = [source.partition("_")[2] for source in rows["source_file"]]
    found = [
        PublishedAnswer(MODELS[name], prompt.strip(), _SPOKEN_ON.sub("", answer).strip())
        for name, prompt, answer in zip(names, rows["prompt"], rows["response"], strict=True)
    ]
    return found, identity


def honest_pairs() -> tuple[list[HonestPair], CorpusIdentity]:
    """The 438 comparisons of help, honesty and harm that figure 4 of the paper is about."""
    rows, identity = load_corpus(CORPUS, "eval_hhh_438")
    pairs = zip(rows["text_correct"], rows["text_incorrect"], strict=True)
    return [HonestPair(*pair) for pair in pairs], identity


def _request(text: str) -> str:
    return text.replace("CritiqueRequest:", "").replace("Critique:", "").strip()
