"""The same manifest in other styles of YAML makes the same servers, and every place is where its value is written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

from operator_manifests import CNPG, CRUNCHY, PATRONI, ZALANDO
from pgfpmlint.manifests.documents import documents
from pgfpmlint.manifests.plain import loaded
from pgfpmlint.resolve.settings import Effective, Written
from pgfpmlint.source.text import Place, Source
from trees import deployment_of


def _flow(text: str) -> str:
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 60
    stream = io.StringIO()
    yaml.dump_all(YAML(typ="safe", pure=True).load_all(text), stream)
    return stream.getvalue()


def _json(text: str) -> str:
    """Which is YAML, too, with names and texts in quotes."""
    found = YAML(typ="safe", pure=True).load_all(text)
    return "\n---\n".join(json.dumps(document, indent=1) for document in found)


def _windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def _settings(text: str) -> Iterator[tuple[str, Effective]]:
    deployment = deployment_of({"some.yaml": text})
    for instance in deployment.instances:
        yield from ((f"{instance.name} {name}", one) for name, one in instance.postgres.settings.items())
    for pooler in deployment.poolers:
        yield from ((f"{pooler.name} {name}", one) for name, one in pooler.bouncer.settings.items())


def _says(place: Place) -> object:
    """What a loader of YAML makes of the text."""
    (root,) = documents(Source("value.yaml", place.text))
    return loaded(place.text, root)


@pytest.mark.parametrize("text", [CNPG, CRUNCHY, PATRONI, ZALANDO], ids=["cnpg", "crunchy", "patroni", "zalando"])
@pytest.mark.parametrize("style", [str, _flow, _json, _windows])
def test_places(text: str, style: Callable[[str], str]) -> None:
    plain = {name: one.value for name, one in _settings(text)}
    found = dict(_settings(style(text)))
    assert {name: one.value for name, one in found.items()} == plain
    checked = 0
    for name, one in found.items():
        if not isinstance(one.origin, Written) or one.origin.place.is_given:
            continue
        line, value = one.origin.place.surface, one.origin.value_place.surface
        if one.name in line.text:
            assert line.text.strip("\"'").startswith(one.name), name
            assert one.origin.raw.endswith(str(_says(value))), name  # an operator may put its own before it
            checked += 1
    assert checked >= 3
