"""What the key-value cache takes against the context, for several numbers of key-value heads."""

from collections.abc import Mapping

import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish
from replications.layers.key_value_cache import cache_bytes

_GIGABYTE = 1e9


def draw_cache_memory(
    kv_heads: Mapping[str, int],
    *,
    layers: int,
    d_head: int,
    batch: int = 1,
    contexts: tuple[int, ...] = (512, 1024, 2048, 4096, 8192, 16384, 32768),
    weights: Mapping[str, float] | None = None,
) -> Figure:
    """Gigabytes, at 16 bits per element, on logarithmic axes: a line for each kind of attention.

    `weights` are further gigabytes to compare with, by name, as level lines.
    """
    colours = sns.color_palette("colorblind", len(kv_heads))
    with axes(height=3.8) as ax:
        for (name, heads), colour in zip(kv_heads.items(), colours, strict=True):
            taken = [
                cache_bytes(
                    layers=layers, kv_heads=heads, d_head=d_head, context=context, batch=batch
                )
                / _GIGABYTE
                for context in contexts
            ]
            ax.plot(contexts, taken, "o-", color=colour, label=name)
        for name, gigabytes in (weights or {}).items():
            ax.axhline(gigabytes, color="0.4", ls="--", lw=1)
            ax.text(contexts[0], gigabytes, name, va="bottom", fontsize=9, color="0.3")
        ax.set_xscale("log", base=2)
        ax.set_yscale("log")
        ax.set_xticks(contexts, [f"{context:,}" for context in contexts], rotation=30)
        ax.minorticks_off()
        ax.yaxis.set_major_formatter("{x:g}")
        finish(ax, "context, tokens", "cache, gigabytes", recorded=True)
    return ax.figure
