from pathlib import Path
from types import SimpleNamespace

import pytest
from fabricated import FabricatedRecipe, fabricate_paper, fabricate_record
from typer.testing import CliRunner

from replications.claims import Above, Claim, Difference, Value
from replications.cli import app
from replications.cli.environment import Surroundings, working_on
from replications.corpora import CorpusIdentity, ListedCorpus
from replications.corpora.loading import takes_different_data
from replications.errors import ReplicationError
from replications.paths import cache_folder

CLAIM = Claim(
    slug="skip-gram-beats-cbow",
    statement="Skip-gram solves more analogies than CBOW.",
    source="Table 3",
    paper_value={"skip-gram": 55, "CBOW": 24},
    measure=Difference(Value("skip-gram", "total"), Value("cbow", "total")),
    criterion=Above(0),
    unit="%",
)


class FabricatedCorpora:
    """Stands for replications.corpora: one corpus is here, the other has to be fetched."""

    def __init__(self):
        self.here = {"gensim-wikipedia"}
        self.splits_here = set()
        self.network = True
        self.fetched = []
        self.damaged = set()

    def list_corpora(self):
        return [
            ListedCorpus(
                name=name,
                kind="real",
                licence="CC BY-SA 3.0",
                splits=("train", "test"),
                megabytes=43.5,
                download_megabytes=255.4,
                available="cache" if name in self.here else "needs download",
                description=f"What {name} is.",
                caveats=(f"What {name} is not.",),
            )
            for name in ("gensim-wikipedia", "wikipedia-en-2018")
        ]

    def where(self, needed):
        name, _, split = needed.partition(":")
        return "cache" if name in self.here or split in self.splits_here else "needs download"

    def fetch_corpus(self, name):
        if not self.network:
            raise ReplicationError(f"{name}, split train: cannot be had here. Tried: no mirror.")
        self.here.add(name)
        self.fetched.append((name, takes_different_data()))
        return [
            CorpusIdentity(name, "train", "real", "a" * 64, 8000, "mirror", True),
            CorpusIdentity(name, "test", "real", "b" * 64, 200, "mirror", False),
        ]

    def verify_corpus(self, name):
        if name not in self.here:
            raise ReplicationError(f"{name}, split train: not on this machine.")
        actual = "d" * 64 if name in self.damaged else "a" * 64
        return [("train", "a" * 64, actual, actual == "a" * 64)]


class FabricatedTraining:
    """Stands for replications.training.fit: leaves a checkpoint, and returns a run at once."""

    def __init__(self):
        self.calls = []
        self.interrupt_at = None

    def __call__(self, recipe, **options):
        if self.interrupt_at == len(self.calls):
            raise KeyboardInterrupt
        allowed = takes_different_data()
        self.calls.append({"recipe": recipe.name, "different_data": allowed, **options})
        options["checkpoints"].mkdir(parents=True, exist_ok=True)
        (options["checkpoints"] / "last.ckpt").write_bytes(b"weights")
        total = {"skip-gram": 30.0, "cbow": 20.0}[recipe.name]
        record = fabricate_record(
            recipe.name,
            options["seed"],
            {"total": total, "answered": 0.125},
            paper=options["paper"],
            tier=options["tier"],
            recipe_hash=recipe.hash,
        )
        return SimpleNamespace(record=record)

    @property
    def order(self):
        return [(call["seed"], call["recipe"]) for call in self.calls]


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    return cache_folder()


@pytest.fixture
def stage(tmp_path, cache):
    """A fabricated paper, training, corpora and folders, and `run` to type a command into them."""
    recipes = (FabricatedRecipe("skip-gram"), FabricatedRecipe("cbow", minutes=12))
    paper = fabricate_paper(CLAIM, smoke=recipes, laptop=recipes)
    paper.CORPORA["smoke"] = ("gensim-wikipedia",)
    here = SimpleNamespace(
        papers={"word2vec": paper},
        fit=FabricatedTraining(),
        corpora=FabricatedCorpora(),
        records=tmp_path / "records",
        readme=tmp_path / "README.md",
    )

    def run(*words):
        surroundings = Surroundings(
            papers=lambda: here.papers,
            fit=here.fit,
            corpora=lambda: here.corpora,
            records=here.records,
            readme=here.readme,
        )
        with working_on(surroundings):
            return CliRunner().invoke(app, list(words), catch_exceptions=False)

    here.run = run
    return here
