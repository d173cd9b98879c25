"""One voice: messages hold the values that make them true, and every line of help can be typed.

Held over every finding of every bad example, as a user reads it. The rules of voice are in CONTRIBUTING.md.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from rule_examples import cases, findings

from pgfpmlint.catalog import pgbouncer, php_fpm
from pgfpmlint.catalog.postgresql import catalog
from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.examples import Case, outcome
from pgfpmlint.registry.load import rule_book
from pgfpmlint.registry.validate import holes
from pgfpmlint.resolve.hba.methods import known as methods

BOOK = rule_book()
CASES = [case for case in cases() if case.expected]

VERBS = frozenset(
    ("add", "create", "install", "lower", "move", "put", "raise", "remove", "run", "save", "set", "upgrade", "write")
)
"""What a help line may begin with. Each asks for something that can be done; "check" and "mend" don't say what."""

POLITE = re.compile(r"\b(please|simply|maybe|perhaps|note that|consider|make sure|check that)\b", re.IGNORECASE)

TYPED = re.compile(
    r"""
    [\w.\]/-]+ \s? =                    # setting = value, key=
  | \S* / \S | \b\w+\.(?:conf|ini|yaml|txt|php|pem)\b   # a path or a file's name
  | \[ \w+ \] | " [^"]+ " | ' [^']* ' | ` [^`]+ `       # a section, or what stands in quotes
  | \b [A-Z][A-Z]+ \b                 # SQL, and constants
  | \b \d+ [kKMG]? \b | (?<!\S) [;#*"] (?!\S)          # a number, a sign
  | -- \w | \w \( | \w:: | \$ \w
  | \{% | <% | \{\{                    # a tag of a template
""",
    re.VERBOSE,
)

PIECES = re.compile(
    r"\b(?:remove|move|write|save)\b[^,;:]* \b"
    r"(?:lines?|records?|comment|section|statement|query|file|include|address|expression|name|space|byte order mark)\b"
)
"""What can be removed, moved or written without a word that is typed: the finding shows it."""

LONGEST_MESSAGE, LONGEST_HELP = 190, 150
"""Characters of a template, holes included."""


@cache
def settings() -> frozenset[str]:
    """Every word that a configuration file of these servers has for a name."""
    known = catalog(ServerVersion(POSTGRESQL, (18,), "")).names()
    fpm, pooler = php_fpm.load(), pgbouncer.load()
    records = ("host", "hostssl", "hostnossl", "local", "reject", "user", "port")
    return frozenset((
        *known, *fpm.globals, *fpm.pool, *fpm.arrays, *pooler.parameters, *pooler.databases, *pooler.users,
        *methods(ServerVersion(POSTGRESQL, (18,), "")), *records,
    ))  # fmt: skip


def can_be_typed(help_: str) -> bool:
    """Whether it names something that is written into a file or a shell, or a piece of a file that goes."""
    words = re.findall(r"[\w.\-]+", help_)
    return bool(TYPED.search(help_) or PIECES.search(help_) or settings().intersection(words) or "_" in help_)


def holds_a_value(message: str, template: str) -> bool:
    """Whether the message says more than its template does: of which server, setting or number it is true. One without
    holes names the setting itself."""
    told = set(re.findall(r"\S+", message)) - set(re.findall(r"\S+", template))
    return bool(told) if holes(template) else can_be_typed(message)


def faults(message: str, help_: str) -> list[str]:
    """What is wrong with how a finding reads."""
    found = []
    for what, text in (("message", message), ("help", help_)):
        if re.search(r"\{\w*\}", text):
            found.append(f"{what} has a hole")
        if text != " ".join(text.split()):
            found.append(f"{what} has needless blanks")
        if text.endswith((".", "!", ":", ",", ";")) and not re.search(r"fastcgi_\w+ \S+;$", text):
            found.append(f"{what} ends in punctuation")
        if POLITE.search(text):
            found.append(f"{what} is polite: {POLITE.search(text)}")
        if re.search(r"\bNone\b|\bTrue\b|\bFalse\b|<[a-z_.]+ object", text) and not re.search(r"is (True|False)", text):
            found.append(f"{what} speaks Python")
    if not help_:
        return [*found, "there is no help"]
    if help_.split()[0] not in VERBS:
        found.append(f"help begins with {help_.split()[0]!r}, none of {', '.join(sorted(VERBS))}")
    if not can_be_typed(help_):
        found.append("help holds nothing that can be typed")
    return found


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}: {case.name}" for case in CASES])
def test_a_finding_reads_well(case: Case) -> None:
    wrong = []
    for one in findings(case, outcome(case, book=BOOK)):
        wrong += [f"{fault}: {one.message} / {one.help}" for fault in faults(one.message, one.help)]
        if not holds_a_value(one.message, BOOK.rules[case.rule].message):
            wrong.append(f"message holds no value: {one.message}")
    assert wrong == []


@pytest.mark.parametrize("rule", BOOK.rules)
def test_a_template_is_short(rule: str) -> None:
    definition = BOOK.rules[rule]
    assert len(definition.message) <= LONGEST_MESSAGE
    assert len(definition.help) <= LONGEST_HELP


@pytest.mark.parametrize(
    ("message", "help_", "fault"),
    [
        ("work_mem = 8GB is too much", "check work_mem", "help begins with 'check'"),
        ("work_mem = 8GB is too much", "set it to something smaller", "nothing that can be typed"),
        ("work_mem = 8GB is too much", "", "there is no help"),
        ("work_mem = 8GB is too much.", "set work_mem = 64MB", "message ends in punctuation"),
        ("work_mem = {value} is too much", "set work_mem = 64MB", "message has a hole"),
        ("work_mem = 8GB  is too much", "set work_mem = 64MB", "message has needless blanks"),
        ("work_mem = 8GB is too much", "set work_mem = 64MB, please", "help is polite"),
        ("work_mem = None is too much", "set work_mem = 64MB", "message speaks Python"),
    ],
)
def test_what_reads_badly_is_found(message: str, help_: str, fault: str) -> None:
    assert [found for found in faults(message, help_) if fault in found]


@pytest.mark.parametrize(
    "help_",
    [
        "set work_mem = 64MB",
        "write hostssl instead of host",
        "remove line 3",
        "move it above line 1, or remove it",
        "create /etc/postgresql/16/main/hba.d",
        "run ALTER ROLE shop LOGIN",
    ],
)
def test_what_reads_well_is_not(help_: str) -> None:
    assert faults("work_mem = 8GB is too much", help_) == []
