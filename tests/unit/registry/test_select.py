from __future__ import annotations

from typing import Any

import pytest

from pgfpmlint.config import RulesConfig, Word
from pgfpmlint.registry.definition import Definition
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.select import SelectionError, Wish, select
from pgfpmlint.source.text import Source


def definition(rule: str, **more: Any) -> Definition:
    return Definition(rule, "A title", "a message", "warning", "hba", "reading", "0.1.0", **more)


BOOK = RuleBook(
    [
        definition("hba/host-without-tls", aliases=["hba/no-tls"]),
        definition("hba/shadowed", level="pedantic"),
        definition("postgres/jit-on"),
        definition(
            "capacity/headroom",
            params={
                "target": {"type": "percent", "default": "20%", "min": 0, "max": 100},
                "users": {"type": "integer", "default": 1, "min": 1},
            },
        ),
        definition("files/unexplained-suppression", level="pedantic"),
        definition("hba/on-trial", level="preview"),
        definition("files/forbidden-suppression", level="pedantic"),
    ]
)
FILE = Source("ops/.pgfpmlint.yaml", "\n\nrules:\n")
AT = FILE.place(2, 7)


def word(text: str) -> Word:
    return Word(text, AT)


def ignore(*words: str) -> RulesConfig:
    return RulesConfig(ignore=tuple(map(word, words)))


def severity(**words: str) -> RulesConfig:
    return RulesConfig(severity={name: word(text) for name, text in words.items()})


def params(rule: str, **words: str) -> RulesConfig:
    return RulesConfig(params={rule: {name: word(text) for name, text in words.items()}}, places={rule: AT})


DEFAULT = ["hba/host-without-tls", "postgres/jit-on", "capacity/headroom"]


def ids(wish: Wish) -> list[str]:
    return [rule.definition.id for rule in select(BOOK, wish)]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(), DEFAULT),
        (Wish(select=["all"]), DEFAULT),
        (Wish(pedantic=True), [rule for rule in BOOK.rules if rule != "hba/on-trial"]),
        (Wish(preview=True), [*DEFAULT, "hba/on-trial"]),
        (Wish(pedantic=True, preview=True), list(BOOK.rules)),
        (Wish(configured=RulesConfig(preview=True)), [*DEFAULT, "hba/on-trial"]),
        (Wish(configured=RulesConfig(preview=True), ignore=["hba/"]), ["postgres/jit-on", "capacity/headroom"]),
        (Wish(configured=severity(**{"hba/on-trial": "error"})), DEFAULT),
        (Wish(select=["hba/"], preview=True), ["hba/host-without-tls", "hba/on-trial"]),
        (Wish(select=["hba/on-trial"]), ["hba/on-trial"]),
        (Wish(configured=RulesConfig(select=(word("hba/on-trial"),))), ["hba/on-trial"]),
        (Wish(select=["hba/"]), ["hba/host-without-tls"]),
        (Wish(select=["hba/"], pedantic=True), ["hba/host-without-tls", "hba/shadowed"]),
        (Wish(select=["hba/shadowed"]), ["hba/shadowed"]),
        (Wish(select=["hba/no-tls"]), ["hba/host-without-tls"]),
        (Wish(ignore=["hba/", "postgres/jit-on"]), ["capacity/headroom"]),
        (Wish(configured=ignore("postgres/jit-on")), ["hba/host-without-tls", "capacity/headroom"]),
        (Wish(select=["postgres/jit-on"], configured=ignore("postgres/")), ["postgres/jit-on"]),
        (Wish(select=["postgres/"], configured=ignore("postgres/")), []),
        (Wish(select=["postgres/jit-on"], ignore=["postgres/jit-on"]), []),
        (Wish(configured=RulesConfig(select=(word("hba/"),))), ["hba/host-without-tls"]),
        (Wish(select=["postgres/"], configured=RulesConfig(select=(word("hba/"),))), ["postgres/jit-on"]),
        (Wish(configured=RulesConfig(strict=True)), [*DEFAULT, "files/unexplained-suppression"]),
        (Wish(select=["hba/on-trial"], forbidden_by="x:1"), ["hba/on-trial", "files/forbidden-suppression"]),
        (Wish(select=["hba/shadowed", "postgres/"]), ["hba/shadowed", "postgres/jit-on"]),
    ],
)
def test_selection(wish: Wish, expected: list[str]) -> None:
    assert ids(wish) == expected


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish(select=["hba/host-without-tsl"]), "--select: no rule is called 'hba/host-without-tsl'; did you mean"),
        (Wish(ignore=["hba"]), "--ignore: no rule is called 'hba'; did you mean hba/?"),
        (Wish(ignore=["jit-on"]), "did you mean postgres/jit-on?"),
        (Wish(configured=ignore("nothing/like-it")), "ops/.pgfpmlint.yaml:3: rules.ignore: no rule is called"),
        (Wish(configured=severity(**{"hba/shadow": "info"})), "ops/.pgfpmlint.yaml:3: rules.severity: no rule is"),
        (Wish(configured=severity(**{"hba/shadowed": "fatal"})), "'fatal' is none of error, warning, info"),
        (Wish(configured=params("hba/")), "belong to one rule"),
        (Wish(configured=params("capacity/headroom", targt="1")), "has no such parameter (it has: target, users)"),
        (Wish(configured=params("capacity/headroom", target="lots")), "'lots' is no percent"),
        (Wish(configured=params("capacity/headroom", target="101%")), "'101%' is beyond the maximum, 100"),
        (Wish(configured=params("capacity/headroom", users="0")), "'0' is beyond the minimum, 1"),
        (Wish(configured=params("capacity/headroom", users="yes")), "'yes' is no integer"),
    ],
)  # fmt: skip
def test_a_word_that_means_nothing_is_refused(wish: Wish, says: str) -> None:
    with pytest.raises(SelectionError) as refused:
        select(BOOK, wish)
    assert says in str(refused.value)


def test_severity_of_an_id_wins_over_its_family() -> None:
    rules = select(BOOK, Wish(configured=severity(**{"hba/host-without-tls": "error", "hba/": "info"}), pedantic=True))
    assert {rule.definition.id: rule.severity for rule in rules if rule.definition.family == "hba"} == {
        "hba/host-without-tls": "error",
        "hba/shadowed": "info",
    }


@pytest.mark.parametrize(("written", "read"), [("15%", 15), ("12.5 %", 12.5), ("30", 30), ("7.5", 7.5)])
def test_percents_are_numbers(written: str, read: float) -> None:
    (rule,) = select(BOOK, Wish(select=["capacity/"], configured=params("capacity/headroom", target=written)))
    assert rule.params == {"target": read, "users": 1}


def test_params_have_their_defaults() -> None:
    (rule,) = select(BOOK, Wish(select=["capacity/"]))
    assert rule.params == {"target": 20, "users": 1}
