"""What an interview obliges me to do, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from netcrm.model.time import LocalMoment
from netcrm.rules.course import Appointment, Course, Talk, Turn
from netcrm.rules.obligations import Obligation, Pointer, obligations
from netcrm.rules.owed_people import MAKERS
from tests.test_rules_course import LONDON, NEW_YORK, TOKYO, at, course
from tests.test_rules_obligations import facts, heard, met, owed, wrote


class TestThankYou:
    """Everybody whom I met is thanked within 24 hours."""

    def test_from_the_end_of_the_meeting(self) -> None:
        """Half past three on a Friday: the same time on Saturday."""
        one = owed("6T16:00", course(met("6T15:00")))["thank_you"]
        assert one == Obligation(
            kind="thank_you", contact="ana", cause="met", due=at("7T15:30"),
            shown_from=date(2026, 3, 6), because="you met on 6 Mar", interview="i",
        )  # fmt: skip
        assert one.key == "thank_you:met:ana"
        assert not one.is_late(at("7T15:30"))
        assert one.is_late(at("7T15:31"))

    def test_of_a_meeting_without_minutes_or_time(self) -> None:
        """A day later."""
        assert owed("5", course(met(minutes=None)))["thank_you"].due == at("5T15:00")
        assert owed("5", course(met("4")))["thank_you"].due == at("5")

    @pytest.mark.parametrize(
        ("held", "due"),
        [
            (at("7T17:30"), at("8T19:00")),
            (at("28T17:30"), at("29T18:00")),
            (at("28T17:30", LONDON), at("29T19:00", LONDON)),
            (at("7T17:30", LONDON), at("8T18:00", LONDON)),
        ],
    )
    def test_a_day_is_24_hours_also_when_the_clocks_change(
        self, held: LocalMoment, due: LocalMoment
    ) -> None:
        """On 8 March in New York, on 29 March in London, by the clocks of the meeting."""
        talk = met()._replace(at=held)
        as_of = LocalMoment.of(held.instant, NEW_YORK) if held.instant else held
        (one,) = (
            one
            for one in obligations(facts(as_of, course(talk)), MAKERS)
            if one.kind == "thank_you"
        )
        assert one.due == due

    def test_the_first_thank_you_after_it_settles_it(self) -> None:
        """One before does not, nor another message, nor one to somebody else, nor theirs."""
        others = (
            wrote("a", "4T14:59", "thank_you"),
            wrote("b", "4T16:00", "message"),
            wrote("c", "4T16:10", "thank_you", "ben"),
            heard("d", "4T16:20", "thank_you"),
            wrote("e", "4T16:30", "thank_you", "ben", copied=("ana",)),
        )
        assert owed("6", course(met()), talks=others)["thank_you"].is_open
        thanks = (wrote("f", "5T15:31", "thank_you"), wrote("g", "5T15:32", "thank_you"))
        one = owed("6", course(met()), talks=(*others, *thanks))["thank_you"]
        assert (one.done, one.done_by, one.is_open) == (at("5T15:31"), "f", False)
        assert one.in_time is False
        early = owed("6", course(met()), talks=(wrote("f", "5T15:30", "thank_you"),))
        assert early["thank_you"].in_time is True
        assert owed("6", course(met()))["thank_you"].in_time is None
        assert not one.is_late(at("9"))

    def test_everybody_who_was_there_is_thanked(self) -> None:
        """One message to both is enough, one to one is not."""
        both = course(met(people=("ana", "ben")))._replace(contacts=("ana", "ben"))
        some = owed("5", both, talks=(wrote("a", "5", "thank_you", "ben"),))
        assert some["thank_you ana"].is_open
        assert not some["thank_you ben"].is_open
        one = owed("5", both, talks=(wrote("a", "5", "thank_you", "ben", "ana"),))
        assert one["thank_you ana"].done_by == one["thank_you ben"].done_by == "a"

    def test_who_interviewed_me_is_not_owed_thanks(self) -> None:
        """Nor anything else but an answer."""
        asked = heard("a", "2", "request")
        theirs = course(asked, met(), initiator="them")
        assert owed("5", theirs) == {}
        waiting = course(asked, initiator="them")
        assert owed("5", waiting).keys() == {"owe_reply", "owe_reply ana"}
        booked = waiting._replace(meetings=(Appointment("m", at("9"), at("3"), ("ana",)),))
        assert "prepare" not in owed("5", booked)

    def test_meetings_of_no_interview_count_as_well(self) -> None:
        """Once they were held; everybody who was there."""
        meeting = Appointment(
            "m", at("4T15:00"), at("2"), ("ana", "ben"), 45, ended="held", ended_on=at("4")
        )
        found = owed("5", meetings=(meeting,))
        for who in ("ana", "ben"):
            one = found[f"thank_you {who}"]
            assert (one.due, one.cause, one.interview) == (at("5T15:45"), "m", "")
        thanked = owed("5", meetings=(meeting,), talks=(wrote("a", "4T15:50", "thank_you"),))
        assert thanked["thank_you ana"].done_by == "a"
        for ended in ("missed", "cancelled", "moved", ""):
            assert "thank_you" not in owed("5", meetings=(meeting._replace(ended=ended),))

    def test_what_is_more_than_a_year_old_is_let_be(self) -> None:
        """A year and a day."""
        meeting = Appointment("m", at("4"), at("2"), ("ana",), ended="held", ended_on=at("4"))
        year, more = LocalMoment.on(date(2027, 3, 4)), LocalMoment.on(date(2027, 3, 5))
        for day, kinds in ((year, {"thank_you"}), (more, set())):
            assert {
                one.kind for one in obligations(facts(day, meetings=(meeting,)), MAKERS)
            } == kinds
            found = obligations(facts(day, course(met("4"))), MAKERS)
            assert {one.kind for one in found} & {"thank_you"} == kinds


class TestAfterwards:
    """A meeting is thought about, and leads to the next."""

    @pytest.mark.parametrize(
        ("held", "due"), [("4", "5"), ("6", "9"), ("7", "9"), ("8", "9"), ("9T23:00", "10")]
    )
    def test_what_was_learned_is_written_down_by_the_next_working_day(
        self, held: str, due: str
    ) -> None:
        """Friday's on Monday."""
        one = owed("12", course(met(held)))["debrief"]
        assert (one.due, one.cause, one.key) == (at(due), "i", "debrief:i:ana")
        assert one.shown_from == at(held).date

    def test_holidays_are_no_working_days(self) -> None:
        """Nobody counts on me then."""
        monday = date(2026, 3, 9)
        assert owed("12", course(met("6")), holidays={monday})["debrief"].due == at("10")

    def test_writing_it_down_settles_it(self) -> None:
        """And nothing else."""
        one = owed("12", course(met("4"), evaluated=at("6")))["debrief"]
        assert (one.done, one.done_by, one.in_time) == (at("6"), "i", False)
        assert owed("5", course(met("4"), evaluated=at("6")))["debrief"].is_open

    def test_whom_else_to_ask_is_due_with_the_thanks(self) -> None:
        """Who refers me, or knows nobody, settles it; before the meeting it does not count."""
        held = course(met())
        one = owed("5", held)["ask_referrals"]
        assert (one.due, one.shown_from, one.is_open) == (at("5T15:30"), date(2026, 3, 4), True)
        assert one.key == "ask_referrals:i:ana"

        def named(day: int, by: str = "ana") -> Obligation:
            pointer = Pointer("p", by, "eve", date(2026, 3, day))
            return owed("6", held, pointers=(pointer,))["ask_referrals"]

        assert (named(4).done, named(4).done_by) == (at("4"), "i")
        assert named(3).is_open
        assert named(5, by="ben").is_open
        nobody = held._replace(turns=(Turn("no_referrals", at("5T10:00")),))
        pointer = Pointer("p", "ana", "eve", date(2026, 3, 6))
        assert owed("6", nobody, pointers=(pointer,))["ask_referrals"].done == at("5T10:00")
        other = held._replace(turns=(Turn("drop", at("5T10:00")),))
        assert owed("6", other)["ask_referrals"].is_open

    def test_before_it_is_held_nothing_of_this_is_owed(self) -> None:
        """Not even if it was evaluated or thanked for."""
        booked = course(
            wrote("t", "3", "thank_you"),
            meetings=(Appointment("m", at("9"), at("2"), ("ana",)),),
            evaluated=at("3"),
        )
        assert not owed("4", booked).keys() & {"thank_you", "debrief", "ask_referrals"}


class TestBefore:
    """From the yes to the meeting."""

    YES = course(wrote("a", "2", "request"), heard("b", "6T10:00", "accept"))

    def booked(self, start: str = "12T15:00", on: str = "6T11:00", **fields: Any) -> Course:
        """Return an interview for which a meeting is booked."""
        people = fields.pop("people", ("ana",))
        meeting = Appointment("m", at(start), at(on), people, 30, **fields)
        return self.YES._replace(meetings=(meeting,))

    def test_times_are_proposed_within_a_working_day(self) -> None:
        """Until I do so, or a meeting is booked."""
        one = owed("6T10:30", self.YES)["propose_times"]
        assert (one.due, one.cause, one.shown_from) == (at("9"), "b", date(2026, 3, 6))
        assert one.because == "they agreed on 6 Mar"
        for other in (wrote("c", "6T10:05"), wrote("c", "6T09:59", "scheduling"),
                      heard("c", "6T11:00", "scheduling")):  # fmt: skip
            assert owed("7", self.YES, talks=(other,))["propose_times"].is_open
        said = owed("7", self.YES, talks=(wrote("c", "6T10:05", "scheduling"),))["propose_times"]
        assert (said.done, said.done_by) == (at("6T10:05"), "c")
        assert "propose_times" not in owed("7", self.booked())

    def test_who_cancels_is_offered_others(self) -> None:
        """What was proposed before does not count."""
        one = self.booked(ended="cancelled", ended_on=at("10T11:00"))
        talks = (wrote("c", "6T10:05", "scheduling"),)
        found = owed("11", one, talks=talks)["propose_times"]
        assert (found.due, found.cause, found.is_open) == (at("11"), "m", True)
        assert found.because == "the meeting was cancelled on 10 Mar"

    def test_a_missed_meeting_is_made_up_for_on_the_same_day(self) -> None:
        """That of the meeting, whenever I note it; any word of mine does."""
        one = self.booked(ended="missed", ended_on=at("14"))
        found = owed("14", one)["rebook"]
        assert (found.due, found.cause, found.contact) == (at("12"), "m", "ana")
        assert found.because == "the meeting of 12 Mar did not take place"
        assert owed("14", one, talks=(wrote("c", "12T14:00"),))["rebook"].is_open
        assert owed("14", one, talks=(wrote("c", "12T15:20"),))["rebook"].done_by == "c"
        assert owed("14", one, talks=(heard("c", "12T15:20"),))["rebook"].is_open
        assert "rebook" not in owed("13", one)

    @pytest.mark.parametrize(
        ("start", "due", "shown"), [("12", "11", "10"), ("9", "8", "5"), ("16", "15", "12")]
    )
    def test_one_prepares_the_day_before(self, start: str, due: str, shown: str) -> None:
        """It is on the agenda two working days ahead."""
        one = owed("6T12:00", self.booked(start))["prepare"]
        assert (one.due, one.shown_from) == (at(due), at(shown).date)
        assert one.because == "0 of 8 questions, no research yet"
        assert one.key == "prepare:i:ana"

    def test_before_a_date_is_set_preparing_is_not_due(self) -> None:
        """And not on the agenda, but there to be seen."""
        one = owed("7", self.YES)["prepare"]
        assert (one.due, one.shown_from) == (None, date.max)
        assert not one.is_late(at("31"))

    def test_eight_questions_and_some_research_are_enough(self) -> None:
        """From the moment when the last of both was there."""
        seven = (at("7"),) * 6 + (at("6"),)
        one = self.booked()
        few = one._replace(planned=seven, researched=(at("7"),))
        assert owed("9", few)["prepare"].because == "7 of 8 questions"
        assert owed("9", few)["prepare"].is_open
        unread = one._replace(planned=(*seven, at("8"), at("9")))
        assert owed("9", unread)["prepare"].because == "no research yet"
        assert owed("9", unread)["prepare"].is_open
        eight = one._replace(planned=(*seven, at("8")), researched=(at("7"),))
        assert owed("9", eight)["prepare"].done == at("8")
        bare = eight._replace(researched=())
        assert owed("9", bare)["prepare"].because == "no research yet"
        for looked_up, done in (("7", "8"), ("9", "9")):
            ready = unread._replace(researched=(at("10"), at(looked_up)))
            found = owed("10", ready)["prepare"]
            assert (found.done, found.done_by, found.because) == (at(done), "i", "")

    def test_once_the_meeting_is_over_it_is_too_late_to_prepare(self) -> None:
        """Then the question is whether it took place."""
        one = self.booked()
        assert "prepare" in owed("12T15:29", one)
        assert owed("12T15:30", one).keys() == {"did_it_happen", "did_it_happen ana"}

    def test_a_meeting_is_confirmed_the_day_before(self) -> None:
        """By saying so or by a message of another day than that on which it was booked."""
        one = owed("7", self.booked())["confirm"]
        assert (one.due, one.shown_from, one.cause) == (at("11"), date(2026, 3, 11), "m")
        assert one.because == "you meet on 12 Mar at 15:00"
        assert owed("7", self.booked("12"))["confirm"].because == "you meet on 12 Mar"
        ticked = owed("10", self.booked(confirmed=at("9T08:00")))["confirm"]
        assert (ticked.done, ticked.done_by) == (at("9T08:00"), "m")
        for day, done in (("6T11:05", ""), ("7T10:59", ""), ("7T11:00", "c"), ("11T11:00", "c")):
            talks = (wrote("c", day, "scheduling"),)
            assert owed("11T12:00", self.booked(), talks=talks)["confirm"].done_by == done
        talks = (wrote("c", "10", "message"),)
        assert owed("11", self.booked(), talks=talks)["confirm"].is_open

    @pytest.mark.parametrize(("booked", "asked"), [("10", True), ("11T09:00", False)])
    def test_what_was_booked_the_day_before_needs_no_confirming(
        self, booked: str, asked: bool
    ) -> None:
        """It is fresh enough."""
        assert ("confirm" in owed("11T12:00", self.booked(on=booked))) == asked

    def test_after_the_meeting_there_is_nothing_to_confirm_or_to_be_there_for(self) -> None:
        """While it goes on there is."""
        one = self.booked()
        assert owed("12T15:29", one).keys() >= {"confirm", "arrive"}
        assert not owed("12T15:30", one).keys() & {"confirm", "arrive"}

    @pytest.mark.parametrize(
        ("start", "way", "due"),
        [
            ("12T15:00", None, "12T14:50"),
            ("12T15:00", 35, "12T14:15"),
            ("12T00:05", None, "11T23:55"),
            ("8T03:05", 10, "8T01:45"),  # clocks are put forward at two
            ("12", 35, "12"),
        ],
    )
    def test_who_meets_in_person_is_there_ten_minutes_early(
        self, start: str, way: int | None, due: str
    ) -> None:
        """The way there allowed for."""
        one = owed("7", self.booked(start, travel_minutes=way))["arrive"]
        assert (one.due, one.shown_from, one.cause) == (at(due), at(start).date, "m")

    def test_by_video_or_phone_one_need_not_arrive(self) -> None:
        """In person one does, somewhere."""
        for format_ in ("video", "phone"):
            assert "arrive" not in owed("7", self.booked(format=format_))
        assert owed("7", self.booked())["arrive"].because == "you meet at 15:00"
        placed = self.booked(place="Main St 5")
        assert owed("7", placed)["arrive"].because == "you meet at 15:00 at Main St 5"

    def test_of_a_meeting_that_was_moved_nothing_is_owed(self) -> None:
        """What is booked instead counts; until then only preparing, for some day."""
        one = self.booked(ended="moved", ended_on=at("8"))
        found = owed("9", one)
        assert found.keys() == {"prepare", "prepare ana"}
        assert found["prepare"].due is None
        other = Appointment("n", at("20T10:00"), at("8"), ("ana",))
        found = owed("9", one._replace(meetings=(*one.meetings, other)))
        assert {found[kind].cause for kind in ("confirm", "arrive")} == {"n"}
        assert found["prepare"].due == at("19")


class TestDidItHappen:
    """A meeting that is over and of which nothing was noted."""

    MEETING = Appointment("m", at("4T15:00"), at("2"), ("ana", "ben"), 30)

    def test_it_is_asked_from_its_end(self) -> None:
        """Not of one that came to an end, nor of one with nobody."""
        assert "did_it_happen" not in owed("4T15:29", meetings=(self.MEETING,))
        one = owed("4T15:30", meetings=(self.MEETING,))["did_it_happen"]
        assert (one.due, one.contact, one.cause) == (at("4T15:30"), "ana", "m")
        assert one.shown_from == date(2026, 3, 4)
        assert (one.because, one.interview) == ("you were to meet on 4 Mar at 15:00", "")
        for ended in ("held", "missed", "cancelled", "moved", "declined"):
            known = (self.MEETING._replace(ended=ended),)
            assert "did_it_happen" not in owed("5", meetings=known)
        assert not owed("5", meetings=(self.MEETING._replace(people=()),))

    def test_of_an_interview_too_also_of_one_that_i_was_asked_for(self) -> None:
        """Whoever asked should say."""
        for initiator in ("me", "them"):
            one = owed("5", course(meetings=(self.MEETING,), initiator=initiator))
            assert one["did_it_happen"].interview == "i"

    def test_for_a_year(self) -> None:
        """Then nobody remembers."""
        for day, asked in ((date(2027, 3, 4), True), (date(2027, 3, 5), False)):
            found = obligations(facts(LocalMoment.on(day), meetings=(self.MEETING,)), MAKERS)
            assert bool(found) == asked


class TestSilence:
    """While somebody does not answer."""

    ASKED = course(wrote("a", "2T10:00", "request"))

    def test_after_three_working_days_somebody_else_is_asked(self) -> None:
        """Until it is time to write once more."""
        assert "try_another" not in owed("4", self.ASKED)
        one = owed("5", self.ASKED)["try_another"]
        assert (one.due, one.cause, one.shown_from) == (at("5"), "a", date(2026, 3, 5))
        assert one.because == "asked on 2 Mar, no answer; nobody else known there"
        assert "follow_up" not in owed("10", self.ASKED)
        assert "try_another" in owed("10", self.ASKED)
        last = owed("11", self.ASKED)
        assert "try_another" not in last
        assert (last["follow_up"].due, last["follow_up"].key) == (at("11"), "follow_up:a:ana")
        assert last["follow_up"].because == (
            "asked on 2 Mar, no answer; write once more, for the last time"
        )

    def test_who_else_is_known_there_is_named(self) -> None:
        """By name."""
        one = owed("5", self.ASKED, elsewhere={"ana": ("ben", "eve")})["try_another"]
        assert one.because.endswith("you also know Ben Ortiz and Eve Low there")

    def test_asking_somebody_alike_settles_it(self) -> None:
        """The first who was asked after; somebody else does not, nor one asked before."""

        def other(day: str, id_: str = "j") -> Course:
            said = wrote(f"t{id_}", day, "request", "ben")
            return Course(id_, ("ben",), date(2026, 3, 1), talks=(said,))

        alike = {"shared": {"ana": frozenset({"ben"})}}
        done = owed("6", other("5", "k"), self.ASKED, other("4", "j"), **alike)["try_another ana"]
        assert (done.done, done.done_by) == (at("4"), "j")
        joint = self.ASKED._replace(contacts=("ana", "eve"))
        assert owed("6", joint, other("4"), **alike)["try_another ana"].done == at("4")
        assert owed("6", self.ASKED, other("4"))["try_another ana"].is_open
        assert owed("6", self.ASKED, other("2T09:59"), **alike)["try_another ana"].is_open
        assert owed("6", self.ASKED, other("2T10:00"), **alike)["try_another ana"].is_open
        assert not owed("6", self.ASKED, other("2T10:01"), **alike)["try_another ana"].is_open

    def test_an_answer_or_a_follow_up_ends_it(self) -> None:
        """After the last message one waits, until it is over."""
        answered = self.ASKED._replace(talks=(*self.ASKED.talks, heard("b", "4", "reply")))
        assert not owed("31", answered)
        sent = (*self.ASKED.talks, wrote("b", "11", "follow_up"))
        assert not owed("19", self.ASKED._replace(talks=sent))
        assert not owed("31", self.ASKED._replace(talks=sent))

    @pytest.mark.parametrize(("until", "due"), [(date(2026, 6, 1), "2026-06-01"),
                                                (None, "2026-06-04")])  # fmt: skip
    def test_who_put_me_off_is_asked_again(self, until: date | None, due: str) -> None:
        """On the day they named, or after ninety days."""
        talk = heard("b", "6", "defer", until=until)
        deferred = self.ASKED._replace(talks=(*self.ASKED.talks, talk))
        one = owed("7", deferred)["ask_again"]
        assert (str(one.due), str(one.shown_from), one.cause) == (due, due, "b")
        assert one.because == "they put you off on 6 Mar"
        asked = (*deferred.talks, wrote("c", "9", "request"))
        assert "ask_again" not in owed("10", self.ASKED._replace(talks=asked))


def test_a_meeting_far_away_is_thanked_for_by_its_own_clock() -> None:
    """In Tokyo in the morning; it is the evening before in New York."""
    talk = met()._replace(at=at("5T09:00", TOKYO))
    one = owed("4T20:00", course(talk, opened_on=date(2026, 3, 4)))["thank_you"]
    assert one.due == at("6T09:30", TOKYO)
    assert not one.is_late(at("5T19:30"))
    assert one.is_late(at("5T19:31"))


def test_with_several_people_the_first_is_the_one_to_turn_to() -> None:
    """Thanks alone are owed to each."""

    def to(when: str, *said: Talk, **more: Any) -> set[str]:
        both = course(*said, **more)._replace(contacts=("ana", "ben"))
        return {f"{kind.split()[0]} {one.contact}" for kind, one in owed(when, both).items()}

    asked, yes = wrote("a", "2", "request"), heard("b", "3", "accept")
    meeting = Appointment("m", at("12T15:00"), at("4"), ("ana", "ben"))
    missed = meeting._replace(ended="missed", ended_on=at("12"))
    assert to("5", asked) == {"try_another ana"}
    assert to("11", asked) == {"follow_up ana"}
    assert to("5", asked, heard("b", "3", "defer")) >= {"ask_again ana"}
    assert to("4", asked, yes) == {"propose_times ana", "prepare ana"}
    assert to("5", yes, meetings=(meeting,)) == {"prepare ana", "confirm ana", "arrive ana"}
    assert to("13", yes, meetings=(missed,)) == {"rebook ana"}
    assert to("13", met()) == {
        "thank_you ana", "thank_you ben", "debrief ana", "ask_referrals ana",
    }  # fmt: skip
