import sys

import pytest

from tools.check_python import check


def test_a_python_of_the_stated_range_is_taken():
    assert [check((3, minor, 1)) for minor in (11, 12, 13)] == ["", "", ""]


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 14, 0), (2, 7, 18)])
def test_another_python_is_refused_with_the_way_out(version):
    assert "make PYTHON=python3.12" in check(version)


def test_a_python_that_is_not_the_environments_is_refused_and_not_passed_over():
    other = 11 if sys.version_info.minor != 11 else 12
    refused = check((3, other, 0), same_as=sys.executable)
    assert f"PYTHON asks for 3.{other}" in refused
    assert f"make VENV=.venv-3.{other}" in refused
    assert check(sys.version_info, same_as=sys.executable) == ""
