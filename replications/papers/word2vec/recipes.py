"""The recipes of the chapter on Word2Vec, by tier."""

from functools import partial

from replications.baselines.gensim_word2vec import train_with_gensim
from replications.corpora.batches.word_blocks import WordBlocks
from replications.corpora.texts.encoded_text import corpus_text, world_text
from replications.metrics.word_vectors.analogies import analogy_accuracy, world_analogy_accuracy
from replications.metrics.word_vectors.similarity import similarity_correlation
from replications.models.window_predictors import ContinuousBagOfWords, SkipGram
from replications.objectives.hierarchical_softmax import HierarchicalSoftmax, SharedNodes
from replications.objectives.negative_sampling import NegativeSampling
from replications.objectives.word_vectors import WordVectorObjective
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA = {
    "smoke": ("world-words", "gensim-wikipedia", "gensim-evaluation"),
    "laptop": ("wikipedia-en-2018", "word-vector-evaluation"),
}

# Smoke: the synthetic world, 30,000 tokens, 32 dimensions; a control; and 105 real articles.
_world = partial(world_text, tokens=30_000)
_small_blocks = partial(WordBlocks, subsample=3e-3, block=32, blocks_per_batch=4)
_small = partial(WordVectorObjective, predictor=SkipGram, output=NegativeSampling, dimension=32)
_on_the_world = (world_analogy_accuracy,)


def _smoke(name: str, *, text: partial = _world, objective: partial = _small) -> Recipe:
    return Recipe(
        name=name,
        data=partial(_small_blocks, text=text),
        learner=partial(train, objective=objective, epochs=15),
        metrics=_on_the_world,
        minutes=0.03,
    )


_articles = Recipe(
    name="articles-skip-gram",
    data=partial(
        WordBlocks,
        text=partial(corpus_text, corpus="gensim-wikipedia", min_count=5),
        subsample=1e-3,
        blocks_per_batch=8,
    ),
    learner=partial(train, objective=partial(_small, dimension=64), epochs=5),
    metrics=(
        partial(analogy_accuracy, corpus="gensim-evaluation"),
        partial(similarity_correlation, corpus="gensim-evaluation"),
    ),
    minutes=0.1,
)

# Laptop: 24.8 million words of English Wikipedia. Window 5, 5 negatives, t = 1e-4: the paper's
# 1e-5 is for a corpus forty times this size.
_wikipedia = partial(corpus_text, corpus="wikipedia-en-2018", min_count=5)
_half = partial(_wikipedia, stride=2)
_blocks = partial(WordBlocks, window=5, subsample=1e-4)
_all_blocks = partial(_blocks, text=_wikipedia)
_objective = partial(
    WordVectorObjective,
    predictor=SkipGram,
    output=NegativeSampling,
    dimension=100,
    learning_rate=0.025,
)
# word2vec.c's own default for CBOW.
_bag = partial(_objective, predictor=ContinuousBagOfWords, learning_rate=0.05)
_evaluated = (analogy_accuracy, similarity_correlation)


def _laptop(
    name: str,
    *,
    data: partial = _all_blocks,
    objective: partial = _objective,
    epochs: int,
    minutes: float,
    watched: bool = False,
) -> Recipe:
    learner = partial(train, objective=objective, epochs=epochs, watched=watched)
    return Recipe(name, data, learner, _evaluated, minutes)


# The ablations share a budget: every second article, three epochs (37 million words).
_ablation = partial(_laptop, data=partial(_blocks, text=_half), epochs=3, minutes=0.6)
_PARTS = {"eighth": 8, "half": 2, "whole": 1}
_DIMENSIONS = (25, 100, 200)

# As in 2013a: hierarchical softmax, all words, a learning rate of 0.025; skip-gram draws its window
# up to ten, CBOW reads four words on either side. Updates of 1,024 words.
_tree = partial(_objective, output=SharedNodes)
_unsampled = partial(_blocks, text=_half, subsample=None, blocks_per_batch=16)
_in_2013a = {
    "skip-gram": (partial(_unsampled, window=10), _tree, 7.0),
    "cbow": (
        partial(_unsampled, window=4, smallest_radius=4),
        partial(_tree, predictor=ContinuousBagOfWords),
        6.0,
    ),
}
# With windows of ten and every word kept, an update sums hundreds of pairs of frequent words and
# upper nodes: of three skip-grams with sums of up to 400 one diverged in its first epoch. The
# claims rest on sums of up to 100.
_PAPER_2013A = (
    *(
        _ablation(f"paper-{name}", data=data, objective=objective, minutes=minutes)
        for name, (data, objective, minutes) in _in_2013a.items()
    ),
    *(
        _ablation(
            f"paper-{name}-capped",
            data=data,
            objective=partial(objective, update_cap=100.0),
            minutes=minutes,
        )
        for name, (data, objective, minutes) in _in_2013a.items()
    ),
)

# Table 1 of 2013b at its own threshold. All update every 1,024 words that are left.
_rare = partial(_blocks, text=_half, subsample=1e-5, blocks_per_batch=16)
_PAPER_2013B = (
    _ablation("negative-sampling-1e-5", data=_rare, minutes=0.6),
    _ablation(
        "hierarchical-softmax-1e-5",
        data=_rare,
        objective=_tree,
        minutes=2.0,
    ),
    _ablation("no-subsampling-1024", data=partial(_rare, subsample=None), minutes=1.6),
    # The field's implementation at the same settings, word by word: is it we, or the threshold?
    *(
        Recipe(
            f"gensim-{name}",
            data,
            partial(train_with_gensim, hierarchical=hierarchical, epochs=3, workers=1),
            _evaluated,
            minutes=5.0,
        )
        for name, data, hierarchical in (
            ("negative-sampling-1e-5", _rare, False),
            ("hierarchical-softmax-1e-5", _rare, True),
            ("no-subsampling", partial(_rare, subsample=None), False),
        )
    ),
)

# An eighth of the text, read until there were as many updates as on the whole.
_EQUAL_UPDATES = tuple(
    _laptop(
        f"cbow-eighth-repeated-d{dimension}",
        data=partial(_blocks, text=partial(_wikipedia, stride=8)),
        objective=partial(_bag, dimension=dimension),
        epochs=16,
        minutes=0.01 * dimension + 0.5,
    )
    for dimension in (25, 200)
)

RECIPES = {
    "smoke": (
        _smoke("world-skip-gram"),
        _smoke("world-skip-gram-shuffled", text=partial(_world, shuffled=True)),
        _smoke(
            "world-cbow",
            objective=partial(_small, predictor=ContinuousBagOfWords, learning_rate=0.05),
        ),
        _smoke("world-hierarchical-softmax", objective=partial(_small, output=HierarchicalSoftmax)),
        _articles,
    ),
    "laptop": (
        _laptop("skip-gram", epochs=5, minutes=2.0, watched=True),
        _laptop("cbow", objective=_bag, epochs=5, minutes=2.0, watched=True),
        Recipe(
            "gensim-skip-gram",
            _all_blocks,
            partial(train_with_gensim, skip_gram=True, epochs=5),
            _evaluated,
            minutes=5.0,
        ),
        _ablation("negative-sampling"),
        _ablation(
            "hierarchical-softmax",
            # A path has some 17 rows: smaller blocks waste less of the band.
            data=partial(_blocks, text=_half, block=8, blocks_per_batch=128),
            objective=partial(_objective, output=HierarchicalSoftmax),
            minutes=4.0,
        ),
        _ablation("no-subsampling", data=partial(_blocks, text=_half, subsample=None), minutes=1.2),
        _ablation(
            "uniform-noise",
            objective=partial(_objective, output=partial(NegativeSampling, exponent=0.0)),
        ),
        _ablation(
            "unigram-noise",
            objective=partial(_objective, output=partial(NegativeSampling, exponent=1.0)),
        ),
        _laptop("whole-corpus-once", epochs=1, minutes=0.4),
        *(
            _laptop(
                f"cbow-{part}-d{dimension}",
                data=partial(_blocks, text=partial(_wikipedia, stride=stride)),
                objective=partial(_bag, dimension=dimension),
                epochs=2,
                minutes=0.005 * dimension / stride + 0.2,
            )
            for part, stride in _PARTS.items()
            for dimension in _DIMENSIONS
        ),
        _laptop(
            "cbow-divided",
            objective=partial(_bag, predictor=partial(ContinuousBagOfWords, divided=True)),
            epochs=5,
            minutes=2.0,
        ),
        *_PAPER_2013A,
        *_PAPER_2013B,
        *_EQUAL_UPDATES,
        Recipe(
            "gensim-cbow",
            _all_blocks,
            partial(train_with_gensim, skip_gram=False, learning_rate=0.05, epochs=5),
            _evaluated,
            minutes=2.0,
        ),
    ),
}
