"""How do facts sound in a letter? A phrase for each blank of a template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from netcrm.model.campaign import Objective
from netcrm.model.contact import Contact
from netcrm.model.text import words
from netcrm.model.time import LocalMoment
from netcrm.rules.background import STAGES, Background, Thread, may_stand
from netcrm.rules.drafts import Fact
from netcrm.rules.names import bare_name

_FORMATS: Final = {"in_person": "in person", "video": "by video", "phone": "by phone"}
_KNOWN_AS: Final = {
    "family": "You are family, so I thought of you first",
    "relative": "As a relative of mine, you came to mind first",
    "friend": "As a friend, you came to mind first",
    "family_friend": "I know you as a friend of my family",
    "neighbour": "As a neighbour, you came to mind first",
    "faculty": "I know you as a member of the faculty",
    "campus_staff": "I know you from the staff on campus",
    "classmate": "We know each other as classmates",
    "colleague": "We know each other as colleagues",
    "linkedin": "I found your profile on LinkedIn",
    "facebook": "I found your profile on Facebook",
}
_FOUND_IN: Final = {
    "alumni_database": ("I found you in the", "alumni database"),
    "professional_association": ("I found you through the", "professional association"),
    "chamber_of_commerce": ("I found you through the", "chamber of commerce"),
    "yellow_pages": ("I found you in the", "yellow pages"),
    "event": ("I came across you at the", "event"),
    "other_social": ("I found your profile on the", "social network"),
}
_ABOUT: Final = {
    "request": "objective", "thank_you": "takeaway", "progress_update": "news",
    "reconnect": "news", "introduction_request": "target", "report_back": "target",
    "introduction_offer": "target", "introduction": "target",
}  # fmt: skip
_MOST: Final = 2
"""Fields to name in one letter. Our choice."""


def facts(kind: str, known: Background) -> dict[str, Fact]:
    """Return what is known for a kind of draft, by the name of the blank that it fills.

    What I say of my own accord (`about`) is what I want to know in a request, what I took away in a
    thank-you, my news in an update, and the other person in an introduction request or a report.
    """
    found = {**_of_person(known), **_of_me(known), **_of_talk(kind, known)}
    if known.about and kind in _ABOUT:
        found[_ABOUT[kind]] = Fact(known.about)
    if known.other is not None:
        found |= _of_other(known.other, known)
    return found


def _of_other(other: Contact, known: Background) -> dict[str, Fact]:
    at, job = (other.id,), other.position(known.as_of.date)
    work = " at ".join(filter(None, (job.title, job.organisation))) if job else ""
    return {
        "target": Fact(other.name, at),
        "target_first": Fact(_given(other), at),
        "target_job": Fact(work, at),
        "why": Fact(known.why, at),
    }


def _of_person(known: Background) -> dict[str, Fact]:
    person, at = known.person, (known.person.id,)
    job = person.position(known.as_of.date)
    return {
        "first": Fact(_given(person), at),
        "name": Fact("" if person.is_placeholder else person.name, at),
        "organisation": Fact(known.employer, at),
        "title": Fact(job.title if job else "", at),
        "found": Fact(_found(person), at),
        "shared": Fact(known.shared, at),
        "referrer": _referrer(known),
        "since": Fact(f"in {known.last_touch:%B %Y}" if known.last_touch else "", at),
    }


def _given(person: Contact) -> str:
    return "" if person.is_placeholder else person.given or bare_name(person.name).split()[0]


def _found(person: Contact) -> str:
    """Return how I came to know of somebody, as a sentence; nothing if that is not known."""
    if person.first_met and person.first_met.place:
        return f"We have met before ({person.first_met.place})"
    if person.source in _FOUND_IN:
        return _found_in(*_FOUND_IN[person.source], person.source_detail)
    if person.connected_on:
        return "We are connected on LinkedIn"
    return _KNOWN_AS.get(person.source, "")


def _found_in(start: str, noun: str, name: str) -> str:
    """Return where I found somebody; a list that is called what it is needs no other word."""
    if words(noun)[-1] in words(name):
        return f"{start} {name.removeprefix('the ')}"
    return f"{start} {noun} ({name})" if name else f"{start} {noun}"


def _referrer(known: Background) -> Fact:
    """Return who pointed me to them, if I may say so; if I do not know, that is to be asked."""
    named = [one for one in known.referrers if may_stand(one[1])]
    for may in ("yes", "unknown"):
        fit = [one for one in named if one[0].may_use_name == may]
        if not fit:
            continue
        referral, by = max(fit, key=lambda one: (str(one[0].made_on), one[0].id))
        if may == "yes":
            return Fact(by.name, (referral.id, by.id))
        return Fact(ask=f"whether {by.name} agrees to be named: ask them first")
    return Fact()


def _of_me(known: Background) -> dict[str, Fact]:
    chosen = _objective(known)
    return {
        "me": Fact(known.me.name, (known.me.id,)) if known.me else Fact(),
        "about_me": Fact(
            _who_i_am(known.education, STAGES.get(known.profile.stage, "")), (known.profile.id,)
        ),
        "stage": Fact(STAGES.get(known.profile.stage, ""), (known.profile.id,)),
        "interest": _interest(known),
        "objective": Fact(chosen.text, (chosen.id,)) if chosen else Fact(),
        "minutes": Fact(f"{known.minutes} minutes"),
        "formats": Fact(_listed((_FORMATS[one] for one in known.formats or _FORMATS), "or")),
        "applied": next((Fact(one.text, (one.id,)) for one in known.applied()), Fact()),
        "decision": next((Fact(one.text, (one.id,)) for one in known.decided()), Fact()),
    }


def _who_i_am(education: str, stage: str) -> str:
    """Return who I am as a sentence, whether I wrote one of myself or only a part of it."""
    start = education.lower()
    if start.startswith(("i ", "i'm ", "i’m ", "my ")):
        return education
    if start.startswith(("a ", "an ", "in ", "at ", "studying ")):
        return f"I am {education[0].lower()}{education[1:]}"
    if stage:
        return f"I am {stage} ({education.rstrip('.')})" if education else f"I am {stage}"
    return f"My background: {education}" if education else ""


def _objective(known: Background) -> Objective | None:
    """Return what I want to know that is about their field, or else the first that I noted."""
    fit = [one for one in known.objectives if one.fields & known.fields]
    return next(iter([*fit, *known.objectives]), None)


def _interest(known: Background) -> Fact:
    """Return which fields I am exploring: those that are theirs, or else the first of mine."""
    mine = known.interests()
    chosen = ([one for one in mine if one in known.fields] or [*mine])[:_MOST]
    said_by = dict.fromkeys(mine[one] for one in chosen)
    return Fact(_listed(map(known.title, chosen), "and"), tuple(said_by))


def _of_talk(kind: str, known: Background) -> dict[str, Fact]:
    """Return what came of our talk; in a report of the one with the other person."""
    asking, held = known.asking, known.held
    if kind == "report_back":
        asking = held = known.course
    made = known.held.interview.evaluation if known.held else None
    by = (known.held.interview.id,) if known.held else ()
    named = known.pointed_to()
    return {
        "asked": _on(asking, asking.now.asked if asking else None, known),
        "declined": _on(asking, _declined(asking), known),
        "met": _on(held, held.now.held if held else None, known),
        "takeaway": next((Fact(text, (id_,)) for text, id_ in known.takeaways()), Fact()),
        "next_step": Fact(next(iter(made.next_steps), "") if made else "", by),
        "referred_to": Fact(
            _listed(dict.fromkeys(whom.name for _, whom in named), "and"),
            tuple(id_ for one, whom in named for id_ in (one.id, whom.id)),
        ),
    }


def _declined(thread: Thread | None) -> LocalMoment | None:
    return thread.now.since if thread and thread.now.stage == "declined" else None


def _on(thread: Thread | None, moment: LocalMoment | None, known: Background) -> Fact:
    """Return a day as it stands in a letter: on 4 March, with the year if it is another."""
    if thread is None or moment is None:
        return Fact()
    day = moment.date
    year = f" {day.year}" if day.year != known.as_of.date.year else ""
    return Fact(f"on {day.day} {day:%B}{year}", (thread.interview.id,))


def _listed(texts: Iterable[str], last: str) -> str:
    """Return texts as a list in a sentence: one, two or three."""
    *others, final = [*texts] or [""]
    return f"{', '.join(others)} {last} {final}" if others else final
