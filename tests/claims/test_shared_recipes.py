import pytest
from fabricated import FabricatedRecipe, fabricate_paper, fabricate_record, fabricate_records

from replications.claims import Above, Claim, Difference, Value, check_paper
from replications.claims.shared_recipes import judged_recipes, records_to_judge
from replications.errors import ReplicationError
from replications.records import save_record, stale_records

CLAIM = Claim(
    slug="glove-beats-skip-gram",
    statement="GloVe solves more analogies than skip-gram.",
    source="table 2",
    paper_value={"GloVe": 75, "skip-gram": 69.1},
    measure=Difference(Value("glove", "total"), Value("skip-gram", "total")),
    criterion=Above(0),
)
SKIP_GRAM = FabricatedRecipe("skip-gram")


def borrower(*borrowed, lender="word2vec", **recipes):
    paper = fabricate_paper(CLAIM, **(recipes or {"laptop": (FabricatedRecipe("glove"),)}))
    paper.BORROWED = {lender: borrowed}
    return paper


@pytest.fixture
def folder(tmp_path):
    """Records of both papers: those of a recipe that nobody borrows, and of another tier, too."""
    for record in (
        *fabricate_records("glove", [5.0, 6.0, 7.0], paper="glove"),
        *fabricate_records("skip-gram", [1.0, 2.0, 3.0]),
        *fabricate_records("skip-gram", [9.0], tier="smoke"),
        *fabricate_records("cbow", [9.0]),
    ):
        save_record(record, tmp_path)
    return tmp_path


def test_a_claim_is_judged_on_borrowed_records_in_the_folder_of_their_paper(folder):
    (verdict,) = check_paper("glove", borrower(SKIP_GRAM), folder)
    assert (verdict.measured, verdict.seeds) == (4, 3)
    assert verdict.verdict == "reproduced"
    assert set(verdict.records) == {
        f"data/records/{path}.laptop.seed{seed}.json"
        for path in ("glove/glove", "word2vec/skip-gram")
        for seed in range(3)
    }


def test_only_borrowed_recipes_are_read_and_only_at_the_tier_laptop(folder):
    found = records_to_judge("glove", borrower(SKIP_GRAM), folder)
    assert {(r.paper, r.recipe, r.tier) for r in found} == {
        ("glove", "glove", "laptop"),
        ("word2vec", "skip-gram", "laptop"),
    }


def test_without_borrowing_a_paper_has_what_is_its_own(folder):
    own = fabricate_paper(laptop=(FabricatedRecipe("glove"),))
    assert judged_recipes(own) == own.RECIPES
    assert {r.paper for r in records_to_judge("glove", own, folder)} == {"glove"}


def test_a_borrowed_recipe_that_changed_makes_its_records_stale_for_the_borrower_too(folder):
    (verdict,) = check_paper("glove", borrower(FabricatedRecipe("skip-gram", "0" * 16)), folder)
    assert verdict.note == "0 of 3 seeds are recorded. 3 stale records do not count."


def test_a_copy_in_the_borrowers_folder_counts_for_nothing(folder):
    copies = fabricate_records("skip-gram", [-50.0] * 3, paper="glove")
    for record in copies:
        save_record(record, folder)
    paper = borrower(SKIP_GRAM)
    assert check_paper("glove", paper, folder)[0].measured == 4
    assert stale_records("glove", paper.RECIPES, folder) == copies


@pytest.mark.parametrize("own", [("glove", "skip-gram"), ("skip-gram",)])
def test_a_borrowed_recipe_may_not_have_the_name_of_an_own_one(own, folder):
    paper = borrower(SKIP_GRAM, laptop=tuple(map(FabricatedRecipe, own)))
    with pytest.raises(ReplicationError, match="'skip-gram' is borrowed from 'word2vec'"):
        check_paper("glove", paper, folder)


def test_two_papers_may_not_lend_recipes_of_one_name():
    paper = borrower(SKIP_GRAM)
    paper.BORROWED = {"word2vec": (SKIP_GRAM,), "other": (SKIP_GRAM,)}
    with pytest.raises(ReplicationError, match="'skip-gram' is borrowed from 'other'"):
        judged_recipes(paper)


def test_a_recipe_of_another_tier_may_have_the_name_of_a_borrowed_one(folder):
    paper = borrower(SKIP_GRAM, laptop=(FabricatedRecipe("glove"),), smoke=(SKIP_GRAM,))
    own = fabricate_record("skip-gram", paper="glove", tier="smoke")
    save_record(own, folder)
    assert own in records_to_judge("glove", paper, folder)
    assert [recipe.name for recipe in judged_recipes(paper)["smoke"]] == ["skip-gram"]
    assert check_paper("glove", paper, folder)[0].measured == 4


def test_recipes_may_be_borrowed_at_several_tiers(tmp_path):
    small, large = SKIP_GRAM, FabricatedRecipe("skip-gram", hash="f" * 16)
    paper = borrower()
    paper.BORROWED = {"word2vec": {"laptop": (small,), "gpu": (large,)}}
    recipes = judged_recipes(paper)
    assert recipes["laptop"][1:] == (small,) and recipes["gpu"] == (large,)
    for tier, value in (("laptop", 1.0), ("gpu", 2.0), ("smoke", 3.0)):
        save_record(*fabricate_records("skip-gram", [value], tier=tier), tmp_path)
    found = records_to_judge("glove", paper, tmp_path)
    assert [(record.tier, record.metrics["total"]) for record in found] == [
        ("laptop", 1.0),
        ("gpu", 2.0),
    ]
