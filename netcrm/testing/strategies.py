"""Hypothesis strategies for valid values of the model, each optional field and `extra` included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from netcrm.model.base import Entity
from netcrm.model.cadence import Cadence, Selector
from netcrm.model.contact import (
    SOURCES,
    Contact,
    ContactPoint,
    FirstMet,
    Occasion,
    Origin,
    PointKind,
    Position,
    State,
    StateKind,
)
from netcrm.model.interaction import (
    Channel,
    Direction,
    Ended,
    Format,
    Interaction,
    Kind,
    Meeting,
    Participant,
    Role,
)
from netcrm.model.referral import (
    Acquaintance,
    Introduction,
    IntroductionStep,
    Mode,
    Referral,
    ReferralStep,
    Step,
    Turn,
)
from netcrm.model.time import LocalMoment, PartialDate, Roll
from netcrm.rules.lifecycle import Stage
from netcrm.testing import interviews
from netcrm.testing.parts import (
    YES_NO,
    ZONES,
    Fields,
    dated,
    days,
    ids,
    instants,
    intervals,
    labels,
    lines,
    made,
    moments,
    partial_dates,
    said,
    several,
    spans,
    word,
)


def _points() -> st.SearchStrategy[ContactPoint]:
    values: dict[str, st.SearchStrategy[str]] = {
        "email": st.from_regex(r"[a-z0-9.+]{1,8}@[a-z0-9.-]{1,8}", fullmatch=True),
        "phone": st.from_regex(r"\+?[0-9 ()-]{0,6}[0-9]", fullmatch=True),
        "url": st.from_regex(
            r"(https://)?[a-z0-9.-]{1,8}(/[a-zA-Z0-9?=&%-]{1,8})?", fullmatch=True
        ),
    }
    optional: Fields = {
        "label": lines(),
        "preferred": st.booleans(),
        "valid": st.sampled_from(("unknown", "ok", "bounced")),
        "do_not_use": st.booleans(),
    }
    return word(PointKind).flatmap(
        lambda kind: made(
            ContactPoint, {"kind": st.just(kind), "value": values.get(kind, said())}, optional
        )
    )


def _positions() -> st.SearchStrategy[Position]:
    ends = st.tuples(partial_dates(), partial_dates()).filter(lambda two: not two[1].before(two[0]))
    spans = ends.flatmap(
        lambda two: st.sampled_from(
            [{}, {"start": two[0]}, {"end": two[1]}, {"start": two[0], "end": two[1]}]
        )
    )
    optional: Fields = {
        "organisation_id": ids(),
        "fields": several(labels()),
        "seen_on": days(),
        "source": lines(),
    }

    def one(named: str, also: str, span: dict[str, PartialDate]) -> st.SearchStrategy[Position]:
        fixed = {key: st.just(value) for key, value in span.items()}
        return made(Position, {named: said(), **fixed}, {also: lines(), **optional})

    return spans.flatmap(
        lambda span: one("title", "organisation", span) | one("organisation", "title", span)
    )


def _first_met() -> st.SearchStrategy[FirstMet]:
    optional = {"on": partial_dates(), "place": lines(), "through": ids()}
    return made(FirstMet, {}, optional)


def _states() -> st.SearchStrategy[State]:
    optional = {"kind": word(StateKind), "reason": lines(), "by": lines(), "on": days()}
    return made(State, {}, optional)


def _origins() -> st.SearchStrategy[Origin]:
    texts = st.dictionaries(labels(), lines(), max_size=3)
    optional = {"source": lines(), "key": lines(), "said": texts, "kept": texts, "gone_on": days()}
    return made(Origin, {}, optional)


def contacts() -> st.SearchStrategy[Contact]:
    """Anyone in a network. Two may share a handle, which a network does not allow."""
    texts = (
        "given", "family", "pronunciation", "pronouns", "hint", "preferred_channel", "language",
        "location", "source_detail", "note",
    )  # fmt: skip
    sets = ("relations", "circles", "tags", "fields", "roles")
    return made(
        Contact,
        {"id": ids(), "name": said(), "handle": labels(), "added_on": days()},
        {
            **dict.fromkeys(texts, lines()),
            **dict.fromkeys(sets, several(labels())),
            **dict.fromkeys(("is_me", "is_placeholder", "kin"), st.booleans()),
            **dict.fromkeys(("aliases", "rapport"), several(lines())),
            "points": several(_points()),
            "time_zone": st.sampled_from(("", *ZONES)),
            "positions": several(_positions()),
            "source": st.sampled_from(SOURCES),
            "first_met": _first_met(),
            "connected_on": days(),
            "occasions": several(made(Occasion, {"on": partial_dates()}, {"label": lines()})),
            "state": _states(),
            "origins": several(_origins()),
        },
    )


def _participants(contact_ids: Sequence[str]) -> st.SearchStrategy[list[Participant]]:
    person = made(Participant, {"contact": st.sampled_from(contact_ids)}, {"role": word(Role)})
    return st.lists(person, min_size=1, max_size=3, unique_by=lambda one: one.contact)


def interactions(contact_ids: Sequence[str]) -> st.SearchStrategy[Interaction]:
    """What happened between me and one to three of these contacts."""
    optional: Fields = {
        "channel": word(Channel),
        "minutes": st.integers(1, 100_000),
        "touch": st.booleans(),
        "delivered": st.sampled_from(YES_NO),
        "confidential": st.booleans(),
        "interview": ids(),
        **dict.fromkeys(("subject", "text", "thread", "ref"), lines()),
    }

    def one(kind: str, direction: str) -> st.SearchStrategy[Interaction]:
        answers = kind in ("accept", "decline", "defer")  # what they say
        required: Fields = {
            "id": ids(),
            "occurred": moments(),
            "logged_at": instants(),
            "participants": _participants(contact_ids),
            "kind": st.just(kind),
            "direction": st.just("inbound" if answers else direction),
        }
        until: Fields = {"until": days()} if kind == "defer" else {}
        return made(Interaction, required, {**optional, **until})

    return st.tuples(word(Kind), word(Direction)).flatmap(lambda chosen: one(*chosen))


def meetings(contact_ids: Sequence[str]) -> st.SearchStrategy[Meeting]:
    """Meetings with one to three of these contacts, to come or over."""
    optional: Fields = {
        "format": word(Format),
        "confirmed_on": moments(),
        "interview": ids(),
        **dict.fromkeys(("minutes", "travel_minutes"), st.integers(1, 100_000)),
        **dict.fromkeys(("subject", "place", "ref"), lines()),
    }

    def one(booked: LocalMoment, ended: LocalMoment) -> st.SearchStrategy[Meeting]:
        required: Fields = {
            "id": ids(),
            "start": moments(),
            "booked_on": st.just(booked),
            "participants": _participants(contact_ids),
        }
        end: Fields = {"ended": word(Ended).filter(bool), "ended_on": st.just(ended)}
        return made(Meeting, required, optional, together=end)

    two = st.tuples(moments(), moments()).map(lambda pair: sorted(pair, key=lambda one: one.date))
    return two.flatmap(lambda pair: one(*pair))


def referrals(contact_ids: Sequence[str]) -> st.SearchStrategy[Referral]:
    """Who pointed me to whom, among these contacts; there must be two."""
    optional: Fields = {
        "mode": word(Mode),
        "may_use_name": st.sampled_from(YES_NO),
        "context": lines(),
        "interaction": ids(),
        "at": moments(),
        "steps": several(made(ReferralStep, {"step": word(Step), "on": dated()}, {})),
    }

    def one(referrer: str, referred: str) -> st.SearchStrategy[Referral]:
        required: Fields = {
            "id": ids(),
            "referrer": st.just(referrer),
            "referred": st.just(referred),
            "made_on": dated(),
        }
        return made(Referral, required, optional)

    return _two(contact_ids).flatmap(lambda pair: one(*pair))


def acquaintances(contact_ids: Sequence[str]) -> st.SearchStrategy[Acquaintance]:
    """Who knows whom, among these contacts; there must be two."""
    required: Fields = {"id": ids(), "contacts": _two(contact_ids), "noted_on": moments()}
    optional: Fields = {"how": lines(), "told_by": st.sampled_from(contact_ids)}
    return made(Acquaintance, required, optional)


def introductions(contact_ids: Sequence[str]) -> st.SearchStrategy[Introduction]:
    """Whom I introduce to whom, among these contacts; there must be two."""

    def step(people: Sequence[str], what: str) -> st.SearchStrategy[IntroductionStep]:
        by_one = what in ("asked", "agreed", "declined")
        who: Fields = {"contact": st.sampled_from(people)} if by_one else {}
        return made(IntroductionStep, {"what": st.just(what), "on": moments(), **who}, {})

    def one(people: Sequence[str]) -> st.SearchStrategy[Introduction]:
        required: Fields = {"id": ids(), "contacts": st.just(people), "begun_on": moments()}
        steps = several(word(Turn).flatmap(lambda what: step(people, what)))
        return made(Introduction, required, {"context": lines(), "steps": steps})

    return _two(contact_ids).flatmap(one)


def _two(contact_ids: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(contact_ids), min_size=2, max_size=2, unique=True)


def _selectors() -> st.SearchStrategy[Selector]:
    labelled = st.builds(Selector, kind=st.sampled_from(("circle", "tag", "field")), value=labels())
    interview = word(Stage).map(lambda stage: Selector(kind="interview", value=stage))
    bare = st.sampled_from(("kin", "all")).map(Selector.parse)
    source = st.sampled_from(SOURCES).map(lambda source: Selector(kind="source", value=source))
    contact = ids().map(lambda contact: Selector(kind="contact", value=contact))
    return st.one_of(labelled, interview, bare, source, contact)


def cadences() -> st.SearchStrategy[Cadence]:
    """Rules for how often to be in touch."""
    optional: Fields = {
        "name": lines(),
        "grace": intervals(),
        "priority": st.integers(-100, 100),
        "roll": word(Roll),
        "weekdays": st.frozensets(st.integers(0, 6)),
        "jitter": st.floats(0, 0.25),
        "backoff": st.booleans(),
        "enabled": st.booleans(),
    }

    def one(since: date | None, until: date | None) -> st.SearchStrategy[Cadence]:
        required: Fields = {
            "id": ids(),
            "selector": _selectors(),
            "every": st.none() | intervals(),
            "since": st.just(since),
            "until": st.just(until),
        }
        return made(Cadence, required, optional)

    return st.tuples(spans(), st.booleans(), st.booleans()).flatmap(
        lambda drawn: one(drawn[0][0] if drawn[1] else None, drawn[0][1] if drawn[2] else None)
    )


def by_kind(contact_ids: Sequence[str]) -> dict[str, st.SearchStrategy[Entity]]:
    """Records that people make, and that are about these contacts, by kind."""
    return {
        "contact": contacts(),
        "interaction": interactions(contact_ids),
        "meeting": meetings(contact_ids),
        "referral": referrals(contact_ids),
        "acquaintance": acquaintances(contact_ids),
        "introduction": introductions(contact_ids),
        "cadence": cadences(),
        **interviews.by_kind(contact_ids),
    }
