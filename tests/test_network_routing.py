"""The warmest ways to somebody, in a network: what is read, what is left out, and what is said."""

from __future__ import annotations

import pytest

import netcrm
from netcrm.network.destinations import places_called
from netcrm.rules.paths import Path, Routes
from tests import networks
from tests.networks import Clock

net, clock, opens = networks.net, networks.clock, networks.opens


@pytest.fixture
def known(net: netcrm.Network, clock: Clock) -> netcrm.Network:
    """I talked with Priya the other day, who offered to introduce me to Tom of the clinic."""
    clock.set("2026-02-20T09:00")
    net.add("Maya Rao", is_me=True)
    net.add("Priya Nair", source="alumni_database")
    net.add("Tom Okafor", organisation="South London Clinic", source="referral")
    clock.set("2026-03-05T09:00")
    net.log("priya", "email", at="2026-02-23", kind="request")
    net.log("priya", "email", at="2026-02-24", direction="inbound", kind="reply")
    net.log("priya", "video", at="2026-03-03 17:00", minutes=30)
    net.log("priya", "email", at="2026-03-03 20:00", kind="thank_you")
    net.refer("priya", "tom", on="2026-03-03", mode="offered")
    return net


def lines(routes: Routes) -> list[str]:
    return [routes.line(path) for path in routes.paths]


def reasons(path: Path) -> list[str]:
    return [hop.because for hop in path.hops]


def test_the_warmest_way_to_an_organisation_ends_at_who_is_there(known: netcrm.Network) -> None:
    routes = known.paths("South London Clinic", as_of="2026-03-04")
    (path,) = routes.paths
    assert (routes.kind, routes.to) == ("organisation", "South London Clinic")
    assert lines(routes) == ["you > Priya Nair > Tom Okafor"]
    assert [round(hop.chance, 3) for hop in path.hops] == [0.829, 0.9]
    assert round(path.chance, 3) == 0.746
    assert path.likelihood == "likely"


def test_each_hop_says_why_and_since_when(known: netcrm.Network) -> None:
    (path,) = known.paths("tom").paths
    assert reasons(path) == [
        "talked on 3 March; as if every 25 days",
        "offered to introduce you on 3 March",
    ]
    (talk,) = [one for one in known.timeline("priya") if one.channel == "video"]
    assert path.hops[0].facts == (talk.id,)
    assert path.hops[1].facts == (known.referrals("tom")[0].id,)
    assert [str(hop.on) for hop in path.hops] == ["2026-03-03", "2026-03-03"]


def test_the_letter_to_begin_with_asks_the_first_about_the_second(known: netcrm.Network) -> None:
    (path,) = known.paths("tom").paths
    assert path.ask == ("introduction_request", known.contact("priya").id, known.contact("tom").id)
    letter = known.letter(path)
    assert letter.draft.kind == "introduction_request"
    assert letter.draft.text.startswith("Dear Priya")
    assert "Tom Okafor" in letter.draft.text


def test_whom_i_know_myself_i_am_to_ask_myself(known: netcrm.Network) -> None:
    (path,) = known.paths("priya").paths
    assert path.ask == ("request", known.contact("priya").id, "")
    assert known.letter(path).draft.kind == "request"


def test_what_happened_later_changes_nothing(known: netcrm.Network, clock: Clock) -> None:
    clock.set("2026-03-02T09:00")
    assert known.paths("tom").paths == ()
    before = known.paths("priya")
    clock.set("2026-04-05T09:00")
    known.log("priya", "coffee", at="2026-04-04")
    known.refer("priya", "Ada King", on="2026-04-04", mode="direct")
    assert known.paths("priya", as_of="2026-03-02T09:00") == before
    assert known.paths("ada", as_of="2026-03-05").paths == ()
    assert lines(known.paths("ada")) == ["you > Priya Nair > Ada King"]


def test_who_is_said_to_know_somebody_is_asked_either_way(known: netcrm.Network) -> None:
    known.add("Ines Roth")
    known.knows("ines", "priya", "shared a flat", told_by="tom")
    (path,) = known.paths("ines").paths
    assert reasons(path)[1] == "they know each other (shared a flat), Tom Okafor told you today"
    assert path.hops[1].chance == 0.4


def test_who_met_whom_i_introduced_them_to_know_each_other(known: netcrm.Network) -> None:
    known.add("Ines Roth")
    made = known.introduce("ines", "priya", on="2026-03-01")
    known.introduction_step(made, "agreed", ["ines", "priya"], on="2026-03-01")
    known.introduction_step(made, "introduced", on="2026-03-02")
    assert known.paths("ines").paths == ()
    known.introduction_step(made, "met", on="2026-03-04")
    (path,) = known.paths("ines").paths
    assert reasons(path)[1] == (
        "they know each other (introduced by you on 2 March), you noted it yesterday"
    )
    assert (path.hops[1].chance, path.hops[1].facts) == (0.4, (made.id,))
    assert known.paths("ines", as_of="2026-03-03").paths == ()
    known.add("Uma Bell")
    known.introduction_step(known.introduce("priya", "uma"), "met")
    (path,) = known.paths("uma").paths
    assert reasons(path)[1] == "they know each other, you noted it today"


def test_of_what_was_told_of_two_the_last_that_was_known_is_said(known: netcrm.Network) -> None:
    known.add("Ines Roth")
    known.knows("ines", "priya", "shared a flat", on="2026-03-01")
    known.knows("ines", "priya", told_by="tom")
    (now,) = known.paths("ines").paths
    assert reasons(now)[1] == "they know each other (shared a flat), Tom Okafor told you today"
    (then,) = known.paths("ines", as_of="2026-03-04").paths
    assert reasons(then)[1] == "they know each other (shared a flat), you noted it on 1 March"


def test_what_is_only_known_later_leads_nowhere_before(known: netcrm.Network) -> None:
    known.mark(known.referrals("tom")[0], "introduced", on="2026-03-05")
    (path,) = known.paths("tom", as_of="2026-03-04").paths
    assert reasons(path)[1] == "offered to introduce you yesterday"
    known.add("Ines Roth")
    known.knows("ines", "priya")
    assert known.paths("ines").paths
    assert known.paths("ines", as_of="2026-03-04").paths == ()
    known.edit("priya", organisation="City Hospital")
    known.add("Uma Bell", organisation="City Hospital")
    assert known.paths("uma").paths
    assert known.paths("uma", as_of="2026-03-04").paths == ()
    (path,) = known.paths("priya", as_of="2026-02-23").paths
    assert reasons(path)[0].startswith("you wrote today, no answer yet;")
    known.mark(known.referrals("tom")[0], "requested", on="2026-03-05")
    assert known.paths("tom", as_of="2026-03-04").paths


def test_an_hour_makes_a_difference(known: netcrm.Network, clock: Clock) -> None:
    clock.set("2026-03-05T12:00")
    known.log("priya", "email", kind="introduction_request", at="2026-03-05 10:00")
    assert known.paths("tom").paths == ()
    assert known.paths("tom", as_of="2026-03-05 09:00").paths != ()


def test_a_guess_may_end_a_way_of_three(known: netcrm.Network) -> None:
    known.add("Ada King", organisation="City Hospital")
    known.knows("priya", "ada")
    known.add("Uma Bell", organisation="City Hospital")
    assert lines(known.paths("uma")) == ["you > Priya Nair > Ada King > Uma Bell"]


def test_colleagues_are_guessed_at_and_say_so(known: netcrm.Network) -> None:
    known.edit("priya", positions=[job("City Hospital", "2015", "2019-06")])
    known.add("Uma Bell", positions=[job("City Hospital", "2019-10", "2021"), job("Elsewhere")])
    known.add("Otto Graf", positions=[job("City Hospital", "2020", "2021")])
    (path,) = known.paths("uma").paths
    assert reasons(path)[1] == "guess: both were at City Hospital in 2019"
    assert path.is_guess
    assert path.likelihood == "long shot"
    assert known.paths("otto").paths == ()


def test_working_for_oneself_makes_nobody_a_colleague(known: netcrm.Network) -> None:
    known.edit("priya", organisation="Self-employed")
    known.add("Uma Bell", organisation="self employed")
    assert known.paths("uma").paths == ()


def job(organisation: str, start: str = "", end: str = "") -> netcrm.Position:
    parts = {"start": start, "end": end}
    dates = {name: netcrm.PartialDate.parse(text) for name, text in parts.items() if text}
    return netcrm.Position(organisation=organisation, **dates)


# --- where to


def test_those_who_are_there_go_before_those_who_were(known: netcrm.Network) -> None:
    clinic = "South London Clinic"
    known.add("Ada King", positions=[job(clinic, "2010", "2014")])
    known.log("ada", "coffee", at="2026-03-04")
    routes = known.paths(clinic)
    assert lines(routes) == ["you > Priya Nair > Tom Okafor", "you > Ada King"]
    assert lines(known.paths(clinic, k=1)) == ["you > Priya Nair > Tom Okafor"]


def test_a_way_to_an_organisation_ends_at_the_first_who_is_there(known: netcrm.Network) -> None:
    known.add("Ada King", organisation="South London Clinic")
    known.refer("tom", "ada", mode="direct")
    known.add("Bo Lind", positions=[job("South London Clinic", "2010", "2014")])
    known.refer("tom", "bo", mode="direct")
    assert lines(known.paths("South London Clinic")) == ["you > Priya Nair > Tom Okafor"]
    assert lines(known.paths("ada")) == ["you > Priya Nair > Tom Okafor > Ada King"]


def test_who_came_back_is_there_now(known: netcrm.Network) -> None:
    clinic = "South London Clinic"
    known.edit("tom", positions=[job(clinic, "2010", "2014"), job(clinic, "2020")])
    assert lines(known.paths(clinic)) == ["you > Priya Nair > Tom Okafor"]


def test_an_organisation_is_found_with_and_without_its_legal_form(known: netcrm.Network) -> None:
    known.add("Ada King", organisation="Harbor Labs, Inc.")
    known.add("Bo Lind", organisation="The Harbor Labs")
    with known._reading() as view:
        for said in ("Harbor Labs", "harbor labs inc", "the Harbor Labs GmbH"):
            assert places_called(view, said) == {"harbor labs inc", "the harbor labs"}
        for said in ("Harbor", "Labs", "", "🙂", "\0", "x" * 10_000):
            assert places_called(view, said) == set()


def test_a_field_is_reached_at_anybody_in_it(known: netcrm.Network) -> None:
    known.tag("tom", add=["psychiatry"], kind="fields")
    routes = known.paths("field:Psychiatry")
    assert (routes.kind, routes.to) == ("field", "psychiatry")
    assert lines(routes) == ["you > Priya Nair > Tom Okafor"]
    known.tag("maya", add=["physics"], kind="fields")
    known.add("Ada King", fields=["physics"], state=netcrm.State(kind="deceased"))
    with pytest.raises(netcrm.NotFoundError, match="field “physics”"):
        known.paths("field:physics")


def test_a_name_of_a_person_and_of_an_organisation_is_never_guessed(known: netcrm.Network) -> None:
    known.add("Mercy Jones", organisation="Mercy")
    with pytest.raises(netcrm.AmbiguousError) as error:
        known.paths("Mercy")
    assert error.value.candidates == (
        ("mercy-jones", "Mercy Jones"),
        ("org:Mercy", "the organisation"),
    )
    assert str(error.value) == (
        "“Mercy” fits more than one: Mercy Jones (mercy-jones), the organisation (org:Mercy). "
        "Use the word in brackets."
    )
    assert known.paths("org:Mercy").kind == "organisation"
    assert known.paths("mercy-jones").kind == "person"


@pytest.mark.parametrize("to", ["nobody", "", "🙂", "\0", "org:", "org:nowhere", "x" * 10_000])
def test_what_is_nobody_and_nowhere_is_said_to_be(known: netcrm.Network, to: str) -> None:
    with pytest.raises(netcrm.NotFoundError):
        known.paths(to)


def test_an_organisation_that_begins_alike_is_suggested(known: netcrm.Network) -> None:
    for to in ("South London", "org:south lond"):
        with pytest.raises(netcrm.NotFoundError) as error:
            known.paths(to)
        assert error.value.suggestions == ("South London Clinic",)


def test_there_is_no_way_to_me_and_none_of_nothing(known: netcrm.Network) -> None:
    with pytest.raises(netcrm.InvalidError, match="that is you"):
        known.paths("maya")
    with pytest.raises(netcrm.InvalidError, match="0 ways"):
        known.paths("tom", k=0)


def test_without_anybody_in_touch_there_is_no_way(net: netcrm.Network) -> None:
    net.add("Ana Ruiz", source="alumni_database")
    routes = net.paths("ana")
    assert routes.paths == ()
    assert routes.direct.chance is None
    assert not routes.is_direct_better


# --- who is left out


@pytest.mark.parametrize("state", ["do_not_contact", "deceased"])
def test_who_is_suppressed_is_nowhere(known: netcrm.Network, state: str) -> None:
    known.add("Ada King")
    known.refer("tom", "ada", mode="direct")
    known.edit("priya", state=netcrm.State(kind=state, reason="asked me"))
    for to in ("tom", "ada", "South London Clinic"):
        routes = known.paths(to)
        assert routes.paths == ()
        assert routes.avoided == ()
    known.edit("priya", organisation="City Hospital")
    known.add("Uma Bell", organisation="City Hospital")
    assert known.paths("uma").paths == ()
    with pytest.raises(netcrm.RefusedError, match=r"Priya Nair is marked .* \(asked me\)"):
        known.paths("priya")


def test_what_a_suppressed_person_told_is_told_without_them(known: netcrm.Network) -> None:
    known.add("Ines Roth")
    known.knows("ines", "priya", told_by="tom")
    known.edit("tom", state=netcrm.State(kind="do_not_contact"))
    (path,) = known.paths("ines").paths
    assert reasons(path)[1] == "they know each other, you noted it today"


def test_a_suppressed_member_is_not_reached(known: netcrm.Network) -> None:
    known.edit("tom", state=netcrm.State(kind="deceased"))
    with pytest.raises(netcrm.NotFoundError):
        known.paths("South London Clinic")


def test_who_was_asked_for_an_introduction_lately_is_not_asked_again(
    known: netcrm.Network, clock: Clock
) -> None:
    known.log("priya", "email", kind="introduction_request", at="2026-03-04 10:00")
    priya = known.contact("priya").id
    routes = known.paths("tom")
    assert routes.paths == ()
    (avoided,) = routes.avoided
    assert avoided.person == priya
    assert avoided.because == "you asked them for an introduction yesterday"
    assert str(avoided.until) == "2026-04-03"
    assert lines(known.paths("priya")) == ["you > Priya Nair"]
    assert lines(known.paths("tom", as_of="2026-04-02")) == []
    assert lines(known.paths("tom", as_of="2026-04-03")) == ["you > Priya Nair > Tom Okafor"]


def test_of_several_requests_the_last_counts(known: netcrm.Network) -> None:
    (referral,) = known.referrals("tom")
    known.log("priya", "email", kind="introduction_request", at="2026-03-04")
    known.log("priya", "email", kind="introduction_request", at="2026-02-25")
    known.mark(referral, "requested", on="2026-03-03")
    assert [str(one.until) for one in known.paths("tom").avoided] == ["2026-04-03"]
    (note,) = known.paths("priya").notes.values()
    assert "introduction" not in note


def test_who_got_a_copy_of_such_a_request_was_not_asked(known: netcrm.Network) -> None:
    known.add("Ada King")
    known.log("ada", "email", kind="introduction_request", cc=["priya"])
    assert lines(known.paths("tom")) == ["you > Priya Nair > Tom Okafor"]


def test_everybody_who_would_be_on_the_way_is_named(known: netcrm.Network) -> None:
    known.add("Ada King")
    known.knows("ada", "tom")
    for name in ("ada", "priya"):
        known.log(name, "email", kind="introduction_request", at="2026-03-04")
    named = [known.contact(one.person).name for one in known.paths("tom", k=1).avoided]
    assert named == ["Ada King", "Priya Nair"]


def test_to_have_asked_for_this_very_introduction_counts_too(known: netcrm.Network) -> None:
    (referral,) = known.referrals("tom")
    known.mark(referral, "requested", on="2026-03-04")
    assert known.paths("tom").paths == ()
    assert known.paths("tom").avoided[0].person == known.contact("priya").id


def test_who_never_answered_is_asked_for_nobody(known: netcrm.Network, clock: Clock) -> None:
    known.add("Ada King")
    known.add("Uma Bell")
    known.knows("ada", "uma")
    known.log("ada", "email", at="2026-02-27")
    known.log("ada", "email", at="2026-03-03")
    routes = known.paths("uma")
    assert routes.paths == ()
    assert [(one.person, one.because, one.until) for one in routes.avoided] == [
        (known.contact("ada").id, "you wrote on 3 March, and they have never answered", None)
    ]
    clock.set("2026-03-06T09:00")
    known.log("ada", "email", at="2026-03-06 08:00", direction="inbound")
    assert lines(known.paths("uma")) == ["you > Ada King > Uma Bell"]
    assert known.paths("uma", as_of="2026-03-05").paths == ()


def test_who_never_answered_may_be_reached_and_says_so(known: netcrm.Network) -> None:
    known.add("Ada King")
    known.log("ada", "email", at="2026-03-03")
    (path,) = known.paths("ada").paths
    assert path.chance == pytest.approx(known.tie("ada").strength / (1 + known.tie("ada").strength))
    assert reasons(path)[0].startswith("you wrote on 3 March, no answer yet; ")


def comes_back(net: netcrm.Network, how: str) -> None:
    """Have something come back from Ada without a letter of hers."""
    match how:
        case "a call":
            net.log("ada", "call", at="2026-03-06", direction="outbound")
        case "a referral":
            net.refer("ada", "Otto Graf", on="2026-03-06")
        case "what she told":
            net.knows("uma", "tom", told_by="ada")
        case "a date":
            net.ask("ada", "email", at="2026-03-06 08:00")
            net.plan("ada", "2026-03-09 10:00")
        case "long ago":
            net.log("ada", "email", at="2015-03-04", direction="inbound")


@pytest.mark.parametrize("how", ["a call", "a referral", "what she told", "a date", "long ago"])
def test_there_are_other_ways_to_answer(known: netcrm.Network, clock: Clock, how: str) -> None:
    known.add("Ada King")
    known.add("Uma Bell")
    known.knows("ada", "uma")
    known.log("ada", "email", at="2026-03-03")
    assert known.paths("uma").paths == ()
    clock.set("2026-03-06T09:00")
    comes_back(known, how)
    assert "you > Ada King > Uma Bell" in lines(known.paths("uma"))
    assert bool(known.paths("uma", as_of="2026-03-05").paths) == (how == "long ago")


def test_a_copy_is_no_answer(known: netcrm.Network) -> None:
    known.add("Ada King")
    known.add("Uma Bell")
    known.knows("ada", "uma")
    known.log("ada", "email", at="2026-03-03")
    known.log("priya", "email", at="2026-03-04", direction="inbound", cc=["ada"])
    assert known.paths("uma").paths == ()


def test_only_who_would_be_on_the_way_is_said_to_be_avoided(known: netcrm.Network) -> None:
    known.add("Ada King")
    known.log("ada", "email", kind="introduction_request")
    assert known.paths("tom").avoided == ()


def test_who_declined_is_not_asked_for_others(known: netcrm.Network, clock: Clock) -> None:
    known.log("priya", "email", kind="decline", direction="inbound", at="2026-03-04")
    routes = known.paths("tom")
    assert routes.paths == ()
    assert [(one.because, str(one.until)) for one in routes.avoided] == [
        ("they declined yesterday", "2026-09-04")
    ]
    clock.set("2026-09-04T09:00")
    assert lines(known.paths("tom")) == ["you > Priya Nair > Tom Okafor"]


def test_in_a_campaign_it_counts_who_declined_since_it_began(
    known: netcrm.Network, clock: Clock
) -> None:
    known.log("priya", "email", kind="decline", direction="inbound", at="2026-03-04")
    known.campaign("Spring", start="2026-03-05")
    assert known.paths("tom").avoided == ()
    known.campaign("Spring", start="2026-03-04")
    (avoided,) = known.paths("tom").avoided
    assert (avoided.because, avoided.until) == ("they declined yesterday", None)
    known.campaign("Spring", start="2026-02-01", end="2026-03-04")
    (avoided,) = known.paths("tom").avoided
    assert str(avoided.until) == "2026-09-04"


def test_who_agreed_later_did_not_decline(known: netcrm.Network) -> None:
    known.log("priya", "email", kind="decline", direction="inbound", at="2026-03-04")
    known.ask("priya", "email", insist=True)
    assert lines(known.paths("tom")) == ["you > Priya Nair > Tom Okafor"]


def test_a_target_that_declined_stays_a_target_with_a_note(known: netcrm.Network) -> None:
    known.log("tom", "email", kind="request", at="2026-03-03 21:00")
    known.log("tom", "email", kind="decline", direction="inbound", at="2026-03-04")
    routes = known.paths("tom")
    assert routes.paths
    assert routes.notes == {known.contact("tom").id: "they declined yesterday"}


def test_what_came_of_asking_a_target_is_a_note(known: netcrm.Network, clock: Clock) -> None:
    tom = known.contact("tom").id
    known.log("tom", "email", kind="request", at="2026-03-04")
    assert known.paths("tom").notes == {tom: "you asked yesterday, you wait for their answer"}
    assert known.paths("South London Clinic").notes == known.paths("tom").notes
    assert known.paths("tom", as_of="2026-03-03").notes == {}
    talked = "you asked on 23 February, they wrote back, and nothing is agreed yet"
    assert known.paths("priya").notes == {known.contact("priya").id: talked}
    known.log("priya", "video", kind="meeting", at="2026-03-04")
    met = "you had an interview with them yesterday"
    assert known.paths("priya").notes == {known.contact("priya").id: met}
    known.log("tom", "email", kind="decline", direction="inbound", at="2026-03-05")
    clock.set("2026-12-05T09:00")
    assert known.paths("tom").notes == {tom: "they declined on 5 March"}


def test_a_target_that_is_archived_and_declined_has_both_in_its_note(known: netcrm.Network) -> None:
    known.ask("tom", "email", at="2026-03-03")
    known.log("tom", "email", kind="decline", direction="inbound", at="2026-03-04")
    known.edit("tom", state=netcrm.State(kind="archived"))
    assert [*known.paths("tom").notes.values()] == ["they are archived; they declined yesterday"]


def test_the_way_straight_to_somebody_i_am_in_touch_with_is_always_there(
    known: netcrm.Network,
) -> None:
    known.add("Ada King")
    known.log("ada", "email", at="2026-01-03", direction="inbound")
    known.refer("priya", "ada", mode="direct")
    two = ["you > Priya Nair > Ada King", "you > Ada King"]
    assert lines(known.paths("ada")) == lines(known.paths("ada", k=1)) == two
    detour, straight = known.paths("ada", k=1).paths
    strength = known.tie("ada").strength
    assert detour.chance > straight.chance == pytest.approx(strength / (1 + strength))
    known.log("ada", "coffee", at="2026-03-04")
    known.log("ada", "coffee", at="2026-03-03")
    assert lines(known.paths("ada", k=1)) == ["you > Ada King"]


def test_of_a_place_or_a_field_there_are_as_many_ways_as_asked_for(known: netcrm.Network) -> None:
    known.tag("tom", add=["law"], kind="fields")
    known.log("tom", "email", at="2026-01-03", direction="inbound")
    assert lines(known.paths("field:law", k=1)) == ["you > Priya Nair > Tom Okafor"]
    assert len(known.paths("tom", k=1).paths) == 2


def test_who_is_archived_is_not_asked(known: netcrm.Network) -> None:
    known.edit("priya", state=netcrm.State(kind="archived"))
    routes = known.paths("tom")
    assert routes.paths == ()
    assert [one.because for one in routes.avoided] == ["they are archived"]


def test_somebody_without_a_name_is_not_asked_but_may_be_reached(known: netcrm.Network) -> None:
    known.refer("priya", "someone in HR at City Hospital", on="2026-03-03")
    known.add("Ada King")
    known.refer("someone in HR at City Hospital", "ada", on="2026-03-03")
    assert len(known.paths("City Hospital").paths) == 1
    assert known.paths("ada").paths == ()
    assert known.paths("ada").avoided == ()


@pytest.mark.parametrize("step", ["declined_by_referrer", "withdrawn"])
def test_what_came_to_nothing_leads_nowhere(known: netcrm.Network, step: str) -> None:
    (referral,) = known.referrals("tom")
    known.mark(referral, step, on="2026-03-04")
    assert known.paths("tom").paths == ()
    known.mark(known.referrals("tom")[0], "introduced", on="2026-03-05")
    (path,) = known.paths("tom").paths
    assert reasons(path)[1] == "introduced you today"


# --- going there directly, and what my own cases tell


def ask(net: netcrm.Network, name: str, *, answered: bool, **fields: object) -> None:
    net.add(name, **fields)
    net.log(name, "email", kind="request", at="2026-02-10")
    if answered:
        net.log(name, "email", kind="accept", direction="inbound", at="2026-02-11")


def test_going_directly_is_as_good_as_people_of_that_source_answer(known: netcrm.Network) -> None:
    for n, answered in enumerate([True, True, True, False, False]):
        ask(known, f"Alum {'abcde'[n]}", answered=answered, source="alumni_database")
    known.add("Ada King", source="alumni_database")
    known.knows("priya", "ada")
    routes = known.paths("ada")
    assert routes.direct.answered == (4, 6)  # Priya is the sixth
    assert routes.direct.chance == pytest.approx(5 / 8)
    assert routes.is_direct_better
    assert not known.paths("tom").is_direct_better
    assert known.paths("tom").direct.chance is None


def test_directly_goes_to_who_may_answer_or_is_reached(known: netcrm.Network) -> None:
    clinic = "South London Clinic"
    known.add("Ada King", organisation=clinic, source="linkedin")
    assert known.paths(clinic).direct.person == known.contact("tom").id
    ask(known, "Bo Lind", answered=True, source="linkedin")
    assert known.paths(clinic).direct.person == known.contact("ada").id
    known.log("ada", "email", kind="request", at="2026-03-04")
    known.log("ada", "email", kind="decline", direction="inbound", at="2026-03-04")
    assert known.paths(clinic).direct.person == known.contact("tom").id


def test_enough_requests_of_mine_to_people_as_close_say_how_likely_they_answer(
    known: netcrm.Network,
) -> None:
    for n in range(5):
        name = f"Friend {'abcde'[n]}"
        known.add(name)
        known.log(name, "email", at="2026-02-01")
        known.log(name, "email", kind="request", at="2026-02-10")
        known.log(name, "coffee", at="2026-02-27")  # they were not so close before
        known.log(name, "coffee", at="2026-03-02")
    known.add("Ada King")
    known.log("ada", "email", at="2026-03-01")
    (path,) = known.paths("ada").paths
    assert path.chance == pytest.approx(1 / 7)  # none of five, and active as they were


def test_enough_referrals_say_what_comes_of_them(known: netcrm.Network) -> None:
    for n in range(5):
        person = known.add(f"Person {'abcde'[n]}")
        referral = known.refer("priya", person, on="2026-02-01", mode="offered")
        known.mark(referral, "met" if n else "no_response", on="2026-02-20")
    (path,) = known.paths("tom").paths
    assert path.hops[1].chance == pytest.approx(5 / 7)


# --- the best way to everybody at once


def test_the_nearest_way_is_the_first_of_the_best(known: netcrm.Network) -> None:
    for who in ("priya", "maya"):
        known.edit(who, organisation="City Hospital")
    known.add("Uma Bell", organisation="City Hospital")
    known.add("Ada King")
    known.knows("uma", "ada")
    known.add("Nobody Near")
    when = known.moment_of(None)
    with known._reading() as view:
        found = known._journey(view, when).nearest()
        some = known._journey(view, when).nearest(
            [known.contact("ada").id, known.contact("nobody").id]
        )
    for who in ("priya", "tom", "uma", "ada"):
        person = known.contact(who)
        (path,) = known.paths(person, k=1).paths
        assert found[person.id].people == path.people
        assert found[person.id].chance == path.chance
    assert known.contact("nobody").id not in found
    assert known.contact("maya").id not in found
    ada = known.contact("ada").id
    assert some.keys() == {ada}
    assert some[ada].people == found[ada].people


def test_the_nearest_way_goes_over_nobody_who_is_not_to_be_asked(known: netcrm.Network) -> None:
    def reached() -> set[str]:
        with known._reading() as view:
            found = known._journey(view, known.moment_of(None)).nearest()
        return {one.name for one in known.contacts() if one.id in found}

    known.refer("priya", "someone in HR", on="2026-03-03")
    known.add("Ada King")
    known.refer("someone in HR", "ada", on="2026-03-03")
    assert reached() == {"Priya Nair", "Tom Okafor", "someone in HR"}
    known.log("priya", "email", kind="introduction_request")
    assert reached() == {"Priya Nair"}


def test_the_nearest_way_goes_over_nobody_who_never_answered(known: netcrm.Network) -> None:
    for name in ("Ada King", "Uma Bell"):
        known.add(name, organisation="City Hospital")
    known.log("ada", "email", at="2026-03-03")
    with known._reading() as view:
        found = known._journey(view, known.moment_of(None)).nearest()
    assert known.contact("ada").id in found
    assert known.contact("uma").id not in found


def test_the_nearest_way_can_do_without_guesses(known: netcrm.Network) -> None:
    known.edit("priya", organisation="City Hospital")
    uma = known.add("Uma Bell", organisation="City Hospital").id
    when = known.moment_of(None)
    with known._reading() as view:
        assert uma in known._journey(view, when).nearest([uma])
        assert known._journey(view, when).nearest([uma], guesses=False) == {}
        assert known.contact("tom").id in known._journey(view, when).nearest(guesses=False)


def test_a_merge_takes_the_ways_along(known: netcrm.Network) -> None:
    known.add("Thomas Okafor")
    known.merge("Thomas Okafor", "Tom Okafor")
    assert len(known.paths("Thomas Okafor").paths) == 1


def test_who_is_left_in_peace_is_not_asked_for_others() -> None:
    with netcrm.open(tz="UTC") as net:
        for name in ("Ana Ruiz", "Cy Moor"):
            net.add(name)
        net.log("ana", "coffee")
        net.knows("ana", "cy")
        assert len(net.paths("cy").paths) == 1
        net.pause("ana", until="3 months")
        found = net.paths("cy")
        assert found.paths == ()
        assert [one.because for one in found.avoided] == ["they are paused"]
