"""Who there is to talk to, whom to ask next, and how the network grows."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

import netcrm
from netcrm import Factor, FieldLink, InvalidError, NotFoundError, PluginError, Position
from netcrm.errors import NetcrmError
from netcrm.model.time import PartialDate
from tests import networks

clock, opens, net = networks.clock, networks.opens, networks.net


def add(net, name, field="nursing", **fields):
    fields.setdefault("email", f"{name.lower()}@example.org")
    fields = {key: value for key, value in fields.items() if value is not None}
    return net.add(name, fields=[field] if field else [], **fields)


@pytest.fixture
def nurses(net, clock):
    """I look for nursing; Ana I know, Bo was an alumna here, Cy I found on LinkedIn."""
    clock.set("2026-02-02T09:00")
    net.add("Maya Rao", is_me=True, fields=["nursing"])
    net.describe(interests=["nursing"])
    add(net, "Cy", source="linkedin")
    add(net, "Ana", source="friend")
    add(net, "Bo", source="alumni_database")
    clock.set("2026-03-05T09:00")
    return net


def names(found):
    return [one.person.name for one in found.people]


def why_not(net, **asked):
    return {one.person.name: one.code for one in net.next_best(9, **asked).excluded}


class TestWhatIsLookedFor:
    """Aims of a campaign, else fields of objectives, else interests."""

    def test_without_any_of_it_nobody_is_suggested(self, net):
        add(net, "Ana")
        found = net.next_best()
        assert (found.people, found.excluded, found.aims.wishes) == ((), (), ())
        assert net.prospects() == []

    def test_interests(self, nurses):
        assert names(nurses.next_best()) == ["Ana", "Bo", "Cy"]
        assert [one.field for one in nurses.next_best().aims.wishes] == ["nursing"]

    def test_objectives_go_before_interests(self, nurses):
        add(nurses, "Di", "law")
        nurses.objective("What is hard?", fields=["law"])
        assert names(nurses.next_best()) == ["Di"]
        assert nurses.next_best().people[0].prospect.objectives == ("What is hard?",)

    def test_objectives_are_those_of_the_day(self, nurses, clock):
        add(nurses, "Di", "law")
        made = nurses.objective("What is hard?", fields=["law"])
        assert names(nurses.next_best(as_of="2026-03-04")) == ["Ana", "Bo", "Cy"]
        nurses.settle(made)
        assert names(nurses.next_best()) == ["Ana", "Bo", "Cy"]

    def test_a_campaign_goes_before_objectives(self, nurses):
        add(nurses, "Di", "law")
        nurses.objective("What is hard?", fields=["nursing"])
        nurses.campaign("Spring", aims={"law": 2})
        found = nurses.next_best()
        assert (names(found), found.aims.campaign) == (["Di"], "Spring")

    def test_of_several_campaigns_the_latest_under_way_that_has_aims(self, nurses):
        add(nurses, "Di", "law")
        nurses.campaign("Law", aims={"law": 2}, start="2026-02-01")
        nurses.campaign("Nursing", aims={"nursing": 2}, start="2026-01-01")
        nurses.campaign("Idle", start="2026-03-01")
        nurses.campaign("Over", aims={"tea": 2}, start="2026-02-03", end="2026-02-04")
        nurses.campaign("To come", aims={"tea": 2}, start="2026-04-01")
        assert nurses.next_best().aims.campaign == "Law"
        assert nurses.next_best(campaign="Nursing").aims.campaign == "Nursing"

    def test_a_campaign_nobody_began(self, nurses):
        with pytest.raises(NotFoundError, match="There are: none"):
            nurses.next_best(campaign="Autumn")

    def test_who_is_only_at_a_place_comes_last(self, nurses):
        add(nurses, "Di", "law", source="friend", organisation="Mercy General")
        nurses.campaign("Spring", aims={"nursing": 2}, organisations=["MERCY GENERAL"])
        assert names(nurses.next_best()) == ["Ana", "Bo", "Cy", "Di"]
        assert nurses.next_best().people[-1].score == pytest.approx(0.3 * 0.5)

    def test_near_fields_count_too(self, nurses):
        add(nurses, "Di", "midwifery", source="friend")
        nurses.relate("nursing", "midwifery")
        last = nurses.next_best().people[-1]
        assert (last.person.name, last.relevance.value) == ("Di", 0.7)


class TestWhoIsNotSuggested:
    """Everybody who was looked at and is not to be asked is listed, with one reason."""

    def test_i_am_never_there_at_all(self, nurses):
        found = nurses.next_best(9)
        everybody = [*found.people, *found.excluded]
        assert [one.person.name for one in everybody] == ["Ana", "Bo", "Cy"]
        assert "Maya Rao" not in [one.person.name for one in nurses.prospects()]

    @pytest.mark.parametrize("state", ["do_not_contact", "deceased", "archived"])
    def test_who_is_not_active(self, nurses, state):
        nurses.edit("ana", state=netcrm.State(kind=state))
        assert names(nurses.next_best()) == ["Bo", "Cy"]
        assert why_not(nurses) == {"Ana": "state"}
        assert [one.person.name for one in nurses.prospects()] == ["Bo", "Cy"]

    def test_the_last_pause_counts(self, nurses, clock):
        nurses.pause("ana")
        nurses.pause("bo", until="2026-06-01")
        assert why_not(nurses) == {"Ana": "paused", "Bo": "paused"}
        assert why_not(nurses, as_of="2026-03-04") == {}
        assert why_not(nurses, as_of="2026-06-01") == {"Ana": "paused"}
        nurses.pause("ana", until="2026-03-20")
        assert why_not(nurses, as_of="2026-03-20") == {"Bo": "paused"}

    def test_a_snooze_is_no_pause(self, nurses):
        nurses.snooze("ana", "2026-06-01")
        assert why_not(nurses) == {}

    def test_who_is_asked_and_who_was_met(self, nurses):
        nurses.ask("ana", "email", at="2026-03-02 09:00")
        assert why_not(nurses, as_of="2026-03-02 08:00") == {}
        assert why_not(nurses) == {"Ana": "open"}
        nurses.log("ana", "coffee", kind="meeting", at="2026-03-04 15:00")
        assert why_not(nurses, as_of="2026-03-04 14:00") == {"Ana": "open"}
        assert why_not(nurses) == {"Ana": "held"}

    def test_who_said_no_until_somebody_points_me_to_them(self, nurses):
        nurses.ask("ana", "email", at="2026-02-03")
        nurses.log("ana", "email", kind="decline", at="2026-02-05")
        assert why_not(nurses) == {"Ana": "cool_off"}
        assert why_not(nurses, as_of="2026-08-05") == {}
        nurses.refer("bo", "ana", on="2026-02-20")
        assert why_not(nurses, as_of="2026-02-19") == {"Ana": "cool_off"}
        assert why_not(nurses) == {}
        assert nurses.ask("ana", "email").now.stage == "contacted"

    def test_somebody_else_at_the_same_place_was_asked_lately(self, nurses):
        for who in ("ana", "bo"):
            nurses.edit(who, organisation="Mercy General")
        nurses.ask("ana", "email", at="2026-03-03")
        assert why_not(nurses) == {"Ana": "open", "Bo": "colleague"}
        (found,) = [one for one in nurses.next_best().excluded if one.code == "colleague"]
        assert found.because == "Ana at the same place was asked; wait until 6 Mar 2026"
        assert why_not(nurses, as_of="2026-03-06") == {"Ana": "open"}

    @pytest.mark.parametrize("state", ["do_not_contact", "deceased"])
    def test_who_is_suppressed_is_no_reason_by_name(self, nurses, state):
        for who in ("ana", "bo"):
            nurses.edit(who, organisation="Mercy General")
        nurses.ask("ana", "email", at="2026-03-03")
        nurses.edit("ana", state=netcrm.State(kind=state))
        (found,) = [one for one in nurses.next_best().excluded if one.code == "colleague"]
        assert found.because == "somebody at the same place was asked; wait until 6 Mar 2026"

    def test_who_left_there_is_no_colleague(self, nurses):
        gone = Position(organisation="Mercy General", end=PartialDate.parse("2021"))
        nurses.edit("ana", organisation="Mercy General")
        nurses.edit("bo", positions=[gone])
        nurses.ask("ana", "email", at="2026-03-03")
        assert why_not(nurses) == {"Ana": "open"}
        nurses.edit("bo", organisation="Mercy General")
        nurses.edit("ana", positions=[gone])
        assert why_not(nurses) == {"Ana": "open"}

    def test_who_works_for_themselves_has_no_colleagues(self, nurses):
        for who in ("ana", "bo"):
            nurses.edit(who, organisation="Self-employed")
        nurses.ask("ana", "email", at="2026-03-03")
        assert why_not(nurses) == {"Ana": "open"}

    def test_a_plugin_may_say_how_long_to_wait_for_a_colleague(self, opens):
        class Patient:
            @netcrm.hookimpl
            def netcrm_follow_ups(self, course):
                return netcrm.FollowUps(try_another=8)

        with opens(plugins=[Patient()]) as net:
            net.describe(interests=["nursing"])
            for who in ("Ana", "Bo"):
                add(net, who, organisation="Mercy General")
            net.ask("ana", "email", at="2026-03-03")
            assert why_not(net, as_of="2026-03-12") == {"Ana": "open", "Bo": "colleague"}

    def test_enough_are_asked(self, nurses):
        nurses.campaign("Spring", aims={"nursing": 2}, max_open=1)
        assert why_not(nurses) == {}
        nurses.ask("ana", "email")
        assert why_not(nurses) == {"Ana": "open", "Bo": "max_open", "Cy": "max_open"}

    def test_whom_nobody_can_reach(self, nurses):
        add(nurses, "Di", source="cold_call", email=None)
        add(nurses, "Ed", source="relative", email=None)
        add(nurses, "Flo", source="linkedin", email=None)
        nurses.refer("ana", "flo")
        assert why_not(nurses) == {"Di": "unreachable"}
        assert "Di" not in names(nurses.next_best(9))

    def test_all_the_others_fit_nothing(self, nurses):
        add(nurses, "Di", "law")
        add(nurses, "Ed", None)
        assert why_not(nurses) == {"Di": "relevance", "Ed": "relevance"}

    def test_they_are_listed_by_name(self, nurses):
        for name in ("zed", "Émil", "ada"):
            add(nurses, name, "law", email=None)
        assert [one.person.name for one in nurses.next_best().excluded] == ["ada", "Émil", "zed"]

    def test_who_came_later_was_not_there(self, nurses):
        add(nurses, "Di")
        assert names(nurses.next_best(as_of="2026-03-04")) == ["Ana", "Bo", "Cy"]
        assert names(nurses.next_best(as_of="2026-03-05")) == ["Ana", "Bo", "Cy", "Di"]
        assert len(nurses.prospects(as_of="2026-03-04")) == 3
        assert names(nurses.next_best(as_of="2026-02-01")) == []


class TestTheFactors:
    """Where each of them comes from."""

    def test_reach_goes_by_how_others_of_that_origin_answered(self, nurses):
        for number in range(3):
            add(nurses, f"Ada{number}", source="alumni_database")
            nurses.ask(f"Ada{number}", "email", at="2026-02-03")
        nurses.log("ada0", "email", kind="accept", at="2026-02-04")
        (bo,) = [one for one in nurses.next_best().people if one.person.name == "Bo"]
        assert bo.reach == Factor(2 / 5, "alumni sometimes answer (1 of 3)")
        (bo,) = [
            one for one in nurses.next_best(as_of="2026-02-05").people if one.person.name == "Bo"
        ]
        assert bo.reach.value == 0.5  # they had no time yet
        nurses.describe(holidays=[date(2026, 2, day) for day in range(4, 29)])
        (bo,) = [one for one in nurses.next_best().people if one.person.name == "Bo"]
        assert bo.reach.value == 0.5  # nobody worked since

    def test_so_do_those_who_were_forgotten(self, nurses):
        add(nurses, "Ada", source="alumni_database")
        nurses.ask("ada", "email", at="2026-02-03")
        nurses.log("ada", "email", kind="decline", at="2026-02-04")
        before = nurses.next_best()
        nurses.forget("ada")
        assert nurses.next_best().people == before.people
        assert before.people[0].reach.value == pytest.approx(2 / 3)

    def test_who_was_pointed_out_to_me_is_a_referral(self, nurses, clock):
        clock.set("2026-03-06T09:00")
        nurses.refer("ana", "Dora")
        nurses.edit("dora", fields=["nursing"], source="linkedin")
        (dora,) = [one for one in nurses.next_best().people if one.person.name == "Dora"]
        assert (dora.person.origin, dora.sort) == ("referral", "referred")
        nurses.refer("ana", "bo")  # whom I knew before
        (bo,) = [one for one in nurses.next_best().people if one.person.name == "Bo"]
        assert bo.person.origin == "alumni"

    def test_somebody_may_bring_me_to_them(self, nurses, clock):
        nurses.log("ana", "coffee", at="2026-03-04")
        nurses.refer("ana", "Dora", mode="offered")
        nurses.tag("dora", add=["nursing"], kind="fields")
        (dora,) = [one for one in nurses.next_best().people if one.person.name == "Dora"]
        assert dora.reach.reason == "Ana may bring you to them (likely)"
        assert dora.is_brought

    def test_need_counts_what_is_held_or_booked_for_the_campaign(self, nurses):
        nurses.campaign("Spring", aims={"nursing": 2}, start="2026-03-01")
        nurses.ask("ana", "email", at="2026-03-03")
        assert nurses.next_best().people[0].need == Factor(2, "2 of 2 still wanted")
        nurses.log("ana", "email", kind="accept", at="2026-03-04")
        nurses.plan("ana", "2026-03-09 10:00")
        assert nurses.next_best().people[0].need == Factor(1.5, "1 of 2 still wanted")

    def test_what_somebody_is_to_me(self, nurses, clock):
        nurses.log("ana", "coffee", at="2025-03-05")
        for day in ("2026-02-10", "2026-02-20", "2026-03-01"):
            nurses.log("bo", "coffee", at=day)
        nurses.log("cy", "email", at="2025-12-01")
        found = nurses.next_best()
        sorts = {one.person.name: one.sort for one in found.people}
        assert sorts == {"Ana": "dormant", "Bo": "in touch", "Cy": "weak"}
        assert found.mix == {"in touch": 1, "weak": 1, "dormant": 1}

    def test_who_never_answered_is_not_said_to_be_in_touch(self, nurses):
        for day in ("2026-03-01", "2026-03-02"):
            nurses.log("ana", "email", at=day)
            nurses.log("bo", "email", at=day, direction="inbound")
        said = {one.person.name: one.reach.reason for one in nurses.next_best().people}
        assert said["Ana"] == "you wrote, and they have not answered yet"
        assert said["Bo"] == "you are in touch now and then (likely to answer)"

    def test_who_never_answered_brings_me_to_nobody(self, nurses):
        nurses.log("bo", "email", at="2026-03-04")
        nurses.knows("bo", "cy")
        (cy,) = [one for one in nurses.next_best().people if one.person.name == "Cy"]
        assert cy.way is None
        nurses.log("bo", "email", at="2026-03-04", direction="inbound")
        (cy,) = [one for one in nurses.next_best().people if one.person.name == "Cy"]
        assert len(cy.way.hops) == 2

    def test_the_mix_brings_somebody_in(self, nurses):
        nurses.log("cy", "email", at="2024-12-01")
        assert names(nurses.next_best(1)) == ["Cy"]
        assert names(nurses.next_best(1, mix=False)) == ["Ana"]
        assert nurses.next_best(1).choices == 3

    def test_a_number_below_none_is_refused(self, nurses):
        assert nurses.next_best(0).people == ()
        with pytest.raises(InvalidError, match="-1"):
            nurses.next_best(-1)


class TestWays:
    """Only what somebody told me is a way: that two are colleagues is not."""

    @pytest.fixture
    def mercy(self, nurses):
        nurses.log("ana", "coffee", at="2026-03-04")
        nurses.edit("ana", organisation="Mercy General")
        add(nurses, "Di", source="cold_call", email=None, organisation="Mercy General")
        return nurses

    def test_a_colleague_is_no_way(self, mercy):
        assert why_not(mercy) == {"Di": "unreachable"}
        mercy.knows("ana", "di", "same ward")
        assert why_not(mercy) == {}

    @pytest.mark.parametrize("many", [0, 2_000])
    def test_of_many_people_the_ways_are_the_same(self, mercy, many, monkeypatch):
        monkeypatch.setattr("netcrm.network.ways._MANY", many)
        mercy.knows("cy", "di")
        mercy.refer("ana", "cy", on="2026-02-01", mode="offered")
        when = mercy.moment_of(None)
        with mercy._reading() as view:
            people = {name: mercy.contact(name).id for name in ("ana", "bo", "cy", "di")}
            found = mercy._journey(view, when).nearest(people.values(), guesses=False)
        ana, cy, di = people["ana"], people["cy"], people["di"]
        ways = {id_: path.people for id_, path in found.items()}
        assert ways == {ana: (ana,), cy: (ana, cy), di: (ana, cy, di)}


class TestPlugins:
    """They know what is near what, and what speaks for somebody."""

    class Town:
        @netcrm.hookimpl
        def netcrm_rank_signals(self, contact, as_of):
            assert as_of == date(2026, 3, 5)
            return Factor(1.5, "same town") if contact.location == "Rome" else None

    class Shy:
        @netcrm.hookimpl
        def netcrm_rank_signals(self, contact):
            return Factor(0.5, "shy") if contact.location == "Rome" else None

    class Tables:
        @netcrm.hookimpl
        def netcrm_fields(self):
            return [FieldLink("Nursing", "Night Care", "related", "ISCO 222")]

    def test_a_signal_multiplies_the_score(self, opens):
        with opens(plugins=[self.Town()]) as net:
            net.describe(interests=["nursing"])
            add(net, "Ana")
            add(net, "Bo", location="Rome")
            found = net.next_best().people
            assert [(one.person.name, one.score) for one in found] == [("Bo", 0.75), ("Ana", 0.5)]
            assert found[0].signals == (Factor(1.5, "same town"),)

    def test_all_plugins_are_heard(self, opens):
        with opens(plugins=[self.Town(), self.Shy()]) as net:
            net.describe(interests=["nursing"])
            add(net, "Bo", location="Rome")
            (found,) = net.next_best().people
            assert found.score == pytest.approx(0.5 * 1.5 * 0.5)
            assert {one.reason for one in found.signals} == {"same town", "shy"}

    @pytest.mark.parametrize(
        "gives", [lambda: 1.5, lambda: Factor(3, "far"), lambda: Factor(1, ""), lambda: 1 / 0]
    )
    def test_one_that_gives_something_else_is_named(self, opens, gives):
        class Wrong:
            @netcrm.hookimpl
            def netcrm_rank_signals(self, contact):
                return gives()

        with opens(plugins=[Wrong()]) as net:
            net.describe(interests=["nursing"])
            add(net, "Ana")
            with pytest.raises(PluginError, match="plugin Wrong: netcrm_rank_signals"):
                net.next_best()

    def test_what_is_near_may_come_from_a_plugin(self, opens):
        with opens(plugins=[self.Tables()]) as net:
            add(net, "Ana", "night-care")
            assert net.prospects("nursing") == []
            (found,) = net.prospects("nursing", broaden=True)
            assert found.match.because == (
                "fits night-care, broadened from nursing: related to it (ISCO 222)"
            )

    def test_a_link_without_a_reason_sets_the_plugin_aside(self, opens):
        class Mute:
            @netcrm.hookimpl
            def netcrm_fields(self):
                return [FieldLink("nursing", "night-care", "related", "")]

        with opens(plugins=[Mute()]) as net:
            add(net, "Ana", "night-care")
            assert net.prospects("nursing", broaden=True) == []
            assert "give a reason" in net.plugins.failures["Mute"]


class TestProspects:
    """Who there is to talk to, whatever was asked before."""

    def test_of_a_field(self, nurses):
        add(nurses, "Di", "law")
        assert [one.person.name for one in nurses.prospects("Law")] == ["Di"]
        assert [one.person.name for one in nurses.prospects("nursing")] == ["Ana", "Bo", "Cy"]

    def test_of_nothing(self, nurses):
        assert nurses.prospects("tea") == []
        with pytest.raises(NetcrmError, match="letter or digit"):
            nurses.prospects("🙂")

    def test_where_it_stands_and_what_it_serves(self, nurses):
        nurses.objective("What is hard?", fields=["nursing"])
        nurses.ask("ana", "email", at="2026-03-02")
        first = nurses.prospects("nursing")[0]
        assert (first.stage, first.objectives) == ("contacted", ("What is hard?",))
        assert nurses.prospects("nursing", as_of="2026-03-01")[0].stage == ""

    def test_the_last_interview_counts(self, nurses):
        nurses.ask("ana", "email", at="2025-01-02")
        nurses.log("ana", "email", kind="decline", at="2025-01-03")
        nurses.ask("ana", "email", at="2026-03-02")
        assert nurses.prospects("nursing")[0].stage == "contacted"

    def test_broadened_people_come_after_the_others(self, nurses):
        nurses.relate("law", "nursing")
        add(nurses, "Di", "law", source="cold_call")
        found = nurses.prospects("law", broaden=True)
        assert [(one.person.name, one.match.is_broadened) for one in found] == [
            ("Di", False), ("Ana", True), ("Bo", True), ("Cy", True),
        ]  # fmt: skip

    def test_at_a_place_if_i_look_at_one(self, nurses):
        add(nurses, "Di", "law", organisation="Mercy General")
        nurses.objective("Who?", organisations=["mercy general"])
        assert [one.person.name for one in nurses.prospects()] == ["Ana", "Bo", "Cy", "Di"]


class TestGrowth:
    """From when on I know whom, and by whom."""

    def months(self, net, by="all", **asked):
        return [(one.month, one.group, one.new, one.referred) for one in net.growth(by, **asked)]

    def test_from_when_they_were_added(self, nurses):
        add(nurses, "Di", "law")
        assert self.months(nurses, "field") == [
            ("2026-02", "nursing", 3, 0), ("2026-03", "law", 1, 0),
        ]  # fmt: skip
        assert self.months(nurses, as_of="2026-03-04") == [("2026-02", "all", 3, 0)]

    def test_or_from_when_we_were_first_in_touch(self, nurses):
        nurses.log("ana", "coffee", at="2025-07-01")
        nurses.log("ana", "coffee", at="2025-06-30")
        nurses.log("ana", "coffee", at="2026-03-01")
        assert self.months(nurses) == [("2025-06", "all", 1, 0), ("2026-02", "all", 2, 0)]
        assert self.months(nurses, as_of="2025-06-30") == [("2025-06", "all", 1, 0)]

    def test_or_from_when_somebody_pointed_me_to_them(self, nurses):
        nurses.refer("ana", "Dora", on="2026-01-15")
        assert self.months(nurses)[0] == ("2026-01", "all", 1, 1)
        assert [row for row in self.months(nurses, "origin") if row[1] == "referral"] == [
            ("2026-01", "referral", 1, 1)
        ]

    def test_who_was_known_before_owes_nothing_to_a_referral(self, nurses):
        nurses.refer("ana", "bo")
        assert self.months(nurses) == [("2026-02", "all", 3, 0)]

    def test_another_grouping_is_refused(self, nurses):
        with pytest.raises(InvalidError, match="choose from"):
            nurses.growth("moon")


def test_asking_changes_nothing(nurses):
    before = networks.everything(nurses)
    nurses.next_best(), nurses.prospects(), nurses.growth()
    assert networks.everything(nurses) == before


def test_answers_are_plain_values(nurses):
    found = nurses.next_best()
    assert attrs.evolve(found, choices=found.choices) == found == nurses.next_best()


class TestWhoIsWhere:
    """People now at an organisation, or formerly."""

    @pytest.fixture
    def mercy(self, net):
        def job(place="Mercy General", **when):
            dates = {key: PartialDate.parse(said) for key, said in when.items()}
            return Position(organisation=place, **dates)

        net.add("Ana", positions=[job(start="2019")])
        net.add("Bo", positions=[job(start="2010", end="2018"), job("Night Clinic")])
        net.add("Cy", positions=[job("Mercy General Hospital", end="2026-03")])
        net.add("Di", positions=[job("Night Clinic"), job(start="2027")])
        net.add("Ed", positions=[job(end="2001"), job(start="2024")])
        return net

    @pytest.mark.parametrize(
        ("asked", "there"),
        [({}, "Ana Bo Cy Di Ed"), ({"held": "now"}, "Ana Cy Ed"), ({"held": "formerly"}, "Bo"),
         ({"held": "formerly", "as_of": "2026-04-01"}, "Bo Cy"),
         ({"held": "now", "as_of": "2027-01-01"}, "Ana Di Ed")],
    )  # fmt: skip
    def test_now_or_formerly(self, mercy, asked, there):
        found = mercy.contacts(organisation="mercy general", **asked)
        assert " ".join(one.name for one in found) == there

    @pytest.mark.parametrize(
        "asked", [{"held": "now"}, {"held": "", "organisation": ""}, {"held": "x"}]
    )
    def test_what_is_no_question(self, mercy, asked):
        with pytest.raises(InvalidError, match="name the organisation"):
            mercy.contacts(**asked)
        with pytest.raises(InvalidError, match="now or formerly"):
            mercy.contacts(organisation="mercy", held="once")
