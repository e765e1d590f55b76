"""A WordPiece vocabulary learned from drawn texts, and the same in Hugging Face's program."""

from __future__ import annotations

import random

import tokenizers

from replications.tokens.wordpiece import (
    LONGEST_WORD,
    UNKNOWN,
    WordPiece,
)

SYLLABLES = "la le Lo ma mi mo sch tra ung keit er en nd ß Über 1 20 東京 naïve".split()


def draw_texts(seed: int, sentences: int) -> list[str]:
    """Sentences of made-up words, some much more frequent than others, with punctuation."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 5))) for _ in range(300)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return [
        " ".join(draw.choices(words, weights, k=draw.randint(2, 12))) + draw.choice(".!")
        for _ in range(sentences)
    ]


TEXTS = draw_texts(0, 300) + ["Low-priced, newer 'n' wider (1,50 €)."] * 2
LEARNED = WordPiece.learn(TEXTS, size=260)


def theirs_with(symbols: tuple[str, ...]) -> tokenizers.Tokenizer:
    vocabulary = {symbol: number for number, symbol in enumerate(symbols)}
    model = tokenizers.models.WordPiece(
        vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=LONGEST_WORD
    )
    theirs = tokenizers.Tokenizer(model)
    theirs.normalizer = tokenizers.normalizers.BertNormalizer()
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    theirs.decoder = tokenizers.decoders.WordPiece(cleanup=False)
    return theirs


THEIRS = theirs_with(LEARNED.symbols)
