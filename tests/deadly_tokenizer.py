"""A tokenizer for the tests of what happens when a process dies."""

import os


class Deadly:
    """Ends the process that it encodes in, but for the one that it was made in."""

    symbols = "ab"

    def __init__(self):
        self.home = os.getpid()

    def __len__(self):
        return 2

    def encode(self, text):
        if os.getpid() != self.home:
            os._exit(7)
        return [0]
