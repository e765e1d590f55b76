"""`replicate run PAPER --claim CLAIM`: which runs a claim leads to, and what cannot be asked so."""

from dataclasses import replace

import pytest
from fabricated import FabricatedRecipe, fabricate_claim, fabricate_record
from quick_runs import paper_of, surroundings_of
from typer.testing import CliRunner

from replications.claims import Difference, Value
from replications.cli import app, run_table
from replications.cli.environment import working_on
from replications.records import load_records, save_record

CLAIM = fabricate_claim(
    "gated-beats-plain",
    statement="Gates help.",
    measure=Difference(Value("gated", "process"), Value("plain", "process")),
)
LATER = replace(CLAIM, slug="seen-anew", first_seed=5)
BIG = fabricate_claim("wins-at-scale", not_testable="Too large.")


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """A cache of its own, and no records but those of the test."""
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(run_table, "RECORDS", tmp_path / "records")


@pytest.fixture
def papers():
    """`plain` is borrowed from word2vec, and both chapters have a recipe `gated` of their own."""
    plain, gated, other = map(FabricatedRecipe, ("plain", "gated", "other"))
    return {
        "word2vec": paper_of(plain, gated, other),
        "glove": paper_of(
            gated, other, CLAIMS=(CLAIM, LATER, BIG), BORROWED={"word2vec": (plain,)}
        ),
    }


def command(tmp_path, papers, *words):
    with working_on(surroundings_of(tmp_path / "records", papers)):
        return CliRunner().invoke(app, ["run", *words], catch_exceptions=False)


def recorded(tmp_path):
    return {
        (record.paper, record.recipe, record.seed)
        for paper in ("word2vec", "glove")
        for record in load_records(paper, folder=tmp_path / "records")
    }


def test_what_the_claim_compares_is_run_where_it_belongs_at_the_claims_tier(tmp_path, papers):
    save_record(fabricate_record("plain", 1), tmp_path / "records")
    done = command(tmp_path, papers, "glove", "--claim", "gated-beats-plain")
    assert done.exit_code == 0, done.output
    assert "Gates help. Judged at tier laptop: the interval lies above 0." in done.stdout
    assert "Tier laptop: 5 runs are missing" in done.stdout
    assert recorded(tmp_path) == {
        *(("word2vec", "plain", seed) for seed in range(3)),
        *(("glove", "gated", seed) for seed in range(3)),
    }


@pytest.mark.parametrize(
    ("words", "seeds"),
    [(("seen-anew",), {5, 6, 7}), (("gated-beats-plain", "--seeds", "1"), {0})],
)
def test_the_seeds_are_those_of_the_claim_or_as_many_as_were_asked(tmp_path, papers, words, seeds):
    assert command(tmp_path, papers, "glove", "--claim", *words).exit_code == 0
    assert {seed for _, _, seed in recorded(tmp_path)} == seeds


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--claim", "gated-beats-plain"), "give the PAPER that makes the claim"),
        (("glove", "--claim", "gated-beats-plane"), "Did you mean 'gated-beats-plain'?"),
        (("glove", "--claim", "wins-at-scale"), "No run decides the claim wins-at-scale: Too la"),
        (("glove", "--claim", "seen-anew", "--only", "gated"), "leave --only out"),
        (("glove", "--claim", "seen-anew", "--seed-from", "3"), "leave --seed-from out"),
        (
            ("glove", "--claim", "seen-anew", "--tier", "gpu"),
            "judged at tier laptop, and not at gpu",
        ),
        (("glove", "--claim", "seen-anew", "--text", "mine"), "--claim cannot go with --text"),
        (("glove", "--claim", "seen-anew", "--parts", "2"), "--workers and --claim"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(tmp_path, papers, words, complaint):
    done = command(tmp_path, papers, *words)
    assert done.exit_code == 1
    assert complaint in done.stderr
    assert not recorded(tmp_path)
