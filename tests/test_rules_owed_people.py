"""What I owe people besides: answers, news, and what I promised."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from netcrm.model.time import LocalMoment
from netcrm.rules.course import Talk
from netcrm.rules.obligations import Obligation, Pointer, obligations
from netcrm.rules.owed_people import MAKERS
from tests.test_rules_course import at, course
from tests.test_rules_obligations import PROMISE, facts, heard, met, owed, wrote


class TestReplies:
    """Who writes to me gets an answer within a working day."""

    @pytest.mark.parametrize(
        ("kind", "channel", "is_owed"),
        [
            ("message", "email", True), ("request", "email", True), ("decline", "email", True),
            ("defer", "linkedin_message", True), ("message", "letter", True),
            ("message", "sms", True), ("message", "chat", True), ("message", "voicemail", True),
            ("message", "linkedin_note", True), ("message", "phone", False),
            ("message", "in_person", False), ("message", "social_reaction", False),
            ("thank_you", "email", False), ("reply", "email", False), ("accept", "email", False),
            ("congratulate", "email", False), ("note", "email", False),
        ],
    )  # fmt: skip
    def test_to_what_waits_for_one(self, kind: str, channel: str, is_owed: bool) -> None:
        """A conversation answers itself, and thanks need no answer."""
        found = owed("6", talks=(heard("a", "6T09:00", kind, channel=channel),))
        assert ("owe_reply" in found) == is_owed

    def test_by_the_next_working_day(self) -> None:
        """Because of the first that was not answered."""
        talks = (heard("a", "6T09:00"), heard("b", "6T10:00", interview="i"))
        one = owed("6", talks=talks)["owe_reply"]
        assert (one.due, one.cause, one.shown_from) == (at("9"), "a", date(2026, 3, 6))
        assert one.because == "they wrote to you on 6 Mar"
        second = owed("6", talks=(talks[0], wrote("c", "6T09:30"), talks[1]))["owe_reply"]
        assert (second.cause, second.interview) == ("b", "i")
        declined = owed("6", talks=(heard("a", "6T09:00", "decline"),))["owe_reply"]
        assert declined.because == "they declined on 6 Mar"

    def test_any_word_of_mine_and_any_talk_is_an_answer(self) -> None:
        """To that person; a copy is none, and one before neither."""
        asked = heard("a", "6T09:00")
        answers = (wrote("b", "6T09:01"), Talk("b", at("6T09:01"), people=("ana",)))
        for answer in answers:
            assert not owed("6", talks=(asked, answer))
        for none in (
            wrote("b", "6T09:01", "message", "ben"),
            wrote("b", "6T09:01", "message", "ben", copied=("ana",)),
            wrote("b", "6T08:59"),
        ):
            assert "owe_reply ana" in owed("6", talks=(asked, none))
        assert "owe_reply ben" not in owed("6", talks=(heard("a", "6", copied=("ben",)),))

    def test_a_message_of_more_than_thirty_days_ago_needs_none(self) -> None:
        """And does not hide one that does."""
        old = heard("a", "1")
        on = LocalMoment.on(date(2026, 3, 31))
        late = LocalMoment.on(date(2026, 4, 1))
        assert [one.cause for one in obligations(facts(on, talks=(old,)), MAKERS)] == ["a"]
        assert not obligations(facts(late, talks=(old,)), MAKERS)
        new = heard("b", "30")
        found = obligations(facts(late, talks=(old, new)), MAKERS)
        assert [one.cause for one in found] == ["b"]

    def test_who_was_introduced_to_me_hears_from_me(self) -> None:
        """Everybody but who introduced them, within a working day."""
        said = heard("a", "6T09:00", "introduction", copied=("ben", "eve"))
        found = owed("6T10:00", talks=(said,))
        assert found.keys() == {"ack_introduction"} | {
            f"ack_introduction {n}" for n in ("ben", "eve")
        }
        one = found["ack_introduction ben"]
        assert (one.due, one.because) == (at("9"), "Ana Ruiz introduced you on 6 Mar")
        assert one.shown_from == date(2026, 3, 6)
        both = (said, wrote("b", "6T09:30", "message", "ben", "ana"))
        found = owed("6T10:00", talks=both)
        assert found["ack_introduction ben"].done_by == "b"
        assert found["ack_introduction eve"].is_open
        together = heard("a", "6T09:00", "introduction", "ana", "ben")
        assert "ack_introduction ben" in owed("6T10:00", talks=(together,))
        mine = wrote("a", "6T09:00", "introduction", copied=("ben",))
        assert not owed("6T10:00", talks=(mine,))
        assert not obligations(facts(LocalMoment.on(date(2026, 4, 6)), talks=(said,)), MAKERS)


class TestReportBack:
    """Who pointed me to somebody hears what came of it."""

    POINTER = Pointer("p", "ben", "ana", date(2026, 3, 2))
    ASKED = wrote("a", "3T10:00", "request")

    def told(self, when: str, *said: Talk, **more: Any) -> Obligation | None:
        """Return what Ben is owed."""
        pointer = more.pop("pointer", self.POINTER)
        turns = more.pop("turns", ())
        found = owed(when, course(self.ASKED, *said, turns=turns), pointers=(pointer,), **more)
        return found.get("report_back")

    @pytest.mark.parametrize(
        ("said", "as_of", "due", "cause", "because"),
        [
            ((met("5"),), "6", "9", "met", "you met Ana Ruiz on 5 Mar"),
            ((met("6"),), "6", "10", "met", "you met Ana Ruiz on 6 Mar"),
            ((heard("b", "5", "decline"),), "6", "9", "i-declined", "Ana Ruiz declined on 5 Mar"),
            ((), "10T11:00", "12", "i-silent", "Ana Ruiz has not answered for a week"),
            ((), "23", "25", "i-no_response", "Ana Ruiz did not answer, by 23 Mar"),
        ],
    )
    def test_what_came_of_it(
        self, said: tuple[Talk, ...], as_of: str, due: str, cause: str, because: str
    ) -> None:
        """Within two working days."""
        one = self.told(as_of, *said)
        assert one is not None
        assert (one.due, one.cause, one.because) == (at(due), cause, because)
        assert one.contact == "ben"

    def test_nothing_is_to_tell_before_something_came_of_it(self) -> None:
        """Not while I wait, nor once they agreed, nor when I wrote again."""
        assert self.told("10T10:59") is None
        assert self.told("10", heard("b", "5", "accept")) is None
        assert self.told("14", wrote("b", "12", "follow_up")) is None
        assert self.told("10", heard("b", "5", "defer")) is None

    def test_any_news_of_mine_after_it_is_enough(self) -> None:
        """To the one who pointed me there; other messages are not."""
        for kind in ("report_back", "progress_update"):
            one = self.told("9", met("5T12:00"), talks=(wrote("c", "5T13:00", kind, "ben"),))
            assert one is not None
            assert one.done_by == "c"
        for other in (
            wrote("c", "5T13:00", "message", "ben"),
            wrote("c", "5T11:00", "report_back", "ben"),
            wrote("c", "5T13:00", "report_back", "eve"),
            heard("c", "5T13:00", "report_back", "ben"),
        ):
            one = self.told("9", met("5T12:00"), talks=(other,))
            assert one is not None
            assert one.is_open

    def test_only_if_i_asked_because_of_it(self) -> None:
        """Whom I knew before, or had asked before, nobody gave me."""
        assert self.told("6", met("5"), pointer=self.POINTER._replace(known_before=True)) is None
        late = self.POINTER._replace(made_on=date(2026, 3, 4))
        assert self.told("6", met("5"), pointer=late) is None
        assert self.told("6", met("5"), pointer=late._replace(made_on=date(2026, 3, 3)))
        other = self.POINTER._replace(referred="eve")
        assert self.told("6", met("5"), pointer=other) is None
        linked = course(self.ASKED, met("5"), referral="p")
        assert "report_back" in owed("6", linked, pointers=(late,))
        theirs = course(self.ASKED, met("5"), initiator="them")
        assert "report_back" not in owed("6", theirs, pointers=(self.POINTER,))
        met_only = course(met("5"))
        assert "report_back" in owed("6", met_only, pointers=(self.POINTER,))

    def test_without_an_interview_its_own_steps_tell(self) -> None:
        """With one they do not."""
        noted = self.POINTER._replace(steps=(("declined", at("6")),))
        found = owed("7", pointers=(noted,))["report_back"]
        assert (found.cause, found.due) == ("p-declined", at("10"))
        assert self.told("7", pointer=noted) is None

    def test_two_who_pointed_there_both_hear(self) -> None:
        """One who did it twice hears once."""
        one, other = self.POINTER, self.POINTER._replace(id="q", referrer="eve")
        known = {"pointers": (one, other, one._replace(id="r"))}
        found = owed("6", course(self.ASKED, met("5")), **known)
        assert found.keys() >= {"report_back ben", "report_back eve"}

    def test_for_a_year(self) -> None:
        """What was met by the way later on is no news."""
        one = course(self.ASKED, met("5"), opened_on=date(2026, 3, 1))
        for day, is_owed in ((date(2027, 3, 5), True), (date(2027, 3, 6), False)):
            known = facts(LocalMoment.on(day), one, pointers=(self.POINTER,))
            kinds = {found.kind for found in obligations(known, MAKERS)}
            assert ("report_back" in kinds) == is_owed


class TestPromises:
    """What I said I would do."""

    def test_a_promise_is_kept_by_its_date(self) -> None:
        """One without a date is on the agenda from the day it was made."""
        one = owed("5", commitments=(PROMISE,))["commitment"]
        assert (one.due, one.shown_from, one.key) == (
            at("10"),
            date(2026, 3, 10),
            "commitment:c:ana",
        )
        assert one.because == "you promised on 3 Mar: send the book"
        undated = owed("5", commitments=(PROMISE._replace(due=None),))["commitment"]
        assert (undated.due, undated.shown_from) == (None, date(2026, 3, 3))
        kept = owed("5", commitments=(PROMISE._replace(ended=at("4")),))["commitment"]
        assert (kept.done, kept.done_by, kept.in_time) == (at("4"), "c", True)
        undated_kept = PROMISE._replace(due=None, ended=at("4"))
        assert owed("5", commitments=(undated_kept,))["commitment"].in_time is True

    def test_advice_is_followed_by_the_day_that_i_planned(self) -> None:
        """Without a day nothing is owed; to nobody, it is for myself."""
        one = owed("5", advice=(PROMISE,))["apply_advice"]
        assert (one.due, one.shown_from, one.contact) == (at("10"), date(2026, 3, 10), "ana")
        assert (one.because, one.is_open) == ("send the book", True)
        assert not owed("5", advice=(PROMISE._replace(due=None),))
        mine = owed("5", advice=(PROMISE._replace(people=()),))["apply_advice"]
        assert (mine.contact, mine.key) == ("", "apply_advice:c")
        done = owed("5", advice=(PROMISE._replace(ended=at("4")),))["apply_advice"]
        assert (done.done, done.done_by) == (at("4"), "c")

    def test_who_helped_me_decide_hears_of_it(self) -> None:
        """Within five working days, each of them."""
        made = PROMISE._replace(people=("ana", "ben"), text="study nursing")
        talks = (wrote("a", "2", "progress_update"), wrote("b", "5", "progress_update", "ben"))
        found = owed("6", outcomes=(made,), talks=talks)
        one = found["tell_outcome ana"]
        assert (one.due, one.shown_from, one.is_open) == (at("10"), date(2026, 3, 3), True)
        assert one.because == "they helped you with: study nursing"
        assert found["tell_outcome ben"].done_by == "b"
        for day, is_owed in ((date(2027, 3, 3), True), (date(2027, 3, 4), False)):
            known = facts(LocalMoment.on(day), outcomes=(made,))
            assert bool(obligations(known, MAKERS)) == is_owed
