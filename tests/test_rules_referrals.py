"""What came of a referral, from what was noted, from interviews, and from other talks."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.time import LocalMoment
from netcrm.rules.course import Talk, Turn
from netcrm.rules.obligations import Obligation, Pointer
from netcrm.rules.referrals import (
    History,
    Traced,
    happened,
    is_new,
    is_unnamed,
    ledgers,
    place_in,
    traced,
)
from tests.test_rules_course import at, course
from tests.test_rules_obligations import facts, heard, met, wrote

POINTER = Pointer("p", "ben", "ana", date(2026, 3, 2))


def came_of(day: str, *talks: Talk, pointer: Pointer = POINTER, asked: bool = True, **more) -> str:
    """Return the status of Ben's referral to Ana on a day of March, and since when."""
    told = facts(at(day), course(*talks, **more)) if asked else facts(at(day), talks=talks)
    found = traced(pointer, History(told))
    return f"{found.status} {found.since}"


class TestWhatIsNoted:
    """Steps that were written down."""

    @pytest.mark.parametrize(
        ("mode", "status"),
        [
            ("name_only", "suggested"), ("offered", "offered"), ("double_opt_in", "offered"),
            ("direct", "introduced"), ("", "suggested"),
        ],
    )  # fmt: skip
    def test_it_begins_with_what_they_offered(self, mode: str, status: str) -> None:
        found = traced(POINTER._replace(mode=mode), History(facts(at("6"))))
        assert (found.status, found.since) == (status, at("2"))
        assert found.is_waiting
        assert not found.is_over
        assert not found.was_used

    @pytest.mark.parametrize(
        ("steps", "status"),
        [
            ("requested3", "requested"), ("introduced3 requested4", "introduced"),
            ("contacted3 introduced4", "contacted"), ("met3 contacted4", "met"),
            ("declined_by_referrer3", "declined_by_referrer"), ("withdrawn3", "withdrawn"),
            ("contacted3 declined4", "declined"), ("contacted3 no_response4", "no_response"),
            ("met3 declined4", "met"), ("no_response3 contacted4", "contacted"),
            ("declined3 met4", "met"), ("requested3 declined_by_referrer4", "declined_by_referrer"),
            ("suggested3", "suggested"), ("met3 withdrawn3", "met"),
        ],
    )  # fmt: skip
    def test_it_moves_forward_ends_and_begins_again(self, steps: str, status: str) -> None:
        said = tuple((word[:-1], at(word[-1])) for word in steps.split())
        for order in (said, said[::-1]):
            found = traced(POINTER._replace(steps=order), History(facts(at("9"))))
            assert found.status == status

    def test_it_stands_so_since_the_first_time(self) -> None:
        steps = (("contacted", at("4")), ("contacted", at("5")), ("introduced", at("6")))
        found = traced(POINTER._replace(steps=steps), History(facts(at("9"))))
        assert (found.status, found.since) == ("contacted", at("4"))

    def test_what_is_over_is_neither_waiting_nor_lost(self) -> None:
        over = {"declined_by_referrer", "declined", "no_response", "withdrawn"}
        used = {"contacted", "met", "declined", "no_response"}
        for status in (*over, *used, "suggested", "offered", "requested", "introduced"):
            one = Traced(POINTER, status, at("3"))  # type: ignore[arg-type]
            assert one.is_over == (status in over)
            assert one.was_used == (status in used)
            assert one.is_waiting == (status not in over | used)

    @given(st.lists(st.tuples(st.sampled_from(["met", "declined", "bogus", "contacted"]),
                              st.integers(2, 9)), max_size=6))  # fmt: skip
    def test_nothing_that_is_noted_breaks_it_and_met_stays_met(self, steps) -> None:
        said = tuple((what, at(str(day))) for what, day in steps)
        found = traced(POINTER._replace(steps=said), History(facts(at("9"))))
        assert (found.status == "met") == ("met" in dict(steps))


class TestInterviews:
    """The interview with somebody says what came of being pointed to them."""

    ASKED = wrote("r", "3T09:00", "request")

    def test_a_request_is_contact_and_a_talk_is_meeting(self) -> None:
        assert came_of("4T09:00") == "suggested 2026-03-02"
        assert came_of("4T09:00", self.ASKED).startswith("contacted 2026-03-03")
        assert came_of("6T09:00", self.ASKED, met("5")).startswith("met 2026-03-05")

    def test_no_is_no_and_no_answer_is_none(self) -> None:
        said = came_of("6T09:00", self.ASKED, heard("d", "4T09:00", "decline"))
        assert said.startswith("declined 2026-03-04")
        silent = came_of("30T09:00", self.ASKED, wrote("f", "12T09:00", "follow_up"))
        assert silent.startswith("no_response")
        assert came_of("9", self.ASKED, turns=(Turn("drop", at("5")),)).startswith("contacted")

    def test_one_that_began_before_is_not_by_it(self) -> None:
        late = POINTER._replace(made_on=date(2026, 3, 4))
        assert came_of("6T09:00", self.ASKED, met("5"), pointer=late) == "suggested 2026-03-04"
        named = came_of("6T09:00", self.ASKED, met("5"), pointer=late, referral="p")
        assert named.startswith("met")

    def test_of_one_the_notes_say_nothing_more(self) -> None:
        noted = POINTER._replace(steps=(("met", at("3")), ("introduced", at("2"))))
        assert came_of("4T09:00", self.ASKED, pointer=noted).startswith("contacted 2026-03-03")

    def test_what_the_interview_cannot_tell_is_still_noted(self) -> None:
        ended = POINTER._replace(steps=(("withdrawn", at("5")), ("met", at("3"))))
        assert came_of("9", self.ASKED, pointer=ended) == "withdrawn 2026-03-05"

    def test_a_chat_beside_it_is_not_the_interview(self) -> None:
        coffee = Talk("c", at("4T09:00"), channel="in_person", people=("ana",))
        told = facts(at("6"), course(self.ASKED), talks=(coffee,))
        assert traced(POINTER, History(told)).status == "contacted"

    def test_after_a_second_letter_there_is_no_more_silence_to_tell(self) -> None:
        again = course(self.ASKED, wrote("f", "9T09:00", "follow_up"))
        history = History(facts(at("20T12:00"), again))
        assert "silent" not in [one.what for one in happened(POINTER, history)]

    def test_silence_is_told_and_is_no_status(self) -> None:
        history = History(facts(at("10T12:00"), course(self.ASKED)))
        assert [one.what for one in happened(POINTER, history)] == ["contacted", "silent"]
        assert traced(POINTER, history).status == "contacted"


class TestTalks:
    """Also who was met without asking for an interview was met."""

    def test_a_coffee_is_meeting_and_a_message_is_contact(self) -> None:
        coffee = Talk("c", at("4T09:00"), channel="in_person", people=("ana",))
        assert came_of("6", coffee, asked=False).startswith("met 2026-03-04")
        by_chat, called = coffee._replace(channel="chat"), coffee._replace(direction="outbound")
        for talk in (wrote("m", "4T09:00"), heard("h", "4T09:00"), by_chat, called):
            assert came_of("6", talk, asked=False).startswith("contacted 2026-03-04")

    def test_only_what_came_after_it_and_only_with_them(self) -> None:
        assert came_of("6", wrote("m", "1T09:00"), asked=False) == "suggested 2026-03-02"
        other = wrote("m", "4T09:00", "message", "eve", copied=("ana",))
        assert came_of("6", other, asked=False) == "suggested 2026-03-02"

    def test_an_introduction_by_who_pointed_me_there_is_one(self) -> None:
        mail = heard("i", "4T09:00", "introduction", "ben", copied=("ana",))
        assert came_of("6", mail, asked=False).startswith("introduced 2026-03-04")
        by_another = heard("i", "4T09:00", "introduction", "eve", copied=("ana",))
        assert came_of("6", by_another, asked=False).startswith("suggested")
        mine = mail._replace(direction="outbound")
        assert came_of("6", mine, asked=False).startswith("suggested")

    def test_several_talks_are_one_meeting(self) -> None:
        coffees = [Talk(id_, at(f"{day}T09:00"), channel="in_person", people=("ana",))
                   for id_, day in (("c", 4), ("d", 5))]  # fmt: skip
        history = History(facts(at("6"), talks=tuple(coffees)))
        assert [(one.what, one.cause) for one in happened(POINTER, history)] == [("met", "c")]


class TestLedgers:
    """What each did for me, and what I owe them for it."""

    def test_each_has_their_referrals_and_what_is_owed_to_them(self) -> None:
        made = [Traced(POINTER, "met", at("3")),
                Traced(POINTER._replace(id="q", referrer="eve"), "suggested", at("3"))]  # fmt: skip

        def debt(contact: str, **more: object) -> Obligation:
            return Obligation("report_back", contact, "p", at("5"), date(2026, 3, 3), "you met",
                              **more)  # type: ignore[arg-type]  # fmt: skip

        thanked = debt("ben", done=at("4"))._replace(kind="thank_you")
        told, told_late = debt("ben", done=at("4")), debt("ben", done=at("6"))
        own = debt("ben")._replace(kind="debrief")
        owed = [thanked, debt("ben"), told, told_late, debt("zoe"), own]
        ben, eve = ledgers(made, owed)
        assert (ben.contact, ben.referrals, ben.owed) == ("ben", (made[0],), (debt("ben"),))
        assert (ben.reported.k, ben.reported.n) == (1, 2)
        assert (eve.contact, eve.owed, eve.reported.n) == ("eve", (), 0)


class TestNames:
    """Somebody may have no name yet."""

    @pytest.mark.parametrize("name", ["someone in HR", "Somebody", "ANYONE at all", "anybody"])
    def test_somebody_is_not_a_name(self, name: str) -> None:
        assert is_unnamed(name)

    @pytest.mark.parametrize("name", ["An Nguyen", "A. Smith", "Someonesson", "Anybo Day", "", "!"])
    def test_a_name_is_a_name(self, name: str) -> None:
        assert not is_unnamed(name)

    def test_who_may_be_new(self) -> None:
        """A slip of the keyboard is not somebody new; people without a name are like nobody."""
        assert is_new("Aisha Bello", ["Marcus Bell"])
        assert is_new("someone in Rome", ["someone in HR"])
        assert is_new("Someona Rome", ["someone in Rome"])
        assert not is_new("Pria Nair", ["Priya Nair"])
        assert not is_new("Priya", ["Priya Nair"])

    def test_where_they_work_may_be_said_with_it(self) -> None:
        assert place_in("someone in HR at City Hospital") == "City Hospital"
        assert place_in("someone at night at the desk at Mercy") == "Mercy"
        assert place_in("someone in HR") == place_in("someone at ") == ""
        assert place_in("someone at 病院") == "病院"

    @pytest.mark.parametrize("name", ["someone good at maths", "someone at City Hall at night"])
    def test_what_they_are_good_at_is_no_place(self, name: str) -> None:
        assert place_in(name) == ""


def test_of_one_day_things_are_taken_in_the_order_in_which_they_usually_go() -> None:
    steps = (("declined", LocalMoment.on(date(2026, 3, 3))),)
    message = wrote("r", "3T09:00")
    assert came_of("4", message, pointer=POINTER._replace(steps=steps), asked=False) == (
        "declined 2026-03-03"
    )
