"""What now? What is owed, the meetings, and whom to get back to, in one list."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.time import BusinessCalendar, LocalMoment
from netcrm.rules.agenda import ONE_MESSAGE, AgendaItem, agenda, working_days
from netcrm.rules.course import Appointment
from netcrm.rules.due import Due, Person, Reason, Touch
from netcrm.rules.obligations import Obligation
from tests.test_rules_course import LONDON, NEW_YORK, TOKYO, at, moments

FRIDAY = date(2026, 3, 6)


def owed(kind: str = "thank_you", who: str = "ana", due: str = "6", **fields: Any) -> Obligation:
    """Return something owed, on the agenda from its day on."""
    when = at(due) if due else None
    shown = fields.pop("shown_from", when.date if when else FRIDAY)
    return Obligation(kind, who, fields.pop("cause", "c"), when, shown, "because", **fields)


def meeting(start: str = "6T15:00", **fields: Any) -> Appointment:
    """Return a planned meeting with Ana."""
    return Appointment("m", at(start), at("2"), fields.pop("people", ("ana",)), **fields)


def answer(who: str = "eve", due: str = "6", status: Any = "due", **fields: Any) -> Due:
    """Return who is due for staying in touch."""
    person = Person(id=who, name=who, handle=who, added_on=date(2026, 1, 1))
    return Due(person=person, as_of=FRIDAY, status=status, due=at(due).date, **fields)


def listed(
    as_of: str, *these: Obligation | Appointment | Due, until: int = 0, **options: Any
) -> list[AgendaItem]:
    """Return the agenda of a moment of March, up to a day; that day only without it."""
    when = at(as_of)
    return agenda(
        [one for one in these if isinstance(one, Obligation)],
        [one for one in these if isinstance(one, Appointment)],
        [one for one in these if isinstance(one, Due)],
        as_of=when,
        until=date(2026, 3, until) if until else when.date,
        **options,
    )


class TestOwed:
    """What is owed and not done."""

    def test_is_told_as_it_is(self) -> None:
        """With its name, by which it can be waived."""
        one = owed(interview="i", due="6T18:30")
        assert listed("6", one) == [
            AgendaItem(
                when=at("6T18:30"), action="thank_you", contact="ana", because="because",
                key="thank_you:c:ana", interview="i", fact="c",
            )
        ]  # fmt: skip

    def test_what_is_done_or_waived_is_not(self) -> None:
        """Nor does it keep anybody else from the list."""
        for done in (owed(done=at("5")), owed(waived=at("5"))):
            items = listed("6", done, answer("ana"))
            assert [item.action for item in items] == ["keep_in_touch"]

    @pytest.mark.parametrize(
        ("due", "shown", "until", "there"),
        [
            ("7", 6, 6, True),
            ("7", 7, 6, False),
            ("7", 7, 7, True),
            ("5", 7, 6, True),
            ("6T09:00", 7, 6, True),
            ("", 6, 6, True),
            ("", 7, 6, False),
        ],
    )
    def test_from_its_day_on_or_when_it_is_due(
        self, due: str, shown: int, until: int, there: bool
    ) -> None:
        """Nothing of the future, unless it is asked for."""
        one = owed(due=due, shown_from=date(2026, 3, shown))
        assert bool(listed("6", one, until=until)) == there

    @pytest.mark.parametrize(
        ("due", "as_of", "late", "days"),
        [
            ("6", "6T23:59", False, 0),
            ("6", "7", True, 0),  # Saturday
            ("6", "9", True, 1),
            ("6", "10", True, 2),
            ("3", "6", True, 3),
            ("6T12:00", "6T12:00", False, 0),
            ("6T12:00", "6T12:01", True, 0),
            ("6T12:00", "6", False, 0),
            ("", "20", False, 0),
        ],
    )
    def test_lateness_is_counted_in_working_days(
        self, due: str, as_of: str, late: bool, days: int
    ) -> None:
        """From the day after it was due."""
        (item,) = listed(as_of, owed(due=due))
        assert (item.late, item.days_late) == (late, days)

    def test_holidays_do_not_count(self) -> None:
        """Monday is free."""
        free = BusinessCalendar(holidays=frozenset({date(2026, 3, 9)}))
        (item,) = listed("10", owed(), calendar=free)
        assert item.days_late == 1

    def test_what_one_message_can_do_is_told(self) -> None:
        """To the same person; a promise or a debrief takes more."""
        thanks, news = owed(), owed("report_back", cause="d")
        rest = (
            owed("debrief"),
            owed("thank_you", "ben"),
            owed("report_back", cause="e", done=at("5")),
        )
        items = {item.key: item.together for item in listed("6", thanks, news, *rest)}
        assert items == {
            "thank_you:c:ana": ("report_back:d:ana",),
            "report_back:d:ana": ("thank_you:c:ana",),
            "debrief:c:ana": (),
            "thank_you:c:ben": (),
        }
        ahead = owed("tell_outcome", due="9")
        assert listed("6", thanks, ahead)[0].together == ()
        assert {
            "report_back", "tell_outcome", "thank_you", "owe_reply", "ack_introduction",
        } == ONE_MESSAGE  # fmt: skip


class TestMeetings:
    """Meetings that are to come."""

    def test_are_told_with_their_kind_length_and_place(self) -> None:
        """Those of an interview are called so."""
        assert listed("6", meeting()) == [
            AgendaItem(at("6T15:00"), "meeting", "ana", "in person", fact="m")
        ]
        (item,) = listed("6", meeting(minutes=30, place="Main St 5", interview="i", format="video"))
        assert (item.action, item.interview) == ("interview", "i")
        assert item.because == "video, 30 min, Main St 5"
        assert listed("6", meeting(people=()))[0].contact == ""
        assert listed("6", meeting(people=("ben", "ana")))[0].contact == "ben"

    @pytest.mark.parametrize(
        ("start", "as_of", "until", "there"),
        [
            ("6T15:00", "6T14:59", 6, True),
            ("6T15:00", "6T15:00", 6, False),
            ("6T15:00", "6", 6, True),
            ("6", "6T23:00", 6, True),
            ("7T00:00", "6", 6, False),
            ("7T00:00", "6", 7, True),
            ("5T15:00", "6", 6, False),
        ],
    )
    def test_until_they_begin(self, start: str, as_of: str, until: int, there: bool) -> None:
        """And only as far ahead as is asked for."""
        assert bool(listed(as_of, meeting(start), until=until)) == there

    def test_one_that_came_to_an_end_is_not_to_come(self) -> None:
        """However it did."""
        for ended in ("cancelled", "moved", "called_off", "held"):
            assert not listed("5", meeting(ended=ended), until=9)

    def test_far_away_it_is_told_by_the_clock_at_home(self) -> None:
        """With theirs beside it."""
        tokyo = meeting()._replace(start=at("6T08:00", TOKYO), place="by phone")
        (item,) = listed("5", tokyo, home=NEW_YORK)
        assert item.when == at("5T18:00")
        assert item.because == "in person, by phone, 08:00 Asia/Tokyo"
        assert listed("5", meeting()._replace(start=at("5T15:00")), home=NEW_YORK)[0].because == (
            "in person"
        )
        assert not listed("5", tokyo)
        assert listed("6", meeting("6"), home=NEW_YORK)[0].when == at("6")

    def test_so_is_what_is_owed(self) -> None:
        """The day at home decides."""
        thanks = owed(shown_from=date(2026, 3, 20))._replace(due=at("6T08:00", TOKYO))
        (item,) = listed("5", thanks, home=NEW_YORK)
        assert item.when == at("5T18:00")
        assert not listed("5", thanks)

    def test_a_week_later_london_is_an_hour_nearer(self) -> None:
        """Between the two changes of the clocks, four o'clock there is noon here."""
        for day, clock in ((24, "24T12:00"), (31, "31T11:00")):
            one = meeting()._replace(start=at(f"{day}T16:00", LONDON))
            (item,) = listed(f"{day}T09:00", one, home=NEW_YORK)
            assert item.when == at(clock)


class TestStayingInTouch:
    """Who is due for it."""

    def test_with_the_rhythm_and_the_last_touch(self) -> None:
        """Late once they are overdue."""
        why = (Reason("x", "", "no"), Reason("rule", "every month", "1 month"))
        one = answer(due="5", reasons=why, last_touch=Touch(on=date(2026, 2, 5), id="t"))
        assert listed("9", one) == [
            AgendaItem(at("5"), "keep_in_touch", "eve", "1 month", fact="t")
        ]
        (late,) = listed("9", answer(due="5", status="overdue"))
        assert (late.late, late.days_late, late.because, late.fact) == (True, 2, "", "")

    def test_who_is_to_hear_from_me_anyhow_is_left_out(self) -> None:
        """Or is to be met."""
        for other in (owed(), meeting()):
            items = listed("6", other, answer("ana"), answer("eve"))
            assert [item.contact for item in items if item.action == "keep_in_touch"] == ["eve"]
        assert len(listed("6", owed(due="9"), answer("ana"))) == 1


class TestOrder:
    """What is late comes first, then all by time."""

    def test_of_an_ordinary_day(self) -> None:
        """What is to be done on a day comes before what has an hour."""
        these = (
            owed("debrief"), owed("report_back", due="4"), owed("thank_you", due="6T18:30"),
            owed("owe_reply", due="5"), owed("prepare", due=""), meeting("6T12:00"),
            answer("eve", "2", "overdue"), answer("zoe"),
        )  # fmt: skip
        assert [item.action for item in listed("6T09:00", *these)] == [
            "keep_in_touch", "report_back", "owe_reply", "debrief", "keep_in_touch", "meeting",
            "thank_you", "prepare",
        ]  # fmt: skip

    @given(st.integers(0, 999))
    def test_does_not_depend_on_how_they_come(self, seed: int) -> None:
        """Of one time they are by kind, person and name."""
        these = [
            owed(kind, who, due, cause=cause)
            for kind in ("thank_you", "debrief")
            for who in ("ana", "ben")
            for due in ("5", "6", "6T10:00")
            for cause in (f"c{due}", f"d{due}")
        ]
        mixed = random.Random(seed).sample(these, len(these))
        items = listed("6T09:00", *mixed)

        def plain(items: list[AgendaItem]) -> list[AgendaItem]:
            return [item._replace(together=()) for item in items]

        assert plain(items) == plain(listed("6T09:00", *these))
        shown = [(item.action, item.contact, item.key) for item in items if item.late]
        assert shown == sorted(shown)
        assert [item.late for item in items] == [True] * 8 + [False] * 16

    @given(st.lists(moments(), max_size=6), moments(), st.integers(0, 5))
    def test_nothing_is_lost_and_nothing_is_there_twice(
        self, dues: list[LocalMoment], as_of: LocalMoment, ahead: int
    ) -> None:
        """What is there is due by then or was to be shown by then."""
        these = [
            Obligation("debrief", "ana", f"c{n}", due, due.date, "") for n, due in enumerate(dues)
        ]
        until = date(2026, 3, 5 + ahead)
        items = agenda(these, (), (), as_of=as_of, until=until)
        expected = [one.key for one in these if one.due and one.due.date <= until]
        assert sorted(item.key for item in items) == sorted(expected)
        assert all(item.days_late == 0 for item in items if not item.late)


@pytest.mark.parametrize(
    ("after", "until", "days"), [(6, 6, 0), (6, 8, 0), (6, 9, 1), (2, 6, 4), (2, 9, 5), (9, 6, 0)]
)
def test_working_days_between_two_days(after: int, until: int, days: int) -> None:
    """Without the first, with the last."""
    found = working_days(date(2026, 3, after), date(2026, 3, until), BusinessCalendar())
    assert found == days
