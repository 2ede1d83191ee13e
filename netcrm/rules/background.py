"""What may a letter to somebody rest on? What is known of them, of me, and of what we said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

import attrs

from netcrm.model.campaign import Objective
from netcrm.model.contact import Contact
from netcrm.model.insight import Decision, Insight
from netcrm.model.interview import ASKED_MINUTES, Interview
from netcrm.model.profile import ME, Profile
from netcrm.model.referral import Referral
from netcrm.model.text import bare, words
from netcrm.model.time import LocalMoment
from netcrm.rules.circumstances import Circumstances, Referrer
from netcrm.rules.lifecycle import Standing
from netcrm.rules.organisations import NO_PLACE

STAGES: Final = {
    "high_school": "at high school",
    "college": "a student",
    "graduate": "a recent graduate",
    "career_changer": "changing careers",
}
"""What I am, by the stage that my profile says."""
_IMPERSONAL: Final = frozenset(
    {
        "alumni_database", "professional_association", "chamber_of_commerce", "yellow_pages",
        "event", "other_social",
    }
)  # fmt: skip
"""Sources whose detail is the name of a list or place; of others it is a note of mine."""
_SAY_LITTLE: Final = frozenset({"cold_call", "referral", "calendar", "email", "import", "other"})
_GLAD: Final = ("liked", "rewarding", "satisfying", "daily_tasks")
_ALSO: Final = ("training_and_paths", "experience", "challenging", "disliked")


class Thread(NamedTuple):
    """An interview, and where it stands."""

    interview: Interview
    now: Standing


@attrs.frozen(kw_only=True)
class Background:
    """What was known at a moment that a letter to a person may rest on.

    Attributes:
        asking: the interview that I am asking for.
        held: the last one in which we talked.
        other: whom an introduction or a report is about, and `course` my interview with them.
        why: why the person and the other should meet.
        objectives: what I want to know from this person.
        titles: of career fields, by their labels.
        referrers: who pointed me to the person; `referred` to whom they pointed me when we talked.
        insights: from this person; the confidential ones are left out of everything.
        last_touch: the day on which we were last in touch.
        about: what I want to say of my own accord.
    """

    person: Contact
    as_of: LocalMoment
    me: Contact | None = None
    profile: Profile = attrs.field(factory=lambda: Profile(id=ME))
    asking: Thread | None = None
    held: Thread | None = None
    other: Contact | None = None
    course: Thread | None = None
    why: str = ""
    objectives: tuple[Objective, ...] = ()
    titles: Mapping[str, str] = attrs.field(factory=dict)
    referrers: tuple[tuple[Referral, Contact], ...] = ()
    referred: tuple[tuple[Referral, Contact], ...] = ()
    insights: tuple[Insight, ...] = ()
    decisions: tuple[Decision, ...] = ()
    last_touch: date | None = None
    minutes: int = ASKED_MINUTES
    formats: tuple[str, ...] = ()
    about: str = ""

    @property
    def education(self) -> str:
        """What I say of my education: as I introduce myself now, or else in my profile."""
        pitch = self.profile.pitch(self.as_of.date)
        return (pitch.education if pitch else "") or self.profile.education

    @property
    def told(self) -> list[Insight]:
        """What the person told me that is not confidential."""
        return [one for one in self.insights if not one.confidential]

    @property
    def fields(self) -> frozenset[str]:
        """The career fields of the person."""
        return self.person.fields.union(*(job.fields for job in self.person.positions))

    @property
    def employer(self) -> str:
        """Where the person works, unless it is their own business."""
        job = self.person.position(self.as_of.date)
        return job.organisation if job and _is_employer(job.organisation) else ""

    @property
    def shared(self) -> str:
        """An organisation that we have both been at, by my positions or what I study."""
        mine = {words(job.organisation) for job in self.me.positions} if self.me else set()
        studied = f" {' '.join(words(self.education))} "
        for job in self.person.positions:
            place = words(job.organisation)
            named = len(place) > 1 and f" {' '.join(place)} " in studied
            if place and (place in mine or named):
                return job.organisation
        return ""

    def interests(self) -> dict[str, str]:
        """Return the fields that I am exploring, and the id of what says so."""
        found: dict[str, str] = {}
        for one in self.objectives:
            for field in sorted(one.fields):
                found.setdefault(field, one.id)
        for field in sorted(self.profile.interests):
            found.setdefault(field, self.profile.id)
        return found

    def title(self, field: str) -> str:
        """Return what to call a career field in a letter."""
        return self.titles.get(field) or field.replace("-", " ")

    def takeaways(self) -> Iterator[tuple[str, str]]:
        """Yield what one would gladly say again of what they told me, and the id of its record."""
        if self.held is None:
            return
        for one in self.told:
            if one.stance != "negative" and one.interview in (None, self.held.interview.id):
                yield one.text, one.id
        for text in self._noted(_GLAD):
            yield text, self.held.interview.id

    def applied(self) -> Iterator[Insight]:
        """Yield their advice that I have followed since we were last in touch."""
        for one in self.told:
            step = one.step(self.as_of)
            if step is not None and step.use == "applied" and self._is_new(step.on.date):
                yield one

    def decided(self) -> Iterator[Decision]:
        """Yield what I decided since we were last in touch because of what they told me."""
        told = {one.id for one in self.told}
        for one in self.decisions:
            if told.intersection(one.insights) and self._is_new(one.on.date):
                yield one

    def pointed_to(self) -> list[tuple[Referral, Contact]]:
        """Return to whom they pointed me, as far as that can be named."""
        return [(one, whom) for one, whom in self.referred if may_stand(whom)]

    def debriefed(self) -> Iterator[str]:
        """Yield everything that I noted of our talk, to check a letter by."""
        yield from (text for text, _ in self.takeaways())
        made = self.held.interview.evaluation if self.held else None
        yield from sorted(made.skills) if made else ()
        yield from self._noted(_ALSO)
        yield from (one.text for one in self.told)

    def _noted(self, names: Iterable[str]) -> Iterator[str]:
        made = self.held.interview.evaluation if self.held else None
        yield from filter(None, (getattr(made, name) for name in names) if made else ())

    def _is_new(self, day: date) -> bool:
        return self.last_touch is None or day >= self.last_touch


def may_stand(person: Contact) -> bool:
    """Whether somebody may be named in a letter to somebody else."""
    return person.state.kind == "active" and not person.is_placeholder


def _is_employer(organisation: str) -> bool:
    return bare(organisation) not in NO_PLACE


def circumstances(
    known: Background,
    *,
    channel: str = "email",
    deadline: datetime | None = None,
    sent: datetime | None = None,
    first_update: bool = False,
) -> Circumstances:
    """Return what a letter is checked by; deadline and sent are aware."""
    person, profile = known.person, known.profile
    jobs = reversed(person.positions)
    return Circumstances(
        channel=channel,
        recipient=_each(person.given, person.name, *person.aliases),
        facts=_each(
            *(text for job in jobs for text in (job.organisation, job.title) if _is_employer(text)),
            *(known.title(field) for field in sorted(known.fields)),
            person.location,
        ),
        known_by=_each(known.shared, *_known_by(person)),
        referrers=tuple(Referrer(by.name, one.may_use_name) for one, by in known.referrers),
        me=_each(known.me.name if known.me else ""),
        about_me=_each(known.education, profile.activities, STAGES.get(profile.stage, "")),
        interests=_each(
            *(one.text for one in known.objectives), *map(known.title, known.interests())
        ),
        minutes=known.minutes,
        takeaways=_each(*known.debriefed()),
        applied=_each(*(one.text for one in known.applied())),
        referred_to=_each(*(whom.name for _, whom in known.pointed_to())),
        deadline=deadline,
        sent=sent,
        first_update=first_update,
    )


def _known_by(person: Contact) -> Iterator[str]:
    """Yield words for how I came to know of somebody."""
    if person.first_met:
        yield person.first_met.place
    if person.source in _IMPERSONAL:
        yield person.source_detail
    if person.source not in _SAY_LITTLE:
        yield person.source.replace("_", " ")
    if person.connected_on:
        yield "LinkedIn"


def _each(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))
