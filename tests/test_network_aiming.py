"""Me and what I am after, as a network keeps it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import InvalidError, Network, NotFoundError
from netcrm.model.campaign import Aim
from netcrm.model.insight import Insight
from netcrm.model.profile import Profile
from netcrm.model.time import Interval
from tests import networks
from tests.networks import Clock, commits, everything

clock, opens, net = networks.clock, networks.opens, networks.net

TODAY = date(2026, 3, 5)


class TestProfile:
    """Who I am."""

    def test_there_is_one_and_at_first_it_is_empty(self, net: Network) -> None:
        """Reading it stores nothing."""
        assert net.profile == Profile(id="me")
        assert everything(net) == {}
        net.describe(stage="college", education="Psychology")
        net.describe(interests=["Psychiatry"], links=["https://www.linkedin.com/in/maya"])
        assert net.profile.interests == {"psychiatry"}
        assert (net.profile.stage, net.profile.education) == ("college", "Psychology")
        assert [kind for kind, _ in everything(net)] == ["profile"]
        net.undo()
        assert net.profile.interests == frozenset()
        before = everything(net)
        with pytest.raises(InvalidError):
            net.describe(stage="retired")
        assert everything(net) == before

    def test_a_pitch_has_versions(self, net: Network) -> None:
        """What is not said stays as in the version before; of a day there is one."""
        net.pitch(education="I study.", activities="I sing.", on="2026-02-01")
        net.pitch(interests="People.")
        net.pitch(activities="I sing alto.")
        pitches = net.profile.pitches
        assert [pitch.on for pitch in pitches] == [date(2026, 2, 1), TODAY]
        assert pitches[1].text == "I study. I sing alto. People."
        assert pitches[0].interests == ""
        earlier = net.profile.pitch(date(2026, 3, 4))
        assert earlier == pitches[0]
        assert net.profile.pitch(date(2026, 1, 31)) is None

    def test_a_version_has_its_own_reasons(self, net: Network) -> None:
        """Those of the one before are not its."""
        net.put(Insight(id="n", text="be short", observed_on=TODAY))
        net.pitch(goals="Find a field.", because=["n"], on="2026-02-01")
        assert net.profile.pitches[0].because == ("n",)
        net.pitch(goals="Find.")
        assert net.profile.pitches[1].because == ()

    def test_practice_and_confidence_are_noted(self, net: Network) -> None:
        """On the last such day, if it is called by its name."""
        net.practise(5, on="monday")
        net.practise()
        assert [(one.on, one.minutes) for one in net.profile.practices] == [
            (date(2026, 3, 2), 5), (TODAY, 1),
        ]  # fmt: skip
        net.feel(2, "shaky", on="monday")
        net.feel(4)
        assert [(one.on, one.level, one.note) for one in net.profile.confidence] == [
            (date(2026, 3, 2), 2, "shaky"), (TODAY, 4, ""),
        ]  # fmt: skip
        with pytest.raises(InvalidError):
            net.feel(6)
        with pytest.raises(InvalidError):
            net.practise(0)

    def test_ready_tells_what_is_missing(self, net: Network) -> None:
        """On a day; bit by bit less."""
        assert [one.code for one in net.ready()] == ["objective", "interests", "pitch", "linkedin"]
        net.objective("What is a day like?")
        net.describe(interests=["nursing"], links=["linkedin.com/in/maya"])
        net.pitch(education="a", activities="b")
        assert [one.code for one in net.ready()] == ["pitch-interests", "practice"]
        net.pitch(interests="c")
        net.practise()
        assert net.ready() == []
        yesterday = [one.code for one in net.ready(as_of="2026-03-04")]
        assert yesterday == ["objective", "pitch"]


class TestObjectives:
    """What I want to find out."""

    def test_they_are_there_from_the_day_they_are_set_until_they_are_settled(
        self, net: Network, clock: Clock
    ) -> None:
        """The oldest first."""
        first = net.objective("What is a day like?", fields=["Psychiatry"], focus="role")
        assert first.fields == {"psychiatry"}
        assert first.added_on == TODAY
        clock.set("2026-03-08T09:00")
        second = net.objective("Which training?")
        assert net.objectives() == [first, second]
        assert net.objectives(as_of="2026-03-07") == [first]
        assert net.objectives(as_of="2026-03-04") == []
        ended = net.settle("what is", on="2026-03-07")
        assert (ended.ended, ended.ended_on) == ("answered", date(2026, 3, 7))
        assert net.objectives() == [second]
        assert net.objectives(as_of="2026-03-07") == []
        assert net.objectives(as_of="2026-03-06") == [ended]
        assert net.settle(second, "dropped").ended == "dropped"
        net.undo()
        assert net.objectives() == [second]

    def test_they_are_named_by_their_beginning_or_id(self, net: Network) -> None:
        """One must be meant."""
        one = net.objective("What is a day like?")
        net.objective("What does it cost?")
        assert net.settle(one.id).id == one.id
        before = everything(net)
        for said in ("what", "how", ""):
            with pytest.raises(NotFoundError, match=r"“What is a day like\?”"):
                net.settle(said)
        assert everything(net) == before
        with pytest.raises(InvalidError):
            net.settle(one, "forgotten")


class TestCampaigns:
    """A stretch of interviewing."""

    def test_begins_and_is_changed_by_its_name(self, net: Network) -> None:
        """What is not said stays."""
        day = net.objective("What is a day like?")
        made = net.campaign(
            "Spring", aims={"Psychiatry": 3, "nursing": 2}, every="2 weeks", objectives=["what"],
            end="2026-04-12", weekly_requests=5,
        )  # fmt: skip
        assert made.aims == (
            Aim(field="psychiatry", interviews=3), Aim(field="nursing", interviews=2),
        )  # fmt: skip
        assert (made.start, made.end, made.objectives) == (TODAY, date(2026, 4, 12), (day.id,))
        assert (made.every, made.weekly_requests) == (Interval(n=2, unit="week"), 5)
        changed = net.campaign("Spring", max_open=4, start="2026-03-01")
        assert (changed.id, changed.aims, changed.end) == (made.id, made.aims, made.end)
        assert (changed.max_open, changed.start) == (4, date(2026, 3, 1))
        assert net.campaigns() == [changed]
        again = net.campaign("Spring", aims=[Aim(field="law", interviews=1)], every=made.every)
        assert again.aims == (Aim(field="law", interviews=1),)
        assert commits(net) == 4

    def test_those_that_have_begun_the_latest_first(self, net: Network) -> None:
        """And then by name."""
        net.campaign("Old", start="2026-01-01")
        net.campaign("B")
        net.campaign("A")
        net.campaign("Next", start="2026-06-01")
        assert [one.name for one in net.campaigns()] == ["A", "B", "Old"]
        assert net.campaigns(as_of="2026-06-01")[0].name == "Next"
        assert [one.name for one in net.campaigns(as_of="2026-01-01")] == ["Old"]

    def test_what_is_none_is_refused(self, net: Network) -> None:
        """Nothing is stored."""
        with pytest.raises(InvalidError, match="cannot end"):
            net.campaign("Spring", end="2026-03-01")
        with pytest.raises(InvalidError, match="not a rhythm"):
            net.campaign("Spring", every="soon")
        with pytest.raises(NotFoundError):
            net.campaign("Spring", objectives=["why"])
        with pytest.raises(InvalidError, match="needs a name"):
            net.campaign("")
        assert everything(net) == {}


class TestFields:
    """Career fields, and how they hang together."""

    def test_what_is_said_is_added(self, net: Network) -> None:
        """By whatever spelling."""
        net.relate("Psychiatry", "clinical psychology", broader=["health"], title="Psychiatry")
        made = net.relate("psychiatry", "Social Work", codes={"isco": "2212"})
        assert made.related == {"clinical-psychology", "social-work"}
        assert made.broader == {"health"}
        assert (made.title, dict(made.codes)) == ("Psychiatry", {"isco": "2212"})
        assert net.relate("psychiatry", codes={"onet_soc": "29-1223"}).codes == {
            "isco": "2212", "onet_soc": "29-1223",
        }  # fmt: skip
        net.relate("nursing", broader=["health"])
        assert [one.name for one in net.career_fields()] == ["nursing", "psychiatry"]

    def test_no_field_is_broader_than_itself(self, net: Network) -> None:
        """Not by any way round."""
        net.relate("a", broader=["b"])
        net.relate("b", broader=["c"])
        net.relate("d", broader=["c", "a"])
        before = everything(net)
        for field, broader in (("c", "a"), ("b", "a"), ("a", "a"), ("c", "d"), ("C", "D")):
            with pytest.raises(InvalidError, match="broader than itself"):
                net.relate(field, broader=[broader])
        assert everything(net) == before
        net.relate("c", "a", broader=["e"])

    @given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=8))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whatever_is_said_nothing_goes_in_circles(self, said: list[tuple[str, str]]) -> None:
        """What would is left out."""
        with netcrm.open() as net:
            for field, broader in said:
                try:
                    net.relate(field, broader=[broader])
                except InvalidError:
                    continue
            up = {one.name: one.broader for one in net.career_fields()}
        reached = {name: set(above) for name, above in up.items()}
        for _ in up:
            for name, above in reached.items():
                reached[name] = above.union(*(reached.get(one, set()) for one in above))
        assert not [name for name, above in reached.items() if name in above]


class TestResearch:
    """What I looked up."""

    def test_about_a_person_a_place_or_a_field(self, net: Network) -> None:
        """Or about meeting them."""
        ana = net.add("Ana Ruiz")
        person = net.research("ana", "wrote a book", link="https://example.org")
        assert (person.about, person.contact, person.text) == ("person", ana.id, "wrote a book")
        assert (person.on, person.link) == (net.moment(None), "https://example.org")
        assert net.research("ana", "a suit", setting=True).about == "setting"
        place = net.research(organisation="Mercy General", on="2026-03-01")
        assert (place.about, place.organisation) == ("organisation", "Mercy General")
        assert (place.contact, place.on) == (None, net.moment("2026-03-01"))
        field = net.research(field="Social Work")
        assert (field.about, field.field) == ("industry", "social-work")

    def test_about_nothing_is_refused(self, net: Network) -> None:
        """It says so."""
        with pytest.raises(InvalidError, match="research on the person says which"):
            net.research(text="rain")
        with pytest.raises(NotFoundError):
            net.research("nobody", "x")
        assert everything(net) == {}

    def test_a_dry_run_keeps_nothing_and_undo_takes_it_back(self, net: Network) -> None:
        """Of all of this."""
        for act in (
            lambda: net.describe(stage="college"),
            lambda: net.objective("Why?"),
            lambda: net.campaign("Spring"),
            lambda: net.relate("a", "b"),
            lambda: net.research(field="law"),
        ):
            with net.transaction("try", dry_run=True):
                act()
            assert everything(net) == {}
            act()
            assert everything(net)
            net.undo()
            assert everything(net) == {}
