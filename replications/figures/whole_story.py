"""The story in one table: each chapter's new part, its size, its compute and its verdicts."""

from collections import Counter
from pathlib import Path

from IPython.display import Markdown

from replications.claims import outcome
from replications.claims.shared_recipes import judged_recipes
from replications.figures.judged import verdicts_of
from replications.figures.markdown import COUNTS, FLOPS, quantity, stacking_table
from replications.papers import PAPERS
from replications.paths import RECORDS
from replications.records import fresh, load_records

PARTS = {
    "word2vec": "word vectors from context windows",
    "glove": "word vectors from global co-occurrence counts",
    "seq2seq": "recurrence with gates; an encoder and a decoder",
    "bahdanau": "attention",
    "transformer": "self-attention, multiple heads, positional encoding; subword tokens",
    "gpt1": "a decoder alone, pre-trained, then fine-tuned",
    "gpt2": "pre-norm; byte-level BPE; tasks as text",
    "gpt3": "in-context learning",
    "bert": "bidirectional attention; masked tokens",
    "kaplan": "loss as a power law of size, data and compute",
    "chinchilla": "tokens in proportion to size",
    "instructgpt": "a reward model of human preferences; a policy that maximises it",
    "constitutional_ai": "principles in place of labels",
    "llama": "RMSNorm, SwiGLU, rotary positions, grouped-query attention; open weights",
    "alphafold": "attention over alignments, pairs and frames",
}
"""What each chapter added, by slug."""


def story_table(folder: Path = RECORDS) -> Markdown:
    """A row a chapter: what was new, the largest recorded network, all operations, the verdicts.

    Verdicts are those of the paper's own claims; controls are left out. "Met" are those that were
    reproduced, in direction too; "open" those that are undecided, wait for records or cannot be
    tested here.
    """
    rows = []
    for slug, paper in PAPERS.items():
        records = fresh(load_records(slug, folder=folder), judged_recipes(paper))
        largest = max((sum(record.parameters.values()) for record in records), default=0)
        operations = sum(record.flops for record in records)
        verdicts = [v for v in verdicts_of(slug, folder) if v.claim.role != "control"]
        found = Counter(outcome(verdict.verdict) for verdict in verdicts)
        rows.append(
            (
                f"{paper.NUMBER} {paper.TITLE}",
                PARTS[slug],
                quantity(largest, COUNTS) if records else "–",
                quantity(operations, FLOPS) if records else "–",
                ", ".join(f"{found[kind]} {kind}" for kind in ("met", "not met", "open")),
            )
        )
    return stacking_table(
        ("chapter", "what was new", "largest network, parameters", "operations", "claims"),
        rows,
        "Networks and operations are those of the recorded runs of all tiers.",
    )
