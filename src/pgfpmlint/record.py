"""What a run needs of typing, at a tenth of its price: ``NamedTuple``, ``Protocol``, ``TYPE_CHECKING``.

A run of this tool costs little more than starting Python, and it defines about a hundred record types.
`typing.NamedTuple` compiles a constructor for each and turns every annotation into an object: with it a check of six
files takes 1.3 times a start of Python longer (3.11, measured in turn). Here constructors share their bodies, and
annotations stay what they are; a Protocol is a plain class. Type checkers see typing's own.

Records are written as ever: fields with annotations, then defaults, methods and properties. Other names of typing are
imported under ``if TYPE_CHECKING``.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
    from typing import Protocol as Protocol
else:
    from _collections import _tuplegetter

    Protocol = object

    _codes = {}

    def _constructor(owner, fields, defaults):
        """``__new__`` of a record: all with as many fields share one compiled body, under their own fields' names."""
        count = len(fields)
        if count not in _codes:
            names = "".join(f"_{at}, " for at in range(count))
            _codes[count] = eval(f"lambda _cls, {names}: new(_cls, ({names}))").__code__
        code = _codes[count].replace(co_varnames=("_cls", *fields), co_name="__new__")
        made = type(_constructor)(code, {"new": tuple.__new__, "__builtins__": {}}, "__new__", defaults)
        made.__qualname__ = f"{owner}.__new__"
        return made

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

    def _repr(self):
        fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self))
        return f"{type(self).__name__}({fields})"

    def _arguments(self):
        return tuple(self)

    class _Definition(type):
        """The metaclass of the base alone: what it makes is a plain subclass of tuple."""

        def __new__(mcs, name, bases, space):
            fields = tuple(_annotations(space))
            defaults = {field: space[field] for field in fields if field in space}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: a field without default follows one that has one")
            space.update({field: _tuplegetter(at, None) for at, field in enumerate(fields)})
            space.update(__slots__=(), _fields=fields, _field_defaults=defaults, __match_args__=fields)
            space.update(_make=classmethod(_make), _replace=_replace, _asdict=_asdict, __getnewargs__=_arguments)
            space.setdefault("__repr__", _repr)
            space["__new__"] = _constructor(space["__qualname__"], fields, tuple(defaults.values()))
            return type(name, (tuple,), space)

    def _annotations(space):
        if "__annotations__" in space:
            return space["__annotations__"]
        annotate = space.get("__annotate_func__") or space.get("__annotate__")  # Python 3.14 (PEP 649)
        return annotate(1) if annotate else ()

    class _Base:
        def __mro_entries__(self, bases):
            return (_BASE,)

    _BASE = type.__new__(_Definition, "NamedTuple", (), {})
    NamedTuple = _Base()
