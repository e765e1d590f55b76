"""What lies in a cache is named after the code that made it."""

import pytest
from tiny_text import text_of, world_recipe

from replications import recipes
from replications.code_version import PACKAGE, TEXT, TRAINING, code_version
from replications.corpora.texts import cooccurrence, learned_tokenizers, token_ids
from replications.corpora.texts.documents import Documents

SOURCE = 'def double(x):\n    """Twice."""\n    return 2 * x  # a product\n'


@pytest.fixture
def package(tmp_path):
    for room in ("tokens", "claims"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "numbers.py").write_text(SOURCE)
    (tmp_path / "atomic.py").write_text(SOURCE)

    def version(changed=None, source=""):
        if changed:
            (tmp_path / changed).write_text(source)
        code_version.cache_clear()
        return code_version(("tokens", "atomic.py"), tmp_path)

    yield version
    code_version.cache_clear()


@pytest.mark.parametrize("file", ["tokens/numbers.py", "atomic.py", "tokens/new.py"])
def test_other_code_has_another_version(package, file):
    before = package()
    assert package(file, SOURCE.replace("2 *", "3 *")) != before


@pytest.mark.parametrize(
    "source",
    [SOURCE.replace("Twice", "Two times"), SOURCE.replace("# a product", ""), SOURCE + "\n\n"],
)
def test_documentation_comments_and_blank_lines_are_no_code(package, source):
    before = package()
    assert package("tokens/numbers.py", source) == before


def test_code_of_another_room_does_not_count(package):
    before = package()
    assert package("claims/numbers.py", "x = 1") == before


def test_all_rooms_that_are_named_are_there_and_what_says_nothing_of_weights_is_left_out():
    assert all((PACKAGE / room).exists() for room in TRAINING)
    assert set(TEXT) < set(TRAINING)
    assert not {"claims", "figures", "papers", "cli"} & set(TRAINING)


def documents():
    text = ("a dog and a cat and a dog",)
    return Documents(text, text, text, (), key="some")


def test_kept_tokenizers_counts_ids_and_starts_are_made_anew_by_other_code(monkeypatch, tmp_path):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    text = text_of("a b a b")
    object.__setattr__(text, "key", "some")
    starts = set()
    for version in ("one", "one", "other"):
        for module in (learned_tokenizers, cooccurrence, token_ids, recipes):
            monkeypatch.setattr(module, "code_version", lambda *rooms, v=version: v)
        tokenizer = learned_tokenizers.byte_level(documents(), merges=2)
        token_ids.token_ids(documents(), tokenizer)
        cooccurrence.cached_cooccurrences(text, window=2)
        recipe = world_recipe()
        starts.add(recipes.trained_folder("a", recipe.training_hash, seed=0, device="cpu"))
    assert len(list((tmp_path / "tokenizers").iterdir())) == 2
    assert len(list((tmp_path / "cooccurrences").iterdir())) == 2
    assert len(list((tmp_path / "token-ids").glob("*.npy"))) == 2
    assert len(starts) == 2
