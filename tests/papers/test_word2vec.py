"""Chapter 1: its recipes are what the paper says, its claims can be judged, its world is learnt."""

import pytest

from replications.claims import Difference, Ratio, Value
from replications.figures.paper_values import paper_row
from replications.figures.tables import setting
from replications.papers import word2vec
from replications.training.fit import fit, prepare_data

LAPTOP = {recipe.name: recipe for recipe in word2vec.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in word2vec.RECIPES["smoke"]}


def test_the_main_recipe_has_the_settings_of_the_paper_and_its_code():
    main = LAPTOP["skip-gram"]
    assert setting(main, "predictor") == "SkipGram"
    assert setting(main, "output") == "NegativeSampling"
    expected = {
        "corpus": "wikipedia-en-2018",
        "min_count": "5",
        "window": "5",
        "negatives": "5",
        "output.exponent": "0.75",
        "subsample": "0.0001",
        "dimension": "100",
        "learning_rate": "0.025",
        "epochs": "5",
    }
    assert {name: setting(main, name) for name in expected} == expected


def test_cbow_differs_from_skip_gram_in_its_predictor_and_rate_alone():
    bag, skip = LAPTOP["cbow"].describe(), LAPTOP["skip-gram"].describe()
    assert setting(LAPTOP["cbow"], "learning_rate") == "0.05"
    assert setting(LAPTOP["cbow"], "predictor") == "ContinuousBagOfWords"
    for tree, name in ((bag, "cbow"), (skip, "skip-gram")):
        objective = tree["learner"]["objective"]
        assert objective.pop("predictor"), name
        assert objective.pop("learning_rate"), name
    assert bag == skip


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("no-subsampling", {"subsample": "None"}),
        ("uniform-noise", {"output.exponent": "0.0"}),
        ("unigram-noise", {"output.exponent": "1.0"}),
        ("hierarchical-softmax", {"output": "HierarchicalSoftmax"}),
    ],
)
def test_an_ablation_takes_out_one_idea_and_keeps_the_budget(name, changed):
    base, ablated = LAPTOP["negative-sampling"], LAPTOP[name]
    for what, value in changed.items():
        assert setting(ablated, what) == value
        assert setting(base, what) != value
    kept = {"subsample", "epochs", "stride", "window", "dimension", "learning_rate"} - set(changed)
    assert {k: setting(ablated, k) for k in kept} == {k: setting(base, k) for k in kept}


def test_gensim_is_given_the_text_and_settings_of_ours():
    for ours, theirs in (("skip-gram", "gensim-skip-gram"), ("cbow", "gensim-cbow")):
        assert LAPTOP[ours].describe()["data"] == LAPTOP[theirs].describe()["data"]
        assert LAPTOP[ours].describe()["metrics"] == LAPTOP[theirs].describe()["metrics"]
        for name in ("dimension", "epochs", "negatives", "exponent", "learning_rate"):
            assert setting(LAPTOP[ours], name) == setting(LAPTOP[theirs], name), name


def test_fresh_text_and_repeated_text_are_read_at_nearly_the_same_cost():
    assert setting(LAPTOP["negative-sampling"], "stride") == "2"
    assert setting(LAPTOP["negative-sampling"], "epochs") == "3"
    assert setting(LAPTOP["whole-corpus-once"], "stride") == "1"
    assert setting(LAPTOP["whole-corpus-once"], "epochs") == "1"


@pytest.mark.parametrize("claim", word2vec.CLAIMS, ids=lambda claim: claim.slug)
def test_each_claim_measures_recipes_of_its_tier_and_metrics_that_they_take(claim):
    names = {recipe.name: recipe for recipe in word2vec.RECIPES[claim.tier]}
    assert set(claim.measure.recipes) <= set(names)
    assert claim.looks[0] == 3
    for value in values_in(claim.measure):
        taken = [metric["part"] for metric in names[value.recipe].describe()["metrics"]]
        assert value.metric in {"total", "semantic", "syntactic"}
        assert "analogy_accuracy" in taken


def values_in(measure):
    if isinstance(measure, Value):
        return [measure]
    if isinstance(measure, Difference | Ratio):
        return values_in(measure.left) + values_in(measure.right)
    return []


@pytest.mark.parametrize(
    ("slug", "source", "rows", "column"),
    [
        ("skip-gram-leads-on-semantic-questions", "a, table 3", ("skip-gram", "CBOW"), "semantic"),
        ("cbow-leads-on-syntactic-questions", "a, table 3", ("CBOW", "skip-gram"), "syntactic"),
        (
            "negative-sampling-beats-hierarchical-softmax",
            "b, table 1",
            ("NEG-5, subsampling", "HS, subsampling"),
            "total",
        ),
        ("subsampling-is-faster", "b, table 1", ("NEG-5", "NEG-5, subsampling"), "minutes"),
        ("subsampling-loses-no-accuracy", "b, table 1", ("NEG-5, subsampling", "NEG-5"), "total"),
        (
            "fresh-text-beats-more-passes",
            "a, table 5",
            ("1 epoch, 1.6B words", "3 epochs, 783M words"),
            "total",
        ),
    ],
)
def test_the_papers_numbers_in_a_claim_are_the_transcribed_ones(slug, source, rows, column):
    (claim,) = (claim for claim in word2vec.CLAIMS if claim.slug == slug)
    table = f"Mikolov et al. 2013{source}"
    transcribed = [paper_row("word2vec", table, row)[column] for row in rows]
    assert list(claim.paper_value.values()) == transcribed


def test_the_gains_of_table_2_in_a_claim_are_differences_of_transcribed_numbers():
    (claim,) = (c for c in word2vec.CLAIMS if c.slug == "dimension-and-data-grow-together")
    table = "Mikolov et al. 2013a, table 2"
    gains = [
        paper_row("word2vec", table, f"{words} words, 600 dimensions")["total"]
        - paper_row("word2vec", table, f"{words} words, 50 dimensions")["total"]
        for words in ("783M", "24M")
    ]
    assert list(claim.paper_value.values()) == pytest.approx(gains)


@pytest.fixture(scope="module")
def trained():
    names = ("world-skip-gram", "world-skip-gram-shuffled", "world-cbow")
    return {name: fit(SMOKE[name], paper="word2vec", tier="smoke", seed=0).record for name in names}


def test_skip_gram_solves_the_worlds_analogies_and_the_shuffled_control_does_not(trained):
    assert trained["world-skip-gram"].metric("world_analogies") >= 90
    assert trained["world-skip-gram-shuffled"].metric("world_analogies") < 30


def test_cbow_solves_most_of_the_worlds_analogies(trained):
    assert trained["world-cbow"].metric("world_analogies") >= 80


def test_the_words_of_the_questions_are_as_frequent_in_the_control_as_in_the_world():
    world, control = (
        prepare_data(SMOKE[name], seed=0).text
        for name in ("world-skip-gram", "world-skip-gram-shuffled")
    )
    asked = sorted({word for _, *words in world.world.analogies for word in words})
    counts = [
        [text.vocabulary.occurrences[text.vocabulary.id(word)] for word in asked]
        for text in (world, control)
    ]
    assert counts[0] == counts[1]


def test_a_model_has_two_vectors_for_each_word_and_a_tree_one_row_fewer(trained):
    words = len(prepare_data(SMOKE["world-skip-gram"], seed=0).vocabulary)
    counted = trained["world-skip-gram"].parameters
    assert counted == {"embedding": words * 32, "other": words * 32}
    tree = SMOKE["world-hierarchical-softmax"]
    objective = tree.learner.keywords["objective"]
    model = objective(prepare_data(tree, seed=0).vocabulary, 0)
    assert model.output.weight.shape == (words - 1, 32)
