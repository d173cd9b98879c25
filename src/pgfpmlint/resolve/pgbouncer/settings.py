"""The parameters of [pgbouncer] while the files are read: the last value wins, a second [pgbouncer] forgets them."""

from __future__ import annotations

from pgfpmlint.catalog.pgbouncer import Parameter
from pgfpmlint.finding.fix import removed
from pgfpmlint.finding.problem import Label
from pgfpmlint.resolve.pgbouncer import faults
from pgfpmlint.resolve.pgbouncer.objections import Objections, masked
from pgfpmlint.resolve.pgbouncer.template import WHY
from pgfpmlint.resolve.pgbouncer.value import default, shown
from pgfpmlint.resolve.settings import DEPENDS, Default, Effective, Unknown, Written
from pgfpmlint.source.text import Place


class Settings:
    """``anchor`` is the last [pgbouncer]; ``uncertain`` is why what is not written can't be known."""

    __slots__ = ("_events", "_forgotten", "_history", "_now", "_objections", "_run", "anchor", "uncertain")

    def __init__(self, objections: Objections) -> None:
        self._objections = objections
        self._now: dict[str, Effective] = {}
        self._events: dict[str, list[Effective]] = {}
        self._history: dict[str, list[Written]] = {}
        self._run: dict[str, Effective] = {}
        self._forgotten: dict[str, tuple[Effective, Place]] = {}
        self.anchor: Place | None = None
        self.uncertain = ""

    def restart(self, header: Place) -> None:
        """``[pgbouncer]``: every parameter goes back to its default, save those that have none."""
        from pgfpmlint.catalog.pgbouncer import load

        parameters = load().parameters
        for name, setting in list(self._now.items()):
            if not parameters[name].keeps(self._objections.version):
                self._forgotten[name] = (setting, header)
                del self._now[name]
        self.anchor = header
        self.uncertain = ""
        self._run = {}
        self._events = {}

    def leave_run(self) -> None:
        """Another file or section: what is set twice there is set on purpose."""
        self._run = {}

    def doubt(self, why: str) -> None:
        """A file that can't be read here may set anything from now on, and may have set what is already set."""
        self.uncertain = why
        for name, setting in self._now.items():
            self._now[name] = setting._replace(value=None, origin=Unknown(why, setting.place))

    def assign(self, parameter: Parameter, text: str, place: Place, line: Place) -> None:
        """``text`` stands at ``place``; ``line`` is the whole assignment."""
        name = parameter.name
        value = shown(parameter, text, self._objections.version)
        # Its ldapbindpasswd is a password.
        hidden = name == "auth_ldap_options"
        written = Written(line, place, masked(text) if hidden else text)
        setting = Effective(name, masked(text) if hidden else value, written)
        if value is None:
            faults.refused(self._objections, parameter, text, place, line)
            setting = setting._replace(origin=Unknown("PgBouncer refuses what is written", line))
        else:
            faults.doubtful(self._objections, parameter, text, place)
        self._twice(self._run.get(name), setting, line)
        self._now[name] = self._run[name] = setting
        self._events.setdefault(name, []).append(setting)
        self._history.setdefault(name, []).append(written)

    def _twice(self, earlier: Effective | None, setting: Effective, line: Place) -> None:
        """Report a parameter that one stretch of one file sets to two values."""
        if earlier is None or earlier.value is None or setting.value is None or earlier.value == setting.value:
            return
        if earlier.place is not None and earlier.place.condition != line.condition:
            return  # a template chooses between them
        values = {"name": setting.name, "value": masked(setting.value), "earlier": masked(earlier.value)}
        related = tuple(Label(place, f"this {setting.name} loses") for place in (earlier.place,) if place is not None)
        fix = removed(earlier.place) if earlier.place is not None else None
        self._objections.add("pooler/duplicate-parameter", line, "", values, refuses=False, related=related, fix=fix)

    def wait(self, name: str, line: Place) -> None:
        """A value that a template fills in."""
        self._now[name] = setting = Effective(name, None, Unknown(WHY, line))
        self._events.setdefault(name, []).append(setting)

    def settle(self) -> None:
        """What a template decides is not known, unless it comes to the same whatever that decides."""
        from pgfpmlint.resolve.alternatives import NOBODY, last_ones, within

        outer = self.anchor.condition if self.anchor is not None else ()
        for name, events in self._events.items():
            conditions = [within(one.place.condition, outer) if one.place else () for one in events]
            if not any(conditions) or name not in self._now:
                continue
            possible = last_ones(list(zip(conditions, range(len(events)))))
            found = [events[at] for at in possible if at != NOBODY]
            values = {one.value for one in found}
            if NOBODY in possible:
                values.add(default(name, self._objections.version))
            if len(values) == 1 and None not in values:
                continue
            lines = tuple(one.origin for one in found if isinstance(one.origin, Written))
            self._now[name] = Effective(name, None, Unknown(DEPENDS, events[-1].place, lines))

    def current(self, name: str) -> Effective:
        """The parameter as it stands at this point of the reading."""
        if name in self._now:
            return self._now[name]
        version = self._objections.version
        if self.uncertain:
            return Effective(name, None, Unknown(self.uncertain, self.anchor))
        return Effective(name, default(name, version), Default(version, self.anchor))

    def finish(self) -> dict[str, Effective]:
        """What holds when everything is read; reports what a second [pgbouncer] has put back to its default."""
        lost: dict[Place, list[Effective]] = {}
        found = {name: setting._replace(shadowed=self._losers(setting)) for name, setting in self._now.items()}
        for name, (setting, header) in self._forgotten.items():
            if name not in self._now:
                found[name] = self.current(name)._replace(shadowed=tuple(self._history.get(name, ())))
                if setting.value is not None and found[name].value not in (None, setting.value):
                    lost.setdefault(header, []).append(setting)
        for header, settings in lost.items():
            names = ", ".join(setting.name for setting in settings)
            first = settings[0]
            values = {"names": names, "example": f"{first.name} is {found[first.name].value} again"}
            related = tuple(Label(one.place, f"{one.name} is lost") for one in settings if one.place is not None)
            self._objections.add("pooler/section-resets", header, "", values, refuses=False, related=related)
        return found

    def _losers(self, setting: Effective) -> tuple[Written, ...]:
        return tuple(one for one in self._history.get(setting.name, ()) if one.place != setting.place)
