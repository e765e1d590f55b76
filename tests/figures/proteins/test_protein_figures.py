"""Structures to turn, and maps and diagrams that are read off the networks."""

from __future__ import annotations

import json
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from fabricated import fabricate_record

from replications.errors import ReplicationError
from replications.figures.proteins.contact_comparison import draw_contacts_found
from replications.figures.proteins.diagrams import draw_evoformer, draw_frames, draw_triangles
from replications.figures.proteins.maps import (
    draw_contact_maps,
    draw_distogram,
)
from replications.figures.proteins.structure_view import structure_view
from replications.papers.alphafold.parts import evoformer

matplotlib.use("Agg")
CHAIN = {
    "name": "1abc</script>",
    "rmsd": 1.25,
    "true": "1.00 0.00 0.00, 4.80 0.00 0.00, 4.80 3.80 0.00",
    "predicted": "1.00 0.50 0.00, 4.80 0.00 0.00, 4.80 3.80 1.00",
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def view():
    return structure_view([CHAIN, {**CHAIN, "name": "two"}], description='a "chain"').data


def test_a_structure_asks_nothing_of_another_host():
    assert re.findall(r"https?://", view()) == []


def test_a_name_cannot_end_the_script_and_the_description_stays_in_its_attribute():
    assert view().count("</script>") == 1
    assert 'aria-label="a &quot;chain&quot;"' in view()


def test_the_script_is_given_both_chains_centred_on_the_true_one():
    first, second = json.loads(re.search(r"const chains = (\[.*\]);", view()).group(1))
    assert second["name"] == "two"
    assert np.allclose(np.mean(first["true"], 0), 0, atol=0.1)
    shift = np.array(first["predicted"]) - np.array(first["true"])
    assert shift[0].tolist() == pytest.approx([0, 0.5, 0], abs=0.11)
    assert "1.2 Å" in first["told"]


def test_it_can_be_turned_with_a_finger_a_mouse_and_the_keys():
    for way in ("pointermove", "ArrowLeft", "data-theme", "touch-action"):
        assert way in view()


def test_no_structure_is_an_error():
    with pytest.raises(ReplicationError, match="at least one chain"):
        structure_view([], description="none")


def test_a_map_says_what_share_of_the_best_pairs_are_contacts():
    length = 12
    index = np.arange(length)
    contacts = np.abs(index[:, None] - index) == 8
    figure = draw_contact_maps(contacts, {"all right": contacts * 1.0, "wrong": ~contacts * 1.0})
    titles = [axis.get_title() for axis in figure.axes]
    # Four contacts, and six pairs are shown.
    assert titles == ["all right: 67 %", "wrong: 0 %"]


def test_a_distogram_has_a_line_at_the_true_distance():
    probabilities = np.full((3, 3, 3), 1 / 3)
    figure = draw_distogram(probabilities, np.full((3, 3), 7.0), (4, 8), ((0, 1), (0, 2)))
    assert [axis.lines[0].get_xdata()[0] for axis in figure.axes] == [7, 7]


def test_the_diagram_of_a_block_names_its_parts_in_their_order():
    def names(block):
        texts = draw_evoformer(block).axes[0].texts
        return [text.get_text().replace("\n", " ") for text in texts]

    block = evoformer()().blocks[0]
    assert [name for name in names(block) if "triangle" in name] == [
        "triangle multiplication, outgoing edges",
        "triangle multiplication, incoming edges",
        "triangle attention, starting node",
        "triangle attention, ending node",
    ]
    assert "outer product mean" in names(block)
    axial = evoformer(pair_updates="axial", pair_bias=False)().blocks[0]
    assert "axial attention, starting node" in names(axial)
    assert "row attention" in names(axial)


def test_no_word_of_the_diagram_leaves_its_box():
    figure = draw_evoformer(evoformer()().blocks[0])
    figure.draw_without_rendering()
    axis = figure.axes[0]
    boxes = [patch.get_window_extent() for patch in axis.patches]
    for text in axis.texts[2:]:
        words = text.get_window_extent()
        assert any(
            box.x0 < words.x0 and words.x1 < box.x1 and box.y0 < words.y0 and words.y1 < box.y1
            for box in boxes
        ), text.get_text()


def test_no_figure_is_left_open_so_that_a_cell_shows_it_once():
    draw_evoformer(evoformer()().blocks[0])
    draw_triangles()
    draw_frames(np.zeros((3, 3)), np.stack([np.eye(3)] * 3))
    draw_contact_maps(np.eye(12, dtype=bool), {"a": np.eye(12)})
    draw_distogram(np.full((3, 3, 3), 1 / 3), np.full((3, 3), 7.0), (4, 8), ((0, 1),))
    assert plt.get_fignums() == []


def test_triangles_and_frames_are_drawn():
    assert len(draw_triangles().axes) == 4
    figure = draw_frames(np.zeros((3, 3)), np.stack([np.eye(3)] * 3))
    assert len(figure.axes[0].get_legend().get_texts()) == 3


def test_contacts_found_are_shown_seed_by_seed_with_their_mean_and_no_row_without_records():
    runs = [
        fabricate_record(
            "no-recycling-three-tenths",
            seed=seed,
            metrics={"world_precision:0.5": 90.0 + seed, "real_precision:0.2": 10.0},
            paper="alphafold",
        )
        for seed in (0, 2)
    ]
    (axis,) = draw_contacts_found(runs).axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["no recycling"]
    assert [list(line.get_xdata()) for line in axis.lines] == [[90, 92], [91], [10, 10], [10]]
    assert draw_contacts_found([]).axes[0].get_title() == "Ours: no records yet"
