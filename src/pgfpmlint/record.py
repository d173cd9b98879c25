"""What a run needs of typing, at a tenth of its price: ``NamedTuple``, ``Protocol``, ``TYPE_CHECKING``.

A run of this tool costs little more than starting Python, and it defines about a hundred record types.
`typing.NamedTuple` compiles a constructor for each and turns every annotation into an object: with it a check of six
files takes 1.2 starts of Python longer (3.11, measured in turn). Here one constructor serves all, and annotations stay
what they are; a Protocol is a plain class. Type checkers see typing's own.

Records are written as ever: fields with annotations, then defaults, methods and properties. Other names of typing are
imported under ``if TYPE_CHECKING``.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
    from typing import Protocol as Protocol
else:
    from operator import itemgetter

    Protocol = object

    class NamedTuple(tuple):
        """A tuple whose items have the names and defaults that its class body gives them."""

        __slots__ = ()
        _fields = _defaults = ()

        def __init_subclass__(cls):
            cls._fields = cls.__match_args__ = tuple(cls.__annotations__)
            cls._field_defaults = {name: vars(cls)[name] for name in cls._fields if name in vars(cls)}
            cls._defaults = tuple(cls._field_defaults.values())
            if tuple(cls._field_defaults) != cls._fields[len(cls._fields) - len(cls._defaults) :]:
                raise TypeError(f"{cls.__name__}: a field without default follows one that has one")
            for at, name in enumerate(cls._fields):
                setattr(cls, name, property(itemgetter(at)))

        def __new__(cls, *values, **named):
            lacking = len(cls._fields) - len(values)
            if named or lacking < 0 or lacking > len(cls._defaults):
                values = cls._bound(values, named)
            elif lacking:
                values += cls._defaults[-lacking:]
            return tuple.__new__(cls, values)

        @classmethod
        def _bound(cls, values, named):
            """All values in order: those given by position, then by name, then the defaults."""
            names = cls._fields[len(values) :]
            try:
                rest = [named.pop(name) if name in named else cls._field_defaults[name] for name in names]
            except KeyError as missing:
                raise TypeError(f"{cls.__name__} lacks {missing}") from None
            if named or len(values) > len(cls._fields):
                raise TypeError(f"{cls.__name__} takes {len(cls._fields)} fields, and none that is called {[*named]}")
            return (*values, *rest)

        def __setattr__(self, name, value):
            raise AttributeError(f"{type(self).__name__} can't change: make another with _replace({name}=...)")

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"{cls.__name__} has {len(cls._fields)} fields, not {len(made)}")
            return made

        def _replace(self, **changes):
            made = self._make([changes.pop(name, value) for name, value in zip(self._fields, self)])
            if changes:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self))

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self))
            return f"{type(self).__name__}({fields})"
