"""docs/proofs.md from the rule book: which rules were seen to be right on real servers, and why others were not.

Run as ``python tools/list_proofs.py``, or ``make proofs``; a test holds the page to the rule book.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/proofs.md"
PROOFS = "tests/servers/proofs"

HEAD = """\
# Proofs

An error means that a server won't start, or that an outage or exposure will happen. So each rule of that severity was
held against real servers: its bad example runs and the harm is seen, its good one runs and nothing happens; or a
server's refusal of such a file is recorded among `tests/fixtures/vectors` (*recorded refusal*), and real servers
repeat those records. Where harm can't be shown, the rule says why. Some warnings have proofs as well.

`make proofs` writes this page from `rules/`; `sudo make pytest PYTEST_ARGS=tests/servers` runs what it names.
"""


def definitions(rules: Path = ROOT / "rules") -> dict[str, dict[str, Any]]:
    """Every definition by its rule's id, in order."""
    from ruamel.yaml import YAML

    parser = YAML(typ="safe", pure=True)
    return {
        f"{path.parent.name}/{path.stem}": parser.load(path.read_text(encoding="utf-8"))
        for path in sorted(rules.glob("*/*.yaml"))
    }


def page(found: dict[str, dict[str, Any]]) -> str:
    """The whole page."""
    told = {rule: one for rule, one in found.items() if one["severity"] == "error" or "proof" in one}
    errors = [one for one in told.values() if one["severity"] == "error"]
    proved = sum("proof" in one for one in errors)
    lines = [HEAD, f"{proved} of {len(errors)} rules of severity error are proved.", ""]
    lines += ["| rule | severity | proof |", "|---|---|---|"]
    lines += [f"| `{rule}` | {one['severity']} | {_proof(one)} |" for rule, one in told.items()]
    return "\n".join(lines) + "\n"


def _proof(definition: dict[str, Any]) -> str:
    if "proof" not in definition:
        return f"not proved: {definition['unproved']}"
    module, _, test = definition["proof"].partition("::")
    if not test:
        return "recorded refusal"
    return f"[{test.removeprefix('test_').replace('_', ' ')}](../{PROOFS}/{module})"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(definitions()), encoding="utf-8")
