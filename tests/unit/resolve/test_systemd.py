"""What a unit with its drop-ins comes to."""

from __future__ import annotations

from trees import deployment_of

BOUNCER = {"etc/pgbouncer/pgbouncer.ini": "[databases]\na = host=10.0.0.9\n[pgbouncer]\nlisten_addr = *\n"}


def limit(files: dict[str, str], name: str = "LimitNOFILE") -> tuple[str | None, str | None]:
    """The value, and the file that sets it."""
    (pooler,) = deployment_of({**BOUNCER, **files}).poolers
    if pooler.unit is None:
        return None, None
    found = pooler.unit.setting(name)
    return found.value, found.place.path if found.place is not None else None


def test_drop_ins_are_read_by_name_whatever_their_folder() -> None:
    assert limit({
        "usr/lib/systemd/system/pgbouncer.service": "[Service]\nLimitNOFILE=1\n",
        "etc/systemd/system/pgbouncer.service.d/10-a.conf": "[Service]\nLimitNOFILE=2\n",
        "usr/lib/systemd/system/pgbouncer.service.d/20-b.conf": "[Service]\nLimitNOFILE=3\n",
    }) == ("3", "usr/lib/systemd/system/pgbouncer.service.d/20-b.conf")  # fmt: skip


def test_of_files_with_one_name_that_of_etc_counts() -> None:
    assert limit({
        "usr/lib/systemd/system/pgbouncer.service": "[Service]\nLimitNOFILE=1\n",
        "etc/systemd/system/pgbouncer.service": "[Service]\nLimitNOFILE=2\n",
        "usr/lib/systemd/system/pgbouncer.service.d/a.conf": "[Service]\nLimitNOFILE=3\n",
        "etc/systemd/system/pgbouncer.service.d/a.conf": "[Service]\nTasksMax=5\n",
    }) == ("2", "etc/systemd/system/pgbouncer.service")  # fmt: skip


def test_an_empty_value_takes_back_what_was_said() -> None:
    files = {"etc/systemd/system/pgbouncer.service": "[Service]\nLimitNOFILE=5000\nLimitNOFILE=\n"}
    assert limit(files) == (None, None)


def test_what_is_refused_leaves_the_value_before_it() -> None:
    text = "[Service]\nLimitNOFILE=5000\nLimitNOFILE=64k\nLimitNOFILE=90:10\n"
    assert limit({"etc/systemd/system/pgbouncer.service": text})[0] == "5000"


def test_the_soft_limit_counts() -> None:
    assert limit({"etc/systemd/system/pgbouncer.service": "[Service]\nLimitNOFILE=0x400:infinity\n"})[0] == "1024"


def test_a_broken_header_leaves_everything_open() -> None:
    files = {
        "etc/systemd/system/pgbouncer.service": "[Service]\nLimitNOFILE=5\n",
        "etc/systemd/system/pgbouncer.service.d/a.conf": "[Service\nLimitNOFILE=7\n",
    }
    assert limit(files) == (None, None)


def test_only_service_counts() -> None:
    assert limit({"etc/systemd/system/pgbouncer.service": "LimitNOFILE=1\n[Unit]\nLimitNOFILE=2\n"}) == (None, None)


def test_the_kernels_settings_come_in_order_and_sysctl_conf_last() -> None:
    files = {
        **BOUNCER,
        "etc/sysctl.d/90-z.conf": "net.core.somaxconn = 90\n",
        "usr/lib/sysctl.d/95-y.conf": "net.core.somaxconn = 95\n",
        "usr/lib/sysctl.d/90-z.conf": "net.core.somaxconn = 1\n",
        "etc/sysctl.conf": "# nothing of net.core.somaxconn\n-net/core/somaxconn=128\n",
        "etc/sysctl.d/README": "net.core.somaxconn = 2\n",
    }
    (kernel,) = deployment_of(files).kernels
    assert kernel.sysctl.setting("net.core.somaxconn").value == "128"
    assert [document.path for document in kernel.sysctl.reading.documents] == [
        "/etc/sysctl.d/90-z.conf",
        "/usr/lib/sysctl.d/95-y.conf",
        "/etc/sysctl.conf",
    ]
