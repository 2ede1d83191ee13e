"""What is there to know before a conversation? One page, and what is still to be prepared."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import attrs

from netcrm.model.campaign import Objective, Research
from netcrm.model.contact import Contact, Position
from netcrm.model.insight import Decision, Insight
from netcrm.model.interaction import Interaction, Meeting
from netcrm.model.interview import Interview, Question
from netcrm.model.owed import Commitment
from netcrm.model.profile import ME, Profile
from netcrm.model.referral import Referral
from netcrm.model.text import words
from netcrm.model.time import LocalMoment
from netcrm.rules.course import later
from netcrm.rules.lifecycle import BEFORE, OPEN, Standing
from netcrm.rules.owed_interviews import ARRIVE_BEFORE, FEWEST_QUESTIONS
from netcrm.rules.page import (
    MOST,
    Brief,
    Line,
    capped,
    clocks,
    day_of,
    line,
    page,
    shortened,
)
from netcrm.rules.plans import MINUTES_AROUND, MINUTES_EACH, Plan, Planned
from netcrm.rules.questions import Asked, answered_by, dig_deeper, same_question
from netcrm.rules.readiness import spoken_seconds

_WAYS: Final = {
    "name_only": "named them", "offered": "offered to introduce you", "direct": "introduced you",
    "double_opt_in": "asked both of you and introduced you",
}  # fmt: skip
_MAY: Final = {"yes": "you may say so", "no": "do not say so", "unknown": "ask before you say so"}


@attrs.frozen(kw_only=True)
class Known:
    """What was known at a moment, in any order.

    `zone` is that of home, `names` are by id. `interview` is the latest, `objectives` what it is
    for; `asked` has questions of earlier ones too. `people` are others at their organisations.
    """

    person: Contact
    as_of: LocalMoment
    zone: str
    names: Mapping[str, str] = attrs.field(factory=dict)
    interview: Interview | None = None
    now: Standing = attrs.field(factory=Standing)
    meeting: Meeting | None = None
    referrals: Sequence[Referral] = ()
    people: Sequence[Contact] = ()
    research: Sequence[Research] = ()
    insights: Sequence[Insight] = ()
    timeline: Sequence[Interaction] = ()
    promises: Sequence[Commitment] = ()
    asked: Sequence[Asked] = ()
    objectives: Sequence[Objective] = ()
    goals: Sequence[Decision] = ()
    profile: Profile = attrs.field(factory=lambda: Profile(id=ME))

    @property
    def coming(self) -> Interview | None:
        """The interview, unless it is over."""
        return self.interview if self.now.stage in BEFORE | OPEN else None

    @property
    def plan(self) -> list[Question]:
        """What to ask in it, in order: what must be asked first, whom else to talk to last."""
        asks = self.coming.questions if self.coming else ()
        return sorted(asks, key=lambda one: (_is_referral(one), not one.must_ask))

    @property
    def minutes(self) -> int:
        """How long to talk; 0 if that is not said."""
        return next((one.minutes for one in (self.meeting, self.coming) if one and one.minutes), 0)

    def research_on(self, about: str) -> list[Research]:
        """Return what was looked up: about the person or the setting, or any place or field."""
        named = about in ("organisation", "industry")
        found = [one for one in self.research if one.about == about]
        return [one for one in found if named or one.contact == self.person.id]


def brief(known: Known) -> Brief:
    """Return the page on a person; what is confidential is on it only if it is from them."""
    job = known.person.position(known.as_of.date)
    sections = {
        "When and where": _when(known),
        "Who": _who(known),
        "How you know them": _how(known),
        "Their organisation": _organisation(known),
        "Their field": _field(known),
        "Last time": _last_time(known),
        "You": _you(known),
        "Questions": _questions(known),
        "Afterwards": _afterwards(known),
    }
    return page(_joined(known.person.name, _job(job) if job else ""), sections, _missing(known))


def places(person: Contact, day: date) -> dict[tuple[str, ...], str]:
    """Return the organisations where a person is, or was last: their names by the words of them."""
    jobs = [job for job in person.positions if words(job.organisation)]
    held = [job for job in jobs if job.is_current(day) is not False] or jobs[-1:]
    return {words(job.organisation): job.organisation for job in held}


def _when(known: Known) -> Iterator[Line]:
    if meeting := known.meeting:
        when = clocks(meeting.start, known.minutes, known.zone, known.person.time_zone)
        length = f"{known.minutes} minutes" if known.minutes else ""
        yield line(_joined(when, length), meeting, known.person)
        yield line(_where(meeting), meeting)
    yield from looked_up(known.research_on("setting"))


def _where(meeting: Meeting) -> str:
    there, way = meeting.start, meeting.travel_minutes
    by = meeting.format.replace("_", " ").capitalize()
    text = f"{by}: {meeting.place}" if meeting.place else by
    if meeting.format == "in_person" and there.local:
        there = later(there, -ARRIVE_BEFORE)
        text += f"; be there by {there.local:%H:%M}"
        if way:
            text += f", so leave by {later(there, -timedelta(minutes=way)).local:%H:%M}"
    return text


def _who(known: Known) -> Iterator[Line]:
    person, state = known.person, known.person.state
    said = f"say {person.pronunciation}" if person.pronunciation else ""
    barred = state.kind.replace("_", " ") if state.kind != "active" else ""
    yield line(_joined(person.name, said, person.pronouns, barred, state.reason), person)
    jobs = sorted(person.positions, key=lambda job: str(job.start or job.end or "~"), reverse=True)
    yield from capped([line(_joined(_job(job), _time(job)), person) for job in jobs])
    if about := _joined(*sorted(person.fields), person.location):
        yield line(about, person)
    links = (one.value for one in person.points if one.kind == "url" and not one.do_not_use)
    yield from capped([line(link, person) for link in links])
    yield from looked_up(known.research_on("person"))


def _job(job: Position) -> str:
    return " at ".join(filter(None, (job.title, job.organisation)))


def _time(job: Position) -> str:
    return _joined(f"from {job.start}" * bool(job.start), f"until {job.end}" * bool(job.end))


def _how(known: Known) -> Iterator[Line]:
    person, now, names, lines = known.person, known.now, known.names, []
    source = "" if person.source == "other" else person.source.replace("_", " ")
    yield line(_joined(source, person.source_detail, f"since {day_of(person.added_on)}"), person)
    for one in _newest(known.referrals, "made_on"):
        by = f"{names.get(one.referrer, 'somebody')} {_WAYS[one.mode]} on {one.made_on}"
        text = f"{_joined(by, shortened(one.context))}; {_MAY[one.may_use_name]}"
        lines.append(line(text, one, one.referrer))
    yield from capped(lines)
    if known.interview:
        turns = [("asked", now.asked), *(("asked again", at) for at in now.follow_ups)]
        turns += [("accepted", now.accepted), ("held", now.held)]
        if now.stage not in ("contacted", "accepted", "held"):
            turns.append((now.stage.replace("_", " "), now.since))
        told = _joined(*(f"{what} {day_of(at.date)}" for what, at in turns if at))
        yield line(f"Interview: {told or 'not asked yet'}", known.interview, now.fact)


def _organisation(known: Known) -> Iterator[Line]:
    there = places(known.person, known.as_of.date)
    about = known.research_on("organisation")
    yield from looked_up(one for one in about if words(one.organisation) in there)
    yield from people_at(known.people, there, known.as_of.date)
    told = (one for one in _others(known) if words(one.organisation) in there)
    yield from learned(told, known.names)


def _field(known: Known) -> Iterator[Line]:
    fields, there = known.person.fields, places(known.person, known.as_of.date)
    yield from looked_up(one for one in known.research_on("industry") if one.field in fields)
    told = [one for one in _others(known) if words(one.organisation) not in there]
    yield from learned((one for one in told if one.fields & fields), known.names)


def _others(known: Known) -> Iterator[Insight]:
    them = known.person.id
    return (one for one in known.insights if one.contact != them and not one.confidential)


def _last_time(known: Known) -> Iterator[Line]:
    person, asked = known.person, sorted(known.asked)
    happened = _newest((one for one in known.timeline if _may_be_told(one, person)), "occurred")
    said = [one for one in happened if one.text or one.subject or one.kind == "meeting"]
    for one in said[:MOST] or happened[:1]:
        by = {"inbound": " from them", "outbound": " from you"}.get(one.direction, "")
        what = f"{one.kind}{by} ({one.channel})".replace("_", " ")
        text = ": ".join(filter(None, (what, one.subject, shortened(one.text))))
        yield line(f"{day_of(one.occurred.date)}, {text}", one)
    made = known.interview.evaluation if known.interview else None
    if known.interview and made and made.on.is_by(known.as_of):
        told = {"You liked": made.liked, "You disliked": made.disliked}
        told["You wanted to"] = "; ".join(made.next_steps)
        yield from (line(f"{what}: {said}", known.interview) for what, said in told.items() if said)
    yield from learned((o for o in known.insights if o.contact == person.id), known.names)
    rows = [row.interview for row in asked if row.dig_deeper]
    more = (one.question.text for one in dig_deeper(asked, person.id))
    yield from capped([line(f"Dig deeper: {text}", *rows) for text in more])
    promises = sorted(known.promises, key=lambda one: (one.by, str(one.made_on), one.id))
    yield from capped([line(_promised(one), one) for one in promises])
    if person.rapport:
        yield line(f"To chat about: {_joined(*person.rapport)}", person)


def _promised(one: Commitment) -> str:
    by = "You" if one.by == "me" else "They"
    return _joined(f"{by} promised: {one.text}", f"by {day_of(one.due)}" if one.due else "")


def _may_be_told(one: Interaction, person: Contact) -> bool:
    took_part = (each.contact == person.id and each.role != "cc" for each in one.participants)
    return not one.confidential or any(took_part)


def _you(known: Known) -> Iterator[Line]:
    if pitch := known.profile.pitch(known.as_of.date):
        yield line(f"{spoken_seconds(pitch)} s: {pitch.text}", known.profile)
    aims = sorted(known.objectives, key=lambda one: (one.added_on, one.id))
    yield from capped([line(f"To find out: {one.text}", one) for one in aims])
    yield from (line(f"Your goal: {one.text}", one) for one in _newest(known.goals, "on")[:1])


def _questions(known: Known) -> Iterator[Line]:
    plan, told = known.plan, answered_by(known.asked, known.person.id)
    for one in plan:
        asked = Asked("", "", one.text, one.topic, known.as_of.date, one.key)
        before = sorted((row.on, row.interview) for row in told if same_question(row, asked))
        when = f"they answered this on {day_of(before[-1][0])}" if before else ""
        marks = _joined("must ask" if one.must_ask else "", when)
        text = shortened(one.text) + (f" ({marks})" if marks else "")
        yield line(text, known.coming, *(interview for _, interview in before))
    if plan:
        needed = MINUTES_EACH * len(plan) + MINUTES_AROUND
        over = -(min(known.minutes - needed, 0) // MINUTES_EACH)
        text = f"{len(plan)} questions take {needed} of {known.minutes} minutes"
        yield line(f"{text}: {f'{over} too many' if over else 'fits'}", known.coming)


def _is_referral(one: Question) -> bool:
    return Plan.read([Planned(one.text, one.topic)]).lines[0].is_referral


def _afterwards(known: Known) -> Iterator[Line]:
    if known.coming or known.meeting:
        text = "At the end thank them, and ask whom else to talk to"
        yield line(f"{text}; in writing, thank them within 24 hours", known.coming, known.meeting)


def _missing(known: Known) -> Iterator[str]:
    person, meeting, day = known.person, known.meeting, known.as_of.date
    plan, pitch, practices = known.plan, known.profile.pitch(day), known.profile.practices
    lacks = {f"research on {shortened(person.name)}": not known.research_on("person")}
    found = {words(one.organisation) for one in known.research_on("organisation")}
    lacks |= {f"research on {name}": at not in found for at, name in places(person, day).items()}
    fields = person.fields - {one.field for one in known.research_on("industry")}
    lacks |= {f"research on {field}": True for field in sorted(fields)}
    lacks["a pitch"] = not pitch
    lacks["practice of your pitch"] = bool(pitch) and all(done.on > day for done in practices)
    if known.coming:
        lacks[f"{len(plan)} of {FEWEST_QUESTIONS} questions"] = len(plan) < FEWEST_QUESTIONS
        lacks["a question about whom else to talk to"] = not any(map(_is_referral, plan))
        lacks["an objective"] = not known.objectives
    if meeting:
        seen, is_soon = meeting.format != "phone", (meeting.start.date - day).days in (0, 1)
        lacks["a note on the setting and how to dress"] = seen and not known.research_on("setting")
        lacks["a place"] = meeting.format == "in_person" and not meeting.place
        lacks["confirmation of the meeting"] = is_soon and not meeting.confirmed_on
    return (what for what, is_lacking in lacks.items() if is_lacking)


def people_at(people: Iterable[Contact], there: Container[Any], day: date) -> Iterator[Line]:
    """Yield who works at a place and then who did, with what they do or did there."""
    ranked = []
    for one in people:
        jobs = [job for job in one.positions if words(job.organisation) in there]
        held = [job for job in jobs if job.is_current(day) is not False]
        for job in (held or jobs)[-1:]:
            text = _joined(one.name, _job(job), "" if held else _time(job) or "formerly")
            ranked.append((not held, one.name, one.id, line(text, one)))
    return capped([line for *_, line in sorted(ranked)])


def looked_up(research: Iterable[Research]) -> Iterator[Line]:
    """Yield what was found out, the latest first."""
    found = _newest(research, "on")
    texts = (_joined(shortened(one.text), one.link, day_of(one.on.date)) for one in found)
    return capped([line(text, one) for text, one in zip(texts, found, strict=True)])


def learned(insights: Iterable[Insight], names: Mapping[str, str]) -> Iterator[Line]:
    """Yield what was learned, the latest first, and from whom."""
    lines = []
    for one in _newest(insights, "observed_on"):
        by = _joined(names.get(one.contact or "", ""), day_of(one.observed_on))
        lines.append(line(f"“{shortened(one.text)}” {by}", one, one.contact))
    return capped(lines)


def _newest(facts: Iterable[Any], when: str) -> list[Any]:
    return sorted(facts, key=lambda one: (str(getattr(one, when)), one.id), reverse=True)


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))
