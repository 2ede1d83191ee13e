"""Which messages does a Gmail search find? Only the operators that the plugin may use."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from tests.google.generated import Mail

_TERM: Final = re.compile(r'-?[a-z]+:(?:"[^"]*"|[^\s(){}]+)|[(){}]|-?"[^"]*"|[^\s(){}]+', re.ASCII)
_HEADERS: Final = {"from": "from", "to": "to", "cc": "cc", "bcc": "bcc", "subject": "subject"}

Test = Callable[[Mail], bool]


def matches(query: str, mail: Mail) -> bool:
    """Say whether a message is found (Gmail help: search operators)."""
    terms = _TERM.findall(query)
    test, end = _any(terms, 0, ")")
    if end != len(terms):
        raise _unknown(query)
    return test(mail)


def _unknown(query: str) -> NotImplementedError:
    # a test must not pass because of a guess
    return NotImplementedError(f"a search: {query}")


def _any(terms: list[str], at: int, close: str) -> tuple[Test, int]:
    # a row of terms that must all be met, in alternatives between which stands OR
    rows: list[list[Test]] = [[]]
    while at < len(terms) and terms[at] != close:
        if terms[at] == "OR":
            rows.append([])
            at += 1
        elif terms[at] in "({":
            shut = ")" if terms[at] == "(" else "}"
            inner, at = _any(terms, at + 1, shut)
            if at == len(terms):
                raise _unknown(" ".join(terms))
            rows[-1].append(inner)
            at += 1
        else:
            rows[-1].append(_term(terms[at]))
            at += 1
    if len(rows) > 1 and any(len(row) != 1 for row in rows):
        raise _unknown("which goes first, OR or what stands beside it? Put it in brackets.")
    if close == "}":
        rows = [[test] for row in rows for test in row]
    return (lambda mail: any(all(test(mail) for test in row) for row in rows)), at


def _term(text: str) -> Test:
    if text.startswith("-"):
        inner = _term(text[1:])
        return lambda mail: not inner(mail)
    name, _, value = text.partition(":")
    value = value.strip('"').lower()
    if name in _HEADERS and value:
        return lambda mail: value in _header(mail, _HEADERS[name])
    if name == "rfc822msgid" and value:
        return lambda mail: value.strip("<>") == _header(mail, "message-id").strip("<>")
    if name in ("after", "before") and value:
        moment = _moment(value)
        return lambda mail: (mail.at >= moment) == (name == "after")
    if name in ("in", "label") and value:
        return lambda mail: value.upper() in mail.labels
    raise _unknown(text)


def _header(mail: Mail, name: str) -> str:
    return ", ".join(value for key, value in mail.headers if key.lower() == name).lower()


def _moment(text: str) -> int:
    # seconds since 1970, or a day (Gmail guide: filtering)
    if text.isdigit():
        return int(text) * 1000
    try:
        day = datetime.strptime(text.replace("-", "/"), "%Y/%m/%d").replace(tzinfo=UTC)
    except ValueError:
        raise _unknown(text) from None
    return int(day.timestamp() * 1000)
