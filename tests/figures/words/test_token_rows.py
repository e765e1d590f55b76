from replications.figures.words.token_rows import readable_tokens, token_row
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.special_tokens import WithSpecialTokens

VOCABULARY = WithSpecialTokens(ByteLevelBPE.learn(["low low low lower lowest"] * 9, merges=5))


def test_the_tokens_together_are_the_text():
    tokens = readable_tokens(VOCABULARY.encode("slower flow"), VOCABULARY)
    assert "".join(tokens) == "slower flow"
    assert "low" in tokens and "s" in tokens


def test_marks_have_their_names():
    ids = [VOCABULARY.start, *VOCABULARY.encode("low"), VOCABULARY.delimiter, VOCABULARY.extract]
    assert readable_tokens(ids, VOCABULARY) == ["<start>", "low", "<delimiter>", "<extract>"]
    assert token_row(ids[:2], VOCABULARY) == "<start> | low"
