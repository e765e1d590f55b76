"""Each chapter that can trains on a reader's own text; its model is kept, and answers."""

from __future__ import annotations

import json

import pytest
import torch
from cut_down import cut_down
from own_texts import write_documents, write_pairs

from replications.errors import ReplicationError
from replications.training.fit import fit
from replications.yours.folders import find_model, load_model, save_model
from replications.yours.recipes import TAKEN, TRANSLATES, OwnText, own_recipe


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))


def trained(paper, folder, tier="smoke"):
    """A run of a few updates, kept in `folder/model`."""
    if paper in TRANSLATES:
        text = OwnText(*write_pairs(folder / "texts"))
    else:
        text = OwnText(write_documents(folder / "texts"))
    own = own_recipe(paper, tier, text)
    run = fit(cut_down(own.recipe), paper=paper, tier=tier, seed=0)
    save_model(folder / "model", run, paper=paper, tier=tier, taken=own.taken)
    return run


QUESTIONS = {
    "word2vec": "river",
    "glove": "river",
    "gpt2": "Then the old",
    "bert": "the [MASK] stood",
    **dict.fromkeys(TRANSLATES, "Then the old house stood"),
}


@pytest.mark.parametrize("paper", TAKEN)
def test_a_run_on_own_text_is_recorded_as_yours_and_its_model_answers(paper, tmp_path):
    run = trained(paper, tmp_path)
    assert {corpus["kind"] for corpus in run.record.corpora} == {"yours"}
    assert run.record.metrics
    assert all(torch.tensor(value).isfinite() for value in run.record.metrics.values())
    asked = load_model(tmp_path / "model")
    for name, weight in run.model.state_dict().items():
        assert torch.equal(weight, asked.objective.state_dict()[name]), name
    answer = asked.answer(QUESTIONS[paper])
    assert answer == load_model(tmp_path / "model").answer(QUESTIONS[paper])
    assert paper in TRANSLATES or answer


def test_word_vectors_give_the_nearest_words_first_and_refuse_a_word_they_lack(tmp_path):
    run = trained("word2vec", tmp_path)
    near = load_model(tmp_path / "model").nearest("River", count=3)
    vectors = torch.nn.functional.normalize(run.model.vectors, dim=1)
    cosines = vectors @ vectors[run.data.vocabulary.id("river")]
    expected = cosines.topk(4)
    assert [word for word, _ in near] == run.data.vocabulary.decode(expected.indices)[1:]
    assert [cosine for _, cosine in near] == pytest.approx(expected.values[1:].tolist())
    with pytest.raises(ReplicationError, match="'xylophone' is not among the"):
        load_model(tmp_path / "model").nearest("xylophone")


def test_a_gap_is_filled_by_no_special_token_and_a_text_needs_one(tmp_path):
    trained("bert", tmp_path)
    asked = load_model(tmp_path / "model")
    gaps = asked.fill("the [MASK] house [MASK]", count=4)
    assert [len(gap) for gap in gaps] == [4, 4]
    for gap in gaps:
        shares = [share for _, share in gap]
        assert shares == sorted(shares, reverse=True) and 0 < sum(shares) <= 1
        assert not any(token.startswith("[") for token, _ in gap)
    with pytest.raises(ReplicationError, match=r"has no \[MASK\]"):
        asked.fill("no gap")
    with pytest.raises(ReplicationError, match="give less of it"):
        asked.fill("[MASK] " * 99)


def test_a_prompt_longer_than_the_model_reads_is_gone_on_from_its_end(tmp_path):
    trained("gpt2", tmp_path)
    asked = load_model(tmp_path / "model")
    ends_alike = ["x " * number + "the old house stood near a river " * 20 for number in (1, 50)]
    first, second = (asked.continue_text(text, seed=3) for text in ends_alike)
    assert first == second
    assert asked.continue_text(ends_alike[0], temperature=0.0)


def test_a_model_that_is_not_whole_or_of_another_recipe_is_refused(tmp_path):
    trained("glove", tmp_path)
    folder = tmp_path / "model"
    about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    (folder / "model.json").write_text(json.dumps({**about, "learner": "0" * 16}))
    with pytest.raises(ReplicationError, match="has changed since this model was trained"):
        load_model(folder)
    (folder / "model.json").write_text(json.dumps(about))
    weights = (folder / "weights.pt").read_bytes()
    (folder / "weights.pt").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(ReplicationError, match=r"weights\.pt is missing or damaged"):
        load_model(folder)
    (folder / "tokens.json").unlink()
    with pytest.raises(ReplicationError, match=r"tokens\.json is missing or damaged"):
        load_model(folder)


@pytest.mark.parametrize(("paper", "lost"), [("transformer", "search"), ("gpt2", "length")])
def test_a_model_whose_description_lacks_a_part_is_refused_by_its_file(paper, lost, tmp_path):
    trained(paper, tmp_path)
    file = tmp_path / "model" / "model.json"
    about = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({name: about[name] for name in about if name != lost}))
    with pytest.raises(ReplicationError, match=rf"model\.json is missing or damaged \(.*{lost}"):
        load_model(tmp_path / "model")


def test_a_model_with_another_chapter_s_tokens_is_refused(tmp_path):
    trained("gpt2", tmp_path)
    file = tmp_path / "model" / "tokens.json"
    tokens = {
        "text": {"part": "BytePairEncoding", "merges": [["t", "h"]], "symbols": ["t", "h", "th"]}
    }
    file.write_text(json.dumps(tokens))
    with pytest.raises(ReplicationError, match=r"model\.json is missing or damaged"):
        load_model(tmp_path / "model")


def test_a_chapter_stands_for_the_model_that_was_trained_last(tmp_path):
    import os

    for number, name in enumerate(("older", "newer")):
        file = tmp_path / "gpt2" / name / "model.json"
        file.parent.mkdir(parents=True)
        file.write_text("{}")
        os.utime(file, (number, number))
    assert find_model("gpt2", tmp_path) == tmp_path / "gpt2" / "newer"
    older = tmp_path / "gpt2" / "older"
    assert find_model(str(older), tmp_path) == older
    with pytest.raises(ReplicationError, match="replicate run bert --text FILE"):
        find_model("bert", tmp_path)
