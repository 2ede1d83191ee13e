"""Interviews as they are stored, made into what the rules look at.

Documents are read as they are: making whole records of them takes several times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from netcrm.model.text import bare
from netcrm.model.time import LocalMoment, days_later
from netcrm.rules.course import Appointment, Course, Talk, Turn, as_known
from netcrm.rules.lifecycle import Routine
from netcrm.rules.obligations import Facts
from netcrm.storage.contract import Doc, Record, Transaction
from netcrm.storage.query import Query, Where, ge, has, le, one_of

moment = lru_cache(4096)(LocalMoment.parse)


def talk(record: Record) -> Talk:
    """Return an interaction as far as obligations and interviews look at it."""
    doc = record.doc
    copied = {one["contact"] for one in doc["participants"] if one.get("role") == "cc"}
    everybody = tuple(one["contact"] for one in doc["participants"])
    return Talk(
        id=record.id,
        at=LocalMoment.parse(doc["occurred"]),
        kind=doc.get("kind", "message"),
        direction=doc.get("direction", "mutual"),
        channel=doc.get("channel", "other"),
        people=tuple(one for one in everybody if one not in copied),
        copied=tuple(one for one in everybody if one in copied),
        minutes=doc.get("minutes"),
        interview=doc.get("interview", ""),
        until=date.fromisoformat(doc["until"]) if "until" in doc else None,
    )


def in_order(talks: Iterable[Talk]) -> list[Talk]:
    """Return interactions by when they took place, those of which only the day is known first."""

    def order(one: Talk) -> tuple[date, str, str]:
        instant = one.at.instant
        return one.at.date, instant.isoformat() if instant else "", one.id

    return sorted(talks, key=order)


def appointment(record: Record) -> Appointment:
    """Return a planned meeting as far as the rules look at it."""
    doc = record.doc
    return Appointment(
        id=record.id,
        start=LocalMoment.parse(doc["start"]),
        booked=LocalMoment.parse(doc["booked_on"]),
        people=tuple(one["contact"] for one in doc["participants"]),
        minutes=doc.get("minutes"),
        format=doc.get("format", "in_person"),
        place=doc.get("place", ""),
        travel_minutes=doc.get("travel_minutes"),
        confirmed=_moment(doc, "confirmed_on"),
        ended=doc.get("ended", ""),
        ended_on=_moment(doc, "ended_on"),
        interview=doc.get("interview", ""),
        subject=doc.get("subject", ""),
        ref=doc.get("ref", ""),
    )


def courses(view: Transaction, which: Where | None = None) -> list[Course]:
    """Return all interviews with what happened in them, or those that fit, by id."""
    interviews = list(view.find(Query("interview", which)))
    if not interviews:
        return []
    ids = [one.id for one in interviews]
    belongs = one_of("interview", ids) if which is not None else ge("interview", "")
    talks: dict[str, list[Talk]] = {}
    for record in view.find(Query("interaction", belongs)):
        talks.setdefault(record.doc["interview"], []).append(talk(record))
    meetings: dict[str, list[Appointment]] = {}
    for record in view.find(Query("meeting", belongs)):
        meetings.setdefault(record.doc["interview"], []).append(appointment(record))
    research = _Research(view, interviews)
    return [
        _course(
            one,
            in_order(talks.get(one.id, ())),
            sorted(meetings.get(one.id, ()), key=lambda meeting: meeting.id),
            research.on(one),
        )
        for one in interviews
    ]


def _course(
    record: Record,
    talks: Iterable[Talk],
    meetings: Iterable[Appointment],
    researched: Iterable[LocalMoment],
) -> Course:
    doc = record.doc
    questions = doc.get("questions", ())
    turns = [
        Turn("no_referrals", moment(one["answered_on"]))
        for one in questions
        if one.get("topic") == "referral" and "answered_on" in one
    ]
    turns += [Turn(one["what"], moment(one["on"])) for one in doc.get("steps", ())]
    evaluation = doc.get("evaluation")
    return Course(
        id=record.id,
        contacts=tuple(doc["contacts"]),
        opened_on=date.fromisoformat(doc["opened_on"]),
        initiator=doc.get("initiator", "me"),
        referral=doc.get("referral") or "",
        campaign=doc.get("campaign") or "",
        objectives=tuple(doc.get("objectives", ())),
        fields=tuple((evaluation or {}).get("fields", ())),
        planned=tuple(moment(one["added_on"]) for one in questions),
        researched=tuple(researched),
        evaluated=moment(evaluation["on"]) if evaluation else None,
        turns=tuple(turns),
        talks=tuple(talks),
        meetings=tuple(meetings),
    )


def begun(
    view: Transaction, as_of: LocalMoment, routine: Routine, which: Where | None = None
) -> Facts:
    """Return the interviews known at a moment, or those of them that fit, and nothing else."""
    there = [one for one in (as_known(course, as_of) for course in courses(view, which)) if one]
    return Facts(
        as_of=as_of,
        courses=tuple(there),
        standings={one.id: routine.standing(one, as_of) for one in there},
    )


def stages(view: Transaction, as_of: LocalMoment, routine: Routine) -> dict[str, frozenset[str]]:
    """Return where the interviews with each person stood at a moment, for those who had any."""
    known = begun(view, as_of, routine).threads()
    return {id_: frozenset(now.stage for _, now in those) for id_, those in known.items()}


class _Research:
    """What was found out about people, where they work, and their fields."""

    def __init__(self, view: Transaction, interviews: Iterable[Record]) -> None:
        found = [record.doc for record in view.find(Query("research"))]
        self._found = [(_subjects(doc), moment(doc["on"])) for doc in found]
        self._of: dict[str, set[str]] = {}
        if found:
            everybody = {id_ for one in interviews for id_ in one.doc["contacts"]}
            asked = Query("contact", one_of("id", sorted(everybody)))
            for id_, organisations, fields in view.rows(asked, ("id", "organisations", "fields")):
                known = {f"organisation:{one}" for one in organisations}
                self._of[id_] = known | {f"field:{one}" for one in fields} | {f"contact:{id_}"}

    def on(self, interview: Record) -> Iterator[LocalMoment]:
        """Yield when something was found out that helps with an interview."""
        about = {one for id_ in interview.doc["contacts"] for one in self._of.get(id_, ())}
        return (at for subjects, at in self._found if about & subjects)


def _subjects(doc: Doc) -> set[str]:
    organisation = bare(doc.get("organisation", ""))
    named = {"contact": doc.get("contact"), "organisation": organisation, "field": doc.get("field")}
    return {f"{kind}:{name}" for kind, name in named.items() if name}


def _moment(doc: Doc, key: str) -> LocalMoment | None:
    return moment(doc[key]) if key in doc else None


def with_people(ids: Iterable[str]) -> Where:
    """Return the condition that a record is about one of these people."""
    return has("contacts", *sorted(ids))


def not_after(as_of: LocalMoment) -> Where:
    """Return the condition that a day is not past at a moment, wherever that day was."""
    return le("on", str(days_later(as_of.date, 1)))
