"""Roles that lie in no tree: what their variables stand for."""

from __future__ import annotations

from trees import deployment_of, outcome_of

FILES = {
    "inventory/hosts": "[db]\ndb1\n\n[web]\nweb[1:4]\n",
    "site.yml": """\
- hosts: db
  roles:
    - geerlingguy.postgresql
- hosts: web
  roles:
    - role: geerlingguy.php
""",
    "inventory/group_vars/db.yml": """\
postgresql_version: 16
postgresql_global_config_options:
  - option: max_connections
    value: 100
  - {option: listen_addresses, value: "*"}
  - {option: wrk_mem, value: 8MB}
postgresql_hba_entries:
  - {type: local, database: all, user: postgres, auth_method: peer}
  - {type: host, database: all, user: all, address: 0.0.0.0/0, auth_method: trust}
""",
    "inventory/group_vars/web.yml": "php_enable_php_fpm: true\nphp_version: '8.2'\nphp_fpm_pm_max_children: 30\n",
}


def test_options_are_shown_where_they_are_listed() -> None:
    (finding,) = [one for one in outcome_of(FILES).findings if one.rule == "postgres/unknown-parameter"]
    assert (finding.at.path, finding.at.text) == ("inventory/group_vars/db.yml", "wrk_mem, value: 8MB")


def test_entries_are_records() -> None:
    (finding,) = [one for one in outcome_of(FILES).findings if one.rule == "hba/trust-from-network"]
    assert (finding.at.path, finding.at.text) == ("inventory/group_vars/db.yml", "trust")


def test_pools_have_the_roles_own_defaults() -> None:
    deployment = deployment_of(FILES)
    (pool,) = deployment.pools
    assert (pool.name, pool.host.machines) == ("web/www", 4)
    assert pool.pool.setting("pm.max_children").value == "30"
    assert pool.pool.setting("pm.start_servers").value == "5"
    assert deployment.instances[0].postgres.setting("max_connections").value == "100"


def test_what_nobody_set_is_nobodys_fault() -> None:
    assert all("facts about" not in one.at.path for one in outcome_of(FILES).findings)
    assert not outcome_of({path: text for path, text in FILES.items() if "group_vars" not in path}).files
