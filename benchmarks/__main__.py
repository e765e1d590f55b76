"""`python -m benchmarks`: how fast our training is beside the field's own, as ratios."""

from typing import Annotated

import typer

from benchmarks import (
    cards,
    compiled,
    decoding,
    evoformer,
    glove,
    language_models,
    llama,
    policy_optimisation,
    recurrent,
    transformer,
    word2vec,
)
from benchmarks.alternation import Comparison

_COMPARISONS = {
    "word2vec": word2vec.compare,
    "glove": glove.compare,
    "recurrent": recurrent.compare,
    "transformer": transformer.compare,
    "decoding": decoding.compare,
    "evoformer": evoformer.compare,
    "language-models": language_models.compare,
    "compiled": compiled.compare,
    "cards": cards.compare,
    "llama": llama.compare,
    "policy-optimisation": policy_optimisation.compare,
}


def main(
    names: Annotated[
        list[str] | None,
        typer.Argument(help=f"{', '.join(_COMPARISONS)}; all if none is named."),
    ] = None,
    corpus: Annotated[
        str, typer.Option(help="A corpus of `replicate data list`.")
    ] = "gensim-wikipedia",
    stride: Annotated[int, typer.Option(min=1, help="Take every n-th document only.")] = 1,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds that count, after a warm-up.")] = 3,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the corpus in a round.")] = 5,
    save: Annotated[bool, typer.Option("--save", help="Write benchmarks/results.")] = False,
) -> None:
    """Time ours and theirs in turn, and print speeds and ratios. Close other programs first."""
    unknown = sorted(set(names or ()) - _COMPARISONS.keys())
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(_COMPARISONS)}")
    for name in names or _COMPARISONS:
        found = _COMPARISONS[name](corpus, stride, rounds, epochs)
        for comparison in (found,) if isinstance(found, Comparison) else found:
            print("\n".join(comparison.lines()), flush=True)
            if save:
                print(f"Written: benchmarks/results/{comparison.save().name}")


if __name__ == "__main__":
    typer.run(main)
