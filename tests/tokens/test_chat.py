"""Conversations as tokens: the form of a turn, and which tokens are answers."""

import pytest

from replications.errors import ReplicationError
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.chat import ASSISTANT, USER, ChatTemplate, WithChatTokens, WordList

WORDS = WordList(("red", "dog", "copy", ":"))
TEMPLATE = ChatTemplate(WORDS)
TURNS = ((USER, "copy : red"), (ASSISTANT, "red"), (USER, "copy : dog"), (ASSISTANT, "dog dog"))


def test_a_prompt_ends_with_the_assistants_mark():
    ids = TEMPLATE.prompt(TURNS[:1])
    assert WORDS.decode(ids) == "<user> copy : red <end> <assistant>"
    assert ids[-1] == WORDS.assistant


def test_a_dialogue_is_its_turns_one_after_the_other():
    ids = TEMPLATE.prompt(TURNS[:3])
    assert WORDS.decode(ids) == (
        "<user> copy : red <end> <assistant> red <end> <user> copy : dog <end> <assistant>"
    )


def test_the_loss_is_taken_on_the_assistants_words_and_their_ends_alone():
    ids, answers = TEMPLATE.conversation(TURNS)
    learned = [WORDS.symbols[n] for n, own in zip(ids, answers, strict=True) if own]
    assert learned == ["red", "<end>", "dog", "dog", "<end>"]
    assert ids == TEMPLATE.prompt(TURNS[:3]) + TEMPLATE.answer("dog dog")


def test_words_and_marks_have_ids_of_their_own_and_read_back():
    assert len(WORDS) == 8
    assert len({WORDS.end_of_text, WORDS.user, WORDS.assistant, WORDS.end}) == 4
    text = "red : <end> <user> <end-of-text>"
    assert WORDS.decode(WORDS.encode(text)) == text


def test_bytes_get_the_marks_behind_their_merges_and_never_spell_them():
    plain = ByteLevelBPE.learn(["a red dog and a red cup"] * 3, merges=10)
    tokens = WithChatTokens(plain)
    assert len(tokens) == len(tokens.symbols) == len(plain) + 3
    assert {tokens.user, tokens.assistant, tokens.end} == set(range(len(plain), len(tokens)))
    assert max(tokens.encode("<user> red <end>")) < len(plain)
    assert tokens.decode([tokens.user, *tokens.encode("a red dog"), tokens.end]) == "a red dog"


def test_a_word_that_is_not_in_the_list_is_named():
    with pytest.raises(ReplicationError, match="'cat' is not among the 4 words"):
        WORDS.encode("red cat")


def test_an_empty_answer_and_an_empty_prompt_are_refused():
    with pytest.raises(ReplicationError, match="empty answer"):
        TEMPLATE.answer(" ")
    with pytest.raises(ReplicationError, match="empty answer"):
        TEMPLATE.conversation(((USER, "red"), (ASSISTANT, "")))
    with pytest.raises(ReplicationError, match="without a turn"):
        TEMPLATE.prompt(())


def test_a_third_speaker_is_refused():
    with pytest.raises(ReplicationError, match="'system' is no role"):
        TEMPLATE.prompt((("system", "red"),))
