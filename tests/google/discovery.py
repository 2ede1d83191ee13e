"""Which paths and parameters does Google have? Read from the documents Google itself publishes.

They are in the package google-api-python-client, so that the server of the tests takes only what
Google says that it takes, whatever we believe.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from googleapiclient.discovery_cache import get_static_doc

from tests.google.errors import GoogleError, Json, invalid

APIS: Final = (("gmail", "v1"), ("calendar", "v3"), ("people", "v1"), ("oauth2", "v2"))
_LIMITS: Final = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
_INTEGER: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_MASK: Final = re.compile(r"[A-Za-z0-9_.*]+(,[A-Za-z0-9_.*]+)*", re.ASCII)


class Method(NamedTuple):
    """One thing that can be asked of Google."""

    id: str
    api: str
    verb: str
    path: re.Pattern[str]
    parameters: Mapping[str, Json]
    request: Json | None
    response: Json | None
    scopes: frozenset[str]


class Found(NamedTuple):
    """A method, and what its path says."""

    method: Method
    path: Mapping[str, str]


@cache
def document(api: str) -> Json:
    """Return Google's description of one interface."""
    found: Json = json.loads(get_static_doc(api, dict(APIS)[api]))  # type: ignore[no-untyped-call]
    return found


@cache
def methods() -> tuple[Method, ...]:
    """Return all methods of all interfaces, the longest paths first."""
    every = (one for api, _ in APIS for one in _methods(document(api), document(api)))
    return tuple(sorted(every, key=lambda method: -len(method.path.pattern)))


def find(verb: str, path: str) -> Found | None:
    """Return the method that is meant, or nothing."""
    for method in methods():
        if method.verb == verb and (match := method.path.fullmatch(path)):
            parts = {name.replace("__", "."): unquote(x) for name, x in match.groupdict().items()}
            return Found(method, parts)
    return None


def read(found: Found, query: Mapping[str, Sequence[str]]) -> Json:
    """Return the parameters of a request with their values.

    Raises:
        GoogleError: 400, one is unknown, missing, or not what the document says it is.
    """
    known = found.method.parameters
    given = {name: [text] for name, text in found.path.items()} | dict(query)
    for name in given:
        if name not in known:
            # seen in answers of every interface of Google
            message = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query'
            raise invalid(
                f"{message} parameter. Field '{name}' could not be found in request.", name
            )
    for name, schema in known.items():
        if schema.get("required") and name not in given:
            raise GoogleError(400, "required", f"Required parameter: {name}", location=name)
    return {name: _values(name, known[name], texts) for name, texts in given.items()}


def _methods(doc: Json, resource: Json) -> Iterator[Method]:
    for raw in resource.get("methods", {}).values():
        yield Method(
            raw["id"],
            doc["name"],
            raw["httpMethod"],
            _pattern("/" + doc["servicePath"] + raw["path"], raw.get("parameters", {})),
            doc["parameters"] | raw.get("parameters", {}),
            raw.get("request"),
            raw.get("response"),
            frozenset(raw.get("scopes", ())),
        )
    for inner in resource.get("resources", {}).values():
        yield from _methods(doc, inner)


def _pattern(template: str, parameters: Json) -> re.Pattern[str]:
    parts = re.split(r"\{(\+?)([A-Za-z0-9_.]+)\}", template)
    made = re.escape(parts[0])
    for plus, name, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        inside = parameters[name].get("pattern", ".+").strip("^$") if plus else "[^/]+"
        made += f"(?P<{name.replace('.', '__')}>{inside})" + re.escape(text)
    return re.compile(made)


def _values(name: str, schema: Json, texts: Sequence[str]) -> Any:
    values = [_value(name, schema, text) for text in texts]
    if schema.get("repeated"):
        return values
    if len(values) > 1:
        raise invalid(f"Parameter {name} is given more than once.", name)
    return values[0]


def _value(name: str, schema: Json, text: str) -> Any:
    wrong = invalid(f"Invalid value for {name}: {text!r}", name)
    if "enum" in schema and text not in schema["enum"]:
        raise wrong
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text):
        raise wrong
    if schema["type"] == "boolean":
        if text not in ("true", "false"):
            raise wrong
        return text == "true"
    if schema["type"] == "integer" or schema.get("format") in _LIMITS:
        number = _number(schema, text)
        if number is None:
            raise wrong
        return number
    if not _formed(schema.get("format"), text):
        raise wrong
    return text


def _number(schema: Json, text: str) -> int | None:
    if not _INTEGER.fullmatch(text):
        return None
    low, high = _LIMITS[schema.get("format", "int32")]
    low = max(low, int(schema.get("minimum", low)))
    high = min(high, int(schema.get("maximum", high)))
    return int(text) if low <= int(text) <= high else None


def _formed(form: str | None, text: str) -> bool:
    if form == "date-time":
        return is_moment(text)
    if form == "google-fieldmask":
        return bool(_MASK.fullmatch(text))
    return True


def is_moment(text: str) -> bool:
    """Say whether a text is a moment of RFC 3339 with its offset, as every date-time must be."""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
