import pytest

from tools import build_book


@pytest.mark.parametrize(
    "named",
    [
        "https://github.com/me/book",
        " https://github.com/me/book/ ",
        "https://github.com/me/book.git",
        "http://github.com/me/book.git/",
        "git@github.com:me/book.git",
        "ssh://git@github.com/me/book.git",
        "ssh://git@github.com:22/me/book",
        "https://user:secret@github.com/me/book",
        "github.com/me/book",
    ],
)
def test_a_repository_has_one_address_however_it_is_named(named):
    assert build_book.repository_address(named) == "https://github.com/me/book"


def test_a_dot_within_a_repositorys_name_stays():
    named = "https://github.com/me/me.github.io.git"
    assert build_book.repository_address(named) == "https://github.com/me/me.github.io"


@pytest.mark.parametrize(
    "named",
    [
        "https://example.org/me/book",
        "https://github.com/me",
        "/home/me/book",
        "https://gitlab.com/a/b/c",
    ],
)
def test_an_address_that_cannot_be_linked_to_is_refused_with_the_setting_and_the_way_out(named):
    with pytest.raises(SystemExit, match=r"BOOK_REPOSITORY_URL is .*/OWNER/NAME.* or unset it"):
        build_book.repository_address(named)


def test_no_repository_is_no_fault():
    assert build_book.repository_address("  ") == ""


def test_a_chapter_on_gitlab_opens_in_binder_alone():
    address = build_book.repository_address("git@gitlab.com:me/book.git")
    assert address == "https://gitlab.com/me/book"
    assert set(build_book.launch_buttons(address)) == {"binderhub_url"}
    github = build_book.launch_buttons("https://github.com/me/book")
    assert set(github) == {"binderhub_url", "colab_url"}
