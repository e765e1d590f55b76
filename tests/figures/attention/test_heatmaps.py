import pytest
import torch

from replications.errors import ReplicationError
from replications.figures.attention.heatmaps import draw_heatmaps


def test_a_row_for_each_head_and_a_column_for_each_token():
    weights = torch.rand(2, 3, 4, generator=torch.Generator().manual_seed(0))
    figure = draw_heatmaps({"a title": (["[CLS]", "a", "[MASK]", "[SEP]"], weights)})
    (ax,) = figure.axes
    drawn = torch.from_numpy(ax.images[0].get_array().filled())
    torch.testing.assert_close(drawn, weights.flatten(0, 1), check_dtype=False)
    assert ax.get_title(loc="left") == "a title"
    assert [label.get_text() for label in ax.get_yticklabels()][3:5] == ["2·1", "2·2"]
    assert [label.get_text() for label in ax.get_xticklabels()][2] == "[MASK]"


def test_weights_of_another_sentence_are_an_error():
    with pytest.raises(ReplicationError, match="weights for 4 tokens, and 2 tokens"):
        draw_heatmaps({"a title": (["a", "b"], torch.rand(2, 3, 4))})
