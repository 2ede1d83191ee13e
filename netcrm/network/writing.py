"""Letters to people: drafted from what is known, checked, and handed over to be sent."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import attrs

from netcrm import model
from netcrm.errors import InvalidError, RefusedError
from netcrm.model.interaction import Format
from netcrm.network.conversations import When
from netcrm.network.grounds import BRINGS_TOGETHER, Grounds
from netcrm.network.people import Who
from netcrm.rules import said
from netcrm.rules.touch import LIVE
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, has, le

if TYPE_CHECKING:
    from netcrm.rules.background import Background
    from netcrm.rules.circumstances import Circumstances
    from netcrm.rules.drafts import Draft, Template
    from netcrm.rules.judging import Finding

_LONGEST: Final = 600
"""Minutes of an interview, as they can be stored."""
_TEMPLATES: Final = "drafts.toml"
_POINTS: Final = {
    "email": "email", "letter": "postal", "phone": "phone", "voicemail": "phone", "sms": "phone",
    "chat": "im", "linkedin_message": "url", "linkedin_note": "url",
}  # fmt: skip


class Letter(NamedTuple):
    """A draft, what it is checked by, and where it may go.

    Attributes:
        addresses: those of the person on that channel, the preferred one first.
        findings: what to mend before it is sent.
        other: whom I introduce them to, and `also` the address of that one, if it goes to both.
    """

    draft: Draft
    circumstances: Circumstances
    addresses: tuple[str, ...]
    findings: tuple[Finding, ...]
    other: model.Contact | None = None
    also: tuple[str, ...] = ()


class Writing(Grounds):
    """The letters of a network's owner. None is sent from here."""

    def draft(
        self,
        kind: str,
        who: Who,
        *,
        channel: str = "",
        minutes: int | None = None,
        formats: Iterable[str] = (),
        about: str = "",
        templates: Mapping[str, str] | None = None,
        as_of: When = None,
        force: bool = False,
    ) -> Letter:
        """Return a letter to a person, filled in from what is known; what is not is left open.

        Args:
            kind: request, follow_up, thank_you, progress_update, reconnect, decline_graciously (an
                answer to their no), introduction_request, report_back, introduction_offer (may I
                introduce you?) or introduction (to both).
            who: the person.
            channel: email, linkedin, linkedin_note, phone, ...; without it, the one they prefer.
            minutes: how long to ask for; as in the interview, or 30, without it.
            formats: ways to talk to offer; as in the interview, or all three, without them.
            about: in my own words, what I want to know (request), what I took away (thank_you) or
                my news (progress_update, reconnect); else whom it is about, besides them.
            templates: texts of my own, by kind or by kind and channel as in request.phone.
            as_of: the moment of writing; now without it.
            force: draft it although it is refused.

        Raises:
            InvalidError: there is no such kind or channel, or a template has an unknown blank.
            RefusedError: they are not to be contacted; or two did not both agree, or met already.
        """
        from netcrm.rules import drafts, phrases

        own = drafts.parse_templates(templates or {}, "your templates")
        with self._reading() as view:
            person = self._contact(view, who)
            name = _channel(channel, person)
            known = self._background(view, kind, person, self.moment_of(as_of), about)
            if not force:
                _refuse(*filter(None, (person, known.other)))
                self._refuse_to_bring_together(view, kind, known)
            known = _offering(known, minutes, formats)
            told = self._circumstances(view, kind, known, name)
        made = drafts.draft(kind, phrases.facts(kind, known), {**_built_in(), **own}, channel=name)
        findings = self._lint(kind, made.text, told)
        other = known.other if kind in BRINGS_TOGETHER else None
        also = _addresses(other, name)[:1] if other and kind == "introduction" else ()
        return Letter(made, told, _addresses(person, name), findings, other, also)

    def circumstances(
        self,
        kind: str,
        who: Who,
        *,
        channel: str = "",
        minutes: int | None = None,
        as_of: When = None,
    ) -> Circumstances:
        """Return what a letter to a person is checked by; the arguments are those of `draft`."""
        with self._reading() as view:
            person = self._contact(view, who)
            known = self._background(view, kind, person, self.moment_of(as_of))
            known = _offering(known, minutes, ())
            return self._circumstances(view, kind, known, _channel(channel, person))

    def lint(
        self,
        kind: str,
        text: str,
        *,
        who: Who | None = None,
        channel: str = "",
        off: Collection[str] = (),
        as_of: When = None,
    ) -> tuple[Finding, ...]:
        """Return what to mend in a letter that I wrote myself.

        Args:
            kind: of the letter, as for `draft`.
            text: it.
            who: to whom; without it, less can be checked.
            channel: how it will be sent, as for `draft`.
            off: codes of rules to leave out.
            as_of: the moment of sending; now without it.
        """
        told = None
        if who is not None:
            told = self.circumstances(kind, who, channel=channel, as_of=as_of)
        return self._lint(kind, text, told, off)

    def lint_questions(
        self, who: Who, *, off: Collection[str] = (), as_of: When = None
    ) -> tuple[Finding, ...]:
        """Return what to mend in the plan of questions of the latest interview with a person.

        Raises:
            NotFoundError: there is no interview with them.
        """
        from netcrm.rules.lint import lint_plan
        from netcrm.rules.plans import PlanContext, Planned

        with self._reading() as view:
            thread, *earlier = self.interviews(who=who, as_of=as_of) or [self.interview(who)]
            planned = [
                Planned(one.text, one.topic, one.why_not_online, one.objective or "")
                for one in thread.interview.questions
            ]
            minutes = thread.interview.minutes
            if thread.now.meeting:
                booked = self._get(view, model.Meeting, thread.now.meeting)
                minutes = booked.minutes or minutes
        answered = [
            one.text for past in earlier for one in past.interview.questions if one.answered_on
        ]
        context = PlanContext(minutes=minutes, answered=tuple(answered))
        return lint_plan(planned, context, off=off, more_rules=self.plugins.lint_rules())

    # --- what is known

    def _refuse_to_bring_together(self, view: Transaction, kind: str, known: Background) -> None:
        """Refuse to introduce two who have not both agreed (double opt-in, Fred Wilson 2009).

        Nor are two asked or introduced whom I introduced already, or who have met.
        """
        from netcrm.rules.introductions import Standing, standing

        if kind not in BRINGS_TOGETHER or known.other is None:
            return
        brought = self._brought(view, known.person, known.other, known.as_of)
        now = standing(brought, known.as_of) if brought else Standing("thought_of", known.as_of)
        why = ""
        if now.stage in ("introduced", "met"):
            why = f"{known.person.name} and {known.other.name} {now.why_not}"
        elif kind == "introduction_offer":
            if now.agreed_already(known.person.id):
                why = f"{known.person.name} agreed already to meet {known.other.name}"
        elif now.why_not:
            why = (
                f"{known.person.name} and {known.other.name} {now.why_not}. Ask each of them "
                "first: netcrm draft introduction_offer"
            )
        if why:
            raise RefusedError(f"{why}. To draft it all the same, insist: --force")

    def _lint(
        self, kind: str, text: str, told: Circumstances | None, off: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        from netcrm.rules.lint import lint

        return lint(kind, text, told, off=off, more_rules=self.plugins.lint_rules())

    def _circumstances(
        self, view: Transaction, kind: str, known: Background, channel: str
    ) -> Circumstances:
        from netcrm.rules.background import circumstances

        person, when = known.person, known.as_of
        deadline = None
        if kind == "thank_you":
            owed = self.obligations(who=person, as_of=when)
            dues = [one.due for one in owed if one.kind == "thank_you" and one.is_open and one.due]
            deadline = max((due.instant for due in dues if due.instant), default=None)
        past = Query("interaction", has("contacts", person.id) & le("on", str(when.date)))
        updated = any(one.doc.get("kind") == "progress_update" for one in view.find(past))
        return circumstances(
            known,
            channel=channel,
            deadline=deadline,
            sent=when.instant,
            first_update=kind in ("progress_update", "reconnect") and not updated,
        )


@functools.cache
def _built_in() -> dict[str, Template]:
    import tomllib

    from netcrm.rules.drafts import parse_templates

    text = resources.files("netcrm").joinpath("text", _TEMPLATES).read_text("utf-8")
    return parse_templates(tomllib.loads(text), _TEMPLATES)


def _offering(known: Background, minutes: int | None, formats: Iterable[str]) -> Background:
    """Return what is known, with how long and in which ways I want to talk."""
    asked: dict[str, Any] = {}
    if minutes is not None:
        if not 0 < minutes <= _LONGEST:
            raise InvalidError(f"{minutes} minutes is not the length of an interview")
        asked["minutes"] = minutes
    ways = []
    for word in formats:
        ways.append(said.channel(word))
        if ways[-1] not in LIVE:
            raise InvalidError(
                f"{word!r} is no way to talk; choose from {', '.join(get_args(Format))}"
            )
    if ways:
        asked["formats"] = tuple(dict.fromkeys(ways))
    return attrs.evolve(known, **asked)


def _refuse(*people: model.Contact) -> None:
    """Refuse to write to people, or about them, who are not to be contacted."""
    for person in people:
        if person.state.kind != "active":
            why = f" ({person.state.reason})" if person.state.reason else ""
            how = person.state.kind.replace("_", " ")
            raise RefusedError(
                f"{person.name} is marked {how}{why}, so nothing is drafted. To draft it all the "
                "same, insist: --force"
            )


def _channel(word: str, person: model.Contact) -> str:
    """Return the channel that is meant; without a word for it, that which a person prefers."""
    if not word:
        return said.channel(person.preferred_channel) or "email"
    found = said.channel(word)
    if found is None:
        raise InvalidError(
            f"{word!r} is not a channel; choose from {', '.join(said.CHANNEL_WORDS)}"
        )
    return found


def _addresses(person: model.Contact, channel: str) -> tuple[str, ...]:
    """Return by what a person can be reached on a channel, the preferred first."""
    usable = [
        one
        for one in person.points
        if one.kind == _POINTS.get(channel) and not one.do_not_use and one.valid != "bounced"
    ]
    if channel.startswith("linkedin"):
        usable = [one for one in usable if "linkedin.com" in one.value.lower()]
    return tuple(one.value for one in sorted(usable, key=lambda one: not one.preferred))
