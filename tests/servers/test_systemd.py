"""systemd itself on the values of limits: what we pass over is what ``systemd-analyze verify`` says that it ignores."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pgfpmlint.resolve.systemd.values import READ

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        shutil.which("systemd-analyze") is None, reason="no systemd on this machine; .ci/servers installs it"
    ),
]

VALUES = {
    "LimitNOFILE": "0 1 1024 1024x 0x400 0xg 1k 64K -1 1.5 infinity Infinity 5:6 6:5 5:infinity infinity:5 5: :5 1e3",
    "TasksMax": "0 1 5 12K -1 infinity inf 1% 50% 50.5% 50.55% 50.555% 0% 100% 101% 110% % 5x",
    "MemoryMax": "0 1 5 512m 512M 1G 1GB 1.5G 1.5 1e9 0.5K infinity -1 50% 100% 110% 1T 1K M 1.M",
    "MemoryHigh": "0 1G 1g infinity 10%",
    "PrivateTmp": "yes no on off true false 1 0 y n t f YES maybe 2 disconnected",
}


@pytest.mark.parametrize("name", VALUES)
def test_values_that_systemd_ignores(name: str, tmp_path: Path) -> None:
    """A value in two lines of a drop-in's text would hide one behind the other, so each has a line, told by number."""
    values = VALUES[name].split()
    unit = tmp_path / "asked.service"
    unit.write_text("[Service]\nExecStart=/bin/true\n" + "".join(f"{name}={value}\n" for value in values))
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ignored = {
        line.split(":")[1] for line in run.stderr.splitlines() if line.startswith(str(unit)) and "gnoring" in line
    }
    told = {value: str(number) in ignored for number, value in enumerate(values, 3)}
    assert {value: READ[name](value) is None for value in values} == told
