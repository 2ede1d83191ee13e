"""Does an answer look as Google's documents say that it looks? Checked for every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from tests.google.discovery import Method, document, is_moment
from tests.google.errors import Json

_NUMBERS: Final = {
    "int32": (-(2**31), 2**31),
    "uint32": (0, 2**32),
    "int64": (-(2**63), 2**63),
    "uint64": (0, 2**64),
}
_DIGITS: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_BYTES: Final = re.compile(r"[A-Za-z0-9_\-]*={0,2}", re.ASCII)


def violations(method: Method, answer: Json | None) -> list[str]:
    """Return what in an answer is not as its schema says; nothing when all is well."""
    if method.response is None or answer is None:
        return [] if method.response is answer is None else ["an answer where none should be"]
    return list(_faults(document(method.api)["schemas"], method.response, answer, "answer"))


def misfits(method: Method, body: Json) -> list[str]:
    """Return what in the body of a request is not as its schema says; null is as if not there."""
    body = _without_null(body)
    if method.request is None:
        return ["a body where none should be"] if body else []
    return list(_faults(document(method.api)["schemas"], method.request, body, "body"))


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_null(one) for name, one in value.items() if one is not None}
    return value


def _faults(schemas: Json, schema: Json, value: Any, where: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "object":
        yield from _in_object(schemas, schema, value, where)
    elif kind == "array":
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for number, one in enumerate(value):
            yield from _faults(schemas, schema["items"], one, f"{where}[{number}]")
    elif kind == "string":
        yield from _in_text(schema, value, where)
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{where} is neither true nor false"
    elif kind == "integer":
        low, high = _NUMBERS[schema.get("format", "int32")]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value < high:
            yield f"{where} is no {schema.get('format', 'integer')}"


def _in_object(schemas: Json, schema: Json, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no object"
        return
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name, one in value.items():
        inner = known.get(name, others)
        if inner is None:
            yield f"{where}.{name} is unknown"
        else:
            yield from _faults(schemas, inner, one, f"{where}.{name}")


def _in_text(schema: Json, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{where} is no text"
        return
    form = schema.get("format")
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is none of the values allowed: {value}"
    if not _formed(form, value):
        yield f"{where} is no {form}: {value}"


def _formed(form: str | None, text: str) -> bool:
    if form in _NUMBERS:
        low, high = _NUMBERS[form]
        return bool(_DIGITS.fullmatch(text)) and low <= int(text) < high
    if form in ("date-time", "google-datetime"):
        return is_moment(text)
    if form == "date":
        try:
            return date.fromisoformat(text).isoformat() == text
        except ValueError:
            return False
    return form != "byte" or bool(_BYTES.fullmatch(text))
