"""One HTML file with everything in it: no request leaves it, and the same tree gives the same bytes."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pgfpmlint import __version__
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.model.accounts import accounts
from pgfpmlint.model.passage import Passages
from pgfpmlint.model.world import World
from pgfpmlint.report.html.budgets import books
from pgfpmlint.report.html.deployment import deployment
from pgfpmlint.report.html.findings import cards
from pgfpmlint.report.html.paths import paths
from pgfpmlint.report.html.settings import servers
from pgfpmlint.report.html.verdict import coverage, verdict
from pgfpmlint.report.snippet import Screen, harmless

TEMPLATES = __file__.rpartition("/")[0] + "/templates"

MOST_CARDS = 2000
"""Findings that are shown, the worst first: a browser is to stay quick."""


def render(outcome: Outcome, world: World, subject: str) -> str:
    """The page about the tree that people know as ``subject``. It holds no secret of any file."""
    screen = Screen()
    hosts = {file.path: file.host for file in outcome.files}
    found = cards(outcome.findings, hosts, screen)
    opened = accounts(world.deployment)
    sums = books(opened, screen)
    passages = Passages(world.deployment)
    ways = paths(passages.all, screen)
    shown, more = servers(world.deployment, screen)
    style, script = _template_text("page.css"), _template_text("page.js")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html").render(
        subject=screen.words(subject),
        version=__version__,
        policy=_policy(style, script),
        style=Markup(style),
        script=Markup(script),
        verdict=verdict(outcome, found, sums, ways),
        coverage=coverage(outcome, screen),
        cards=found[:MOST_CARDS],
        left_out=max(0, len(found) - MOST_CARDS),
        severities=SEVERITIES,
        families=sorted({card.family for card in found}),
        hosts=sorted({harmless(host) for card in found for host in card.hosts}),
        books=sums,
        deployment=deployment(opened, passages.legs, outcome.findings, screen),
        paths=ways,
        servers=shown,
        more_servers=more,
    )


def _template_text(name: str) -> str:
    with open(f"{TEMPLATES}/{name}", encoding="utf-8") as file:
        return file.read()


def _policy(style: str, script: str) -> str:
    """What the browser may do with the page: run its own script, use its own style, fetch nothing
    (https://www.w3.org/TR/CSP3/)."""
    own = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (style, script)]
    return f"default-src 'none'; style-src {own[0]}; script-src {own[1]}; base-uri 'none'; form-action 'none'"
