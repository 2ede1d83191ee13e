"""What sources say otherwise than we have it: it is looked at, taken, or put aside."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import (
    AmbiguousError,
    Batch,
    InvalidError,
    NetcrmError,
    NotFoundError,
    Position,
    Sighting,
)
from tests import networks
from tests.networks import commits, everything

clock, opens = networks.clock, networks.opens

ANA = {"name": "Ana Ruiz", "email": "ana@example.org"}
BEN = {"name": "Ben Okafor", "email": "ben@example.org"}
SOURCES = ("cards", "lists")


class Told:
    """Two sources of what the test gives them."""

    rows: tuple[dict[str, str], ...] = ()

    def batches(self):
        yield Batch(
            sightings=tuple(
                Sighting(line=line, said=said) for line, said in enumerate(self.rows, start=2)
            )
        )

    @netcrm.hookimpl
    def netcrm_sources(self):
        return [
            netcrm.SourceProvider(name=name, summary="", open=lambda path: self, source="event")
            for name in SOURCES
        ]


def importer(net, told):
    """Return a function that imports some rows of a source; without rows, those of last time."""
    last = {}

    def take_in(source, *rows, **options):
        last[source] = told.rows = rows or last[source]
        return net.import_from(source, "x", **options)

    return take_in


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def net(opens, told):
    with opens(plugins=[told]) as network:
        yield network


@pytest.fixture
def take(net, told):
    return importer(net, told)


def suggested(net, who=None):
    return [(s.source, s.field, s.ours, s.theirs) for s in net.suggestions(who)]


@pytest.fixture
def edited(net, take):
    """Ana was edited by hand, and since then her source says something else."""
    take("cards", {**ANA, "location": "Boston", "title": "Nurse", "birthday": "1990"})
    clerk = Position(title="Clerk")
    net.edit("ana", name="Anita Ruiz", location="Home", positions=[clerk], birthday="1991")
    take("cards", {**ANA, "location": "Paris", "title": "Dean", "birthday": "1990-03-14"})
    return net


FOUR = [
    ("cards", "name", "Anita Ruiz", "Ana Ruiz"),
    ("cards", "location", "Home", "Paris"),
    ("cards", "birthday", "1991", "1990-03-14"),
    ("cards", "position", "Clerk", "Dean"),
]


class TestSuggested:
    def test_what_was_edited_by_hand_stays_and_theirs_is_suggested(self, edited):
        ana = edited.contact("anita")
        assert (ana.name, ana.location, ana.positions[0].title) == ("Anita Ruiz", "Home", "Clerk")
        assert suggested(edited) == suggested(edited, "anita") == FOUR

    def test_who_it_is_about_is_named(self, edited):
        ana = edited.contact("anita")
        assert {(one.contact, one.name) for one in edited.suggestions()} == {(ana.id, ana.name)}

    def test_by_name_of_the_person(self, net, take):
        rows = [{"name": f"{name} Ruiz", "email": f"{name}@example.org"} for name in "CAB"]
        take("cards", *rows)
        for name in "CAB":
            net.edit(f"{name} Ruiz", location="Home")
        take("cards", *({**row, "location": "Paris"} for row in rows))
        assert [one.name for one in net.suggestions()] == ["A Ruiz", "B Ruiz", "C Ruiz"]
        assert [one.name for one in net.suggestions("B Ruiz")] == ["B Ruiz"]

    def test_the_import_tells_what_it_left_alone_once(self, net, take):
        take("cards", ANA)
        net.edit("ana", location="Home")
        (told,) = take("cards", {**ANA, "location": "Paris"}).suggestions
        assert net.suggestions() == [told]
        again = take("cards")
        assert (again.suggestions, again.commit) == ((), None)
        assert net.suggestions() == [told]

    def test_an_import_tells_only_what_it_says_itself(self, net, take):
        take("cards", {**ANA, "location": "Paris"})
        take("lists", {**ANA, "location": "Rome"})
        net.edit("ana", location="Home")
        report = take("cards", {**ANA, "location": "Oslo"})
        assert [(one.source, one.theirs) for one in report.suggestions] == [("cards", "Oslo")]

    def test_of_two_sources_that_disagree_the_later_is_suggested(self, net, take):
        take("cards", {**ANA, "location": "Paris"})
        take("lists", {**ANA, "location": "Rome"})
        assert net.contact("ana").location == "Paris"
        assert suggested(net) == [("lists", "location", "Paris", "Rome")]

    def test_the_earlier_that_says_something_new_is_believed(self, net, take):
        take("cards", {**ANA, "location": "Paris"})
        take("lists", {**ANA, "location": "Rome"})
        take("cards", {**ANA, "location": "Oslo"})
        assert suggested(net) == [("lists", "location", "Oslo", "Rome")]
        take("cards", {**ANA, "location": "Rome"})
        assert suggested(net) == []

    def test_looking_changes_nothing(self, edited):
        before, count = everything(edited), commits(edited)
        for who in (None, "anita", edited.contact("anita")):
            edited.suggestions(who)
        assert (everything(edited), commits(edited)) == (before, count)

    def test_without_sources_there_are_none(self, net):
        net.add("Cara Diaz", location="Rome", note="tall")
        assert net.suggestions() == net.suggestions("cara") == []

    def test_somebody_unknown(self, net):
        with pytest.raises(NotFoundError):
            net.suggestions("nobody")

    def test_addresses_and_labels_are_taken_or_left_never_suggested(self, net, take):
        take("cards", {**ANA, "tags": "a", "phone": "1"})
        net.edit("ana", tags=set(), points=())
        take("cards", {**ANA, "tags": "a\nb", "phone": "1", "email": "ana@example.org\nb@x.org"})
        assert suggested(net) == []


class TestAccept:
    @pytest.mark.parametrize(
        ("field", "of"),
        [
            ("name", lambda ana: (ana.name, ana.aliases) == ("Ana Ruiz", ("Anita Ruiz",))),
            ("location", lambda ana: ana.location == "Paris"),
            ("birthday", lambda ana: [str(o.on) for o in ana.occasions] == ["1990-03-14"]),
            ("position", lambda ana: [p.title for p in ana.positions] == ["Clerk", "Dean"]),
        ],
    )
    def test_the_field_becomes_theirs_and_undo_brings_ours_back(self, edited, field, of):
        before = everything(edited)
        accepted = edited.accept("anita", field)
        assert of(accepted)
        assert edited.contact(accepted.id) == accepted
        assert [(*one[:2], one[3]) for one in suggested(edited)] == [
            (*one[:2], one[3]) for one in FOUR if one[1] != field
        ]
        edited.undo()
        assert everything(edited) == before
        assert suggested(edited) == FOUR

    def test_a_job_is_open_since_it_was_seen_and_ours_stays(self, edited):
        job = edited.accept("anita", "position").positions[-1]
        assert (job.end, job.seen_on, job.source) == (None, date(2026, 3, 5), "cards")

    def test_the_old_name_still_finds_them(self, edited):
        ana = edited.accept("anita", "name")
        assert edited.contact("Anita Ruiz") == edited.contact("Ana Ruiz") == ana

    def test_it_is_one_commit(self, edited):
        count = commits(edited)
        edited.accept("anita", "location")
        assert commits(edited) == count + 1
        assert edited.history()[0].commit.reason == "accept"

    def test_hyphens_will_do(self, net, take):
        take("cards", {**ANA, "connected_on": "2025-01-01"})
        net.edit("ana", connected_on=date(2024, 1, 1))
        assert net.accept("ana", "connected-on").connected_on == date(2025, 1, 1)

    def test_the_contact_itself_may_be_given_though_it_is_stale(self, edited):
        ana = edited.contact("anita")
        for field in ("location", "name", "position"):
            edited.accept(ana, field)
        assert edited.contact(ana).name == "Ana Ruiz"

    def test_what_was_accepted_is_theirs_again(self, edited, take):
        """The next import may change it."""
        edited.accept("anita", "location")
        take("cards", {**ANA, "location": "Oslo", "title": "Dean", "birthday": "1990-03-14"})
        assert edited.contact("anita").location == "Oslo"

    def test_a_job_that_was_accepted_ends_when_they_move(self, edited, take):
        edited.accept("anita", "position")
        take("cards", {**ANA, "location": "Paris", "title": "Vicar", "birthday": "1990-03-14"})
        positions = edited.contact("anita").positions
        assert [(p.title, p.end is None) for p in positions] == [
            ("Clerk", True), ("Dean", False), ("Vicar", True),
        ]  # fmt: skip


class TestDecline:
    @pytest.mark.parametrize("field", [one[1] for one in FOUR])
    def test_it_is_suggested_no_more_and_nothing_else_changes(self, edited, take, field):
        before, ana = everything(edited), edited.contact("anita")
        declined = edited.decline("anita", field)
        assert attrs.evolve(declined, origins=ana.origins, rev=ana.rev) == ana
        assert suggested(edited) == [one for one in FOUR if one[1] != field]
        again = take("cards")
        assert (again.commit, again.updated, again.suggestions) == (None, 0, ())
        assert suggested(edited) == [one for one in FOUR if one[1] != field]
        edited.undo()
        assert everything(edited) == before
        assert suggested(edited) == FOUR

    def test_it_comes_back_when_the_source_says_another(self, edited, take):
        edited.decline("anita", "location")
        report = take("cards", {**ANA, "location": "Oslo"})
        assert [one.theirs for one in report.suggestions] == ["Oslo"]
        assert ("cards", "location", "Home", "Oslo") in suggested(edited)

    def test_it_stays_away_while_the_source_says_other_things_otherwise(self, edited, take):
        edited.decline("anita", "location")
        report = take("cards", {**ANA, "location": "Paris", "title": "Dean", "language": "fr"})
        assert (report.updated, report.suggestions) == (1, ())
        assert suggested(edited) == [FOUR[0], *FOUR[2:]]

    def test_it_stays_away_when_ours_is_edited_again(self, edited):
        edited.decline("anita", "location")
        edited.edit("anita", location="Elsewhere")
        assert [one[1] for one in suggested(edited)] == ["name", "birthday", "position"]

    def test_without_a_source_it_is_everybodys(self, net, take):
        for source, location in zip(SOURCES, ("Paris", "Rome"), strict=True):
            take(source, {**ANA, "location": location, "language": location[:2]})
        net.edit("ana", location="Home", language="en")
        net.decline("ana", "location")
        assert {one[1] for one in suggested(net)} == {"language"}
        net.undo()
        net.decline("ana", "location", source="lists")
        assert suggested(net) == [
            ("cards", "location", "Home", "Paris"),
            ("cards", "language", "en", "Pa"),
            ("lists", "language", "en", "Ro"),
        ]

    def test_it_is_one_commit(self, edited):
        count = commits(edited)
        edited.decline("anita", "location")
        assert commits(edited) == count + 1
        assert edited.history()[0].commit.reason == "decline"

    def test_hyphens_will_do(self, net, take):
        take("cards", {**ANA, "connected_on": "2025-01-01"})
        net.edit("ana", connected_on=date(2024, 1, 1))
        net.decline("ana", "connected-on")
        assert net.suggestions() == []


class TestSeveral:
    @pytest.fixture
    def several(self, net, take):
        take("cards", {**ANA, "location": "Paris"})
        take("lists", {**ANA, "location": "Rome"})
        net.edit("ana", location="Home")
        return net

    def test_which_one_is_to_be_said(self, several):
        before, count = everything(several), commits(several)
        with pytest.raises(InvalidError, match=r"'Paris' by cards, 'Rome' by lists.*source"):
            several.accept("ana", "location")
        assert (everything(several), commits(several)) == (before, count)

    @pytest.mark.parametrize(("source", "location"), [("cards", "Paris"), ("lists", "Rome")])
    def test_by_the_source(self, several, source, location):
        assert several.accept("ana", "location", source=source).location == location
        assert source not in [one[0] for one in suggested(several)]

    def test_what_both_say_needs_no_source(self, several, take):
        take("cards", {**ANA, "location": "Rome"})
        assert several.accept("ana", "location").location == "Rome"
        assert several.suggestions() == []

    @pytest.mark.parametrize("decide", ["accept", "decline"])
    @pytest.mark.parametrize(
        ("who", "field", "source"),
        [
            ("ana", "language", ""),
            ("ana", "shoe_size", ""),
            ("ana", "id", ""),
            ("ana", "", ""),
            ("ana", "location", "elsewhere"),
            ("nobody", "location", ""),
        ],
    )
    def test_what_is_not_suggested_is_not_found(self, several, decide, who, field, source):
        before, count = everything(several), commits(several)
        with pytest.raises(NotFoundError):
            getattr(several, decide)(who, field, source=source)
        assert (everything(several), commits(several)) == (before, count)

    @pytest.mark.parametrize("decide", ["accept", "decline"])
    def test_twice_is_not_found(self, several, decide):
        getattr(several, decide)("ana", "location", source="lists")
        with pytest.raises(NotFoundError):
            getattr(several, decide)("ana", "location", source="lists")


class TestSettled:
    """What was decided stays decided, whoever says what."""

    def test_two_who_disagree_are_settled_by_accepting_one(self, net, take):
        for source, where in (("cards", "Paris"), ("lists", "Rome")):
            take(source, {**ANA, "location": where, "birthday": f"19{len(where)}0-01-01"})
        net.accept("ana", "location")
        net.accept("ana", "birthday")
        assert net.contact("ana").location == "Rome"
        assert suggested(net) == []

    def test_two_lists_of_one_source_have_names(self, net, take):
        take("lists", {**ANA, "location": "Boston", "list": "friends"})
        take("lists", {**ANA, "location": "Paris", "list": "alumni"})
        net.edit("ana", location="Rome")
        assert {one.source for one in net.suggestions()} == {"lists friends", "lists alumni"}
        with pytest.raises(InvalidError, match="are suggested"):
            net.accept("ana", "location", source="lists")
        assert net.accept("ana", "location", source="lists alumni").location == "Paris"
        assert suggested(net) == []

    def test_a_declined_value_in_other_letters_is_the_same(self, net, take):
        take("cards", {**ANA, "location": "Zürich"})
        net.edit("ana", location="Rome")
        net.decline("ana", "location")
        take("cards", {**ANA, "location": "ZURICH"})
        assert suggested(net) == []

    def test_a_job_that_has_ended_is_a_former_one(self, net, take):
        net.add("Ana Ruiz", email="ana@example.org", title="Clerk")
        take("cards", {**ANA, "title": "Vicar", "until": "2021"})
        ana = net.accept("ana", "position")
        assert ana.job.title == "Clerk"
        assert [str(job.end) for job in ana.positions] == ["None", "2021"]

    @pytest.mark.parametrize("wrong", [{"birthday": "soon"}, {"connected_on": "never"}])
    def test_what_is_no_day_is_rejected_not_suggested(self, net, take, wrong):
        net.add(
            "Ana Ruiz",
            email="ana@example.org",
            birthday="1990-01-02",
            connected_on=date(2020, 1, 2),
        )
        assert take("cards", {**ANA, **wrong}).rejected == 1
        assert suggested(net) == []

    @pytest.mark.parametrize(
        "said", [{"given": "Ana", "name": ""}, {"birthday": "--01-02"}, {"birthday": "1990-01"}]
    )
    def test_who_says_less_says_nothing_else(self, net, take, said):
        net.add("Ana Ruiz", email="ana@example.org", birthday="1990-01-02")
        take("cards", {**ANA, **said})
        assert suggested(net) == []


class TestReferredBy:
    @pytest.mark.parametrize("named", ["Cara Diaz", "Dr. Cara Diaz", "CARA@example.org"])
    def test_by_just_that_name_or_address(self, net, take, named):
        take("cards", {**ANA, "referred_by": named})
        cara = net.add("Cara Diaz", email="cara@example.org")
        net.accept("ana", "referred-by")
        (referral,) = net.referrals("ana")
        assert (referral.referrer, referral.context) == (cara.id, "import cards")

    @pytest.mark.parametrize("named", ["Bob", "Cara", "bob@example.org"])
    def test_not_by_the_beginning_of_one(self, net, take, named):
        net.add("Roberta Bobson")
        net.add("Cara Diaz")
        take("cards", {**ANA, "referred_by": named})
        with pytest.raises(NotFoundError):
            net.accept("ana", "referred_by")
        assert net.referrals("ana") == []

    @pytest.fixture
    def referred(self, net, take):
        take("cards", {**ANA, "referred_by": "Cara Diaz"})
        return net

    def test_it_is_suggested_while_nobody_is_called_so(self, referred):
        before = everything(referred)
        assert suggested(referred) == [("cards", "referred_by", "", "Cara Diaz")]
        with pytest.raises(NotFoundError):
            referred.accept("ana", "referred_by")
        assert everything(referred) == before

    def test_whoever_is_called_so_alone_did_it(self, referred):
        cara = referred.add("Cara Diaz")
        before = everything(referred)
        assert referred.accept("ana", "referred_by") == referred.contact("ana")
        (referral,) = referred.referrals("ana")
        assert (referral.referrer, referral.referred) == (cara.id, referred.contact("ana").id)
        assert str(referral.made_on) == "2026-03-05"
        assert referred.suggestions() == []
        referred.undo()
        assert everything(referred) == before

    def test_between_two_nobody_is_chosen(self, referred):
        for _ in range(2):
            referred.add("Cara Diaz")
        before = everything(referred)
        with pytest.raises(AmbiguousError):
            referred.accept("ana", "referred_by")
        assert everything(referred) == before
        assert len(referred.suggestions()) == 1

    @pytest.mark.parametrize("named", ["Ana Ruiz", "Maya Rao"])
    def test_neither_they_themselves_nor_i(self, net, take, named):
        net.add("Maya Rao", is_me=True)
        take("cards", {**ANA, "referred_by": named})
        before = everything(net)
        with pytest.raises(InvalidError):
            net.accept("ana", "referred_by")
        assert everything(net) == before

    def test_whoever_was_referred_by_somebody_needs_none(self, referred):
        referred.add("Ben Okafor")
        referred.refer("ben", "ana")
        assert referred.suggestions() == []

    def test_whoever_referred_somebody_may_be_referred_too(self, referred):
        referred.add("Ben Okafor")
        referred.refer("ana", "ben")
        assert len(referred.suggestions()) == 1

    def test_it_can_be_declined(self, referred, take):
        before = everything(referred)
        referred.decline("ana", "referred_by")
        assert referred.suggestions() == []
        assert take("cards").commit is None
        referred.undo()
        assert everything(referred) == before
        referred.decline("ana", "referred_by")
        take("cards", {**ANA, "referred_by": "Dora Fox"})
        assert suggested(referred) == [("cards", "referred_by", "", "Dora Fox")]


class TestAfterAll:
    def test_after_a_merge_the_suggestions_of_both_sources_work(self, net, take):
        take("cards", {**ANA, "location": "Paris", "language": "fr"})
        take("lists", {**BEN, "location": "Rome", "pronouns": "he/him"})
        net.edit("ana", location="Home", language="en")
        net.edit("ben", pronouns="they/them")
        merged = net.merge("ana", "ben").contact
        found = suggested(net)
        assert found == [
            ("cards", "location", "Home", "Paris"),
            ("cards", "language", "en", "fr"),
            ("lists", "pronouns", "they/them", "he/him"),
            ("lists", "location", "Home", "Rome"),
        ]
        net.decline(merged, "location", source="cards")
        net.accept(merged, "location", source="lists")
        net.accept(merged, "pronouns")
        net.decline(merged, "language")
        assert net.suggestions() == []
        ana = net.contact(merged)
        assert (ana.location, ana.language, ana.pronouns) == ("Rome", "en", "he/him")
        for source in SOURCES:
            again = take(source)
            assert (again.updated, again.commit) == (0, None)

    def test_who_stood_twice_in_one_source_is_suggested_both_and_may_decline_them(self, net, take):
        take("cards", {**ANA, "location": "Paris"}, {**BEN, "location": "Rome"})
        merged = net.merge("ana", "ben").contact
        assert suggested(net) == [("cards", "location", "Paris", "Rome")]
        net.edit(merged, location="Home")
        assert [one[3] for one in suggested(net)] == ["Paris", "Rome"]
        net.decline(merged, "location")
        assert net.suggestions() == []
        assert take("cards").commit is None

    def test_what_was_declined_before_a_merge_stays_declined(self, net, take):
        take("cards", {**ANA, "location": "Paris"}, BEN)
        net.edit("ana", location="Home")
        net.decline("ana", "location")
        net.merge("ben", "ana", take=["location", "name"])
        assert net.suggestions() == []

    def test_what_was_decided_outlives_the_next_import(self, edited, take):
        edited.accept("anita", "name")
        edited.accept("ana", "position")
        edited.decline("ana", "location")
        edited.decline("ana", "birthday")
        before = everything(edited)
        again = take("cards")
        assert (again.updated, again.unchanged, again.commit) == (0, 1, None)
        assert everything(edited) == before
        assert edited.suggestions() == []

    def test_it_is_all_there_when_the_network_is_opened_again(self, edited, opens, told):
        edited.decline("anita", "location")
        found = edited.suggestions()
        with opens(plugins=[told]) as again:
            assert again.suggestions() == found

    def test_in_a_trial_nothing_changes(self, edited):
        before = everything(edited)
        for decide in (edited.accept, edited.decline):
            with edited.transaction("trial", dry_run=True):
                decide("anita", "location")
            assert everything(edited) == before
        assert suggested(edited) == FOUR

    def test_who_was_removed_or_forgotten_is_suggested_nothing(self, edited):
        edited.remove("anita")
        assert edited.suggestions() == []
        edited.undo()
        assert suggested(edited) == FOUR
        edited.forget("anita")
        assert edited.suggestions() == []


# --- whatever came before

ROWS = st.fixed_dictionaries(
    {"name": st.sampled_from(["Ana Ruiz", "Anita Ruiz", "Dr. Ana Ruiz"])},
    optional={
        "given": st.sampled_from(["Ana", "Anita"]),
        "location": st.sampled_from(["Paris", "paris", "Rome"]),
        "note": st.sampled_from(["tall", "tall and kind", "kind"]),
        "birthday": st.sampled_from(["1990", "--03-14"]),
        "connected_on": st.sampled_from(["2025-01-01", "2025-02-02"]),
        "title": st.sampled_from(["Nurse", "Dean"]),
        "organisation": st.sampled_from(["Acme", "Acme Inc."]),
        "referred_by": st.sampled_from(["Ben Okafor", "Cara Diaz", "Ana Ruiz"]),
        "tags": st.sampled_from(["a", "a\nb"]),
    },
)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Ana Ruiz", "Annie", "Anita Ruiz"]),
        "given": st.sampled_from(["", "Annie"]),
        "location": st.sampled_from(["", "Home", "PARIS"]),
        "note": st.sampled_from(["", "mine"]),
        "birthday": st.sampled_from(["1990", "1991"]),
        "title": st.sampled_from(["Clerk", "nurse"]),
        "positions": st.just(()),
        "tags": st.just(()),
    },
)


def steps(*sources):
    step = st.tuples(st.sampled_from(sources), ROWS) | st.tuples(st.just(""), EDITS)
    return st.lists(step, max_size=6).map(lambda rest: [(sources[0], ANA), *rest])


def lived(net, take, actions):
    """Import and edit by hand; return the id of Ana, and the sources that were imported."""
    net.add("Ben Okafor")
    used = {}
    for source, values in actions:
        if source:
            report = take(source, {**values, "email": ANA["email"]})
            assert report.rejected == report.skipped == 0
            used[source] = True
        else:
            net.edit(ana_of(net), **values)
    return ana_of(net), list(used)


def ana_of(net):
    """Return the id of Ana, the only one who has an address."""
    return next(one.id for one in net.contacts() if one.points)


def imported_again_changes_nothing(net, take, sources):
    before, found = everything(net), net.suggestions()
    for source in sources:
        again = take(source)
        assert (again.created, again.updated, again.commit) == (0, 0, None)
        assert again.suggestions == ()
    assert everything(net) == before
    assert net.suggestions() == found


@settings(deadline=None)
@given(steps("cards"))
def test_taking_all_that_a_source_suggests_ends_with_none(actions):
    """But for who referred them: nobody is made up."""
    told = Told()
    with netcrm.open(plugins=[told], clock=networks.Clock()) as net:
        take = importer(net, told)
        ana, sources = lived(net, take, actions)
        for _ in range(20):
            for one in net.suggestions():
                try:
                    net.accept(ana, one.field, source=one.source)
                except NetcrmError:
                    assert one.field == "referred_by" or one not in net.suggestions()
        assert {one.field for one in net.suggestions()} <= {"referred_by"}
        imported_again_changes_nothing(net, take, sources)


@settings(deadline=None)
@given(steps(*SOURCES), st.data())
def test_taking_what_several_suggest_raises_nothing_strange(actions, data):
    """What was taken is gone; to undo it all gives back all of it."""
    told = Told()
    with netcrm.open(plugins=[told], clock=networks.Clock()) as net:
        take = importer(net, told)
        ana, sources = lived(net, take, actions)
        for _ in range(4):
            found = net.suggestions()
            if not found:
                break
            one = data.draw(st.sampled_from(found))
            before = everything(net)
            try:
                net.accept(ana, one.field, source=one.source)
            except NetcrmError:
                assert one.field == "referred_by"
                assert everything(net) == before
                continue
            same = [(s.source, s.field, s.theirs) for s in net.suggestions()]
            assert (one.source, one.field, one.theirs) not in same
            net.undo()
            assert everything(net) == before
            assert net.suggestions() == found
            net.accept(ana, one.field, source=one.source)
        imported_again_changes_nothing(net, take, sources)


@settings(deadline=None)
@given(steps(*SOURCES), st.booleans())
def test_declining_all_ends_with_none(actions, every):
    """Whether by source or not."""
    told = Told()
    with netcrm.open(plugins=[told], clock=networks.Clock()) as net:
        take = importer(net, told)
        ana, sources = lived(net, take, actions)
        before = net.contact(ana)
        for field, source in dict.fromkeys((s.field, s.source) for s in net.suggestions()):
            if every and field not in {s.field for s in net.suggestions()}:
                continue
            net.decline(ana, field, source="" if every else source)
        assert net.suggestions() == []
        after = net.contact(ana)
        assert attrs.evolve(after, origins=before.origins, rev=before.rev) == before
        imported_again_changes_nothing(net, take, sources)
