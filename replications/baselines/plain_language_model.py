"""A GPT of torch.nn's own layers and a plain training loop, the baseline of our training."""

import math
import time
from collections.abc import Callable
from functools import partial

import lightning
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from replications.metrics.measuring import Metric, measure
from replications.objectives.schedules import Schedule
from replications.recipes import TrainedModel, Workspace


class PlainLanguageModel(nn.Module):
    """GPT-2 as a tutorial writes it: `nn.TransformerEncoder`, a causal mask, and a tied output.

    It is initialised like the network it is compared with (`scaled_normal` in
    models/initialisation.py), with that `std`.
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        d_model: int,
        layers: int,
        heads: int,
        d_ff: int,
        max_length: int,
        dropout: float = 0.0,
        std: float = 0.02,
    ) -> None:
        super().__init__()
        self.tokens, self.position_embedding = (
            nn.Embedding(vocabulary, d_model),
            nn.Embedding(max_length, d_model),
        )
        self.dropout = nn.Dropout(dropout)
        layer = nn.TransformerEncoderLayer(
            d_model,
            heads,
            d_ff,
            dropout,
            partial(functional.gelu, approximate="tanh"),
            batch_first=True,
            norm_first=True,
        )
        self.stack = nn.TransformerEncoder(
            layer, layers, norm=nn.LayerNorm(d_model), enable_nested_tensor=False
        )
        self.output = nn.Linear(d_model, vocabulary, bias=False)
        self.output.weight = self.tokens.weight
        for name, weight in self.named_parameters():
            if weight.dim() > 1:
                written = name.endswith(("out_proj.weight", "linear2.weight"))
                scale = math.sqrt(2 * layers) if written else 1.0
                scaled = 0.01 if weight is self.position_embedding.weight else std / scale
                nn.init.normal_(weight, std=scaled)
            elif name.endswith("bias"):
                nn.init.zeros_(weight)

    def forward(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time vocabulary"]:
        """The logits of the token after each of `ids`."""
        return self.output(self.hidden(ids))

    def hidden(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time d"]:
        """The states of the last layer, normalised."""
        time = ids.shape[1]
        positions = torch.arange(time, device=ids.device)
        embedded = self.dropout(self.tokens(ids) + self.position_embedding(positions))
        causal = nn.Transformer.generate_square_subsequent_mask(time, device=ids.device)
        return self.stack(embedded, mask=causal, is_causal=True)

    def start(self, batch: int) -> tuple[()]:
        """Nothing has been read yet."""
        return ()

    def step(
        self, ids: Int[Tensor, "batch new"], state: tuple[Int[Tensor, "batch before"], ...]
    ) -> tuple[Float[Tensor, "batch vocabulary"], tuple[Int[Tensor, "batch time"], ...]]:
        """The logits after the last token: without a cache, all earlier tokens are read again."""
        read = torch.cat([*state, ids], 1)
        return self.forward(read)[:, -1], (read,)


class Trained(nn.Module):
    """The network as `model`, where the metrics of an objective expect it."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model


def plain_loop(
    data: lightning.LightningDataModule,
    metrics: tuple[Metric, ...],
    workspace: Workspace,
    *,
    model: Callable[[int], nn.Module],
    schedule: Schedule,
    optimiser: Callable[..., torch.optim.Optimizer],
    epochs: int,
    clip: float = 1.0,
    watch: tuple[Metric, ...] = (),
) -> TrainedModel:
    """Trains in the data's own order, with products in bfloat16, and nothing but PyTorch.

    `model` is called with the size of the vocabulary. The time to measure `watch` is not counted.
    It keeps no checkpoints: an interrupted run starts anew.
    """
    torch.manual_seed(workspace.seed)
    network = Trained(model(len(data.vocabulary))).to(workspace.device)
    network.train()
    optimizer = optimiser(network.parameters(), lr=0.0)
    steps = -(-data.sequences_per_epoch // data.sequences_per_batch)
    flops_a_block = _flops_a_block(network.model, data)
    seconds, processor, trajectory = 0.0, 0.0, []
    for epoch in range(epochs):
        clocks = time.perf_counter(), time.process_time()
        total = 0.0
        for number, rows in enumerate(data.sequence_indices(epoch).split(data.sequences_per_batch)):
            ids = data.batch(rows).ids.to(workspace.device)
            learning_rate = schedule(epoch * steps + number, (epoch + number / steps) / epochs)
            for group in optimizer.param_groups:
                group["lr"] = learning_rate
            with torch.autocast(workspace.device, torch.bfloat16):
                logits = network.model(ids[:, :-1])
                loss = functional.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), clip)
            optimizer.step()
            total += loss.item() * len(rows)
        seconds += time.perf_counter() - clocks[0]
        processor += time.process_time() - clocks[1]
        trajectory.append(
            {
                "epoch": epoch + 1,
                "tokens": (epoch + 1) * data.tokens_per_epoch,
                "seconds": seconds,
                "processor_seconds": processor,
                "flops": (epoch + 1) * data.sequences_per_epoch * flops_a_block,
                "loss": total / data.sequences_per_epoch,
                **measure(watch, network, data),
            }
        )
    embedding = network.model.tokens.weight.numel()
    others = sum(weight.numel() for weight in network.parameters()) - embedding
    return TrainedModel(
        model=network,
        parameters={"embedding": embedding, "other": others},
        flops=trajectory[-1]["flops"],
        seconds=seconds,
        trajectory=trajectory,
    )


def _flops_a_block(model: nn.Module, data: lightning.LightningDataModule) -> float:
    """The forward products, and twice as many backward.

    Without fused attention, whose products the counter misses.
    """
    ids = data.batch(data.sequence_indices(0)[:1]).ids[:, :-1].to(next(model.parameters()).device)
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), counter:
        model(ids)
    return 3.0 * counter.get_total_flops()
