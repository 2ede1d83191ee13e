"""How commits, people and answers are put into words, and into JSON."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from attrs import asdict

from netcrm.cli.base import say

if TYPE_CHECKING:
    from attrs import AttrsInstance

    from netcrm.model.commit import Commit
    from netcrm.model.contact import Contact
    from netcrm.model.time import LocalMoment
    from netcrm.rules.due import Due, Person
    from netcrm.rules.lookup import Name
    from netcrm.rules.matches import Candidate
    from netcrm.rules.page import Brief


def to_json(value: Any) -> Any:
    """Return a model value as JSON data."""
    from netcrm import codec  # people who read need no converter

    return codec.to_json(value)


def printable(item: AttrsInstance) -> dict[str, Any]:
    """Return what was computed as JSON data: every field, and days as text."""

    def as_text(_: object, __: object, value: Any) -> Any:
        return str(value) if isinstance(value, date) else value

    return asdict(item, value_serializer=as_text)


@cache
def pretty(day: date) -> str:
    """Return a day as people read it: Fri 6 Mar 2026."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def done(commit: Commit | None, dry_run: bool, would: str, did: str) -> None:
    """Say what a write did, or would do."""
    if commit is None:
        say("Nothing to change.")
    elif dry_run:
        say(f"Would {would}. Nothing was changed.")
    else:
        number = f" {commit.seq}" if commit.undoes else ""  # a bare undo passes over undos
        say(f"{did}. (#{commit.seq}; to take it back: netcrm undo{number})")


def printable_commit(commit: Commit | None, dry_run: bool) -> dict[str, Any]:
    """Return the part of JSON output that every write has."""
    return {"dry_run": dry_run, "commit": commit_line(commit) if commit else None}


def commit_line(commit: Commit) -> dict[str, Any]:
    """Return a commit in JSON, without what it keeps to take itself back."""
    return {
        "seq": commit.seq,
        "at": commit.at.isoformat(),
        "reason": commit.reason,
        "detail": commit.detail,
        "undoes": commit.undoes,
        **{fate: commit.count(fate) for fate in ("created", "changed", "deleted")},
    }


def job(contact: Contact) -> str:
    """Return what a person does now: "Nurse @ Mercy General"."""
    held = contact.job
    return " @ ".join(filter(None, (held.title, held.organisation))) if held else ""


def closing(answer: Due) -> str:
    """Return when a person is due, in words."""
    if answer.due is None:
        return {"no_rule": "no rule", "suppressed": "never"}.get(answer.status, answer.status)
    days = (answer.as_of - answer.due).days
    words = {
        "due": f"due since {pretty(answer.due)}" if days else "due today",
        "overdue": f"{days} days late, since {pretty(answer.due)}",
        "not_due": f"on {pretty(answer.due)}",
        "paused": "paused",
        "covered": "you meet before",
        "in_conversation": "an interview is under way",
    }
    return words[answer.status]


ACTIONS: Final = {
    "thank_you": "thank them",
    "owe_reply": "answer them",
    "propose_times": "propose times",
    "rebook": "offer another time",
    "prepare": "prepare",
    "confirm": "confirm the meeting",
    "arrive": "be there",
    "did_it_happen": "did it happen?",
    "debrief": "debrief",
    "ask_referrals": "who else?",
    "ack_introduction": "write to them",
    "ask_to_introduce": "ask them first",
    "remind_of_introduction": "ask once more",
    "introduce": "introduce them",
    "follow_up_introduction": "did they meet?",
    "report_back": "report back",
    "apply_advice": "apply advice",
    "tell_outcome": "tell the outcome",
    "follow_up": "follow up",
    "try_another": "try another",
    "ask_again": "ask again",
    "commitment": "keep a promise",
    "interview": "interview",
    "meeting": "meeting",
    "keep_in_touch": "get back to",
}
"""What the kinds of obligations, and other things to do, are called."""


def moment(when: LocalMoment | None) -> str:
    """Return a moment as people read it: Fri 6 Mar 2026, 18:30."""
    if when is None:
        return "no date yet"
    return f"{pretty(when.date)}, {when.local:%H:%M}" if when.local else pretty(when.date)


def person_json(name: Name | Contact | Person | Candidate | None) -> dict[str, str] | None:
    """Return somebody in JSON, as far as one needs to know whom."""
    return {"id": name.id, "handle": name.handle, "name": name.name} if name else None


def because(answer: Due) -> str:
    """Return why a person is due, in one line."""
    said = {reason.code: reason.value for reason in answer.reasons}
    touch = answer.last_touch
    last = f"last touch {pretty(touch.on)}" if touch else "never in touch"
    meet = f"you meet on {pretty(date.fromisoformat(said['booking']))}" if "booking" in said else ""
    return "; ".join(filter(None, (last, said.get("rule", ""), meet)))


def standing(answer: Due) -> dict[str, Any]:
    """Return an answer about one person in JSON."""
    person, cadence, touch = answer.person, answer.cadence, answer.last_touch
    return {
        "person": person_json(person),
        "status": answer.status,
        "due": str(answer.due) if answer.due else None,
        "grace_end": str(answer.grace_end) if answer.grace_end else None,
        "urgency": round(answer.urgency, 4),
        "held_back": answer.held_back,
        "rule": to_json(cadence) if cadence else None,
        "last_touch": {"on": str(touch.on), "interaction": touch.id} if touch else None,
        "reasons": [
            {"code": r.code, "text": r.text, "value": r.value, "facts": list(r.facts)}
            for r in answer.reasons
        ],
    }


def say_page(page: Brief) -> None:
    """Print a page of sections."""
    say(page.title, style="heading")
    for section in page.sections:
        say()
        say(section.title, style="heading")
        for line in section.lines:
            say(f"  {line.text}")
    if page.missing:
        say()
        say("Still to do", style="heading")
        for what in page.missing:
            say(f"  {what}")
