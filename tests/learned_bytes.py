"""Byte-level pairs learned from a drawn text, and the same by the library `tokenizers`."""

from __future__ import annotations

import random

import tokenizers

from replications.tokens.byte_level import ByteLevelBPE

SYLLABLES = "la le lo ma mi mo sch tra ung keit er en nd ß 'll 's 1 20 東京 é".split()


def draw_texts(seed: int, sentences: int) -> list[str]:
    """Sentences of made-up words, some much more frequent than others, with punctuation."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 5))) for _ in range(300)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return [
        draw.choice([" ", "  ", "\n"]).join(draw.choices(words, weights, k=draw.randint(2, 12)))
        + draw.choice(".!")
        for _ in range(sentences)
    ]


TEXTS = draw_texts(0, 300) + ["We'll see, they'd say: it's 1999!\n\n  Done..."] * 3
LEARNED = ByteLevelBPE.learn(TEXTS, merges=200)


def theirs_without_model(model: tokenizers.models.BPE) -> tokenizers.Tokenizer:
    theirs = tokenizers.Tokenizer(model)
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    theirs.decoder = tokenizers.decoders.ByteLevel()
    return theirs


def like(ours: ByteLevelBPE) -> tokenizers.Tokenizer:
    return theirs_without_model(tokenizers.models.BPE(dict(ours.index), list(ours.merges)))


THEIRS = like(LEARNED)
