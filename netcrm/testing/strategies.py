"""Hypothesis strategies for valid values of the model, each optional field and `extra` included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar, get_args

from hypothesis import strategies as st

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
from netcrm.model.interaction import Channel, Direction, Interaction, Kind, Participant, Role
from netcrm.model.referral import Mode, Referral, ReferralStep, Step
from netcrm.model.time import Interval, LocalMoment, PartialDate, Roll

T = TypeVar("T")
_Fields = Mapping[str, st.SearchStrategy[Any]]

_ZONES: Final = (
    "UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati",
    "Pacific/Pago_Pago", "Australia/Lord_Howe",
)  # fmt: skip
_LONGEST: Final = {"day": 36_525, "week": 5_217, "month": 1_200, "year": 100}
_YES_NO: Final = ("yes", "no", "unknown")


def _words(literal: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(literal))


def _made(cls: Callable[..., T], required: _Fields, optional: _Fields) -> st.SearchStrategy[T]:
    """Build values of a class, with and without each optional field, and with unknown keys."""
    fields = st.fixed_dictionaries(dict(required), optional={**optional, "extra": _extra()})
    return fields.map(lambda said: cls(**said))


def _characters() -> st.SearchStrategy[str]:
    return st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def _lines() -> st.SearchStrategy[str]:
    return st.text(_characters(), max_size=12)


def _said() -> st.SearchStrategy[str]:
    """Give a line that says something."""
    return st.text(_characters(), min_size=1, max_size=12).filter(str.strip)


def _several(each: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    return st.lists(each, max_size=3)


def _labels() -> st.SearchStrategy[str]:
    return st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)


def _ids() -> st.SearchStrategy[str]:
    return st.uuids().map(lambda made: made.hex)


def _json() -> st.SearchStrategy[Any]:
    numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    plain = st.none() | st.booleans() | numbers | _lines()
    return st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_lines(), inner, max_size=2),
        max_leaves=4,
    )


def _extra() -> st.SearchStrategy[dict[str, Any]]:
    """Keys of plugins and of later versions."""
    return st.dictionaries(_lines().map("x-{}".format), _json(), max_size=2)


def _days() -> st.SearchStrategy[date]:
    return st.dates(date(1900, 1, 1), date(2100, 12, 31))


def _instants() -> st.SearchStrategy[datetime]:
    begin, years = datetime(1970, 1, 2, tzinfo=UTC), timedelta(days=130 * 365)
    return st.timedeltas(timedelta(), years).map(lambda later: begin + later)


def partial_dates() -> st.SearchStrategy[PartialDate]:
    """Years, months, days, and days without a year."""
    leap = st.dates(date(2000, 1, 1), date(2000, 12, 31))
    return st.one_of(
        _days().map(PartialDate.of),
        _days().map(lambda day: PartialDate(year=day.year)),
        _days().map(lambda day: PartialDate(year=day.year, month=day.month)),
        leap.map(lambda day: PartialDate(month=day.month, day=day.day)),
    )


def moments() -> st.SearchStrategy[LocalMoment]:
    """Days, and times of day in zones, some of them while clocks change."""
    return st.one_of(
        _days().map(LocalMoment.on),
        st.builds(LocalMoment.of, _instants(), st.sampled_from(_ZONES)),
        st.builds(
            LocalMoment.at,
            _instants().map(lambda instant: instant.replace(tzinfo=None)),
            st.sampled_from(_ZONES),
        ),
    )


def intervals() -> st.SearchStrategy[Interval]:
    """Rhythms, from a day to a hundred years."""
    return st.sampled_from(sorted(_LONGEST)).flatmap(
        lambda unit: st.builds(Interval, n=st.integers(1, _LONGEST[unit]), unit=st.just(unit))
    )


def _points() -> st.SearchStrategy[ContactPoint]:
    values: dict[str, st.SearchStrategy[str]] = {
        "email": st.from_regex(r"[a-z0-9.+]{1,8}@[a-z0-9.-]{1,8}", fullmatch=True),
        "phone": st.from_regex(r"\+?[0-9 ()-]{0,6}[0-9]", fullmatch=True),
        "url": st.from_regex(
            r"(https://)?[a-z0-9.-]{1,8}(/[a-zA-Z0-9?=&%-]{1,8})?", fullmatch=True
        ),
    }
    optional: _Fields = {
        "label": _lines(),
        "preferred": st.booleans(),
        "valid": st.sampled_from(("unknown", "ok", "bounced")),
        "do_not_use": st.booleans(),
    }
    return _words(PointKind).flatmap(
        lambda kind: _made(
            ContactPoint, {"kind": st.just(kind), "value": values.get(kind, _said())}, optional
        )
    )


def _positions() -> st.SearchStrategy[Position]:
    ends = st.tuples(partial_dates(), partial_dates()).filter(lambda two: not two[1].before(two[0]))
    spans = ends.flatmap(
        lambda two: st.sampled_from(
            [{}, {"start": two[0]}, {"end": two[1]}, {"start": two[0], "end": two[1]}]
        )
    )
    optional: _Fields = {
        "organisation_id": _ids(),
        "fields": _several(_labels()),
        "seen_on": _days(),
        "source": _lines(),
    }

    def made(named: str, also: str, span: dict[str, PartialDate]) -> st.SearchStrategy[Position]:
        fixed = {key: st.just(value) for key, value in span.items()}
        return _made(Position, {named: _said(), **fixed}, {also: _lines(), **optional})

    return spans.flatmap(
        lambda span: made("title", "organisation", span) | made("organisation", "title", span)
    )


def _first_met() -> st.SearchStrategy[FirstMet]:
    optional = {"on": partial_dates(), "place": _lines(), "through": _ids()}
    return _made(FirstMet, {}, optional)


def _states() -> st.SearchStrategy[State]:
    optional = {"kind": _words(StateKind), "reason": _lines(), "by": _lines(), "on": _days()}
    return _made(State, {}, optional)


def _origins() -> st.SearchStrategy[Origin]:
    said = st.dictionaries(_labels(), _lines(), max_size=3)
    optional = {"source": _lines(), "key": _lines(), "said": said, "kept": said, "gone_on": _days()}
    return _made(Origin, {}, optional)


def contacts() -> st.SearchStrategy[Contact]:
    """Anyone in a network. Two may share a handle, which a network does not allow."""
    texts = (
        "given", "family", "pronunciation", "pronouns", "hint", "preferred_channel", "language",
        "location", "source_detail", "note",
    )  # fmt: skip
    labels = ("relations", "circles", "tags", "fields", "roles")
    return _made(
        Contact,
        {"id": _ids(), "name": _said(), "handle": _labels(), "added_on": _days()},
        {
            **dict.fromkeys(texts, _lines()),
            **dict.fromkeys(labels, _several(_labels())),
            **dict.fromkeys(("is_me", "is_placeholder", "kin"), st.booleans()),
            **dict.fromkeys(("aliases", "rapport"), _several(_lines())),
            "points": _several(_points()),
            "time_zone": st.sampled_from(("", *_ZONES)),
            "positions": _several(_positions()),
            "source": st.sampled_from(SOURCES),
            "first_met": _first_met(),
            "connected_on": _days(),
            "occasions": _several(_made(Occasion, {"on": partial_dates()}, {"label": _lines()})),
            "state": _states(),
            "origins": _several(_origins()),
        },
    )


def interactions(contact_ids: Sequence[str]) -> st.SearchStrategy[Interaction]:
    """What happened between me and one to three of these contacts."""
    participants = st.lists(
        _made(Participant, {"contact": st.sampled_from(contact_ids)}, {"role": _words(Role)}),
        min_size=1,
        max_size=3,
        unique_by=lambda person: person.contact,
    )
    optional: _Fields = {
        "channel": _words(Channel),
        "minutes": st.integers(1, 100_000),
        "touch": st.booleans(),
        "delivered": st.sampled_from(_YES_NO),
        "confidential": st.booleans(),
        **dict.fromkeys(("subject", "text", "thread", "ref"), _lines()),
    }

    def made(kind: str, direction: str) -> st.SearchStrategy[Interaction]:
        answers = kind in ("accept", "decline", "defer")  # what they say
        required: _Fields = {
            "id": _ids(),
            "occurred": moments(),
            "logged_at": _instants(),
            "participants": participants,
            "kind": st.just(kind),
            "direction": st.just("inbound" if answers else direction),
        }
        return _made(Interaction, required, optional)

    return st.tuples(_words(Kind), _words(Direction)).flatmap(lambda chosen: made(*chosen))


def referrals(contact_ids: Sequence[str]) -> st.SearchStrategy[Referral]:
    """Who pointed me to whom, among these contacts; there must be two."""
    two = st.lists(st.sampled_from(contact_ids), min_size=2, max_size=2, unique=True)
    optional: _Fields = {
        "mode": _words(Mode),
        "may_use_name": st.sampled_from(_YES_NO),
        "context": _lines(),
        "interaction": _ids(),
        "steps": _several(_made(ReferralStep, {"step": _words(Step), "on": partial_dates()}, {})),
    }

    def made(referrer: str, referred: str) -> st.SearchStrategy[Referral]:
        required: _Fields = {
            "id": _ids(),
            "referrer": st.just(referrer),
            "referred": st.just(referred),
            "made_on": partial_dates(),
        }
        return _made(Referral, required, optional)

    return two.flatmap(lambda pair: made(*pair))


def _selectors() -> st.SearchStrategy[Selector]:
    labelled = st.builds(
        Selector, kind=st.sampled_from(("circle", "tag", "field")), value=_labels()
    )
    bare = st.sampled_from(("kin", "all")).map(Selector.parse)
    source = st.sampled_from(SOURCES).map(lambda source: Selector(kind="source", value=source))
    contact = _ids().map(lambda contact: Selector(kind="contact", value=contact))
    return st.one_of(labelled, bare, source, contact)


def cadences() -> st.SearchStrategy[Cadence]:
    """Rules for how often to be in touch."""
    spans = st.lists(_days(), min_size=2, max_size=2).map(sorted)
    optional: _Fields = {
        "name": _lines(),
        "grace": intervals(),
        "priority": st.integers(-100, 100),
        "roll": _words(Roll),
        "weekdays": st.frozensets(st.integers(0, 6)),
        "jitter": st.floats(0, 0.25),
        "backoff": st.booleans(),
        "enabled": st.booleans(),
    }

    def made(since: date | None, until: date | None) -> st.SearchStrategy[Cadence]:
        required: _Fields = {
            "id": _ids(),
            "selector": _selectors(),
            "every": st.none() | intervals(),
            "since": st.just(since),
            "until": st.just(until),
        }
        return _made(Cadence, required, optional)

    return st.tuples(spans, st.booleans(), st.booleans()).flatmap(
        lambda drawn: made(drawn[0][0] if drawn[1] else None, drawn[0][1] if drawn[2] else None)
    )
