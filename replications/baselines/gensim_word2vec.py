"""gensim's Word2Vec as a learner: the field's implementation, on the same text and vocabulary."""

import time
from collections.abc import Callable
from typing import Any

import lightning
import torch

from replications.baselines.fixed_vectors import FixedVectors
from replications.recipes import TrainedModel, Workspace


class _Clock:
    """The methods of gensim's CallbackAny2Vec, to record times."""

    def __init__(self, tokens_per_epoch: int) -> None:
        self.tokens, self.trajectory = tokens_per_epoch, []
        self.start = time.perf_counter(), time.process_time()

    def on_train_begin(self, model: Any) -> None:
        pass

    def on_train_end(self, model: Any) -> None:
        pass

    def on_epoch_begin(self, model: Any) -> None:
        pass

    def on_epoch_end(self, model: Any) -> None:
        epoch = len(self.trajectory) + 1
        self.trajectory.append(
            {
                "epoch": epoch,
                "tokens": epoch * self.tokens,
                "seconds": time.perf_counter() - self.start[0],
                "processor_seconds": time.process_time() - self.start[1],
            }
        )


def train_with_gensim(
    data: lightning.LightningDataModule,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
    *,
    skip_gram: bool = True,
    hierarchical: bool = False,
    dimension: int = 100,
    negatives: int = 5,
    exponent: float = 0.75,
    learning_rate: float = 0.025,
    epochs: int = 5,
    workers: int = 2,
) -> TrainedModel:
    """gensim's Word2Vec with the window, subsampling, vocabulary and counts of the data module.

    With more than one worker its updates race, so that a seed does not fix the result. It keeps no
    checkpoints: an interrupted run starts anew. Its floating-point operations are not known and
    stand as 0.
    """
    # Imported here: every chapter imports this module, and one recipe trains with gensim.
    from gensim.models import Word2Vec

    vocabulary = data.vocabulary
    sentences = list(data.text.sentences())
    model = Word2Vec(
        sg=int(skip_gram),
        hs=int(hierarchical),
        negative=0 if hierarchical else negatives,
        ns_exponent=exponent,
        vector_size=dimension,
        alpha=learning_rate,
        min_alpha=learning_rate * 1e-4,
        window=data.window,
        sample=data.subsample or 0,
        min_count=1,
        workers=workers,
        epochs=epochs,
        seed=workspace.seed + 1,
    )
    model.build_vocab_from_freq(
        dict(zip(vocabulary.words, vocabulary.occurrences, strict=True)),
        corpus_count=len(sentences),
    )
    clock = _Clock(data.tokens_per_epoch)
    model.train(
        sentences,
        total_words=len(data.text.ids),
        epochs=epochs,
        callbacks=[clock],
    )
    order = [model.wv.key_to_index[word] for word in vocabulary.words]
    outputs = len(vocabulary) - hierarchical
    return TrainedModel(
        model=FixedVectors(torch.from_numpy(model.wv.vectors[order])),
        parameters={"embedding": len(vocabulary) * dimension, "other": outputs * dimension},
        flops=0.0,
        seconds=clock.trajectory[-1]["seconds"],
        trajectory=clock.trajectory,
        device="cpu",
    )
