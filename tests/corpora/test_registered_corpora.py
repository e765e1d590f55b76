"""The registered corpora themselves, as far as they can be had without a network."""

from __future__ import annotations

import os

import pytest

from replications.corpora import list_corpora, load_corpus
from replications.corpora.store.registry import read_entry

MIRROR = os.environ.get("REPLICATIONS_MIRROR")


def test_gensims_wikipedia_is_the_registered_one(own_cache):
    rows, identity = load_corpus("gensim-wikipedia")
    assert (identity.kind, identity.rows, identity.expected) == ("bundled", 105, True)
    assert rows[0]["title"] == "Anarchism"
    assert 470_000 < sum(len(text.split()) for text in rows["text"]) < 480_000
    _, again = load_corpus("gensim-wikipedia")
    assert again == identity


def test_gensims_questions_and_scores_are_the_registered_ones(own_cache):
    questions, _ = load_corpus("gensim-evaluation", "analogies")
    semantic = [not category.startswith("gram") for category in questions["category"]]
    assert (sum(semantic), len(semantic) - sum(semantic)) == (8869, 10675)
    scores, _ = load_corpus("gensim-evaluation", "similarity")
    assert set(scores["dataset"]) == {"WS-353-ALL", "SIMLEX-999"}


def test_the_default_word_world_is_the_registered_one(own_cache):
    rows, identity = load_corpus("world-words")
    assert identity.expected
    assert (identity.kind, identity.origin) == ("synthetic", "generated")
    assert len(rows[0]["text"].split()) == 7


def test_bundled_and_synthetic_corpora_need_no_download(own_cache):
    available = {corpus.name: corpus.available for corpus in list_corpora()}
    assert available["gensim-wikipedia"] == "bundled"
    assert available["world-words"] == "generated"
    assert available["word-vector-evaluation"] == "needs download"


@pytest.mark.skipif(not MIRROR, reason="REPLICATIONS_MIRROR names no mirror of the corpora")
@pytest.mark.parametrize(
    "name",
    [
        "word-vector-evaluation",
        "wikipedia-en-2018",
        "multi30k",
        "tatoeba-en-fr",
        "word-alignment-gold",
        "classic-books",
        "wikitext-2",
        "lambada",
        "gpt3-synthetic-tasks",
        "tinystories-sample",
        "glue-sst2",
        "glue-cola",
        "glue-mrpc",
        "glue-stsb",
        "glue-rte",
        "glue-qnli",
        "sst2-sentences",
        "imdb",
        "blimp",
        "reqa-squad",
        "simple-wikipedia",
        "ud-english-ewt",
        "chinchilla-points",
        "kaplan-chinchilla-isoflop",
        "alpaca-part",
        "self-instruct-seed-tasks",
        "proteins",
        "protein-msa-contacts",
        "protein-structures-small",
        "tata-promoters",
    ],
)
def test_the_mirror_holds_the_registered_rows(name):
    for split in read_entry(name).splits:
        _, identity = load_corpus(name, split)
        assert identity.expected


def test_the_lists_of_books_are_disjoint_and_as_long_as_the_splits():
    entry = read_entry("classic-books")
    books = {split: origin.files for origin in entry.origins for split in origin.splits}
    assert {split: len(files) for split, files in books.items()} == {
        split.name: split.rows for split in entry.splits.values()
    }
    assert len(set().union(*books.values())) == sum(map(len, books.values()))


def mirrors_raw(owner: str) -> bool:
    return bool(MIRROR) and os.path.isdir(os.path.join(MIRROR, "raw", owner))


@pytest.mark.parametrize(
    ("corpus", "split", "owner"),
    [
        ("word-vector-evaluation", "analogies", "tmikolov"),
        ("word-vector-evaluation", "similarity", "mfaruqui"),
        ("multi30k", "train", "multi30k"),
        ("multi30k", "validation", "multi30k"),
        ("multi30k", "test", "multi30k"),
        ("multi30k", "test_2017_flickr", "multi30k"),
        ("multi30k", "test_2017_mscoco", "multi30k"),
        ("multi30k", "test_2018_flickr", "multi30k"),
        ("tatoeba-en-fr", "validation", "genimind"),
        ("chinchilla-points", "train", "epoch-research"),
        ("word-alignment-gold", "en-fr", "neulab"),
        ("word-alignment-gold", "ro-en", "neulab"),
        ("word-alignment-gold", "en-cs", "devyanshuk"),
        ("classic-books", "train", "mlschmitt"),
        ("classic-books", "validation", "mlschmitt"),
        ("classic-books", "test", "mlschmitt"),
        ("wikitext-2", "train", "longluv1605"),
        ("wikitext-2", "validation", "pytorch"),
        ("wikitext-2", "test", "pytorch"),
        ("lambada", "test", "cybertronai"),
        ("gpt3-synthetic-tasks", "test", "openai"),
        ("tinystories-sample", "validation", "yuninxia"),
        ("glue-sst2", "train", "F0restL1n"),
        ("glue-sst2", "validation", "F0restL1n"),
        ("glue-sst2", "test", "F0restL1n"),
        ("glue-cola", "train", "F0restL1n"),
        ("glue-cola", "validation", "F0restL1n"),
        ("glue-mrpc", "train", "F0restL1n"),
        ("glue-mrpc", "validation", "F0restL1n"),
        ("glue-mrpc", "test", "F0restL1n"),
        ("glue-stsb", "train", "F0restL1n"),
        ("glue-stsb", "validation", "F0restL1n"),
        ("glue-rte", "train", "F0restL1n"),
        ("glue-rte", "validation", "F0restL1n"),
        ("glue-qnli", "validation", "F0restL1n"),
        ("sst2-sentences", "train", "openai"),
        ("sst2-sentences", "validation", "openai"),
        ("sst2-sentences", "test", "openai"),
        ("blimp", "train", "alexwarstadt"),
        ("ud-english-ewt", "train", "UniversalDependencies"),
        ("ud-english-ewt", "validation", "UniversalDependencies"),
        ("ud-english-ewt", "test", "UniversalDependencies"),
        ("hh-rlhf", "harmless-base", "DaehanKim"),
        ("hh-rlhf", "helpful-base", "DaehanKim"),
        ("hh-rlhf", "helpful-online", "DaehanKim"),
        ("reqa-squad", "train", "KOU-201270"),
        ("reqa-squad", "validation", "KOU-201270"),
        ("reqa-squad", "candidates", "KOU-201270"),
        ("constitutional-ai", "critique_revision_principles", "anthropics"),
        ("constitutional-ai", "preference_principles", "anthropics"),
        ("constitutional-ai", "model_samples", "anthropics"),
        ("constitutional-ai", "eval_hhh_438", "anthropics"),
    ],
)
def test_the_published_files_give_the_registered_rows(tmp_path, monkeypatch, corpus, split, owner):
    if not mirrors_raw(owner):
        pytest.skip(f"REPLICATIONS_MIRROR names no mirror with the raw files of {owner}")
    (tmp_path / "mirror").mkdir()
    os.symlink(os.path.join(MIRROR, "raw"), tmp_path / "mirror" / "raw")
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    _, identity = load_corpus(corpus, split)
    assert identity.expected
    assert identity.origin.startswith("github:")


@pytest.mark.parametrize(
    "name",
    [
        "world-stories",
        "world-last-words",
        "world-cloze",
        "world-labelled",
        "world-episodes",
        "world-instructions",
        "world-instruction-text",
        "world-dialogues",
        "world-constitution",
        "world-constitution-text",
    ],
)
def test_the_default_worlds_of_the_language_models_are_the_registered_ones(own_cache, name):
    for split in read_entry(name).splits:
        _, identity = load_corpus(name, split)
        assert identity.expected and identity.kind == "synthetic"
