"""What is new in somebody's life, as their sources tell it, how sure is it, and what to do next?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

import attrs

from netcrm.model.contact import Contact, Origin
from netcrm.model.text import words
from netcrm.rules.identity import full_name, identifiers, profile_in
from netcrm.rules.jobs import Job
from netcrm.rules.names import parse_name
from netcrm.rules.organisations import organisation_key
from netcrm.rules.suggestions import named
from netcrm.rules.vocabulary import BELOW, RANKS

NewsKind = Literal[
    "moved", "promoted", "new title", "joined", "left", "connected", "gone", "new profile",
    "new name",
]  # fmt: skip
Confidence = Literal["sure", "likely", "perhaps"]

NEXT: Final = {
    "moved": "congratulate them, and ask how the new place is",
    "promoted": "congratulate them",
    "new title": "ask what has changed in their work",
    "joined": "wish them well for the start",
    "left": "ask how they are, and whether you can help",
    "connected": "write a first line, and say how you know each other",
    "gone": "see whether they left, or only hid; what you know of them stays",
    "new profile": "use the new address from now on",
    "new name": "use the new name from now on",
}
"""What is good to do next (our choice)."""
_ORDINARY: Final = 3


@attrs.frozen(kw_only=True)
class News:
    """Something that changed in a person's life, by what a source says now and said before.

    `confidence` is sure, likely or perhaps: titles get reworded, firms renamed, profiles hidden.
    `next_step` is what is good to do; `on` the day on which it was seen.
    """

    kind: NewsKind
    contact: str
    name: str
    before: str
    after: str
    confidence: Confidence = "likely"
    next_step: str = attrs.field(init=False)
    source: str = ""
    on: date | None = None

    @next_step.default
    def _next_step(self) -> str:
        return NEXT[self.kind]


def news(before: Contact | None, after: Contact, *, on: date) -> Iterator[News]:
    """Yield what is new between two versions of a contact; *before* is None for somebody new."""
    known = {(named(origin), origin.key): origin for origin in before.origins} if before else {}
    by_name = {named(origin): origin for origin in before.origins} if before else {}
    for now in after.origins:
        was = known.get((named(now), now.key)) or by_name.get(named(now))
        for kind, old, new, confidence in _changes(before, after, was, now):
            yield News(
                kind=kind,
                contact=after.id,
                name=after.name,
                before=old,
                after=new,
                confidence=confidence,
                source=named(now),
                on=on,
            )


_Change = tuple[NewsKind, str, str, Confidence]


def _changes(
    before: Contact | None, after: Contact, was: Origin | None, now: Origin
) -> Iterator[_Change]:
    """Yield what a source says otherwise than before; of jobs, what we took over from it."""
    if was is None or before is None:
        if since := now.said.get("connected_on"):
            yield "connected", "", since, "sure"
        return
    if now.gone_on is not None and was.gone_on is None:
        yield "gone", str(Job.said(now.said)), "", "perhaps"
    if was.said == now.said:
        return
    old, new = Job.said(was.said), Job.said(now.said)
    taken = [one for one in after.positions if one not in before.positions]
    if old.key != new.key and (new if any(new) else old).key in {Job.held(p).key for p in taken}:
        yield _of_job(old, new)
    profiles = [profile_in(identifiers(origin.said)) for origin in (was, now)]
    if all(profiles) and profiles[0] != profiles[1]:
        yield "new profile", was.said.get("url", ""), now.said.get("url", ""), "likely"
    names = [full_name(origin.said) for origin in (was, now)]
    if all(names) and parse_name(names[0]).words != parse_name(names[1]).words:
        yield "new name", names[0], names[1], "likely"


def _of_job(old: Job, new: Job) -> _Change:
    """Return what it means that somebody has another job."""
    said = str(old), str(new)
    if not any(new):
        return "left", *said, "perhaps"
    if not any(old):
        return "joined", *said, "likely"
    if organisation_key(old.organisation) == organisation_key(new.organisation):
        rises = rank(new.title) > rank(old.title)
        return ("promoted", *said, "likely") if rises else ("new title", *said, "perhaps")
    firms = set(words(old.organisation)), set(words(new.organisation))
    renamed = words(old.title) == words(new.title) and not firms[0].isdisjoint(firms[1])
    return "moved", *said, "perhaps" if renamed else "likely"


def rank(title: str) -> int:
    """Return how high a job stands by the words of its title, roughly; ordinary ones are 3."""
    said = words(title)
    highest = max((RANKS[word] for word in said if word in RANKS), default=_ORDINARY)
    return highest - sum(word in BELOW for word in said)
