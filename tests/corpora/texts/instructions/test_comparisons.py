"""Dialogues that people have compared: what they share, and where they part."""

import pytest

from replications.corpora.texts.instructions.comparisons import (
    Comparison,
    beginning,
    comparison_of,
    turns_of,
)
from replications.errors import ReplicationError
from replications.tokens.chat import ASSISTANT, USER

ASKED = "\n\nHuman: Why is the sky blue?\n\nAssistant:"


def test_a_dialogue_becomes_its_turns():
    dialogue = f"{ASKED} Light scatters.\n\nHuman: And red?\n\nAssistant: Less.\nMuch less."
    assert turns_of(dialogue) == [
        (USER, "Why is the sky blue?"),
        (ASSISTANT, "Light scatters."),
        (USER, "And red?"),
        (ASSISTANT, "Less.\nMuch less."),
    ]


def test_two_dialogues_share_their_beginning_and_differ_in_the_last_answer():
    pair = comparison_of(f"{ASKED} It scatters.", f"{ASKED} I do not know.")
    assert pair == Comparison(((USER, "Why is the sky blue?"),), "It scatters.", "I do not know.")


@pytest.mark.parametrize(
    "rejected",
    [f"{ASKED} It scatters.", f"{ASKED}", "\n\nHuman: Who?\n\nAssistant: It scatters."],
    ids=["equal answers", "an empty answer", "another question"],
)
def test_what_cannot_be_compared_is_left_out(rejected):
    assert comparison_of(f"{ASKED} It scatters.", rejected) is None


def test_a_text_without_speakers_is_refused():
    with pytest.raises(ReplicationError, match="is no dialogue"):
        turns_of("Why is the sky blue?")


def test_a_review_is_cut_into_a_prompt_and_an_answer():
    assert beginning("A fine<br /><br />film, and a long one", (2, 3)) == ("A fine", "film, and a")
