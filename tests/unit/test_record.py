"""Records behave as typing.NamedTuple does: the same assertions hold for both."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any

import pytest

from pgfpmlint import record


class Ours(record.NamedTuple):
    """A doc."""

    line: int
    text: str = "x"
    more: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.line

    def told(self) -> str:
        return f"{__class__.__name__} {self.text}"  # type: ignore[name-defined]  # the cell that super() uses too


class Theirs(typing.NamedTuple):
    """A doc."""

    line: int
    text: str = "x"
    more: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.line


BOTH = pytest.mark.parametrize("kind", [Ours, Theirs])


@BOTH
def test_making_and_reading(kind: Any) -> None:
    made = kind(1, more=(2,))
    assert made == (1, "x", (2,)) == kind(text="x", line=1, more=(2,)) == kind._make([1, "x", (2,)])
    assert (made.line, made.text, made.more, made.double) == (1, "x", (2,), 2)
    assert hash(made) == hash((1, "x", (2,)))
    assert repr(made) == f"{kind.__name__}(line=1, text='x', more=(2,))"
    assert (kind._fields, kind._field_defaults) == (("line", "text", "more"), {"text": "x", "more": ()})
    assert kind.__doc__ == "A doc."
    assert issubclass(kind, tuple)
    assert made._replace(text="y") == (1, "y", (2,))
    assert made._asdict() == {"line": 1, "text": "x", "more": (2,)}
    assert copy.copy(made) == copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made
    match made:
        case kind(line, text):
            assert (line, text) == (1, "x")


@BOTH
@pytest.mark.parametrize(("args", "kwargs"), [((), {}), ((1, "x", (), 4), {}), ((1,), {"lin": 2}), ((1,), {"line": 2})])
def test_wrong_arguments(kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        kind(*args, **kwargs)


@BOTH
def test_records_are_frozen(kind: Any) -> None:
    for name in ("line", "new"):
        with pytest.raises(AttributeError):
            setattr(kind(1), name, 2)
    with pytest.raises(TypeError):
        kind._make([1])
    with pytest.raises((TypeError, ValueError)):
        kind(1)._replace(lin=2)


def test_a_wrong_first_call_spoils_nothing() -> None:
    class Fresh(record.NamedTuple):
        line: int

    with pytest.raises(TypeError):
        Fresh()  # type: ignore[call-arg]  # what the test is about
    assert Fresh(3).line == 3


def test_methods_know_their_class() -> None:
    assert Ours(1).told() == "Ours x"


def test_a_default_before_a_field_without_one_is_refused() -> None:
    with pytest.raises(TypeError, match="a field without default follows one that has one"):

        class Wrong(record.NamedTuple):
            line: int = 1
            text: str  # type: ignore[misc]  # mypy refuses it as well
