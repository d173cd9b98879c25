"""From inventories, variables, roles and templates to machines with files, and to what is found in these."""

from __future__ import annotations

import pytest

from ansible_shop import FILES
from trees import deployment_of, outcome_of, world_of


def test_hosts_with_the_same_files_are_one_machine_with_a_count() -> None:
    hosts = {host.name: host for host in deployment_of(FILES).hosts}
    assert sorted(hosts) == ["pg1.internal", "web"]
    assert hosts["web"].machines == 3
    assert hosts["web"].addresses == ("web01", "web02", "web03")
    assert hosts["pg1.internal"].addresses == ("pg1.internal", "10.0.0.5")


def test_links_are_found_between_hosts_of_the_inventory() -> None:
    (link,) = deployment_of(FILES).links.known
    assert (link.client.name, link.server.name, link.is_certain) == ("web/www", "pg1.internal/16-main", True)


def test_demand_is_counted_over_all_hosts() -> None:
    # 3 hosts with 40 workers each; 90 connections less the 3 of superusers.
    (finding,) = [one for one in outcome_of(FILES).findings if one.rule == "capacity/workers-exceed-max-connections"]
    assert "120" in finding.message
    assert "87" in finding.message


def test_a_finding_points_at_the_template_and_tells_the_variables_line() -> None:
    (finding,) = [one for one in outcome_of(FILES).findings if one.rule == "capacity/workers-exceed-max-connections"]
    shown = {(label.place.path, label.place.line, label.place.text) for label in finding.related}
    shown.add((finding.at.path, finding.at.line, finding.at.text))
    assert ("roles/php/templates/pool.conf.j2", 5, "pm.max_children = {{ workers }}") in shown
    assert ("inventory/hosts", 8, "40") in shown
    assert ("roles/postgres/templates/postgresql.conf.j2", 3, "max_connections = {{ max_connections }}") in shown
    assert ("inventory/group_vars/db.yml", 3, "90") in shown


def test_branches_that_are_taken_are_linted() -> None:
    rules = {(one.rule, one.at.line) for one in outcome_of(FILES).findings}
    assert ("postgres/log-looks-up-names", 5) in rules


def test_what_is_found_alike_on_several_hosts_is_told_once() -> None:
    files = {**FILES, "inventory/hosts": FILES["inventory/hosts"].replace("[db]\n", "[db]\npg0.internal\n")}
    found = [one for one in outcome_of(files).findings if one.rule == "postgres/log-looks-up-names"]
    assert len(found) == 1


def test_unknown_values_are_never_guessed() -> None:
    template = FILES["roles/postgres/templates/postgresql.conf.j2"]
    for unknown in ("{{ ansible_memtotal_mb // 4 }}MB", "{{ lookup('env', 'X') }}", "{{ undefined_anywhere }}"):
        line = f"work_mem = {unknown}\n"
        world = world_of({**FILES, "roles/postgres/templates/postgresql.conf.j2": template + line})
        assert all(
            "work_mem" not in (instance.postgres.settings or {}) or instance.postgres.setting("work_mem").value is None
            for instance in world.deployment.instances
        )


@pytest.mark.parametrize(
    ("where", "text", "worth"),
    [
        ("host_vars/pg1.internal.yml", "max_connections: 81\n", "81"),
        ("inventory/host_vars/pg1.internal.yml", "max_connections: 82\n", "82"),
        ("roles/postgres/vars/main.yml", "max_connections: 83\n", "83"),
        ("inventory/group_vars/db/1.yml", "max_connections: 84\nlog_hosts: no\n", "84"),
        ("group_vars/db.yml", "max_connections: 85\n", "85"),
        ("group_vars/all/x.yml", "max_connections: 86\n", "90"),
    ],
)
def test_precedence(where: str, text: str, worth: str) -> None:
    (instance,) = deployment_of({**FILES, where: text}).instances
    assert instance.postgres.setting("max_connections").value == worth


def test_vaults_are_unknown_and_never_shown() -> None:
    sealed = "max_connections: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162636465\n"
    outcome = outcome_of({**FILES, "inventory/group_vars/db.yml": sealed})
    assert not [one for one in outcome.findings if one.rule.startswith("capacity/")]
    assert "6162636465" not in repr(outcome)


def test_a_tree_without_an_inventory_has_a_host_for_each_group() -> None:
    files = {path: text for path, text in FILES.items() if not path.startswith("inventory/")}
    files["group_vars/all.yml"] = "max_connections: 77\n"
    files["roles/postgres/templates/postgresql.conf.j2"] = "max_connections = {{ max_connections }}\n"
    deployment = deployment_of(files)
    assert deployment.hosts[0].name == "db"
    assert deployment.instances[0].postgres.setting("max_connections").value == "77"


def test_a_role_alone_is_read_with_its_own_defaults() -> None:
    files = {path: text for path, text in FILES.items() if path.startswith("roles/php/")}
    files["roles/php/templates/pool.conf.j2"] = (
        "[www]\nuser = a\nlisten = 9000\npm = static\npm.max_children = {{ workers }}\n"
    )
    files["roles/php/tasks/main.yml"] = "- template: {src: pool.conf.j2, dest: /etc/php/8.2/fpm/pool.d/www.conf}\n"
    (pool,) = deployment_of(files).pools
    assert pool.pool.setting("pm.max_children").value == "5"


def test_values_of_loops_tell_the_item_that_they_come_from() -> None:
    files = {
        "roles/db/tasks/main.yml": "- template: {src: pg_hba.conf.j2, dest: /etc/postgresql/16/main/pg_hba.conf}\n",
        "roles/db/defaults/main.yml": """\
entries:
  - {type: local, user: all, address: "", method: peer}
  - {type: host, user: all, address: 0.0.0.0/0, method: trust}
""",
        "roles/db/templates/pg_hba.conf.j2": """\
{% for one in entries %}
{{ one.type }} all {{ one.user }} {{ one.address }} {{ one.method }}
{% endfor %}
""",
    }
    (finding,) = [one for one in outcome_of(files).findings if one.rule == "hba/trust-from-network"]
    assert (finding.at.path, finding.at.line) == ("roles/db/templates/pg_hba.conf.j2", 2)
    assert ("roles/db/defaults/main.yml", 3, "trust") in {
        (label.place.path, label.place.line, label.place.text) for label in finding.related
    }


def test_what_is_known_is_filled_in_around_what_is_not() -> None:
    template = FILES["roles/postgres/templates/postgresql.conf.j2"]
    more = "work_mem = {{ ansible_memtotal_mb // 100 }}MB\n{% if ansible_x %}\nport = {{ ansible_y }}\n{% endif %}\n"
    files = {**FILES, "roles/postgres/templates/postgresql.conf.j2": template + more}
    deployment = deployment_of(files)
    (instance,) = deployment.instances
    assert instance.postgres.setting("max_connections").value == "90"
    assert instance.postgres.setting("work_mem").value is None
    shown = [one for one in outcome_of(files).findings if one.rule == "postgres/log-looks-up-names"]
    assert [(one.at.path, one.at.line) for one in shown] == [("roles/postgres/templates/postgresql.conf.j2", 5)]


def test_a_name_that_a_template_does_not_promise_has_to_be_borne_out() -> None:
    files = {
        "roles/db/tasks/main.yml": "- template: {src: lego.conf.j2, dest: /etc/lego/postgresql.conf}\n",
        "roles/db/templates/lego.conf.j2": "LEGO_DOMAINS=example.org\nLEGO_PATH=/usr/lib/lego\n",
        "roles/db/templates/postgresql.conf.j2": "port = 5432\n",
    }
    assert not [one for one in outcome_of(files).findings if one.severity == "error"]
