"""Skip-gram with negative sampling: ours beside gensim's, on the same text and settings."""

from functools import partial

from benchmarks.alternation import Comparison, alternate
from replications.baselines.gensim_word2vec import train_with_gensim
from replications.corpora.batches.word_blocks import WordBlocks
from replications.corpora.texts.encoded_text import corpus_text
from replications.models.window_predictors import SkipGram
from replications.objectives.negative_sampling import NegativeSampling
from replications.objectives.word_vectors import WordVectorObjective
from replications.recipes import Workspace
from replications.training.trainers import train


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> Comparison:
    """Raw words a second in training: subsampling counted in, reading and counting words not."""
    text = corpus_text(0, corpus=corpus, stride=stride)
    data = WordBlocks(0, text=lambda seed: text, window=5, subsample=1e-4)
    data.setup()
    objective = partial(WordVectorObjective, predictor=SkipGram, output=NegativeSampling)
    words = text.raw_words * epochs

    def ours() -> float:
        learned = train(data, (), Workspace(seed=0), objective=objective, epochs=epochs)
        return words / learned.seconds

    def theirs() -> float:
        return words / train_with_gensim(data, (), Workspace(seed=0), epochs=epochs).seconds

    our_speeds, their_speeds = alternate(ours, theirs, rounds)
    return Comparison(
        name="word2vec",
        ours="ours",
        theirs="gensim, 2 workers",
        unit="raw words",
        setting=f"{corpus}, {text.raw_words:,} words, {epochs} epochs, {len(text.vocabulary):,} "
        "word vocabulary, 100 dimensions, window 5, 5 negatives, t = 1e-4",
        our_speeds=our_speeds,
        their_speeds=their_speeds,
    )
