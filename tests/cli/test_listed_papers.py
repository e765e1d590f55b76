import pickle

import pytest
from fabricated import FabricatedRecipe, fabricate_claim, fabricate_paper

from replications.claims import Value
from replications.cli import listed_papers as listing
from replications.papers import PAPERS
from replications.papers.chinchilla import prediction

CLAIM = fabricate_claim(measure=Value("a", "total"))


@pytest.fixture
def papers(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    start = FabricatedRecipe("start", hash="1" * 16)
    recipe = FabricatedRecipe("a", hash="2" * 16, start=start, parts={"epochs": 3})
    recipe.__class__.describe_training = FabricatedRecipe.describe
    paper = fabricate_paper(CLAIM, laptop=(recipe,))
    paper.__name__ = "somewhere.word2vec"
    return {"word2vec": paper}


def test_a_listed_paper_says_what_the_paper_says(papers):
    real = papers["word2vec"]
    for listed in (listing.listed_papers(papers) for _ in range(2)):
        paper = listed["word2vec"]
        assert (paper.TITLE, paper.NUMBER, paper.CORPORA) == (real.TITLE, 1, real.CORPORA)
        assert paper.CLAIMS == (CLAIM,)
        (recipe,) = paper.RECIPES["laptop"]
        assert (recipe.name, recipe.hash, recipe.minutes) == ("a", "2" * 16, 1.5)
        assert recipe.start.hash == "1" * 16
        assert recipe.describe() == {"epochs": 3}
        assert not hasattr(paper, "BORROWED")


def test_papers_are_read_once_for_one_source_of_the_package(papers, capsys, monkeypatch):
    listing.listed_papers(papers)
    assert "Reading the chapters' recipes" in capsys.readouterr().err
    listing.listed_papers(papers)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(listing, "_versions", lambda: [("torch", "99.0")])
    listing.listed_papers(papers)
    assert "Reading the chapters' recipes" in capsys.readouterr().err


def test_an_edited_source_is_another_identity(papers, tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "_PACKAGE", tmp_path)
    (tmp_path / "part.py").write_text("x = 1")
    before = listing._identity(papers)
    assert listing._identity(papers) == before
    (tmp_path / "part.py").write_text("x = 2")
    assert listing._identity(papers) != before


def test_another_prediction_is_another_identity(papers, tmp_path, monkeypatch):
    assert prediction.FILE.parent == listing._PREDICTIONS
    monkeypatch.setattr(listing, "_PREDICTIONS", tmp_path / "predictions")
    found = [listing._identity(papers)]
    (tmp_path / "predictions").mkdir()
    for interval in ('{"low": 1, "high": 2}', '{"low": 1, "high": 3}'):
        (tmp_path / "predictions" / prediction.FILE.name).write_text(interval)
        found.append(listing._identity(papers))
        assert listing._identity(papers) == found[-1]
    assert len(set(found)) == 3


class _Trap:
    def __reduce__(self):
        return (print, ("this ran",))


@pytest.mark.parametrize("content", [b"", b"half", pickle.dumps(_Trap())])
def test_a_damaged_or_foreign_file_is_not_run_and_made_again(papers, content, capsys):
    listing.listed_papers(papers)
    (file,) = (listing.cache_folder() / "listed").iterdir()
    file.write_bytes(content)
    capsys.readouterr()
    assert listing.listed_papers(papers)["word2vec"].NUMBER == 1
    told = capsys.readouterr()
    assert "Reading the chapters' recipes" in told.err
    assert "this ran" not in told.out


def test_nothing_has_to_be_kept(papers, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "file" / "cache"))
    assert listing.listed_papers(papers)["word2vec"].NUMBER == 1


def test_what_is_not_kept_is_asked_of_the_paper_itself(papers):
    listed = listing.ListedPaper("replications.papers.word2vec", frozenset({"recipes"}), {})
    assert listed.recipes is PAPERS["word2vec"].recipes
    with pytest.raises(AttributeError):
        listed.BORROWED  # noqa: B018


def test_the_real_papers_are_listed_with_their_recipes_and_claims(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    for slug, listed in listing.listed_papers(PAPERS).items():
        paper = PAPERS[slug]
        assert listed.CLAIMS == paper.CLAIMS
        assert {t: [r.hash for r in recipes] for t, recipes in listed.RECIPES.items()} == {
            t: [r.hash for r in recipes] for t, recipes in paper.RECIPES.items()
        }
        for name in ("TITLE", "CITATION", "NUMBER", "CORPORA"):
            assert getattr(listed, name) == getattr(paper, name)
