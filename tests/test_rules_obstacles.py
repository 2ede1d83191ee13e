"""Why not to ask somebody for an interview now?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.campaign import Campaign
from netcrm.model.time import BusinessCalendar, Interval, LocalMoment
from netcrm.rules.course import Course
from netcrm.rules.funnel import Tally
from netcrm.rules.lifecycle import FollowUps, Stage, Standing, Waiting
from netcrm.rules.matches import Candidate
from netcrm.rules.obstacles import (
    Colleague,
    Situation,
    by_name,
    excluded,
    no_more,
    obstacle,
    out_of_reach,
    so_far,
    waits_until,
)

DAY = date(2026, 3, 6)
AS_OF = LocalMoment.on(DAY)
ANA = Candidate(id="ana", name="Ana", handle="ana")
SIX = Interval(n=6, unit="month")


def on(day):
    return LocalMoment.on(date.fromisoformat(day))


def thread(stage: Stage, since="2026-02-27", initiator="me", **fields):
    """Return an interview with Ana and where it stands."""
    course = Course("i", ("ana",), date(2026, 2, 1), initiator=initiator)
    return course, Standing(stage, since=on(since), **fields)


def known(*threads, **facts):
    return Situation(AS_OF, SIX, threads={"ana": threads}, **facts)


def why_not(*threads, person=ANA, is_wanted=True, **facts):
    """Return code and reason; None where there is none."""
    found = obstacle(person, is_wanted, known(*threads, **facts))
    return (found.code, found.because) if found else None


class TestWhatSpeaksAgainstIt:
    """Each reason by itself."""

    def test_nothing(self):
        assert why_not() is None

    @pytest.mark.parametrize(
        ("state", "why"),
        [("do_not_contact", "is not to be contacted"), ("deceased", "has died"),
         ("archived", "is archived"), ("far_away", "far away")],
    )  # fmt: skip
    def test_they_are_not_active(self, state, why):
        assert why_not(person=ANA._replace(state=state)) == ("state", why)

    def test_they_are_paused(self):
        assert why_not(paused={"ana": date(2026, 8, 1)}) == ("paused", "paused until 1 Aug 2026")
        assert why_not(paused={"ana": None}) == ("paused", "paused")
        assert why_not(paused={"bo": None}) is None

    def test_we_talked_already(self):
        held = thread("held", held=on("2026-02-20"))
        assert why_not(held) == ("held", "you talked on 20 Feb 2026")

    def test_that_they_asked_me_is_another_matter(self):
        theirs = thread("held", held=on("2026-02-20"), initiator="them")
        assert why_not(theirs) is None

    @pytest.mark.parametrize(
        ("stage", "why"),
        [("contacted", "you wait for their answer"), ("accepted", "they agreed to meet"),
         ("scheduled", "you have a date"),
         ("missed", "the meeting was missed, and is to be made up for")],
    )  # fmt: skip
    def test_it_is_going_on(self, stage, why):
        found = why_not(thread(stage, asked=on("2026-02-24")))
        assert found == ("open", f"asked on 24 Feb 2026: {why}")
        theirs = "they wait for your answer" if stage == "contacted" else why
        assert why_not(thread(stage, initiator="them")) == ("open", theirs)

    def test_they_wrote_back_until_i_wrote_again(self):
        asked = thread("contacted", asked=on("2026-02-24"), replied=on("2026-02-25"))
        assert why_not(asked) == (
            "open", "asked on 24 Feb 2026: they wrote back, and nothing is agreed yet",
        )  # fmt: skip
        course, now = asked
        again = now._replace(waiting=Waiting(on("2026-02-26"), None, None, date(2026, 3, 9)))
        assert why_not((course, again)) == (
            "open", "asked on 24 Feb 2026: you wait for their answer",
        )  # fmt: skip

    def test_they_put_me_off(self):
        later = thread("deferred", asked=on("2026-02-24"), until=date(2026, 6, 1))
        assert why_not(later) == (
            "open", "asked on 24 Feb 2026: they put you off until 1 Jun 2026",
        )  # fmt: skip

    @pytest.mark.parametrize("stage", ["identified", "researched", "cancelled"])
    def test_nobody_was_asked_or_it_was_called_off(self, stage):
        assert why_not(thread(stage)) is None

    def test_they_fit_nothing(self):
        assert why_not(is_wanted=False) == ("relevance", "fits nothing that you look for")

    def test_there_are_enough_requests(self):
        assert why_not(full="6 wait") == ("max_open", "6 wait")


class TestCoolingOff:
    """Six months after a no, or silence; less if somebody points me to them."""

    @pytest.mark.parametrize(
        ("stage", "what"),
        [("declined", "declined"), ("no_response", "did not answer"), ("dropped", "you let it be")],
    )
    def test_it_is_too_soon(self, stage, what):
        found = why_not(thread(stage, since="2025-09-07", asked=on("2025-09-01")))
        assert found == ("cool_off", f"{what} on 7 Sep 2025; wait until 7 Mar 2026")

    def test_after_six_months_it_is_over(self):
        assert why_not(thread("declined", since="2025-09-06", asked=on("2025-09-01"))) is None

    def test_somebody_pointed_me_to_them_since_i_wrote(self):
        silent = thread("no_response", asked=on("2026-02-10"), follow_ups=(on("2026-02-19"),))
        assert why_not(silent, pointed={"ana": [on("2026-02-20")]}) is None
        assert why_not(silent, pointed={"ana": [on("2026-02-19")]})[0] == "cool_off"
        assert why_not(silent, pointed={"ana": [on("2026-02-15")]})[0] == "cool_off"
        assert why_not(silent, pointed={"bo": [on("2026-02-20")]})[0] == "cool_off"
        both = {"ana": [on("2026-02-20"), on("2026-01-01")]}
        assert why_not(silent, pointed=both) is None

    def test_where_it_is_not_known_when_i_wrote_the_end_counts(self):
        said_no = thread("declined", since="2026-02-27")
        assert why_not(said_no, pointed={"ana": [on("2026-02-27")]})[0] == "cool_off"
        assert why_not(said_no, pointed={"ana": [on("2026-02-28")]}) is None

    def test_that_i_said_no_to_them_is_another_matter(self):
        assert why_not(thread("declined", initiator="them")) is None

    def test_an_older_no_does_not_hide_a_newer_one(self):
        old = thread("declined", since="2024-01-01", asked=on("2023-12-01"))
        new = thread("declined", since="2026-01-01", asked=on("2025-12-01"))
        assert why_not(old, new)[0] == why_not(new, old)[0] == "cool_off"


class TestColleagues:
    """At one place one is asked after the other."""

    BO = Colleague("bo", "Bo", date(2026, 3, 9))

    def test_somebody_there_was_asked_lately(self):
        assert why_not(colleagues={"ana": [self.BO]}) == (
            "colleague", "Bo at the same place was asked; wait until 9 Mar 2026",
        )  # fmt: skip

    def test_who_is_not_to_be_named_is_not_named(self):
        asked = [Colleague("bo", "", date(2026, 3, 9))]
        assert why_not(colleagues={"ana": asked}) == (
            "colleague", "somebody at the same place was asked; wait until 9 Mar 2026",
        )  # fmt: skip

    def test_when_the_time_has_come(self):
        bo = self.BO._replace(until=DAY)
        assert why_not(colleagues={"ana": [bo]}) is None

    def test_nobody_waits_for_themselves(self):
        assert why_not(colleagues={"ana": [self.BO._replace(id="ana")]}) is None

    def test_of_several_the_first_to_wait_for_is_named(self):
        cy = Colleague("cy", "Cy", date(2026, 3, 8))
        assert why_not(colleagues={"ana": [self.BO, cy]}) == why_not(colleagues={"ana": [cy]})

    @pytest.mark.parametrize(
        ("policy", "until"),
        [(None, "2026-02-20"), (FollowUps(), "2026-02-20"),
         (FollowUps(try_another=5), "2026-02-24"), (FollowUps(try_another=0), "2026-02-17")],
    )  # fmt: skip
    def test_three_working_days_unless_a_plugin_says_otherwise(self, policy, until):
        calendar = BusinessCalendar(holidays=frozenset({date(2026, 2, 16)}))
        assert str(waits_until(date(2026, 2, 16), policy, calendar)) == until


class TestWhichReasonIsTold:
    """One for each, the one that is the least likely to pass first."""

    def test_in_this_order(self):
        facts = {
            "paused": {"ana": None},
            "colleagues": {"ana": [TestColleagues.BO]},
            "full": "full",
        }
        held, open_, no = (
            thread("held", held=on("2026-02-20")),
            thread("contacted"),
            thread("declined"),
        )
        dead = ANA._replace(state="deceased")
        assert why_not(no, open_, held, person=dead, is_wanted=False, **facts)[0] == "state"
        assert why_not(no, open_, held, is_wanted=False, **facts)[0] == "paused"
        del facts["paused"]
        assert why_not(no, open_, held, is_wanted=False, **facts)[0] == "held"
        assert why_not(no, open_, is_wanted=False, **facts)[0] == "open"
        assert why_not(no, is_wanted=False, **facts)[0] == "cool_off"
        assert why_not(is_wanted=False, **facts)[0] == "relevance"
        assert why_not(**facts)[0] == "colleague"
        del facts["colleagues"]
        assert why_not(**facts)[0] == "max_open"

    @given(st.lists(st.sampled_from(["ana", "bo", "Cy"]), unique=True), st.booleans())
    def test_everybody_is_out_or_in(self, ids, is_full):
        people = [ANA._replace(id=id_, name=id_) for id_ in ids]
        out = excluded(people, {"bo"}, known(full="full" if is_full else ""))
        assert out.keys() == {id_ for id_ in ids if is_full or id_ != "bo"}
        assert [one.person.name for one in by_name(out.values())] == sorted(out, key=str.lower)


class TestOutOfReach:
    """Without address and without anybody who could help there is no way to ask."""

    HIDDEN = ANA._replace(reachable=False, origin="cold")

    def test_nobody_knows_how(self):
        (found,) = out_of_reach([self.HIDDEN], {}, set()).values()
        assert (found.person, found.code) == (self.HIDDEN, "unreachable")

    @pytest.mark.parametrize(
        ("person", "ways", "pointed"),
        [(HIDDEN._replace(reachable=True), set(), set()),
         (HIDDEN._replace(origin="inner circle"), set(), set()),
         (HIDDEN, {"ana"}, set()),
         (HIDDEN, set(), {"ana"})],
    )  # fmt: skip
    def test_an_address_or_somebody_is_enough(self, person, ways, pointed):
        assert out_of_reach([person], ways, pointed) == {}

    def test_that_others_can_be_reached_does_not_help(self):
        assert out_of_reach([self.HIDDEN], {"bo"}, {"bo"}).keys() == {"ana"}


class TestEnoughRequests:
    """A campaign may say how many may wait for an answer at once."""

    def rows(self, *stages, campaign="spring", initiator="me"):
        return [Tally(outcome=one, campaign=campaign, initiator=initiator) for one in stages]

    def spring(self, most):
        return Campaign(id="spring", name="Spring", start=DAY, max_open=most)

    def test_as_many_as_may_be(self):
        rows = self.rows("contacted", "contacted", "held", "scheduled")
        assert no_more(self.spring(2), rows) == "2 requests wait for an answer, of at most 2"
        assert no_more(self.spring(3), rows) == ""
        assert no_more(self.spring(0), []) == "0 requests wait for an answer, of at most 0"

    def test_no_number_is_no_limit(self):
        assert no_more(self.spring(None), self.rows(*["contacted"] * 50)) == ""

    def test_only_mine_for_this_campaign_count(self):
        others = self.rows("contacted", campaign="autumn")
        theirs = self.rows("contacted", initiator="them")
        assert no_more(self.spring(1), [*others, *theirs]) == ""


class TestSoFar:
    """What to know of the interviews with somebody before asking for another."""

    @pytest.mark.parametrize(
        ("stage", "fields", "said"),
        [("declined", {}, "they declined on 27 February"),
         ("no_response", {}, "they did not answer when you asked on 24 February"),
         ("held", {"held": on("2026-02-26")}, "you had an interview with them on 26 February"),
         ("contacted", {}, "you asked on 24 February, you wait for their answer"),
         ("scheduled", {}, "you asked on 24 February, you have a date"),
         ("deferred", {"until": date(2026, 6, 1)},
          "you asked on 24 February, they put you off until 1 Jun 2026")],
    )  # fmt: skip
    def test_each_by_itself(self, stage, fields, said):
        found = so_far([thread(stage, asked=on("2026-02-24"), **fields)], DAY)
        assert list(found) == [said]

    @pytest.mark.parametrize("stage", ["identified", "researched", "cancelled", "dropped"])
    def test_nothing_to_know(self, stage):
        assert list(so_far([thread(stage)], DAY)) == list(so_far([], DAY)) == []

    def test_a_no_is_old_once_they_were_asked_again(self):
        again = thread("contacted", asked=on("2026-03-01"))
        found = list(so_far([thread("declined"), again], DAY))
        assert found == ["you asked on 1 March, you wait for their answer"]

    def test_that_we_talked_stays_known(self):
        talked = [thread("held", held=on(day)) for day in ("2026-01-20", "2026-02-20")]
        assert list(so_far([*talked, thread("declined")], DAY)) == [
            "you had an interview with them on 20 February", "they declined on 27 February",
        ]  # fmt: skip

    def test_what_they_asked_me_for_is_told_only_while_it_goes_on(self):
        theirs = thread("contacted", asked=on("2026-03-01"), initiator="them")
        assert list(so_far([theirs], DAY)) == ["they asked on 1 March, they wait for your answer"]
        for stage in ("declined", "held", "no_response"):
            over = thread(stage, initiator="them", asked=on("2026-03-01"), held=on("2026-03-02"))
            assert list(so_far([over], DAY)) == []
