"""The words of the instructions: about a hundred, each a token of its own."""

COLOURS = ("red", "blue", "green", "black", "white", "pink")
THINGS = ("ball", "cup", "dog", "egg", "fish", "hat", "key", "lamp", "moon", "nut", "owl", "pen")
# 0 to 18: the sum of two digits is one word.
NUMBERS = tuple(str(number) for number in range(19))
TASK_WORDS = ("copy", "reverse", "sort", "count", "first", "colours", "add", "find")
CONSTRAINT_WORDS = ("in", "words", "end", "with", "done", "no", "politely", "always", "kiwi")
PUNCTUATION = (":", ",", "is")
PLEASE, DONE, KIWI, BLUE = "please", "done", "kiwi", "blue"
REFUSAL = ("i", "can", "not", "say")
CHATTER = (
    *REFUSAL,
    *("the", "day", "was", "nice", "and", "we", "like", "it", "so", "much", "you", "know"),
    *("well", "maybe", "thanks", "very", "good", "bad", "today", "then"),
)
WORDS = (
    *COLOURS,
    *THINGS,
    *NUMBERS,
    *TASK_WORDS,
    *CONSTRAINT_WORDS,
    *PUNCTUATION,
    PLEASE,
    *CHATTER,
)
"""All of them, none twice."""
