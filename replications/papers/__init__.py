"""One package a paper: its recipes by tier and its claims. Nothing is trained on import."""

import difflib
import importlib
from collections.abc import Iterator, Mapping
from types import ModuleType

from replications.errors import ReplicationError

# In the order of the chapters.
_SLUGS = (
    "word2vec",
    "glove",
    "seq2seq",
    "bahdanau",
    "transformer",
    "gpt1",
    "gpt2",
    "gpt3",
    "bert",
    "kaplan",
    "chinchilla",
    "instructgpt",
    "constitutional_ai",
    "llama",
    "alphafold",
)


class _Papers(Mapping[str, ModuleType]):
    """Packages by slug, imported when asked for: `replicate --help` needs none of them."""

    def __getitem__(self, slug: str) -> ModuleType:
        if slug not in _SLUGS:
            raise KeyError(slug)
        return importlib.import_module(f"{__name__}.{slug}")

    def __iter__(self) -> Iterator[str]:
        return iter(_SLUGS)

    def __len__(self) -> int:
        return len(_SLUGS)


PAPERS: Mapping[str, ModuleType] = _Papers()


def find_paper(slug: str) -> ModuleType:
    """The paper's package. Raises ReplicationError, listing the papers, for a name that is none."""
    if slug in PAPERS:
        return PAPERS[slug]
    near = difflib.get_close_matches(slug, PAPERS, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ReplicationError(f"There is no paper {slug!r}.{hint} The papers: {', '.join(PAPERS)}.")
