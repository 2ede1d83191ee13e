"""What an entry in Google Contacts says of a person, in the words of a sighting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from netcrm import ContactPoint, InvalidError, PartialDate, Position, Problem, Sighting
from netcrm_google import CONTACTS
from netcrm_google.addresses import one_line

USED: Final[Mapping[str, str]] = {
    "metadata": "deleted",
    "names": "givenName,middleName,familyName,displayName",
    "nicknames": "value",
    "emailAddresses": "value",
    "phoneNumbers": "value",
    "urls": "value",
    "organizations": "name,title,current,startDate,endDate",
    "birthdays": "date",
    "addresses": "city,country",
    "biographies": "value",
    "memberships": "contactGroupMembership/contactGroupResourceName",
}
"""The fields of an entry that are read, and which parts of each."""

_LONGEST: Final = 200
"""Characters of a line; of a longer one the beginning counts (our choice)."""
_LONGEST_NOTE: Final = 10_000
_LONGEST_POINT: Final = {"email": 254, "phone": 60, "url": 2_000}
"""Characters of an address; a longer one is none (RFC 5321, with erratum 1690; our choice)."""
_FEWEST_DIGITS: Final = 3
_QUOTED: Final = 80
_WEB: Final = re.compile(
    r"(https?://)?(?:[^\W_][\w-]*\.)+[^\W\d_]{2,}(?::[0-9]+)?(?:[/?#]\S*)?", re.IGNORECASE
)

Entry = Mapping[str, Any]
"""A `Person` in Google's description of People, or a part of one."""


def read(entry: Entry, *, line: int, account: str, labels: Mapping[str, str]) -> Sighting | Problem:
    """Return what an entry says of a person, or why it is nobody's.

    What cannot be right is left out, such as an address that is none, or a 13th month.

    Args:
        entry: the entry.
        line: its place in the list.
        account: whose contacts they are.
        labels: what labels are called, by their resource names.
    """
    name = _name(entry)
    email = _points("email", entry.get("emailAddresses", ()))
    phone = _points("phone", entry.get("phoneNumbers", ()))
    url = _points("url", entry.get("urls", ()))
    address = next(iter((*email, *phone, *url)), "")
    if not (name and address):
        only = (address or " ".join(name.values()).strip())[:_QUOTED]
        lacks = "address" if name else "name"
        reason = f"no {lacks}, only {only!r}" if only else "neither name nor address"
        return Problem(line=line, reason=reason, kind="skipped")
    job, positions = _jobs(entry)
    said = {
        **name,
        **job,
        "aliases": "\n".join(_line(one, "value") for one in entry.get("nicknames", ())),
        "email": "\n".join(email),
        "phone": "\n".join(phone),
        "url": "\n".join(url),
        "birthday": _birthday(entry),
        "location": _location(entry),
        "note": _note(entry),
        "tags": "\n".join(labels.get(group, "") for group in groups(entry)),
        "list": account,
    }
    return Sighting(line=line, said=said, positions=positions)


def groups(entry: Entry) -> list[str]:
    """Return the resource names of the groups that an entry is in."""
    inside = (one.get("contactGroupMembership", {}) for one in entry.get("memberships", ()))
    return [str(one.get("contactGroupResourceName", "")) for one in inside]


def labels(groups: Iterable[Entry]) -> dict[str, str]:
    """Return what labels are called, by their resource names; groups of Google's own are none."""
    names = {
        one["resourceName"]: _line(one, "name")
        for one in groups
        if one.get("groupType") == "USER_CONTACT_GROUP"
    }
    return {group: name for group, name in names.items() if any(c.isalnum() for c in name)}


def _line(part: Entry, *names: str) -> str:
    """Return some texts of an entry as one line."""
    return one_line(" ".join(part.get(name, "") for name in names))[:_LONGEST]


def _name(entry: Entry) -> dict[str, str]:
    """Return what somebody is called; nothing if that is no name of anybody."""
    first: Entry = next(iter(entry.get("names", ())), {})
    name = {
        "given": _line(first, "givenName", "middleName"),
        "family": _line(first, "familyName"),
    }
    if not any(name.values()):
        name = {"name": _line(first, "displayName")}  # as of a firm
    text = " ".join(name.values())
    return name if "@" not in text and any(c.isalpha() for c in text) else {}


def _points(kind: Literal["email", "phone", "url"], entries: Iterable[Entry]) -> list[str]:
    """Return the addresses of one kind that are ones; a page without https:// is given it."""
    found = []
    for text in (one_line(one.get("value", "")) for one in entries):
        if len(text) > _LONGEST_POINT[kind]:
            continue
        if kind == "url":
            web = _WEB.fullmatch(text)
            found += [text if web[1] else f"https://{text}"] if web else []
        elif kind == "email" or sum(c.isdecimal() for c in text) >= _FEWEST_DIGITS:
            try:
                found.append(ContactPoint(kind=kind, value=text).value)
            except InvalidError:
                continue
    return found


def _jobs(entry: Entry) -> tuple[dict[str, str], tuple[Position, ...]]:
    """Return what somebody does now, or did last; and what more is known of that and of others.

    What is over, nobody knows since when, is left out: it would be taken for what they do now.
    """
    ranked = sorted(_ranked(entry), key=lambda one: one[0])
    if not ranked:
        return {}, ()
    now, *others = (job for _, job in ranked)
    said = {"organisation": now.organisation, "title": now.title, "until": str(now.end or "")}
    return said, (*reversed(others), *([now] if now.start else []))


def _ranked(entry: Entry) -> Iterator[tuple[int, Position]]:
    """Yield each job, and with it 0 if they do that now, 1 if perhaps, 2 if no longer."""
    for one in entry.get("organizations", ()):
        organisation, title = _line(one, "name"), _line(one, "title")
        dates = (_date(one.get(when, {})) for when in ("startDate", "endDate"))
        start, end = (when if when and when.year else None for when in dates)
        if start and end and end.before(start):
            start = None
        is_over = one.get("current") is False and end is None
        if is_over or not (organisation or title):
            continue
        job = Position(
            organisation=organisation, title=title, start=start, end=end, source=CONTACTS
        )
        yield 0 if one.get("current") else 2 if end else 1, job


def _date(said: Entry) -> PartialDate | None:
    """Return a date, as far as it is known; None if there is no such date."""
    try:
        return PartialDate(**{part: said.get(part) or None for part in ("year", "month", "day")})
    except InvalidError:
        return None


def _birthday(entry: Entry) -> str:
    dates = (_date(one.get("date", {})) for one in entry.get("birthdays", ()))
    return str(next(filter(None, dates), ""))


def _location(entry: Entry) -> str:
    """Return where somebody lives or works: the town, and the country."""
    for one in entry.get("addresses", ()):
        if place := ", ".join(filter(None, (_line(one, "city"), _line(one, "country")))):
            return place
    return ""


def _note(entry: Entry) -> str:
    first: Entry = next(iter(entry.get("biographies", ())), {})
    return "\n".join(map(one_line, first.get("value", "").splitlines()))[:_LONGEST_NOTE]
