"""The manual and the completions know every command and option, and the programs that read them take them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pgfpmlint.cli import main
from pgfpmlint.commands import COMMANDS, manual
from pgfpmlint.commands.completion import SHELLS
from pgfpmlint.commands.usage import whole


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual")
    manual.write(folder, ["hba/host-without-tls", "hba/password-in-clear", "fpm/no-pool"])
    return folder


def test_the_page_names_everything(made: Path) -> None:
    text = (made / manual.PAGE).read_text().replace("\\-", "-")
    plain = re.sub(r"\\f[BIR]", "", text)
    for name, parser in whole()[1].items():
        assert f"pgfpmlint {name}" in plain
        options = [option for action in parser._actions for option in action.option_strings]
        assert [
            option for option in options if option not in plain and option != "--help"
        ] == []  # it leaves that one out
    for code in ("0", "1", "2"):
        assert f".B {code}\n" in text


def test_the_page_is_roff_without_faults(made: Path) -> None:
    if shutil.which("groff") is None:
        pytest.skip("groff is not on this machine")
    run = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", str(made / manual.PAGE)], capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    assert "lint PostgreSQL, PgBouncer and PHP-FPM configuration" in run.stdout


def _completed(made: Path, *words: str) -> set[str]:
    """What bash proposes for the last word."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not on this machine")
    script = f"""
        source {made / SHELLS["bash"]}
        COMP_WORDS=(pgfpmlint "$@")
        COMP_CWORD=$#
        COMP_LINE="${{COMP_WORDS[*]}}"
        COMP_POINT=${{#COMP_LINE}}
        $(complete -p pgfpmlint | sed 's/.*-F //; s/ .*//')
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    run = subprocess.run(
        ["bash", "-c", script, "bash", *words], capture_output=True, text=True, check=True, cwd=made, env={**os.environ}
    )
    return set(run.stdout.split())


def test_bash_completes_commands_options_words_and_rules(made: Path) -> None:
    assert _completed(made, "") >= set(COMMANDS)
    assert _completed(made, "ef") == {"effective"}
    assert _completed(made, "check", "--fail") == {"--fail-on"}
    assert _completed(made, "check", "--fail-on", "") >= {"error", "warning", "info", "never"}
    assert _completed(made, "rule", "hba/") == {"hba/host-without-tls", "hba/password-in-clear"}
    assert _completed(made, "check", "--select", "fpm") == {"fpm/no-pool"}
    assert manual.PAGE in _completed(made, "check", "pgf")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_theirs(made: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    subprocess.run([shell, "-n", str(made / SHELLS[shell])], check=True)


def test_the_command_prints_it(made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("pgfpmlint.commands.completion.DATA", str(made))
    for shell, name in SHELLS.items():
        assert main(["completion", shell]) == 0
        assert capsys.readouterr().out == (made / name).read_text()
    monkeypatch.setattr("pgfpmlint.commands.completion.DATA", str(made / "gone"))
    assert main(["completion", "zsh"]) == 2
    assert "pip install -e ." in capsys.readouterr().err
