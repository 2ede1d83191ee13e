"""What happens in Maya's eight weeks, in the order in which it happened: facts, and nothing else.

Each line is told as it happens, so that looking back gives what was shown then.
"""

from __future__ import annotations

from typing import Any, NamedTuple

HOLIDAYS = ("2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03")


class Asked(NamedTuple):
    """One request, and what came of it: days of 2026 as MM-DD, times at home."""

    who: str
    channel: str
    asked: str
    followed_up: str = ""
    answered: str = ""
    outcome: str = "held"
    held: str = ""
    minutes: int = 30
    thanked: str = ""
    format: str = "video"
    booked_as: str = ""


REQUESTS = (
    Asked("Janet Kim", "phone", "02-17", "", "02-17", "held", "02-20T15:00", 30, "02-20T17:30"),
    Asked("Carol Stein", "in_person", "02-16", "", "02-16", "held", "02-21T10:00", 45,
          "02-21T18:00", "in_person"),
    Asked("Anita Rao", "phone", "02-18", "", "02-18", "held", "02-24T17:30", 30, "02-25T12:00"),
    Asked("Elena Marsh", "email", "02-17", "", "02-19", "held", "02-26T14:00", 30, "02-27T09:00"),
    Asked("Ben Ortiz", "email", "02-18", "02-27", "02-28", "held", "03-05T12:00", 20,
          "03-05T16:00"),
    Asked("Hannah Wu", "email", "02-24", "", "02-25", "held", "03-04T18:00", 30, "03-06T00:30"),
    Asked("Marcus Bell", "linkedin_message", "02-24", "03-05", "03-06", "held", "03-12T16:00", 20,
          "03-12T20:00"),
    Asked("Sofia Rossi", "email", "02-24", "", "02-26", "held", "03-09T13:00", 30, "03-09T15:00"),
    Asked("Derek Chan", "email", "02-24", "", "02-27", "declined"),
    Asked("Amy Fox", "email", "02-24", "03-05", "", "no_response"),
    Asked("Paul Greene", "email", "03-03", "03-12", "", "no_response"),
    Asked("Omar Haddad", "linkedin_message", "03-03", "03-12", "", "no_response"),
    Asked("Grace Liu", "linkedin_message", "03-03", "", "03-05", "cancelled", "03-11T17:00"),
    Asked("Ivan Petrov", "linkedin_message", "03-10", "", "03-12", "deferred"),
    Asked("Leah Stone", "linkedin_message", "03-10", "03-19", "", "no_response"),
    Asked("Front desk, Northside Counseling Center", "phone", "03-03", "03-12", "", "no_response"),
    Asked("Front desk, Riverbend Clinic", "email", "03-10", "03-19", "", "no_response"),
    Asked("Priya Nair", "email", "02-23", "", "02-24", "held", "03-03T17:00", 30, "03-03T20:00"),
    Asked("Luis Ortega", "email", "02-25", "", "02-27", "declined"),
    Asked("Maria Lopez", "email", "02-23", "", "02-25", "held", "03-10T08:30", 30, "03-10T19:00",
          "in_person"),
    Asked("Tom Okafor", "email", "03-06", "", "03-11", "held", "03-24T12:00", 25, "03-24T14:00",
          "video", "2026-03-24T16:00+00:00[Europe/London]"),
    Asked("Nina Patel", "email", "03-11", "", "03-13", "held", "03-19T15:30", 30, "03-19T21:00"),
)  # fmt: skip

RATINGS = {
    "Janet Kim": (4, 4, 5, 4, 3), "Anita Rao": (3, 4, 5, 4, 3), "Sofia Rossi": (4, 3, 5, 4, 3),
    "Elena Marsh": (5, 3, 4, 2, 4), "Priya Nair": (5, 4, 4, 2, 4), "Marcus Bell": (4, 4, 4, 3, 4),
    "Ben Ortiz": (4, 3, 4, 3, 5), "Hannah Wu": (4, 2, 3, 1, 5), "Tom Okafor": (5, 3, 4, 1, 5),
    "Carol Stein": (4, 5, 5, 4, 3), "Maria Lopez": (4, 4, 5, 4, 3), "Nina Patel": (5, 4, 4, 3, 3),
}  # fmt: skip
CRITERIA = ("interest", "day-to-day", "values", "training", "outlook")
WEIGHTS = {
    "interest": 0.3, "day-to-day": 0.25, "values": 0.2, "training": 0.15, "outlook": 0.1,
}  # fmt: skip

FIELDS = {
    "psychiatry": ("Hannah Wu", "Amy Fox", "Ruth Adler", "Ivan Petrov"),
    "clinical-psychology": ("Marcus Bell", "Paul Greene", "Grace Liu"),
    "social-work": ("Sofia Rossi", "Leah Stone"),
    "counseling": ("Derek Chan", "Kofi Mensah", "Omar Haddad", "Zoë Müller"),
}
REFERRED = (  # when, by whom, to whom, how, the field and place of that person
    ("02-20", "Janet Kim", "Priya Nair", "offered", "clinical-psychology", ""),
    ("02-20", "Janet Kim", "Luis Ortega", "name_only", "social-work", ""),
    ("02-21", "Carol Stein", "Maria Lopez", "name_only", "counseling", "Lincoln High School"),
    ("02-24", "Anita Rao", "Someone in HR at Mercy General", "name_only", "", ""),
    ("02-26", "Elena Marsh", "Priya Nair", "name_only", "", ""),
    ("03-03", "Priya Nair", "Tom Okafor", "offered", "psychiatry", "South London Clinic"),
    ("03-10", "Maria Lopez", "Nina Patel", "name_only", "counseling", ""),
    ("03-19", "Nina Patel", "Omar Haddad", "name_only", "", ""),
    ("03-24", "Tom Okafor", "Janet Kim", "name_only", "", ""),
    ("03-24", "Tom Okafor", "Aisha Bello", "name_only", "psychiatry", ""),
)
MESSAGES = (  # when, with whom, kind, channel
    ("03-05T10:00", "Janet Kim", "report_back", "email"),
    ("03-11T10:00", "Carol Stein", "report_back", "email"),
    ("03-15T19:00", "Anita Rao", "message", "in_person"),
    ("03-25T10:00", "Priya Nair", "report_back", "email"),
    ("04-01T10:00", "Maria Lopez", "report_back", "email"),
    ("04-06T12:00", "Janet Kim", "progress_update", "email"),
    ("04-06T12:10", "Carol Stein", "progress_update", "email"),
    ("04-06T12:20", "Elena Marsh", "progress_update", "email"),
    ("04-06T12:30", "Priya Nair", "progress_update", "email"),
)


class Fact(NamedTuple):
    """Something that happens at a moment: a verb of the story, and what it is done with."""

    at: str
    verb: str
    said: dict[str, Any]


def facts() -> list[Fact]:
    """Return the whole story in order."""
    told: list[Fact] = []

    def tell(at: str, verb: str, **said: Any) -> None:
        told.append(Fact(f"2026-{at}", verb, said))

    for one in REQUESTS:
        who = one.who
        tell(f"{one.asked}T10:30", "ask", who=who, channel=one.channel)
        if one.followed_up:
            tell(f"{one.followed_up}T10:45", "log", who=who, channel=one.channel, kind="follow_up")
        day = one.answered
        if one.outcome in ("declined", "deferred"):
            kind = {"declined": "decline", "deferred": "defer"}[one.outcome]
            until = {"until": "2026-06-01"} if kind == "defer" else {}
            tell(f"{day}T15:00", "log", who=who, channel="email", kind=kind, **until)
            tell(f"{day}T16:00", "log", who=who, channel="email", kind="reply")
        elif one.held:
            tell(f"{day}T15:00", "log", who=who, channel=one.channel, kind="accept")
            tell(
                f"{day}T15:10",
                "plan",
                who=who,
                to=one.booked_as or f"2026-{one.held}",
                minutes=one.minutes,
                format=one.format,
            )
            tell(f"{day}T15:15", "prepare", who=who)
            if one.outcome == "cancelled":
                tell("03-10T11:00", "call_off", who=who)
                continue
            hour = int(one.held[6:8])
            tell(
                f"{one.held[:6]}{hour + 1:02}:00",
                "hold",
                who=who,
                channel=one.format,
                began=f"2026-{one.held}",
                minutes=one.minutes,
            )
            debrief = "03-05T20:00" if who == "Hannah Wu" else f"{one.held[:6]}{hour + 1:02}:10"
            tell(
                debrief, "evaluate", who=who, ratings=dict(zip(CRITERIA, RATINGS[who], strict=True))
            )
            if who not in {name for _, name, *_ in REFERRED}:
                tell(f"{one.held[:6]}{hour + 1:02}:20", "nobody_else", who=who)
            tell(one.thanked, "log", who=who, channel="email", kind="thank_you")
    for day, by, to, mode, field, place in REFERRED:
        hour = {"02-20": "16:15", "02-21": "11:15", "02-24": "18:45"}.get(day, "19:30")
        hour = {
            "02-26": "15:15",
            "03-03": "18:15",
            "03-10": "09:45",
            "03-19": "16:45",
            "03-24": "13:15",
        }.get(day, hour)
        tell(f"{day}T{hour}", "refer", by=by, to=to, mode=mode, field=field, place=place)
    tell("02-23T10:00", "introduce", by="Janet Kim", to="Priya Nair")
    tell("03-02T10:00", "resolve", placeholder="Someone in HR at Mercy General", person="Gwen Hall")
    for at, who, kind, channel in MESSAGES:
        tell(at, "log", who=who, channel=channel, kind=kind)
    tell(
        "04-06T09:00",
        "decide",
        text="Counselling or social work first, psychiatry later",
        sources=["Janet Kim", "Carol Stein", "Elena Marsh", "Priya Nair"],
    )
    return sorted(told, key=lambda fact: fact.at)
