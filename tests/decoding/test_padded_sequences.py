"""Sequences by width: nothing is lost, and none is wider than it may be."""

import pytest
import torch

from replications.decoding.padded_sequences import padded_sequences

SEQUENCES = [[1, 2, 3], [], [4] * 9, [5], [6] * 17, [7] * 8]
CPU = torch.device("cpu")


def test_every_sequence_with_an_id_comes_back_whole_the_widest_first():
    blocks = padded_sequences(SEQUENCES, CPU, max_length=32, padding=-1)
    assert [block.ids.shape[1] for block in blocks] == [24, 16, 8]
    found = {}
    for block in blocks:
        for number, ids, length in zip(*block, strict=True):
            found[int(number)] = ids[:length].tolist()
            assert (ids[length:] == -1).all()
    assert found == {n: ids for n, ids in enumerate(SEQUENCES) if ids}


@pytest.mark.parametrize(("beyond", "widths"), [(0, [18, 16, 8]), (1, [17, 9])])
def test_no_width_exceeds_the_longest_and_what_is_read_is_a_multiple_of_eight(beyond, widths):
    blocks = padded_sequences(SEQUENCES, CPU, max_length=18, beyond=beyond)
    assert [block.ids.shape[1] for block in blocks] == widths


def test_a_batch_has_so_many_ids_and_one_sequence_at_least():
    (block,) = padded_sequences([[1]] * 5, CPU, max_length=8)
    assert [len(part.ids) for part in block.batches(16)] == [2, 2, 1]
    assert [len(part.ids) for part in block.batches(1)] == [1] * 5
    assert torch.cat([part.numbers for part in block.batches(16)]).tolist() == list(range(5))
