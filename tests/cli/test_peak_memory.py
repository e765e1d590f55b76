"""What runs took of a GPU's memory and of the machine's, and what the commands make of it."""

import pytest
from fabricated import FabricatedRecipe, fabricate_record

from replications.cli import doctor
from replications.cli.peak_memory import peak_memory
from replications.records import save_record
from replications.training.provenance import device_name

GPU = "NVIDIA H200"


@pytest.mark.parametrize(
    ("ram", "card", "told"),
    [
        (8e9, 80e9, "gpu: yes"),
        (8e9, 24e9, "The GPU has 24.0 GB of memory; this tier takes 50.0 GB of it."),
        (3e9, 80e9, "3.0 GB of memory; this tier takes 4.0 GB."),
        (8e9, None, "No GPU is found"),
    ],
)
def test_doctor_asks_of_a_gpu_what_runs_took_there_and_of_the_machine_what_others_took(
    stage, monkeypatch, ram, card, told
):
    stage.papers["word2vec"].RECIPES["gpu"] = (FabricatedRecipe("large"),)
    stage.corpora.here.add("wikipedia-en-2018")
    for tier in ("laptop", "gpu"):
        record = fabricate_record(tier=tier, device=GPU, peak_memory_bytes=40 * 10**9)
        save_record(record, stage.records)
    inspect = doctor.inspect_this_machine

    def machine():
        found = {**inspect(), "memory_bytes": int(ram)}
        cards = {} if card is None else {"cuda": int(card)}
        found["devices"] = {"cpu": "AMD", **dict.fromkeys(cards, GPU)}
        found["device_memory_bytes"] = {"cpu": int(ram), **cards}
        return found

    monkeypatch.setattr(doctor, "inspect_this_machine", machine)
    said = stage.run("doctor").stdout
    assert told in said
    assert said.count("this tier takes 50.0 GB") == (card == 24e9)
    assert ("laptop: yes" in said) == (ram == 8e9)


def test_list_tells_a_gpu_s_memory_from_the_machine_s(stage):
    save_record(fabricate_record(seed=0, peak_memory_bytes=2 * 10**9), stage.records)
    there = fabricate_record(seed=1, device=GPU, peak_memory_bytes=7 * 10**9)
    save_record(there, stage.records)
    listed = stage.run("list").stdout
    assert "14 min a seed; 2.0 GB of memory, 7.0 GB of a GPU's memory; wikipedia" in listed


def test_this_processor_is_known_as_one_by_the_name_that_its_records_have():
    records = [fabricate_record(device=name) for name in (device_name("cpu"), GPU)]
    assert peak_memory(records) == {"laptop": dict.fromkeys(("cpu", "cuda"), 190_000_000)}
