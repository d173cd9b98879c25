"""nginx cuts its files into words as we do: what it objects to first is what our first statement is."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.formats.nginx import parse
from pgfpmlint.resolve import nginx
from pgfpmlint.resolve.nginx_time import milliseconds
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Directive, Malformed
from servers import found
from trees import tree_of

NGINX = found.nginx()

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(NGINX is None, reason="no nginx on this machine; .ci/servers installs one"),
]

PIECES = st.sampled_from(
    [*("xa", "b", " ", "\n", "\r\n", "\t", ";", "{", "}", "#", '"', "'", "\\", "\\n", "${", "$c", "()")]
)


def first_words(file: Path) -> str:
    """What ``nginx -t`` objects to, without the prefix and the place; empty where there is nothing to object to."""
    run = subprocess.run(
        [str(NGINX), "-t", "-c", str(file), "-p", str(file.parent), "-e", "stderr"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    says = run.stderr.decode("utf-8", "surrogateescape").partition("#")[2].partition(": ")[2]
    return says.partition(f" in {file}:")[0] if f" in {file}:" in says else ""


@settings(max_examples=int(os.environ.get("PGFPMLINT_WORDS", "60")), deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=9))
def test_words(workshop: Path, pieces: list[str]) -> None:
    text = "".join(pieces)
    file = workshop / f"nginx-{os.getpid()}.conf"
    file.write_bytes(text.encode())
    statements = parse(Source("nginx.conf", text), "/nginx.conf").statements
    says = first_words(file)
    first = statements[0] if statements else None
    if first is None:
        assert not says or 'no "events" section' in says
    elif isinstance(first, Malformed):
        assert says == first.says
    else:
        assert isinstance(first, Directive)
        assert says == f'unknown directive "{first.words[0].text}"'


@pytest.mark.parametrize(
    "text",
    [
        *(
            "60",
            "60s",
            "500ms",
            "1m30s",
            "1h 30m",
            "1d",
            "2w",
            "1y",
            "1M",
            "1w 2d",
            "1s500ms",
            "0",
            "1h30",
            "30 ",
            "1m 30",
        ),
        *("1s1m", "1s1s", "x", "1.5", "-1", "1S", "1 s", "s", "1ms5s", "1h h"),
    ],
)
def test_times(workshop: Path, text: str) -> None:
    file = workshop / f"nginx-{os.getpid()}.conf"
    file.write_text(f'events {{}}\nhttp {{ fastcgi_read_timeout "{text}"; }}\n')
    assert (milliseconds(text) is None) is ("fastcgi_read_timeout" in first_words(file))


INCLUDED = st.lists(
    st.sampled_from(
        ["conf.d/*.conf", "sites/*", "snippets/a.conf", "no*.conf", "./snippets/../snippets/b.conf", "?.conf"]
    ),
    max_size=3,
)
FILES = (
    "conf.d/1.conf",
    "conf.d/2.conf",
    "conf.d/.hidden.conf",
    "sites/shop",
    "snippets/a.conf",
    "snippets/b.conf",
    "x.conf",
)


@settings(max_examples=int(os.environ.get("PGFPMLINT_WORDS", "40")), deadline=None)
@given(INCLUDED, st.dictionaries(st.sampled_from(FILES[:4]), st.sampled_from(["snippets/a.conf", "x.conf", "sna*"])))
def test_files(workshop: Path, included: list[str], further: dict[str, str]) -> None:
    """The files that ``nginx -T`` shows are those that we read, whatever includes them."""
    with tempfile.TemporaryDirectory(dir=workshop) as name:
        folder = Path(name)
        for path in FILES:
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(f"include {further[path]};\n" if path in further else "# nothing\n")
        main = "events {}\npid n.pid;\nhttp {\n" + "".join(f"include {one};\n" for one in included) + "}\n"
        (folder / "nginx.conf").write_text(main)
        command = [str(NGINX), "-T", "-c", str(folder / "nginx.conf"), "-p", name, "-e", "stderr"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert run.returncode == 0, run.stderr
        mark = "# configuration file "
        shown = {line[len(mark) : -1] for line in run.stdout.splitlines() if line.startswith(mark)}
        files = {str(path)[1:]: path.read_text() for path in folder.rglob("*") if path.is_file()}
        ours = nginx.read(tree_of(files).root("w", "", complete=True), str(folder / "nginx.conf"))
        assert set(ours.names) == {os.path.normpath(one) for one in shown}
