"""Alignments, structures and promoters as they are published: what is read, and what is refused."""

from __future__ import annotations

import gzip

import pytest

from replications.corpora.preparation import prepare_files, prepare_rows
from replications.corpora.raw.proteins.alignments import read_alignment
from replications.corpora.raw.proteins.structures import read_backbone
from replications.corpora.store.registry import Origin
from replications.errors import ReplicationError


def written(folder, name, text):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


def atom(name, residue, x, y, z):
    return f"ATOM      1  {name:<3} ALA A{residue:4d}    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00\n"


RESIDUE_2 = atom("N", 2, 1, 2, 3) + atom("CA", 2, 2, 3, 4) + atom("C", 2, 3, 4, 5)


def test_insertions_of_an_a3m_file_are_left_out_and_the_query_stands_first(tmp_path):
    file = written(tmp_path, "one.a3m.gz", ">other\nAC-a\n>query\nACD\n>third\nAwwCE\n")
    assert read_alignment(file) == ["AC-", "ACD", "ACE"]
    assert read_alignment(file, query="query") == ["ACD", "AC-", "ACE"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (">q\nACD\n>b\nAC\n", r"one\.a3m: sequence 2 has 2 columns and the query has 3.*inserti"),
        (">q\nACD\n>b\nA*D\n", r"one\.a3m, sequence 2: the letter '\*' at position 2 is none of"),
        ("ACD\n>q\nACD\n", r"one\.a3m: line 1 stands before the first '>'"),
        ("# nothing\n", r"one\.a3m: the alignment has no sequence"),
    ],
)
def test_an_alignment_that_is_none_is_refused_by_name(tmp_path, text, complaint):
    with pytest.raises(ReplicationError, match=complaint):
        read_alignment(written(tmp_path, "one.a3m", text))


def test_a_map_of_contacts_gives_pairs_from_zero(tmp_path):
    files = {
        "d/msas/1abc_1_A.txt": written(tmp_path, "a.txt", ">seq2\nACE\n>seq1\nACD\n"),
        "d/contact_maps/1abc_1_A.txt": written(tmp_path, "c.txt", "3 sites\n100\n011\n011\n"),
    }
    (row,) = prepare_files("alignments-and-contacts", files)
    assert row == {"id": "1abcA", "length": 3, "msa": ["ACD", "ACE"], "contacts": [[1, 2]]}
    written(tmp_path, "c.txt", "2 sites\n10\n01\n")
    with pytest.raises(ReplicationError, match=r"c\.txt: is no map of 3 by 3 sites"):
        list(prepare_files("alignments-and-contacts", files))
    del files["d/msas/1abc_1_A.txt"]
    with pytest.raises(ReplicationError, match=r"1abc_1_A\.txt has no alignment or no map"):
        list(prepare_files("alignments-and-contacts", files))


def test_residues_that_a_structure_lacks_have_no_coordinates(tmp_path):
    files = {
        "p/msa/x.a3m.gz": written(tmp_path, "x.a3m.gz", ">q\nACD\n"),
        "p/structure/x.pdb.gz": written(tmp_path, "x.pdb.gz", RESIDUE_2),
    }
    (row,) = prepare_files("alignments-and-structures", files)
    assert row["ca_coords"] == [None, [2.0, 3.0, 4.0], None]
    assert row["cb_coords"] == [None, None, None]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (atom("CA", 9, 1, 2, 3), r"x\.pdb: line 1 is of residue 9, and the sequence has 3"),
        (RESIDUE_2.replace("   1.000", "   abc.d"), r"x\.pdb: line 1 is no atom with a residue"),
        (atom("CA", 1, 1, 2, 3), r"x\.pdb: no residue has the atoms N, CA and C"),
    ],
)
def test_a_structure_that_is_none_is_refused_by_name(tmp_path, text, complaint):
    with pytest.raises(ReplicationError, match=complaint):
        read_backbone(written(tmp_path, "x.pdb", text), 3)


def test_the_chains_of_a_split_are_those_of_its_list_in_order(tmp_path):
    numbers = " ".join(map(str, range(12)))
    files = {
        "datasets/train.txt": written(tmp_path, "train.txt", "1b\n1a\n"),
        "d/1a.txt": written(tmp_path, "1a.txt", f"AC\nHH\n{numbers}\n{numbers}\n"),
        "d/1b.txt": written(tmp_path, "1b.txt", f"A\nC\n{numbers}\n"),
    }
    origin = Origin(
        splits=("train",),
        preparation="listed-chains",
        files=dict.fromkeys(files, "0" * 64),
        repository="o/r",
        commit="0" * 40,
    )
    rows = list(prepare_rows(origin, "train", files))
    assert [row["id"] for row in rows] == ["1a", "1b"]
    assert rows[1]["ca_coords"] == [[3.0, 4.0, 5.0]]
    written(tmp_path, "1a.txt", f"AC\nHH\n{numbers}\n")
    with pytest.raises(ReplicationError, match=r"1a\.txt: has 1 lines of coordinates for 2 resid"):
        list(prepare_rows(origin, "train", files))


def test_promoters_have_a_species_and_three_hundred_bases(tmp_path):
    file = written(tmp_path, "m.txt", "acgt" * 75 + "\n")
    (row,) = prepare_files("promoters", {"data/mouse/TATA/m.txt": file})
    assert row == {"species": "mouse", "sequence": "ACGT" * 75}
    with pytest.raises(ReplicationError, match=r"m\.txt: line 1 has 4 bases in place of 300"):
        list(prepare_files("promoters", {"data/x/y": written(tmp_path, "m.txt", "ACGT\n")}))
    with pytest.raises(ReplicationError, match=r"m\.txt, line 1: the letter '!' at position 3"):
        list(prepare_files("promoters", {"data/x/y": written(tmp_path, "m.txt", "AC!T\n")}))


def test_an_unknown_preparation_of_files_lists_the_known_ones():
    with pytest.raises(ReplicationError, match="no preparation 'zzz'.*alignments-and-structures"):
        prepare_files("zzz", {})
