"""The page as people meet it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.chromium import Chromium, program
from pgfpmlint.cli import main

ROOT = Path(__file__).parents[2]
REQUIRED = os.environ.get("PGFPMLINT_REQUIRE_SERVERS") == "1"

SHOWN = (
    "[...document.querySelectorAll('article')].filter((card) => card.checkVisibility())"
    ".map((card) => card.dataset.rule)"
)
ERROR = "capacity/workers-exceed-max-connections"
TLS, PERSISTENT = "hba/host-without-tls", "pooling/persistent-behind-transaction-pooling"

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    command = program()
    if command is None and not REQUIRED:
        pytest.skip("no Chromium on this machine; .ci/servers installs one")
    assert command is not None, "no Chromium, and it is required here"
    browser = Chromium(command)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    assert main(["report", "-q", str(ROOT / "examples/webshop"), "-o", str(path)]) == 0
    return path


@pytest.fixture
def page(chromium: Chromium, file: Path) -> Chromium:
    chromium.open(file)
    return chromium


def choose(page: Chromium, name: str, value: str) -> None:
    """As a person does: the field changes, and tells."""
    page.run(
        f"(() => {{ const field = document.querySelector('#filters [name={name}]'); field.value = {value!r};"
        "field.dispatchEvent(new Event('input', {bubbles: true}));"
        "field.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def test_nobody_complains_and_nothing_is_fetched(page: Chromium, file: Path) -> None:
    assert page.complaints == []
    assert page.requests == [file.as_uri()]


def test_the_pictures_are_there(page: Chromium) -> None:
    assert page.run("[...document.querySelectorAll('svg')].map((one) => one.getBoundingClientRect().width > 300)") == [
        True,
        True,
    ]


def test_all_is_shown_before_anything_is_filtered(page: Chromium) -> None:
    assert page.run(SHOWN) == [ERROR, TLS, PERSISTENT]
    assert page.run("document.getElementById('shown').textContent") == "3 of 3 shown"


@pytest.mark.parametrize(
    ("name", "value", "left"),
    [
        ("family", "hba", [TLS]),
        ("host", "db", [TLS]),
        ("host", "WEB", [ERROR, PERSISTENT]),
        ("text", "prepared  statements", [PERSISTENT]),
        ("text", "nowhere to be found", []),
    ],
)
def test_filters(page: Chromium, name: str, value: str, left: list[str]) -> None:
    choose(page, name, value)
    assert page.run(SHOWN) == left
    assert page.run("document.getElementById('shown').textContent") == f"{len(left)} of 3 shown"


def test_severities_are_switched_off(page: Chromium) -> None:
    page.run("document.querySelector('[name=severity][value=error]').click()")
    assert page.run(SHOWN) == [TLS, PERSISTENT]
    page.run("document.querySelector('[name=severity][value=warning]').click()")
    assert page.run(SHOWN) == []


def test_groups(page: Chromium) -> None:
    choose(page, "group", "host")
    headings = "[...document.querySelectorAll('#cards h3.group')].map((heading) => heading.textContent)"
    assert page.run(headings) == ["web", "db"]
    assert page.run(SHOWN) == [ERROR, PERSISTENT, TLS]


def test_a_link_shows_what_the_filters_hide(page: Chromium) -> None:
    choose(page, "family", "hba")
    page.run("new Promise((done) => { addEventListener('hashchange', done); location.hash = '#finding-1'; })")
    assert page.run(SHOWN) == [ERROR, TLS, PERSISTENT]


def test_print_unfolds_everything_and_leaves_the_filters_out(page: Chromium) -> None:
    folded = "document.querySelectorAll('details:not([open])').length"
    before = page.run(folded)
    assert before > 0
    page.call("Page.printToPDF")
    assert page.run(folded) == before
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run(folded) == 0
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.run("document.getElementById('filters').checkVisibility()") is False
    page.call("Emulation.setEmulatedMedia", media="")


def test_light_and_dark(page: Chromium) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    seen = []
    for scheme in ("light", "dark"):
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        seen.append(page.run(paper))
    page.call("Emulation.setEmulatedMedia", features=[])
    assert seen == ["rgb(255, 255, 255)", "rgb(20, 24, 29)"]


@pytest.mark.parametrize("width", [360, 800, 1600])
def test_no_width_is_too_small(page: Chromium, width: int) -> None:
    page.run("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    assert page.run("document.documentElement.scrollWidth") <= width
    page.call("Emulation.clearDeviceMetricsOverride")


def test_what_files_hold_is_not_obeyed(chromium: Chromium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    folder = tmp_path / nasty.replace("/", "") / "etc/postgresql/16/main"
    folder.mkdir(parents=True)
    (folder / "postgresql.conf").write_text(f"work_mem = '{nasty}'\nmax_conections = 5 # {nasty}\n")
    monkeypatch.chdir(tmp_path)
    assert main(["report", "-q", ".", "-o", "page.html"]) == 0
    chromium.open(tmp_path / "page.html")
    assert chromium.run("document.images.length") == 0
    assert chromium.complaints == []
    assert chromium.requests == [(tmp_path / "page.html").as_uri()]
