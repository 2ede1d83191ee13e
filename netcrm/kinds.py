"""The kinds of records, and the index fields by which they are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, Literal

from netcrm.model.text import bare, words
from netcrm.rules.identity import identifier, identifiers
from netcrm.rules.touch import is_touch
from netcrm.storage.contract import Doc, Field, Kind, Record


def _plain(
    type_: Literal["text", "int", "bool"], key: str, default: Any = None, *, ordered: bool = False
) -> Field:
    return Field(type_, lambda doc: doc.get(key, default), ordered=ordered)


def _set(of: Callable[[Doc], Iterable[str]], *, by: str = "") -> Field:
    return Field("set", lambda doc: tuple(of(doc)), by=by)


def _set_of(key: str) -> Field:
    return _set(lambda doc: doc.get(key, ()))


def _names(doc: Doc) -> dict[str, None]:
    said = (doc["name"], *doc.get("aliases", ()), doc["handle"])
    return dict.fromkeys(word for name in said for word in words(name))


def _called(doc: Doc) -> dict[str, None]:
    whole = (bare(name) for name in (doc["name"], *doc.get("aliases", ())))
    return dict.fromkeys((doc["handle"], *whole))


def _identifiers(doc: Doc) -> dict[str, None]:
    points = (identifier(point["kind"], point["value"]) for point in doc.get("points", ()))
    origins = (
        key for origin in doc.get("origins", ()) for key in identifiers(origin.get("said", {}))
    )
    return dict.fromkeys((*points, *origins))


def _contact_text(doc: Doc) -> str:
    positions = doc.get("positions", ())
    said = [doc["name"], doc["handle"], *doc.get("aliases", ()), doc.get("note", "")]
    said += [doc.get("location", ""), *doc.get("rapport", ()), *doc.get("tags", ())]
    said += [*doc.get("fields", ()), *doc.get("circles", ()), doc.get("hint", "")]
    said += [position.get(part, "") for position in positions for part in ("organisation", "title")]
    said += [point["value"] for point in doc.get("points", ())]
    return bare(" ".join(said))


def _participants(doc: Doc) -> list[str]:
    return [person["contact"] for person in doc["participants"]]


def _touched(doc: Doc) -> list[str]:
    people = doc["participants"]
    counts = is_touch(
        channel=doc.get("channel", "other"),
        kind=doc.get("kind", "message"),
        touch=doc.get("touch"),
        delivered=doc.get("delivered", "unknown"),
        people=len(people),
    )
    return [p["contact"] for p in people if p.get("role") != "cc"] if counts else []


def _instant(doc: Doc) -> str:
    """Return when something occurred as text that sorts by day, then by the moment itself."""
    day, _, rest = doc["occurred"].partition("T")
    if not rest:
        return str(day)
    moment = datetime.fromisoformat(doc["occurred"].partition("[")[0])
    return f"{day} {moment.astimezone(UTC).isoformat()}"


def _met_through(doc: Doc) -> list[str]:
    through = doc.get("first_met", {}).get("through")
    return [through] if through else []


def _state(doc: Doc) -> str:
    return str(doc.get("state", {}).get("kind", "active"))


def _organisations(doc: Doc) -> dict[str, None]:
    named = (position.get("organisation", "") for position in doc.get("positions", ()))
    return dict.fromkeys(bare(name) for name in named if name)


def _effect(doc: Doc) -> str:
    """Return what came of a commit: a removal or a forgetting of people, another change, nothing.

    One that merges people removes nobody. Nothing is left of what was all about people forgotten.
    """
    made, gone = doc.get("created", {}), doc.get("deleted", {})
    if "forgotten" in made:
        return "forgetting"
    if "contact" in gone and "merged" not in made and "undoes" not in doc:
        return "removal"
    return "change" if made or gone or doc.get("changed") else "nothing"


def _origins(doc: Doc) -> dict[str, None]:
    return dict.fromkeys(
        origin["source"] for origin in doc.get("origins", ()) if "source" in origin
    )


CONTACT: Final = Kind(
    "contact",
    {
        "name": _plain("text", "name", ordered=True),
        "handle": _plain("text", "handle", ordered=True),
        "names": _set(_names),
        "called": _set(_called),
        "aliases": _set_of("aliases"),
        "identifiers": _set(_identifiers),
        "organisations": _set(_organisations),
        "origins": _set(_origins),
        "added_on": _plain("text", "added_on"),
        "circles": _set_of("circles"),
        "circle_order": Field("text", lambda doc: " ".join(doc.get("circles", ()))),
        "tags": _set_of("tags"),
        "fields": _set_of("fields"),
        "source": _plain("text", "source", "other", ordered=True),
        "kin": _plain("bool", "kin", False, ordered=True),
        "state": Field("text", _state),
        "is_me": _plain("bool", "is_me", False, ordered=True),
        "is_placeholder": _plain("bool", "is_placeholder", False),
        "reachable": Field("bool", lambda doc: bool(doc.get("points"))),
        "contacts": _set(_met_through),
    },
    _contact_text,
)

ORGANISATION: Final = Kind(
    "organisation",
    {"name": _plain("text", "name", ordered=True)},
    lambda doc: " ".join(
        words(" ".join((doc["name"], *doc.get("aliases", ()), doc.get("note", ""))))
    ),
)

INTERACTION: Final = Kind(
    "interaction",
    {
        "on": Field("text", lambda doc: doc["occurred"][:10], ordered=True),
        "occurred": Field("text", _instant),
        "contacts": _set(_participants, by="on"),
        "touched": _set(_touched, by="on"),
        "direction": _plain("text", "direction", "mutual"),
        "channel": _plain("text", "channel", "other"),
        "kind": _plain("text", "kind", "message"),
        "thread": _plain("text", "thread", ""),
        "ref": _plain("text", "ref", ordered=True),
        "interview": _plain("text", "interview", ordered=True),
    },
    lambda doc: bare(f"{doc.get('subject', '')} {doc.get('text', '')}"),
)

NEWEST: Final = (("on", True), ("occurred", True))
"""The order of interactions that shows the newest first; days first, because they are indexed."""

MEETING: Final = Kind(
    "meeting",
    {
        "on": Field("text", lambda doc: doc["start"][:10], ordered=True),
        "booked_on": Field("text", lambda doc: doc["booked_on"][:10]),
        "ended_on": Field("text", lambda doc: doc["ended_on"][:10] if "ended_on" in doc else None),
        "contacts": _set(_participants),
        "ref": _plain("text", "ref"),
        "interview": _plain("text", "interview", ordered=True),
    },
    lambda doc: bare(doc.get("place", "")),
)

REFERRAL: Final = Kind(
    "referral",
    {
        "referrer": _plain("text", "referrer"),
        "referred": _plain("text", "referred"),
        "contacts": _set(lambda doc: (doc["referrer"], doc["referred"])),
        "made_on": _plain("text", "made_on", ordered=True),
    },
    lambda doc: bare(doc.get("context", "")),
)

ACQUAINTANCE: Final = Kind(
    "acquaintance",
    {"contacts": _set(lambda doc: filter(None, (*doc["contacts"], doc.get("told_by"))))},
    lambda doc: bare(doc.get("how", "")),
)

INTRODUCTION: Final = Kind(
    "introduction",
    {"contacts": _set_of("contacts"), "begun_on": Field("text", lambda doc: doc["begun_on"][:10])},
    lambda doc: bare(doc.get("context", "")),
)

CADENCE: Final = Kind(
    "cadence",
    {
        "name": _plain("text", "name", ""),
        "selector": _plain("text", "selector", ordered=True),
        "open_selector": Field("text", lambda doc: None if "until" in doc else doc["selector"]),
        "every": _plain("text", "every"),
        "grace": _plain("text", "grace"),
        "priority": _plain("int", "priority", 0),
        "roll": _plain("text", "roll", "following"),
        "weekdays": _set(lambda doc: map(str, doc.get("weekdays", ()))),
        "jitter": Field("text", lambda doc: str(doc.get("jitter", 0))),
        "backoff": _plain("bool", "backoff", False),
        "enabled": _plain("bool", "enabled", True),
        "since": _plain("text", "since"),
        "until": _plain("text", "until"),
        "contacts": _set(
            lambda doc: [doc["selector"][8:]] if doc["selector"].startswith("contact:") else []
        ),
    },
)

ADJUSTMENT: Final = Kind(
    "adjustment",
    {
        "kind": _plain("text", "kind"),
        "contact": _plain("text", "contact", ordered=True),
        "contacts": _set(lambda doc: (doc["contact"],)),
        "on": _plain("text", "on"),
        "made_on": _plain("text", "made_on"),
        "reason": _plain("text", "reason", ""),
    },
)


def _one(doc: Doc) -> tuple[str, ...]:
    return (doc["contact"],) if "contact" in doc else ()


_LEARNED: Final = (
    "liked", "challenging", "rewarding", "satisfying", "disliked", "daily_tasks", "experience",
    "training_and_paths",
)  # fmt: skip


def _asked(doc: Doc) -> str:
    evaluation = doc.get("evaluation", {})
    said = [doc.get("note", ""), *(evaluation.get(key, "") for key in _LEARNED)]
    said += [*evaluation.get("who_else", ()), *evaluation.get("next_steps", ())]
    for question in doc.get("questions", ()):
        said += [question["text"], question.get("answer", ""), *question.get("follow_ups", ())]
    return bare(" ".join(said))


def _texts(*keys: str) -> Callable[[Doc], str]:
    return lambda doc: bare(" ".join(doc.get(key, "") for key in keys))


INTERVIEW: Final = Kind(
    "interview",
    {
        "contacts": _set_of("contacts"),
        "opened_on": _plain("text", "opened_on", ordered=True),
        "initiator": _plain("text", "initiator", "me"),
        "campaign": _plain("text", "campaign"),
    },
    _asked,
)

PROFILE: Final = Kind("profile", {"holidays": _set_of("holidays")})

OBJECTIVE: Final = Kind(
    "objective", {"added_on": _plain("text", "added_on", ordered=True)}, _texts("text")
)

CAMPAIGN: Final = Kind(
    "campaign",
    {"name": _plain("text", "name", ordered=True), "start": _plain("text", "start", ordered=True)},
    _texts("name"),
)

CAREER_FIELD: Final = Kind(
    "careerfield", {"name": _plain("text", "name", ordered=True)}, _texts("title")
)

RESEARCH: Final = Kind(
    "research",
    {
        "contacts": _set(_one),
        "organisation": Field("text", lambda doc: bare(doc.get("organisation", ""))),
        "field": _plain("text", "field"),
        "on": Field("text", lambda doc: doc["on"][:10], ordered=True),
    },
    _texts("text", "organisation"),
)

INSIGHT: Final = Kind(
    "insight",
    {
        "contacts": _set(_one),
        "fields": _set_of("fields"),
        "category": _plain("text", "category", "daily_work"),
        "interview": _plain("text", "interview"),
        "observed_on": _plain("text", "observed_on", ordered=True),
    },
    _texts("text", "organisation", "role"),
)

DECISION: Final = Kind(
    "decision", {"on": Field("text", lambda doc: doc["on"][:10], ordered=True)}, _texts("text")
)

OPPORTUNITY: Final = Kind(
    "opportunity",
    {"contacts": _set(_one), "heard_on": _plain("text", "heard_on", ordered=True)},
    _texts("text", "organisation"),
)

COMMITMENT: Final = Kind(
    "commitment",
    {"contacts": _set(_one), "made_on": Field("text", lambda doc: doc["made_on"][:10])},
    _texts("text"),
)

WAIVER: Final = Kind("waiver", {"contacts": _set(_one), "key": _plain("text", "key")})

MERGED: Final = Kind(
    "merged",
    {
        "handle": _plain("text", "handle", ordered=True),
        "name": _plain("text", "name"),
        "contacts": _set(lambda doc: (doc["into"],)),
    },
)

DISTINCT: Final = Kind("distinct", {"contacts": _set_of("contacts")})

FORGOTTEN: Final = Kind("forgotten")

REMEMBERED: Final = Kind(
    "remembered", {"source": _plain("text", "source"), "name": _plain("text", "name")}
)

REMOTE: Final = Kind(
    "remote",
    {
        "source": _plain("text", "source", ordered=True),
        "key": _plain("text", "key"),
        "ref": _plain("text", "ref", ordered=True),
        "on": Field("text", lambda doc: doc["at"][:10], ordered=True),
        "is_there": _plain("bool", "is_there", True),
        "direction": _plain("text", "direction", "mutual"),
        "marks": _set(lambda doc: (*doc.get("people", ()), *doc.get("copied", ()))),
        "waiting": _set_of("waiting"),
    },
)

STRANGER: Final = Kind("stranger", {"mark": _plain("text", "mark", ordered=True)})

COMMIT: Final = Kind(
    "commit",
    {
        "seq": _plain("int", "seq", ordered=True),
        "undoes": _plain("int", "undoes"),
        "effect": Field("text", _effect),
    },
)

BEFORE: Final = Kind("before")

COPYING: Final = Kind("copying")
"""What marks a storage as part of a copy only; see `netcrm.storage.mark`."""

KINDS: Final = {
    kind.name: kind
    for kind in (
        CONTACT, ORGANISATION, INTERACTION, MEETING, REFERRAL, ACQUAINTANCE, INTRODUCTION,
        CADENCE, ADJUSTMENT, INTERVIEW, PROFILE, OBJECTIVE, CAMPAIGN, CAREER_FIELD, RESEARCH,
        INSIGHT, DECISION, OPPORTUNITY, COMMITMENT, WAIVER, MERGED, DISTINCT, FORGOTTEN,
        REMEMBERED, REMOTE, STRANGER, COMMIT, BEFORE, COPYING,
    )
}  # fmt: skip
"""Every kind of record, by name. Those with a `contacts` field refer to contacts."""


def record_before(image: Record) -> Record:
    """Return the record that a `Before` keeps, as it was stored then."""
    doc = image.doc
    return Record(doc["kind"], doc["record"], doc["doc"], doc["was"])
