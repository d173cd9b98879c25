"""Expected values: pg_settings of PostgreSQL 12.22 to 19rc1 and the release notes."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog.postgresql import Life, catalog, life, majors
from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion, parse


def version(text: str) -> ServerVersion:
    return parse(POSTGRESQL, text, "a test says so")


def test_numbers_have_a_unit_and_limits() -> None:
    setting = catalog(version("18")).setting("Work_Mem")
    assert setting is not None
    assert setting.name == "work_mem"
    assert setting[1:7] == ("integer", "user", "4096", "kB", "64", "2147483647")
    assert setting.settable


def test_enums_take_words_of_every_build_and_words_that_are_not_listed() -> None:
    setting = catalog(version("16")).setting("wal_compression")
    assert setting is not None
    assert set(setting.choices) == {"pglz", "on", "off", "lz4", "zstd"}
    assert setting.synonyms["true"] == "pglz"


@pytest.mark.parametrize(
    ("text", "name", "default"),
    [
        ("14", "shared_buffers", "1024"),
        ("15", "shared_buffers", "16384"),
        ("18", "unix_socket_directories", "/tmp"),
        ("19", "unix_socket_directories", "/tmp"),
        ("15.20 (Debian)", "unix_socket_directories", "/var/run/postgresql"),
        ("12", "config_file", None),
        ("9.6", "work_mem", "4096"),
        ("23", "jit", "off"),
    ],
)
def test_defaults_are_those_of_the_version_and_build(text: str, name: str, default: str | None) -> None:
    setting = catalog(version(text)).setting(name)
    assert setting is not None
    assert setting.default == default


@pytest.mark.parametrize(
    ("text", "name", "known"),
    [
        ("12", "wal_keep_segments", True),
        ("13", "wal_keep_segments", False),
        ("17", "transaction_timeout", True),
        ("16", "transaction_timeout", False),
        ("15", "force_parallel_mode", True),
        ("16", "force_parallel_mode", False),
        ("18", "ssl_ecdh_curve", True),
        ("18", "sort_mem", True),
        ("15", "output_plugin_libraries", True),
        ("15.18", "output_plugin_libraries", False),
        ("15.20", "output_plugin_libraries", True),
        ("18.6", "composite_type_mismatch", False),
        ("17.12", "composite_type_mismatch", True),
        ("13", "output_plugin_libraries", False),
        ("16", "extension_destdir", True),
        ("16.14 (Debian)", "extension_destdir", True),
        ("16.3 (Ubuntu 16.3-1.pgdg22.04+1)", "extension_destdir", True),
        ("16.14 (Homebrew)", "extension_destdir", False),
        ("18", "extension_destdir", False),
        ("19", "output_plugin_libraries", True),
    ],
)
def test_names_come_and_go_with_major_and_minor_releases(text: str, name: str, known: bool) -> None:
    assert (name in catalog(version(text))) is known


def test_old_names_lead_to_the_new_ones() -> None:
    assert catalog(version("18")).canonical("SSL_ECDH_Curve") == "ssl_groups"
    assert catalog(version("17")).canonical("ssl_ecdh_curve") == "ssl_ecdh_curve"
    assert {"sort_mem", "work_mem", "output_plugin_libraries"} <= set(catalog(version("17")).names())


def test_some_parameters_are_taken_but_never_shown() -> None:
    known = catalog(version("16"))
    assert "role" in known
    assert not known.is_listed("role")
    assert known.is_listed("sort_mem")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wal_keep_segments", Life("", "13", "wal_keep_size, in megabytes: segments times 16")),
        ("checkpoint_segments", Life("", "9.5", "max_wal_size")),
        ("transaction_timeout", Life("17", "", "")),
        ("work_mem", None),
        ("no_such", None),
    ],
)
def test_a_life_tells_when_a_name_came_and_went(name: str, expected: Life | None) -> None:
    assert life(name) == expected


@pytest.mark.parametrize("major", majors())
def test_every_parameter_of_every_major_can_be_read(major: int) -> None:
    known = catalog(version(str(major)))
    settings = [known.setting(name) for name in known.names()]
    assert len(settings) > 300
    assert {setting.type for setting in settings if setting} == {"bool", "integer", "real", "string", "enum"}
    assert all(s.low and s.high for s in settings if s and s.type in ("integer", "real"))
    assert all(s.default in s.choices for s in settings if s and s.type == "enum")
