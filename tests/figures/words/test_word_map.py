"""The map of words: one piece of HTML that is whole without a network."""

import json
import re

import pytest
import torch

from replications.errors import ReplicationError
from replications.figures.words.neighbours import nearest_words, neighbour_table
from replications.figures.words.word_map import word_coordinates, word_map
from replications.tokens.words import Vocabulary

VOCABULARY = Vocabulary.from_counts({"sea": 9, "lake": 8, "</script>": 7, "king": 6, "queen": 5})
VECTORS = torch.tensor([[1.0, 0.1], [1.0, 0.0], [-1.0, -1.0], [0.1, 1.0], [0.0, 1.0]])


def draw_map():
    return word_map(
        VECTORS, VOCABULARY, ["sea", "lake", "</script>", "nowhere"], description='a "map"'
    )


def test_the_nearest_word_comes_first_and_no_word_is_its_own_neighbour():
    near = nearest_words(VECTORS, VOCABULARY, ["sea", "king"], count=2)
    assert [found[0][0] for found in near] == ["lake", "queen"]
    assert "sea" not in dict(near[0])


def test_rare_words_can_be_kept_from_being_neighbours():
    (near,) = nearest_words(VECTORS, VOCABULARY, ["queen"], count=9, most_frequent=3)
    assert {word for word, _ in near} <= {"sea", "lake", "</script>"}


def test_a_word_outside_the_vocabulary_is_an_error_for_neighbours_and_left_out_of_a_table():
    with pytest.raises(ReplicationError, match="'nowhere' is not among"):
        nearest_words(VECTORS, VOCABULARY, ["nowhere"])
    assert "nowhere" not in neighbour_table(VECTORS, VOCABULARY, ["sea", "nowhere"]).data


def test_the_map_asks_nothing_of_another_host():
    addresses = re.findall(r"https?://[^\s\"']+", draw_map().data)
    assert set(addresses) <= {"http://www.w3.org/2000/svg"}


def test_a_word_cannot_end_the_script_and_the_description_stays_in_its_attribute():
    page = draw_map().data
    assert page.count("</script>") == 1
    assert 'aria-label="a &quot;map&quot;"' in page


def test_the_script_is_given_each_known_word_once_with_its_neighbours():
    data = json.loads(re.search(r"near \} = (\{.*\});", draw_map().data).group(1))
    assert data["words"] == ["sea", "lake", "</script>"]
    assert data["near"][0][0][0] == "lake"
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in data["places"])


def test_the_same_vectors_are_always_placed_alike():
    vectors = torch.randn(40, 8, generator=torch.Generator().manual_seed(0))
    assert (word_coordinates(vectors) == word_coordinates(vectors)).all()


def test_no_line_of_the_script_is_a_python_comment_which_would_stop_all_of_it():
    script = re.search(r"<script>(.*)</script>", draw_map().data, re.DOTALL).group(1)
    assert [line for line in script.splitlines() if line.lstrip().startswith("# ")] == []
