"""Published sweeps as data: rows of a raw table, what is left out, and the planted ones."""

from __future__ import annotations

import os

import numpy as np
import pytest

from replications.corpora.raw.sweep_points import figure_point_rows
from replications.corpora.sweeps.planted import LAW, planted_counts, planted_points
from replications.corpora.sweeps.published import STAGES, chinchilla_points, porian_points
from replications.corpora.sweeps.sweep_points import SweepPoints
from replications.errors import ReplicationError
from replications.fits.isoflop import fit_valleys, growth

needs_mirror = pytest.mark.skipif(
    not os.environ.get("REPLICATIONS_MIRROR"), reason="no mirror of the corpora"
)


def written(folder, text):
    file = folder / "points.csv"
    file.write_text(text, encoding="utf-8")
    return {"data/points.csv": file}


def test_a_line_is_a_run_and_its_place_in_the_picture_is_left_out(tmp_path):
    table = "x,y,color,Model Size,Training FLOP,hex_color,loss\n1,2,#fff,7e9,1.5e19,#fff,5.5\n"
    assert list(figure_point_rows(written(tmp_path, table))) == [
        {"model_size": 7e9, "training_flop": 1.5e19, "loss": 5.5}
    ]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("Model Size,loss\n1,2\n", "no column 'Training FLOP'"),
        ("Model Size,Training FLOP,loss\n1,2,3\n1,many,3\n", "line 3 is not a run"),
        ("Model Size,Training FLOP,loss\n1,2\n", "line 2 is not a run"),
    ],
)
def test_a_table_of_another_form_is_named_with_its_line(tmp_path, table, words):
    with pytest.raises(ReplicationError, match=rf"points.csv: .*{words}"):
        list(figure_point_rows(written(tmp_path, table)))


@needs_mirror
def test_the_five_points_of_highest_loss_are_left_out():
    (kept,), (every,) = (
        chinchilla_points(0, dropped=dropped).sweeps.values() for dropped in (5, 0)
    )
    assert (len(kept), len(every)) == (240, 245)
    assert kept.loss.max() <= np.sort(every.loss)[-6]
    assert kept.operations == pytest.approx(6)


@needs_mirror
def test_each_stage_of_the_ladder_has_its_runs():
    sweeps = porian_points(0).sweeps
    assert list(sweeps) == [f"{data}:{stage}" for data in ("rw", "owt2") for stage in STAGES]
    assert {len(np.unique(sweep.parameters)) for sweep in sweeps.values()} == {16}
    with pytest.raises(ReplicationError, match="no row of"):
        porian_points(0, datasets=("c4",))


def test_planted_points_are_drawn_by_the_seed_about_the_law():
    (sweep,), (again,), (other,) = (planted_points(seed).sweeps.values() for seed in (3, 3, 4))
    assert len(sweep) == 240
    assert np.array_equal(sweep.loss, again.loss) and not np.array_equal(sweep.loss, other.loss)
    away = np.log(sweep.loss / LAW.loss(sweep.parameters, sweep.tokens))
    assert np.std(away) == pytest.approx(0.01, rel=0.2)


def test_the_same_planted_runs_grow_faster_without_their_embeddings():
    """Pearce and Song 2024: 0.78 and 0.51, from one law."""
    found = {
        name: growth(fit_valleys(sweep)).slope[0]
        for name, sweep in planted_counts(0, noise=0.0).sweeps.items()
    }
    assert found["planted:output-layer"] == pytest.approx(LAW.exponent, abs=0.01)
    assert 0.7 < found["planted:kaplan"] < 0.9


def test_a_sweep_is_data_whose_tokens_are_its_runs():
    data = SweepPoints(0, points=planted_points)
    data.setup("fit")
    assert data.tokens_per_epoch == len(data.sweep("chinchilla")) == 240
    with pytest.raises(ReplicationError, match="no sweep 'gopher'; there are chinchilla"):
        data.sweep("gopher")
