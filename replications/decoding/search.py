"""Greedy search and beam search for a likely translation, in batches.

All scores are the model's own: padding and BEGIN are never chosen, but their probability is not
redistributed to other tokens. A sequence's log probability includes that of its END, also where a
hypothesis is ended because it has reached the maximum length.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from replications.decoding.inference import inference
from replications.errors import ReplicationError
from replications.models.translator import Translator
from replications.tokens.special import BEGIN, END, PAD

# Below this a probability is practically zero; sums of finite values still rank hypotheses.
_LEAST_LOG_PROBABILITY = -1e4


@dataclass(frozen=True)
class Hypothesis:
    """A finished translation: its ids without BEGIN and END.

    Units: nats. `score` is what hypotheses are ranked by: the log probability, END included,
    over the length penalty.
    """

    ids: list[int]
    log_probability: float
    score: float


@dataclass(frozen=True)
class Candidate:
    """A partial hypothesis that one step of a beam search considered.

    `ids` are its tokens without BEGIN, with END where it has one. It is kept "open" for the next
    step, "finished" (its last token is END), or "dropped". Units: nats.
    """

    sentence: int
    ids: list[int]
    log_probability: float
    fate: Literal["open", "finished", "dropped"]


def fifty_more(source: int) -> int:
    """The maximum number of tokens for a source of this many, its END counted.

    Source: Vaswani et al. 2017, section 6.1.
    """
    return source + 50


def length_penalty_of(length: Float[Tensor, "*size"], alpha: float) -> Float[Tensor, "*size"]:
    """lp(Y) = ((5 + |Y|) / 6) ** alpha.

    Source: Wu et al. 2016, equation 14. |Y| counts END, as in Vaswani's tensor2tensor, so that
    the empty translation has a length of 1 and a penalty of 1.
    """
    return ((5 + length) / 6) ** alpha


def greedy_search(
    model: Translator,
    source: Int[Tensor, "batch source"],
    *,
    max_length: Callable[[int], int] | int = fifty_more,
    padding: int = PAD,
    begin: int = BEGIN,
    end: int = END,
) -> list[list[Hypothesis]]:
    """The most likely token at each step, until it is END: one hypothesis for each sentence.

    `max_length` is the maximum number of tokens, END not counted, or a function that gives it for
    a source's number of tokens. The score is the log probability.
    """
    if not len(source):
        return []
    with inference(model):
        limit = _limits(source, max_length, padding)
        memory = model.encode(source)
        state = model.start(memory)
        sentence = torch.arange(len(source), device=source.device)
        token = torch.full_like(sentence, begin)
        total = torch.zeros(len(source), device=source.device)
        ids: list[list[int]] = [[] for _ in range(len(source))]
        found: list[list[Hypothesis]] = [[] for _ in range(len(source))]
        length = 0
        while len(sentence):
            logits, state = model.step(token, memory, state)
            best, token = _log_probabilities(
                logits, length >= limit[sentence], padding=padding, begin=begin, end=end
            ).max(-1)
            total, ended = total + best, token == end
            for number, new, value in zip(
                sentence.tolist(), token.tolist(), total.tolist(), strict=True
            ):
                if new == end:
                    found[number].append(Hypothesis(ids[number], value, value))
                else:
                    ids[number].append(new)
            if ended.any():
                rows = (~ended).nonzero()[:, 0]
                sentence, token, total = sentence[rows], token[rows], total[rows]
                memory, state = _rows(memory, rows), _rows(state, rows)
            length += 1
        return found


def beam_search(
    model: Translator,
    source: Int[Tensor, "batch source"],
    *,
    beam: int = 4,
    length_penalty: float = 0.6,
    early_stopping: bool = False,
    n_best: int = 1,
    max_length: Callable[[int], int] | int = fifty_more,
    padding: int = PAD,
    begin: int = BEGIN,
    end: int = END,
    watch: Callable[[list[Candidate]], None] | None = None,
) -> list[list[Hypothesis]]:
    """The `n_best` best hypotheses of each sentence that a beam finds, best first.

    Source: Sutskever et al. 2014, section 3.2 (a hypothesis that ends among the `beam` best leaves
    the beam, and makes room for another); Wu et al. 2016, equation 14, for the penalty
    (`length_penalty` is its alpha; 0 ranks by plain log probability, as Sutskever does).

    A sentence is done when no open hypothesis can beat the worst of the `n_best` finished ones. An
    open one of log probability s can reach s / lp at most, lp being the penalty of the maximum
    length: s only falls, and lp only rises. So neither `n_best` nor other sentences of the batch
    change which hypothesis comes first.

    With a penalty above 1 that favours repetition up to the maximum length: each further token
    costs a model trained with label smoothing little, and lp grows faster than the length. With
    `early_stopping` a sentence is also done once `beam` hypotheses have finished, as in fairseq and
    in transformers' `generate`, and the penalty only ranks these.

    `max_length` is the maximum number of tokens, END not counted, or a function that gives it for
    a source's number of tokens. `watch` is called at each step with the candidates, the likelier
    first: twice as many as the beam is wide, as `beam` of them may end.
    Departure: the beam of Sutskever et al. may have shrunk with each finished hypothesis (they do
    not say); here `beam` hypotheses stay open, as in Vaswani et al.
    Raises ReplicationError for a beam below 1, a negative penalty, and `n_best` not in 1..beam.
    """
    if beam < 1 or not 1 <= n_best <= beam or length_penalty < 0:
        raise ReplicationError(
            f"A beam of {beam} with {n_best} hypotheses kept and a length penalty of "
            f"{length_penalty}: give a beam of at least 1, keep 1 to that many, and let the "
            "penalty be 0 or more."
        )
    if not len(source):
        return []
    with inference(model):
        limit = _limits(source, max_length, padding)
        greatest = length_penalty_of(limit + 1.0, length_penalty)
        memory = model.encode(source)
        state = model.start(memory)
        sentence = torch.arange(len(source), device=source.device)
        # One open hypothesis for each sentence at first. Where there are fewer than `beam`, the
        # rest of the beam is padded with hypotheses of score -inf, which are never kept.
        ids = torch.full((len(source), 1, 1), begin, device=source.device)
        total = torch.zeros(len(source), 1, device=source.device)
        found: list[list[Hypothesis]] = [[] for _ in range(len(source))]
        floor = torch.full((len(source),), -torch.inf, device=source.device)
        wanted = torch.full_like(sentence, beam)
        while len(sentence):
            length, width = ids.shape[2] - 1, ids.shape[1]
            logits, state = model.step(ids[:, :, -1].flatten(), memory, state)
            step = _log_probabilities(
                logits,
                (length >= limit[sentence]).repeat_interleave(width),
                padding=padding,
                begin=begin,
                end=end,
            ).unflatten(0, (-1, width))
            words = step.shape[-1]
            # Each open hypothesis has one END, so at least half of twice the beam stay open.
            best, index = (total[:, :, None] + step).flatten(1).topk(min(2 * beam, width * words))
            parent, token = index // words, index % words

            ends = token == end
            finished = ends[:, :beam] & best[:, :beam].isfinite()
            penalty = length_penalty_of(torch.tensor(length + 1.0), length_penalty).item()
            for row, rank in finished.nonzero().tolist():
                number, value = int(sentence[row]), float(best[row, rank])
                path = ids[row, parent[row, rank], 1:].tolist()
                found[number].append(Hypothesis(path, value, value / penalty))
                found[number] = sorted(found[number], key=lambda one: -one.score)[:n_best]
                if len(found[number]) == n_best:
                    floor[number] = found[number][-1].score

            total, rank = best.masked_fill(ends, -torch.inf).topk(min(beam, best.shape[1]))
            if watch is not None:
                watch(_candidates(sentence, ids, best, parent, token, finished, rank))
            parent, token = parent.gather(1, rank), token.gather(1, rank)
            open_ones = total[:, 0] / greatest[sentence] > floor[sentence]
            if early_stopping:
                wanted[sentence] -= finished.sum(1)
                open_ones &= wanted[sentence] > 0
            live = open_ones.nonzero()[:, 0]
            same_rows = len(live) == len(sentence) and parent.shape[1] == width
            sentence, total, parent, token = sentence[live], total[live], parent[live], token[live]
            ids = torch.cat([ids[live[:, None], parent], token[..., None]], dim=2)
            rows = (live[:, None] * width + parent).flatten()
            # All rows of a sentence have the same memory.
            memory = memory if same_rows else _rows(memory, rows)
            state = _rows(state, rows)
        return found


def _candidates(
    sentence: Int[Tensor, " row"],
    ids: Int[Tensor, "row beam length"],
    best: Float[Tensor, "row candidate"],
    parent: Int[Tensor, "row candidate"],
    token: Int[Tensor, "row candidate"],
    finished: Bool[Tensor, "row first"],
    rank: Int[Tensor, "row kept"],
) -> list[Candidate]:
    """The candidates of a step, without the padding of the beam."""
    found = []
    for row, column in best.isfinite().nonzero().tolist():
        path = [*ids[row, parent[row, column], 1:].tolist(), int(token[row, column])]
        ended = column < finished.shape[1] and bool(finished[row, column])
        kept = "finished" if ended else "open" if column in rank[row].tolist() else "dropped"
        found.append(Candidate(int(sentence[row]), path, float(best[row, column]), kept))
    return found


def _log_probabilities(
    logits: Float[Tensor, "row vocabulary"],
    full: Bool[Tensor, " row"],
    *,
    padding: int,
    begin: int,
    end: int,
) -> Float[Tensor, "row vocabulary"]:
    """Of the next token: -inf for padding and BEGIN, and for all but END where it is full."""
    log_probability = logits.float().log_softmax(-1)
    if log_probability.isnan().any():
        raise ReplicationError(
            "The model gives no probabilities (nan), so nothing can be decoded: its training has "
            "diverged. Lower the learning rate, or clip its gradient."
        )
    log_probability = log_probability.clamp(min=_LEAST_LOG_PROBABILITY)
    ending = log_probability[:, end].clone()
    log_probability[:, [padding, begin]] = -torch.inf
    log_probability.masked_fill_(full[:, None], -torch.inf)
    log_probability[:, end] = ending
    return log_probability


def _limits(
    source: Int[Tensor, "batch source"], max_length: Callable[[int], int] | int, padding: int
) -> Int[Tensor, " batch"]:
    lengths = (source != padding).sum(1).tolist()
    limits = [
        max_length if isinstance(max_length, int) else max_length(length) for length in lengths
    ]
    if min(limits, default=0) < 0:
        raise ReplicationError(f"The maximum length is {min(limits)} tokens: give 0 or more.")
    return torch.tensor(limits, dtype=torch.long, device=source.device)


def _rows(tree: Any, rows: Int[Tensor, " row"]) -> Any:
    """These rows of every tensor in nested tuples."""
    if isinstance(tree, Tensor):
        return tree.index_select(0, rows)
    if isinstance(tree, tuple):
        chosen = [_rows(part, rows) for part in tree]
        return type(tree)(*chosen) if hasattr(tree, "_fields") else tuple(chosen)
    if tree is None:
        return None
    raise TypeError(f"memories and states are nested tuples of tensors, not {type(tree).__name__}")
