"""Bits per byte by size: whose points stand where, and what a single run looks like."""

import torch
from fabricated import fabricate_record

from replications.figures.curves.bits_by_size import (
    bits_by_size,
    draw_bits_by_size,
    papers_bits,
    parameters_without_embeddings,
)
from replications.models.presets import GPT2


def record(recipe: str, size: int, seed: int, bits: float):
    parameters = {"embedding": 7, "other": size}
    return fabricate_record(recipe, seed, {"bits_per_byte:books": bits}, parameters=parameters)


RECORDS = [
    record("large", 3_000_000, 0, 1.5),
    record("small", 1_000_000, 1, 2.2),
    record("small", 1_000_000, 0, 2.0),
    record("reference-loop", 3_000_000, 0, 9.0),
]


def test_sizes_come_smallest_first_and_the_plain_loop_is_no_size():
    assert bits_by_size(RECORDS, "bits_per_byte:books") == {1.0: [2.0, 2.2], 3.0: [1.5]}
    assert bits_by_size(RECORDS, "bits_per_byte:poems") == {}


def test_a_single_run_is_hollow_and_the_papers_line_is_drawn():
    figure = draw_bits_by_size({"ours": RECORDS}, ["books"], {"paper": {100: 1.2, 300: 1.0}})
    (ax,) = figure.axes
    assert list(ax.containers[0].lines[0].get_ydata()) == [2.1, 1.5]
    (hollow,) = [one for one in ax.lines if one.get_markerfacecolor() == "white"]
    assert (list(hollow.get_xdata()), list(hollow.get_ydata())) == ([3.0], [1.5])
    (paper,) = [one for one in ax.lines if one.get_label() == "paper"]
    assert list(paper.get_xdata()) == [100, 300]
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["books", "ours", "paper"]


def test_without_records_it_says_so():
    figure = draw_bits_by_size({}, ["books"], {"paper": {100: 1.2, 300: 1.0}})
    assert figure.axes[0].get_title() == "Ours: no records yet"


def test_the_papers_sizes_leave_out_the_embedding_of_tokens_alone():
    with torch.device("meta"):
        model = GPT2(
            50_257, d_model=768, layers=12, heads=12, d_ff=3072, max_length=1024, initialise=id
        )
    whole = sum(weight.numel() for weight in model.parameters())
    assert parameters_without_embeddings(12, 768) == whole - 50_257 * 768
    assert list(papers_bits().values()) == [1.16, 1.01, 0.97, 0.93]
