"""Which fields of an answer are wanted? The parameter `fields` that every interface has."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from tests.google.discovery import Method, document
from tests.google.errors import GoogleError, Json

Mask = dict[str, Any]
"""Names of fields, each with the mask of what is inside it; an empty one wants everything."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_*]+|[,/()]", re.ASCII)


def masked(method: Method, fields: str, answer: Json) -> Json:
    """Return the part of an answer that `fields` asks for (API guide: partial responses).

    Raises:
        GoogleError: 400, a field is not in the answer's schema, or the mask cannot be read.
    """
    mask = _parsed(fields)
    schemas = document(method.api)["schemas"]
    _check(schemas, method.response or {}, mask)
    found: Json = _cut(answer, mask)
    return found


def _bad(what: str) -> GoogleError:
    # seen in google-api-dotnet-client issue 1444
    return GoogleError(
        400, "invalidParameter", f"Invalid field selection {what}", location="fields"
    )


@lru_cache(256)
def _parsed(fields: str) -> Mask:
    tokens = _TOKEN.findall(fields)
    if "".join(tokens) != fields or not tokens:
        raise _bad(fields)
    mask, end = _list(tokens, 0)
    if end != len(tokens):
        raise _bad(fields)
    return mask


def _list(tokens: list[str], at: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        name, inner, at = _one(tokens, at)
        whole = name in mask and not mask[name]
        mask[name] = {} if whole or not inner else mask.get(name, {}) | inner
        if at == len(tokens) or tokens[at] != ",":
            return mask, at
        at += 1


def _one(tokens: list[str], at: int) -> tuple[str, Mask, int]:
    if at >= len(tokens) or tokens[at] in ",/()":
        raise _bad("".join(tokens))
    name, at = tokens[at], at + 1
    if at < len(tokens) and tokens[at] == "/":
        inner, deeper, at = _one(tokens, at + 1)
        return name, {inner: deeper}, at
    if at < len(tokens) and tokens[at] == "(":
        mask, at = _list(tokens, at + 1)
        if at == len(tokens) or tokens[at] != ")":
            raise _bad("".join(tokens))
        return name, mask, at + 1
    return name, {}, at


def _check(schemas: Json, schema: Json, mask: Mask) -> None:
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    if "items" in schema:
        _check(schemas, schema["items"], mask)
        return
    for name, inner in mask.items():
        known = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
        if name == "*":
            continue
        if known is None:
            raise _bad(name)
        _check(schemas, known, inner)


def _cut(value: Any, mask: Mask) -> Any:
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [_cut(one, mask) for one in value]
    if isinstance(value, dict):
        return {name: _cut(one, mask[name]) for name, one in value.items() if name in mask}
    return value
