"""Whatever the files hold, and whatever they are called: on the page it is text, and nothing that a browser obeys."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from html_page import Page
from pgfpmlint import pipeline
from pgfpmlint.options import Options
from pgfpmlint.report.html.page import TEMPLATES, render
from trees import config_of, tree_of

NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style>",
        "</pre></article>", "\" onmouseover=\"alert(1)", "' onclick='alert(1)", "&lt;b&gt;", "<!--", "-->", "]]>",
        "{{ 7 * 7 }}", "{% raw %}", "javascript:alert(1)", "\u202egnp.exe", "\u2066x\u2069", "\u2028", "\ufeff",
        "\x1b[2J", "\x00", "\udcff",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(NASTY, st.text(alphabet="ab<>&\"'=; ", max_size=5)), min_size=1, max_size=3).map("".join)
NAME = TEXT.map(lambda text: text.replace("/", "").replace("\x00", "").replace("\udcff", "") or "x")


@settings(max_examples=60)
@given(NAME, NAME, TEXT, TEXT)
def test_all_of_it_is_text(host: str, pool: str, value: str, comment: str) -> None:
    files = {
        f"hosts/{host}/etc/postgresql/16/main/postgresql.conf": f"work_mem = '{value}'\n"
        f"max_conections = {value} # {comment}\n",
        f"hosts/{host}/etc/postgresql/16/main/pg_hba.conf": f"host all \"{value}\" 0.0.0.0/0 trust # {comment}\n",
        f"hosts/{host}/etc/php/8.3/fpm/pool.d/{pool}.conf": f"[{pool}]\nuser = a\nlisten = 9000\npm = static\n"
        f"pm.max_children = 500\nenv[DB_HOST] = '127.0.0.1'\nenv[X] = {value}\n",
    }  # fmt: skip
    run = pipeline.examine(tree_of(files), config_of(files), Options())
    html = render(run.outcome, run.world, value)
    page = Page(html)
    with open(f"{TEMPLATES}/page.js", encoding="utf-8") as script:
        assert page.scripts == [script.read()]
    assert not {"img", "iframe", "object", "embed", "link", "base"} & {tag for tag, _ in page.elements}
    assert not [key for _, found in page.elements for key in found if key.startswith("on") or key in ("src", "style")]
    links = [str(found.get("href")) for found in page.all("a")]
    assert all(link.startswith(("#", "https://")) for link in links)
    assert all(sign.isprintable() or sign == "\n" for sign in html)
    html.encode()
