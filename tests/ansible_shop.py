"""A repository of Ansible's: one server of a database, three that run PHP."""

from __future__ import annotations

FILES = {
    "inventory/hosts": """\
[db]
pg1.internal ansible_host=10.0.0.5

[web]
web[01:03]

[web:vars]
workers=40
""",
    "group_vars/all.yml": "max_connections: 100\n",
    "inventory/group_vars/db.yml": "---\n# of the database\nmax_connections: 90\nlog_hosts: yes\n",
    "site.yml": """\
- hosts: db
  roles: [postgres]
- hosts: web
  roles:
    - {role: php, pool: www}
""",
    "roles/postgres/defaults/main.yml": """\
max_connections: 20
version: 16
folder: /etc/postgresql/{{ version }}/main
""",
    "roles/postgres/tasks/main.yml": """\
- name: settings
  ansible.builtin.template:
    src: postgresql.conf.j2
    dest: "{{ folder }}/postgresql.conf"
""",
    "roles/postgres/templates/postgresql.conf.j2": """\
# {{ ansible_managed }}
listen_addresses = '{{ ansible_host }}'
max_connections = {{ max_connections }}
{% if log_hosts %}
log_hostname = on
{% endif %}
""",
    "roles/php/defaults/main.yml": "workers: 5\n",
    "roles/php/tasks/main.yml": """\
- template: src=pool.conf.j2 dest=/etc/php/8.2/fpm/pool.d/{{ pool }}.conf mode=0644
""",
    "roles/php/templates/pool.conf.j2": """\
[{{ pool }}]
user = www-data
listen = /run/php/{{ pool }}.sock
pm = static
pm.max_children = {{ workers }}
env[DB_HOST] = {{ groups['db'][0] }}
env[DB_PORT] = 5432
""",
}
