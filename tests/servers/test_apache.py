"""Apache reads its files as we do: what it makes of includes, conditions and variables, and what it lowers."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.formats.apache_conf import parse
from pgfpmlint.resolve.apache.config import Config
from pgfpmlint.resolve.apache.processes import processes
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Closing, Directive
from servers import found
from trees import tree_of

APACHE = found.apache()
MODULES = "/usr/lib/apache2/modules"
EXAMPLES = int(os.environ.get("PGFPMLINT_WORDS", "40"))

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(APACHE is None, reason="no Apache on this machine; .ci/servers installs one"),
]

HEAD = "ServerRoot {folder}\nPidFile p.pid\nErrorLog e.log\nServerName x\nListen 127.0.0.1:18081\nUser nobody\n"


def load(*modules: str) -> str:
    return "".join(f"LoadModule {one}_module {MODULES}/mod_{one}.so\n" for one in modules)


def judged(file: Path, *more: str) -> tuple[str, str, bool]:
    """What ``apache2 -t`` prints and says, and whether it would start."""
    command = [str(APACHE), "-t", "-f", str(file), *more]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return run.stdout, run.stderr, run.returncode == 0


NUMBERS = st.one_of(st.integers(-1, 12), st.integers(13, 900), st.sampled_from([64, 256, 16, 25, 150, 20001, 300000]))
SIZES = st.dictionaries(
    st.sampled_from(["MaxRequestWorkers", "ServerLimit", "ThreadsPerChild", "ThreadLimit"]), NUMBERS
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(["prefork", "event", "worker"]), SIZES)
def test_what_it_lowers(workshop: Path, mpm: str, sizes: dict[str, int]) -> None:
    """Each of our objections is Apache's word for word, and it has no other that lowers what is written."""
    if mpm == "prefork":
        sizes = {name: number for name, number in sizes.items() if not name.startswith("Thread")}
    text = load(f"mpm_{mpm}", "authz_core") + HEAD.format(folder=workshop)
    text += "".join(f"{name} {number}\n" for name, number in sizes.items())
    file = workshop / f"apache-{os.getpid()}.conf"
    file.write_text(text)
    _, says, starts = judged(file)
    assert starts, says
    root = tree_of({"etc/apache2/apache2.conf": text}).root("w", "", complete=False)
    run = processes(Config(root, "/etc/apache2/apache2.conf"), mpm)
    for problem in run.problems:
        assert problem.says in says
    lowered = [line for line in says.splitlines() if "exceed ServerLimit" in line or "exceeds ServerLimit" in line]
    lowered += [line for line in says.splitlines() if "exceeds ThreadLimit" in line]
    written = [line for line in lowered if line.partition("WARNING: ")[2].split()[0] in sizes]
    assert len(run.problems) == len(written)
    if "decreasing to nearest multiple" in says or "MaxRequestWorkers of" in says.rpartition("WARNING")[2]:
        assert f"{run.workers}" in says


BLOCKS = [
    "IfModule mod_dbd.c", "IfModule !mod_dbd.c", "IfModule dbd_module", "IfModule event.c", "IfModule mpm_event_module",
    "IfModule mod_php.c", "IfModule core.c", "IfDefine A", "IfDefine !A", "IfDefine NO", 'Location "/a b"',
]  # fmt: skip
LINES = [
    "SetEnv A ${A}", "SetEnv B 'a b'", 'SetEnv C "x\\"y"', "# words \\\n SetEnv D 1", "SetEnv E \\\n  e", "Define A 2",
    "", "Include more.conf", "IncludeOptional more*.conf", "IncludeOptional no*.conf", "SetEnv F ${N}",
]  # fmt: skip
TREE = st.recursive(
    st.sampled_from(LINES),
    lambda inner: st.tuples(st.sampled_from(BLOCKS), st.lists(inner, max_size=4)).map(
        lambda one: f"<{one[0]}>\nSetEnv L 1\n" + "\n".join(one[1]) + f"\n</{one[0].split()[0]}>"
    ),
    max_leaves=12,
)
MORE = "SetEnv M ${A}\n<IfDefine A>\nSetEnv N 1\n</IfDefine>\n"


def flat(text: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The directives of what mod_info prints, with the sections around them."""
    result: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    around: list[str] = []
    for node in parse(Source("dump", text), "/dump").parts:
        if isinstance(node, Closing):
            around.pop()
        elif isinstance(node, Directive) and node.opens:
            around.append(" ".join(word.text for word in node.words).lower())
        elif isinstance(node, Directive):
            result.append((tuple(around), tuple(word.text for word in node.words)))
    return result


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(TREE, max_size=6))
def test_what_it_takes(workshop: Path, trees: list[str]) -> None:
    """Of nested conditions, included files and variables: the directives that mod_info shows are ours."""
    body = load("mpm_event", "authz_core", "info", "env", "dbd") + HEAD.format(folder=workshop) + "Define A 1\n"
    body += "\n".join(trees) + "\n"
    (workshop / "more.conf").write_text(MORE)
    file = workshop / "httpd.conf"
    file.write_text(body)
    dump, says, starts = judged(file, "-D", "DUMP_CONFIG")
    if not starts:  # Define within Location, and the like
        return
    theirs = [one for one in flat(dump) if one[1][0] == "SetEnv"]
    files = {f"{workshop}/httpd.conf"[1:]: body, f"{workshop}/more.conf"[1:]: MORE}
    own = Config(tree_of(files).root("w", "", complete=True), str(file)).of("SetEnv")
    ours = [(tuple(" ".join(part).lower() for part in one.within), ("SetEnv", *one.words)) for one in own]
    assert ours == theirs, says
