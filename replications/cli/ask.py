"""`replicate ask`: a model that was trained on a text of one's own answers."""

from pathlib import Path
from typing import Annotated

import typer

from replications.cli.terminal import console


def ask(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="The folder of a model, or a chapter: then the model trained last on a text of "
            "your own.",
        ),
    ],
    texts: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT...",
            help="word2vec, glove: words; gpt2: a beginning; bert: a text with [MASK] in it; "
            "seq2seq, bahdanau, transformer: a sentence.",
        ),
    ],
    records: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where `replicate run --records` wrote.")
    ] = None,
) -> None:
    """Ask a model that `replicate run PAPER --text FILE` has trained.

    Word vectors give the nearest words, GPT-2 goes on, BERT fills a gap, the others translate.
    """
    # Not above: `replicate --help` must not wait for it.
    from replications.yours.folders import find_model, load_model

    asked = load_model(find_model(model, records))
    for text in texts:
        console.print(asked.answer(text))
