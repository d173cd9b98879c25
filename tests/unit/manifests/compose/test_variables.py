"""Variables of compose files: https://docs.docker.com/reference/compose-file/interpolation/."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.manifests.compose.variables import env_file, filled
from pgfpmlint.manifests.strand import Strand
from pgfpmlint.source.excerpt import Stretch
from pgfpmlint.source.text import Source

VALUES = env_file(Source(".env", "SET=value\nEMPTY=\n"))


def strand(text: str) -> Strand:
    return Strand(text, Source("compose.yaml", text), (Stretch(0, 0),))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("${SET}", "value"),
        ("$SET-x", "value-x"),
        ("${SET:-other}", "value"),
        ("${EMPTY:-other}", "other"),
        ("${EMPTY-other}", ""),
        ("${NONE:-other}", "other"),
        ("${NONE-}", ""),
        ("${NONE:-${SET}}", "value"),
        ("${NONE:-${ALSO_NONE:-deep}}", "deep"),
        ("${SET:+there}", "there"),
        ("${NONE:?must be set}", "${NONE}"),
        ("a ${NONE} b", "a ${NONE} b"),
        ("$NONE", "${NONE}"),
        ("$${SET} $$5", "${SET} $5"),
        ("5$ a$", "5$ a$"),
    ],
)
def test_variables_are_filled_as_compose_does(written: str, read: str) -> None:
    assert filled(strand(written), VALUES).text == read


def test_what_a_variable_stands_for_is_shown_where_it_is_named() -> None:
    found = filled(strand("-c max_connections=${MAX:-50} -c port=$PORT"), env_file(Source(".env", "PORT=5433")))
    assert found.text == "-c max_connections=50 -c port=5433"
    assert found.part(19, 21).text == "50"
    assert found.part(30, 34).text == "$PORT"
    assert found.part(22, 29).text == "-c port"


@given(st.text(alphabet="ab${}:-?+ \n", max_size=30))
def test_any_text_is_filled_without_complaint(text: str) -> None:
    found = filled(strand(text), VALUES)
    for at in range(len(found.text)):
        place = found.part(at, at + 1)
        assert 0 <= place.start <= place.end <= len(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=1\nB = 2 \n# C=3\n", {"A": "1", "B": "2"}),
        ("export A=x # remark\nB='$A # y'\nC=\"$A z\"\n", {"A": "x", "B": "$A # y", "C": "x z"}),
        ("no sign\n=x\nA=\n", {"A": ""}),
        ('A="two\nlines"\nB=1', {"A": "two\nlines", "B": "1"}),
    ],
)
def test_env_files(text: str, values: dict[str, str]) -> None:
    assert {name: one.text for name, one in env_file(Source(".env", text)).items()} == values


@given(st.text(alphabet="AB=\n '\"#\\ $", max_size=40))
def test_any_text_is_read_as_an_env_file(text: str) -> None:
    source = Source(".env", text)
    for one in env_file(source).values():
        assert one.place.end <= len(text)
