"""The preparations that registry entries name: from raw files to rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from replications.corpora.raw.answering_sentences import (
    answered_question_rows,
    retrieved_sentence_rows,
)
from replications.corpora.raw.books import markdown_book_rows
from replications.corpora.raw.constitutions import (
    preference_principle_rows,
    revision_principle_rows,
    scored_answer_rows,
)
from replications.corpora.raw.glue import (
    cola_rows,
    entailment_rows,
    mrpc_rows,
    sst2_rows,
    stsb_rows,
)
from replications.corpora.raw.instructions import instruction_list_rows, instruction_task_rows
from replications.corpora.raw.json_lines import (
    completion_task_rows,
    judged_pair_rows,
    passage_rows,
    preference_pair_rows,
)
from replications.corpora.raw.labelled_sentences import labelled_sentence_rows
from replications.corpora.raw.minimal_pairs import minimal_pair_rows
from replications.corpora.raw.parallel_lines import parallel_line_rows
from replications.corpora.raw.proteins.alignments import contact_map_rows
from replications.corpora.raw.proteins.promoters import promoter_rows
from replications.corpora.raw.proteins.structures import aligned_structure_rows, chain_rows
from replications.corpora.raw.review_archives import review_archive_rows
from replications.corpora.raw.stories import story_stream_rows
from replications.corpora.raw.sweep_points import figure_point_rows
from replications.corpora.raw.tatoeba import tatoeba_rows
from replications.corpora.raw.treebanks import sorted_treebank_rows, treebank_rows
from replications.corpora.raw.wikipedia import dump_rows, extracted_page_rows
from replications.corpora.raw.wikitext import wikitext_archive_rows, wikitext_line_rows
from replications.corpora.raw.word_alignments import aligned_pair_rows, czenali_rows
from replications.corpora.raw.word_questions import analogy_rows, similarity_rows
from replications.corpora.store.registry import Origin
from replications.errors import ReplicationError

_FROM_FILES = {
    "analogy-questions": analogy_rows,
    "similarity-scores": similarity_rows,
    "mediawiki-dump": dump_rows,
    "parallel-lines": parallel_line_rows,
    "aligned-pairs": aligned_pair_rows,
    "czenali": czenali_rows,
    "markdown-books": markdown_book_rows,
    "wikitext-lines": wikitext_line_rows,
    "wikitext-archive": wikitext_archive_rows,
    "json-passages": passage_rows,
    "json-completions": completion_task_rows,
    "instruction-lists": instruction_list_rows,
    "instruction-tasks": instruction_task_rows,
    "minimal-pairs": minimal_pair_rows,
    "labelled-sentences": labelled_sentence_rows,
    "figure-points": figure_point_rows,
    "story-stream": story_stream_rows,
    "glue-sst2": sst2_rows,
    "glue-cola": cola_rows,
    "glue-mrpc": mrpc_rows,
    "glue-stsb": stsb_rows,
    "glue-entailment": entailment_rows,
    "alignments-and-contacts": contact_map_rows,
    "alignments-and-structures": aligned_structure_rows,
    "promoters": promoter_rows,
    "treebank": treebank_rows,
    "treebank-by-document": sorted_treebank_rows,
    "preference-pairs": preference_pair_rows,
    "judged-pairs": judged_pair_rows,
    "revision-principles": revision_principle_rows,
    "preference-principles": preference_principle_rows,
    "scored-answers": scored_answer_rows,
    "answered-questions": answered_question_rows,
}
_FOR_A_SPLIT = {
    "tatoeba-archive": tatoeba_rows,
    "listed-chains": chain_rows,
    "retrieved-sentences": retrieved_sentence_rows,
    "review-archive": review_archive_rows,
}
_WITH_PAGE_LIST = {"extracted-pages": extracted_page_rows}


def prepare_files(preparation: str, files: dict[str, Path]) -> Iterator[dict[str, object]]:
    """The rows of files that a preparation reads without knowing the split.

    Raises ReplicationError for a preparation that is not known.
    """
    if preparation not in _FROM_FILES:
        raise ReplicationError(
            f"There is no preparation {preparation!r} of files; known: {', '.join(_FROM_FILES)}."
        )
    return _FROM_FILES[preparation](files)


def prepare_rows(origin: Origin, split: str, files: dict[str, Path]) -> Iterator[dict[str, object]]:
    """The rows that an origin's files give for a split, by the preparation it names.

    Raises ReplicationError for a preparation that is not known, or lacks its list of pages.
    """
    if origin.preparation in _FROM_FILES:
        return _FROM_FILES[origin.preparation](files)
    if origin.preparation in _FOR_A_SPLIT:
        return _FOR_A_SPLIT[origin.preparation](files, split)
    pages = (origin.page_lists or {}).get(split)
    if origin.preparation in _WITH_PAGE_LIST and pages is not None:
        return _WITH_PAGE_LIST[origin.preparation](files, pages)
    raise ReplicationError(
        f"{origin}: cannot be prepared by {origin.preparation!r} for split {split}; known: "
        f"{', '.join([*_FROM_FILES, *_FOR_A_SPLIT, *_WITH_PAGE_LIST])} (the last with page_lists)"
    )
