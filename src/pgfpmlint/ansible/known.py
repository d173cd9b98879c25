"""Roles of Ansible Galaxy that many use and few keep in their own repository: the files that each writes of its
variables, as facts about the role.

What is written here is ours: which setting each variable becomes, and what it is worth if nobody sets it. A line that
follows from a variable is shown where that is set; what nobody sets is the role's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.ansible.conditions import filled_name
from pgfpmlint.ansible.excerpt import Origin, RenderedText
from pgfpmlint.ansible.pieces import Piece, Rendered
from pgfpmlint.ansible.placement import Placement
from pgfpmlint.ansible.rendering import render
from pgfpmlint.ansible.scope import Scope
from pgfpmlint.ansible.values import Fields, load
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place, Source

OUR_OWN = "facts about a role"
"""The path of what nobody wrote: it is never shown."""


class KnownRole(NamedTuple):
    """``defaults`` is YAML, ``files`` are templates by the paths of what they become. ``needs``: without one of these
    variables nothing is known of what the role writes."""

    defaults: str
    files: dict[str, str]
    needs: tuple[str, ...]


# geerlingguy.postgresql 4.0.3 (https://github.com/geerlingguy/ansible-role-postgresql): each option becomes a line of
# the distribution's own postgresql.conf, whose other lines nobody knows; pg_hba.conf has nothing but the entries.
POSTGRESQL = KnownRole(
    defaults="""\
postgresql_auth_method: "{{ ansible_fips | ternary('scram-sha-256', 'md5') }}"
""",
    files={
        "/etc/postgresql/{{ postgresql_version | default('unknown') }}/main/postgresql.conf": """\
{% set named = postgresql_global_config_options | map(attribute='option') | list %}
{% for name in ('ssl', 'log_line_prefix', 'log_timezone', 'timezone', 'listen_addresses', 'max_connections') %}
{% if name not in named %}
{{ name }} = {{ ansible_of_the_package }}
{% endif %}
{% endfor %}
{% for one in postgresql_global_config_options %}
{% if one.state | default('present') == 'present' %}
{{ one.option }} = '{{ one.value }}'
{% endif %}
{% endfor %}
""",
        "/etc/postgresql/{{ postgresql_version | default('unknown') }}/main/pg_hba.conf": """\
{% for one in postgresql_hba_entries %}
{{ one.type }} {{ one.database }} {{ one.user }} {{ one.address | default('') }} {{ one.ip_address | default('') }} \
{{ one.ip_mask | default('') }} {{ one.auth_method }} {{ one.auth_options | default('') }}
{% endfor %}
""",
    },
    needs=("postgresql_global_config_options", "postgresql_hba_entries"),
)

# geerlingguy.php 6.1.0 (https://github.com/geerlingguy/ansible-role-php): a pool for each item, and a php.ini.
PHP = KnownRole(
    defaults="""\
php_enable_php_fpm: false
php_fpm_listen: "127.0.0.1:9000"
php_fpm_pm_max_children: 50
php_fpm_pm_start_servers: 5
php_fpm_pm_min_spare_servers: 5
php_fpm_pm_max_spare_servers: 5
php_fpm_pm_max_requests: 0
php_fpm_pools:
  - pool_name: www
    pool_listen: "{{ php_fpm_listen }}"
    pool_pm: dynamic
    pool_pm_max_children: "{{ php_fpm_pm_max_children }}"
    pool_pm_start_servers: "{{ php_fpm_pm_start_servers }}"
    pool_pm_min_spare_servers: "{{ php_fpm_pm_min_spare_servers }}"
    pool_pm_max_spare_servers: "{{ php_fpm_pm_max_spare_servers }}"
    pool_pm_max_requests: "{{ php_fpm_pm_max_requests }}"
""",
    files={
        "/etc/php/{{ php_version | default('unknown') }}/fpm/pool.d/www.conf": """\
{% if php_enable_php_fpm %}
{% for one in php_fpm_pools %}
[{{ one.pool_name }}]
user = {{ ansible_of_the_package }}
group = {{ ansible_of_the_package }}
listen = {{ one.pool_listen }}
listen.allowed_clients = {{ one.pool_listen_allowed_clients | default('127.0.0.1', true) }}
pm = {{ one.pool_pm | default('dynamic', true) }}
pm.max_children = {{ one.pool_pm_max_children | default(50, true) }}
pm.start_servers = {{ one.pool_pm_start_servers | default(5, true) }}
pm.min_spare_servers = {{ one.pool_pm_min_spare_servers | default(5, true) }}
pm.max_spare_servers = {{ one.pool_pm_max_spare_servers | default(5, true) }}
pm.max_requests = {{ one.pool_pm_max_requests | default(500, true) }}
{% endfor %}
{% endif %}
""",
    },
    needs=("php_enable_php_fpm",),
)

KNOWN = {"geerlingguy.postgresql": POSTGRESQL, "geerlingguy.php": PHP}


def defaults(role: KnownRole) -> list[Fields]:
    found = load(Source(OUR_OWN, role.defaults))
    return [found] if isinstance(found, Fields) else []


def made(name: str, role: KnownRole, scope: Scope, certain: bool) -> Iterator[Placement]:
    """The files that the role writes of what people set; nothing where they set none of it."""
    if not any(scope.defines(one) for one in role.needs):
        return
    for path, template in role.files.items():
        rendered = render(Source(OUR_OWN, template), scope, {}, {})
        places = [place for piece in rendered.pieces if (place := _place(piece)) is not None] if rendered else []
        if rendered is None or not places:
            continue
        text = _text(rendered, places[0], path)
        yield Placement(filled_name(path, scope, {})[0], text, text.path, f"role {name}", certain, rendered.whole)


def _place(piece: Piece) -> Place | None:
    """Where people wrote what a piece holds."""
    if piece.value is not None and piece.value.path != OUR_OWN:
        return piece.value
    return next((cause.place for cause in piece.causes if cause.place.path != OUR_OWN), None)


def _text(rendered: Rendered, first: Place, path: str) -> RenderedText:
    """What is between two values belongs to the one before it; what is worth a default of the role's is given."""
    origins: list[Origin] = []
    length, last = 0, first
    for piece in rendered.pieces:
        own = _place(piece)
        last = own or last
        origins.append(Origin(length, last, False, given=own is None and not piece.literal))
        length += len(piece.text)
    text = "".join(piece.text for piece in rendered.pieces)
    return RenderedText(first.source, path, text, origins, whole=rendered.whole)
