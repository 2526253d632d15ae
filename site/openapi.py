"""The description of the doors' calls (OpenAPI 3.1) behind ``/openapi.json``, read from ``openapi/*.yaml``.

Every call also takes an HTML form with the same field names and then answers with a page; what stands there is the JSON
side. The files are OpenAPI with a few notations, which are resolved while they are read:

| notation | what stands in its place |
|---|---|
| ``!part name`` | what ``parts.yaml`` has under this name |
| ``!code Name`` | what ``openapi_code`` takes from the code, so that it cannot drift from it |
| ``!problems [404, 503]``, ``!faults [404, 503]`` | the answers of these statuses, in our form or in Open311's |
| ``!files [a, b]`` | what ``a.yaml`` and ``b.yaml`` hold |
| ``<<: …`` | the entries of a mapping, at this place (YAML itself would put them before all others) |
"""

from pathlib import Path
from typing import Any

import yaml
from openapi_code import CODE
from openapi_shared import share

Schema = dict[str, Any]

FOLDER = Path(__file__).with_name("openapi")
MERGE = "tag:yaml.org,2002:merge"


class _Loader(yaml.CSafeLoader):
    """YAML with our notations; by libyaml, which reads it in a tenth of the time."""

    def __init__(self, name: str, parts: Schema) -> None:
        super().__init__((FOLDER / f"{name}.yaml").read_text())
        self.parts = parts


def document() -> Schema:
    """The whole description, ready for JSON. Raises KeyError for a name that is in no part and in no code."""
    parts = _read("parts", {})
    found = _read("document", parts)
    share(found, parts)
    return found


def _read(name: str, parts: Schema) -> Schema:
    found: Schema = _Loader(name, parts).get_single_data()
    return found


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Schema:
    found: Schema = {}
    for key, value in node.value:
        content = loader.construct_object(value, deep=True)
        found |= content if key.tag == MERGE else {loader.construct_object(key): content}
    return found


def _statuses(loader: _Loader, node: yaml.SequenceNode, prefix: str = "") -> Schema:
    return {str(status): loader.parts[f"{prefix}{status}"] for status in loader.construct_sequence(node)}


def _files(loader: _Loader, node: yaml.SequenceNode) -> Schema:
    names = loader.construct_sequence(node)
    return {key: content for name in names for key, content in _read(name, loader.parts).items()}


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("!part", lambda loader, node: loader.parts[node.value])
_Loader.add_constructor("!code", lambda loader, node: CODE[node.value])
_Loader.add_constructor("!problems", _statuses)
_Loader.add_constructor("!faults", lambda loader, node: _statuses(loader, node, "open311-"))
_Loader.add_constructor("!files", _files)
