"""What a source tells of people and of talks: each is taken in once, and nobody is made up."""

from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import Batch, Exchange, PluginError, Position, Sighting
from netcrm.model.time import PartialDate
from tests import networks
from tests.networks import everything

clock, opens = networks.clock, networks.opens

ANA = {"name": "Ana Ruiz", "url": "https://www.linkedin.com/in/ana"}
BEN = {"name": "Ben Okafor", "connected_on": "2025-01-02"}


class Told:
    """A source of what the test gives it."""

    sightings: tuple[Sighting, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    def people(self, *said, **more):
        self.sightings = tuple(
            Sighting(line=line, file="people.csv", said=one, **more)
            for line, one in enumerate(said, start=2)
        )

    def talks(self, *rows):
        self.exchanges = tuple(
            Exchange(line=line, file="talks.csv", **row) for line, row in enumerate(rows, start=2)
        )

    def batches(self):
        yield Batch(sightings=self.sightings)
        yield Batch(exchanges=self.exchanges)

    @netcrm.hookimpl
    def netcrm_sources(self):
        return [
            netcrm.SourceProvider(name="told", summary="", open=lambda path: self, source="event")
        ]


def talk(*people, ref="1", at=date(2026, 2, 1), **more):
    return {
        "at": at, "people": people, "ref": ref, "channel": "linkedin_message",
        "direction": "inbound", "text": "hello", **more,
    }  # fmt: skip


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def net(opens, told):
    with opens(plugins=[told]) as network:
        yield network


@pytest.fixture
def take(net):
    """Import what is told, and check that the counts add up."""

    def take_in(**options):
        report = net.import_from("told", "x", **options)
        counted = (report.created, report.updated, report.logged, report.unchanged)
        assert report.read == sum(counted) + len(report.problems)
        return report

    return take_in


class TestLogged:
    def test_with_those_who_are_here(self, net, told, take):
        told.people(ANA, BEN)
        told.talks(talk({"url": ANA["url"]}, {"name": "Stranger"}), talk(BEN, ref="2"))
        report = take()
        assert (report.created, report.logged, report.skipped) == (2, 2, 0)
        (first,) = net.timeline("ana")
        assert (first.text, first.direction, first.channel) == (
            "hello", "inbound", "linkedin_message",
        )  # fmt: skip
        assert first.ref == "told:1"
        assert [person.contact for person in first.participants] == [net.contact("ana").id]
        assert len(net.timeline("ben")) == 1

    def test_nobody_is_made_up(self, net, told, take):
        told.talks(talk({"name": "Ana Ruiz", "email": "ana@example.org"}))
        report = take()
        (problem,) = report.problems
        assert (problem.file, problem.line, problem.kind) == ("talks.csv", 2, "skipped")
        assert problem.reason == "with nobody who is in your network"
        assert report.commit is None

    def test_again_changes_nothing(self, net, told, take):
        told.people(ANA)
        told.talks(talk(ANA), talk(ANA, ref="2"))
        take()
        before = everything(net)
        again = take()
        assert (again.logged, again.unchanged, again.commit) == (0, 3, None)
        assert everything(net) == before

    def test_what_i_put_right_by_hand_stays(self, net, told, take):
        told.people(ANA)
        told.talks(talk(ANA))
        take()
        (first,) = net.timeline("ana")
        net.put(attrs.evolve(first, text="put right"))
        assert take().unchanged == 2
        assert net.timeline("ana")[0].text == "put right"

    def test_who_is_here_only_now_is_logged_now(self, net, told, take):
        told.talks(talk(ANA), talk(BEN, ref="2"))
        assert take().skipped == 2
        told.people(ANA)
        report = take()
        assert (report.logged, report.skipped) == (1, 1)

    def test_one_row_twice_in_a_file_is_one(self, net, told, take):
        told.people(ANA)
        told.talks(talk(ANA), talk(ANA, text="other"))
        report = take()
        assert (report.logged, report.problems[0].reason) == (1, "the same as line 2")

    def test_a_moment_is_shown_in_the_home_zone_and_a_day_is_a_day(self, net, told, take):
        told.people(ANA)
        told.talks(talk(ANA, at=datetime(2026, 2, 2, 3, 0, tzinfo=UTC)), talk(ANA, ref="2"))
        take()
        assert [str(one.occurred) for one in net.timeline("ana")] == [
            "2026-02-01T22:00:00-05:00[America/New_York]",
            "2026-02-01",
        ]

    def test_the_future_is_refused(self, net, told, take):
        told.people(ANA)
        told.talks(talk(ANA, at=date(2026, 3, 6)))
        (problem,) = take().problems
        assert (problem.kind, problem.reason) == ("rejected", "2026-03-06 is in the future")

    def test_undo_takes_all_of_it_back(self, net, told, take):
        net.add("Cara Diaz")
        before = everything(net)
        told.people(ANA)
        told.talks(talk(ANA))
        take()
        net.undo()
        assert everything(net) == before

    def test_in_a_trial_nothing_is_logged(self, net, told, take):
        told.people(ANA)
        told.talks(talk(ANA))
        assert take(dry_run=True).logged == 1
        assert net.counts() == {}

    def test_what_is_no_exchange_is_the_plugins_mistake(self, net, told):
        told.exchanges = ("hello",)
        with pytest.raises(PluginError, match="not an Exchange"):
            net.import_from("told", "x")


class TestWhoIsMeant:
    @pytest.fixture
    def known(self, net, told, take):
        """Two who are called so, one of whom this source knows; and one whom it does not know."""
        told.people(ANA, {"name": "Zoë Müller, Ph.D.", "connected_on": "2025-02-02"})
        take()
        net.add("Cara Diaz", email="cara@example.org")
        net.add("Maya Rao", is_me=True, url="https://www.linkedin.com/in/maya")
        return net

    @pytest.mark.parametrize(
        ("said", "who"),
        [
            ({"url": "linkedin.com/in/ANA/"}, "ana-ruiz"),
            ({"email": "CARA@example.org"}, "cara-diaz"),
            ({"name": "ana ruiz"}, "ana-ruiz"),
            ({"name": "Zoe Muller"}, "zoe-muller"),
            ({"name": "Zoë Müller", "url": "https://www.linkedin.com/in/zoe"}, "zoe-muller"),
        ],
    )
    def test_by_address_or_by_the_name_that_this_source_knows(self, known, told, take, said, who):
        told.talks(talk(said))
        assert take().logged == 1
        assert len(known.timeline(who)) == 1

    @pytest.mark.parametrize(
        "said",
        [
            {"name": "Cara Diaz"},  # this source does not know her
            {"name": "Ana"},
            {"name": "Ana Ruiz", "url": "https://www.linkedin.com/in/another-ana"},
            {"name": ""},
            {"name": "Maya Rao"},
            {"url": "https://www.linkedin.com/in/maya"},
        ],
    )
    def test_nobody_by_a_mere_likeness_and_never_me(self, known, told, take, said):
        told.talks(talk(said))
        assert take().skipped == 1

    def test_between_two_of_one_name_nobody_is_chosen(self, known, told, take):
        known.add("Ana Ruiz")
        told.talks(talk({"name": "Ana Ruiz"}), talk(ANA, ref="2"))
        report = take()
        assert (report.logged, report.skipped) == (1, 1)


class TestLearned:
    def test_an_address_that_a_row_teaches_counts_at_once(self, net, told, take):
        net.add("Robert Berg", email="bo@example.org")
        url = "https://www.linkedin.com/in/bo-berg"
        told.people({"name": "Bo Berg", "url": url, "email": "bo@example.org"})
        told.talks(talk({"url": url}))
        assert take().logged == 1
        assert len(net.timeline("robert")) == 1

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"name": "Ana Ruiz"}, "Ana Ruiz may mean several people"),
            ({"email": "lost@example.org"}, "with somebody who was forgotten"),
            ({"name": "Nobody Known"}, "with nobody who is in your network"),
        ],
    )
    def test_it_is_said_why_nobody_is_meant(self, net, told, take, said, reason):
        for name in ("Ana Ruiz", "Ana Ruiz"):
            net.add(name)
        net.forget(net.add("Lost Soul", email="lost@example.org"))
        told.talks(talk(said))
        assert take().problems[0].reason == reason

    def test_what_has_nothing_to_be_known_by_is_rejected(self, net, told, take):
        told.people(ANA)
        told.talks(talk(ANA, ref=""))
        assert take().rejected == 1


class TestReferredBy:
    def test_a_name_or_an_address_is_a_referral(self, net, told, take):
        net.add("Ben Okafor", email="ben@example.org")
        told.people(
            {**ANA, "referred_by": "Cara Diaz"},
            {"name": "Cara Diaz", "email": "cara@example.org", "referred_by": "BEN@example.org"},
        )
        take()
        names = {net.contact(who).id: who for who in ("ana-ruiz", "ben-okafor", "cara-diaz")}
        found = {(names[one.referrer], names[one.referred]) for one in net.referrals("cara")}
        assert found == {("cara-diaz", "ana-ruiz"), ("ben-okafor", "cara-diaz")}
        assert str(net.referrals("ana")[0].made_on) == "2026-03-05"
        assert take().commit is None

    @pytest.mark.parametrize("named", ["Nobody Known", "Ana Ruiz", "Ben Okafor", "Maya Rao"])
    def test_nobody_is_made_up_or_guessed(self, net, told, take, named):
        for name in ("Ben Okafor", "Ben Okafor", "Maya Rao"):
            net.add(name, is_me=name == "Maya Rao")
        told.people({**ANA, "referred_by": named})
        (suggestion,) = take().suggestions
        assert (suggestion.field, suggestion.ours, suggestion.theirs) == ("referred_by", "", named)
        assert net.referrals("ana") == []


class TestMe:
    def test_it_fills_what_i_have_not_said(self, net, told, take):
        net.add("Maya Rao", is_me=True, location="New York")
        job = Position(organisation="Clinic", title="Volunteer", start=PartialDate.parse("2024-05"))
        school = Position(organisation="Lakeside", title="BA", end=PartialDate.parse("2027"))
        said = {"given": "Maya", "family": "Rao", "location": "Boston", "birthday": "--03-14"}
        told.people(said, is_me=True, positions=(job, school))
        report = take()
        assert (report.updated, report.created) == (1, 0)
        me = net.me
        assert (me.given, me.location, me.positions) == ("Maya", "New York", (job, school))
        assert str(me.occasions[0].on) == "--03-14"
        assert [suggestion.theirs for suggestion in report.suggestions] == ["Boston"]
        assert take().commit is None

    def test_what_i_took_away_does_not_come_back(self, net, told, take):
        net.add("Maya Rao", is_me=True)
        told.people({"name": "Maya Rao"}, is_me=True, positions=(Position(title="Clerk"),))
        take()
        net.edit(net.me, positions=())
        assert take().commit is None
        assert net.me.positions == ()

    def test_without_me_i_am_made(self, net, told, take):
        told.people({"name": "Maya Rao"}, is_me=True)
        assert take().created == 1
        assert net.me.name == "Maya Rao"
        assert take().unchanged == 1


class TestLists:
    def test_by_their_name_within_a_list(self, net, told, take):
        told.people({"name": "Sam Ortiz", "list": "friends"})
        take()
        again = take()
        assert (again.unchanged, again.commit) == (1, None)

    def test_a_name_in_another_list_is_somebody_else_to_be_looked_at(self, net, told, take):
        told.people({"name": "Sam Ortiz", "list": "friends"})
        take()
        told.people({"name": "Sam Ortiz", "list": "alumni"})
        report = take()
        assert (report.created, [one.like for one in report.review]) == (1, [("sam-ortiz",)])

    def test_an_address_that_comes_later_is_theirs(self, net, told, take):
        told.people({"name": "Sam Ortiz", "list": "friends"})
        take()
        told.people({"name": "Sam Ortiz", "list": "friends", "email": "sam@example.org"})
        assert take().updated == 1
        told.people({"name": "Sam Ortiz", "list": "friends"})
        assert take().unchanged == 1

    def test_two_of_one_name_with_addresses_are_two(self, net, told, take):
        rows = [
            {"name": "Sam Ortiz", "list": "x", "email": f"sam{n}@example.org"} for n in range(2)
        ]
        told.people(*rows)
        assert take().created == 2
        told.people(*reversed(rows))
        assert take().unchanged == 2
        told.people({**rows[0], "email": "sam3@example.org"})
        assert take().created == 1

    def test_a_row_that_stands_there_twice_is_one(self, net, told, take):
        row = {"name": "Sam Ortiz", "list": "x", "title": "Student"}
        told.people(row, row, {**row, "title": "Nurse"})
        report = take()
        assert (report.created, report.skipped) == (2, 1)
        again = take()
        assert (again.unchanged, again.skipped, again.created) == (2, 1, 0)


class TestSeveral:
    def test_each_stands_on_a_line_of_its_own(self, net, told, take):
        told.people(
            {
                "name": "Ana Ruiz", "email": "ana@example.org\nANA@example.org\na2@example.org",
                "tags": "Alumni\nnight shift", "relations": "kin\naunt", "kin": "yes",
                "source": "family", "aliases": "Anita", "fields": "Social Work", "circles": "inner",
                "until": "2021", "title": "Counselor", "note": "line one\nline two",
                "column Class Year": "2019",
            }
        )  # fmt: skip
        take()
        ana = net.contact("ana")
        assert [point.value for point in ana.points] == ["ana@example.org", "a2@example.org"]
        assert (ana.tags, ana.relations) == ({"alumni", "night-shift"}, {"kin", "aunt"})
        assert (ana.kin, ana.source, ana.aliases) == (True, "family", ("Anita",))
        assert (ana.fields, ana.circles, ana.note) == (
            {"social-work"}, ("inner",), "line one\nline two",
        )  # fmt: skip
        assert str(ana.positions[0].end) == "2021"
        assert ana.origins[0].said["column Class Year"] == "2019"
        assert take().commit is None

    def test_what_is_new_is_added_and_what_i_took_away_stays_away(self, net, told, take):
        told.people({**ANA, "tags": "one\ntwo", "email": "a@example.org"})
        take()
        net.edit("ana", tags={"two", "mine"}, points=())
        told.people({**ANA, "tags": "one\nthree", "email": "a@example.org\nb@example.org"})
        assert take().updated == 1
        assert net.contact("ana").tags == {"two", "mine", "three"}
        assert [point.value for point in net.contact("ana").points] == ["b@example.org"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"source": "somewhere"},
            {"birthday": "soon"},
            {"until": "x", "title": "Nurse"},
            {"tags": "!!"},
        ],
    )
    def test_what_makes_no_sense_is_rejected(self, net, told, take, wrong):
        told.people({**ANA, **wrong}, BEN)
        report = take()
        assert (report.rejected, report.created) == (1, 1)

    def test_a_job_that_has_ended_since(self, net, told, take):
        told.people({**ANA, "title": "Nurse"})
        take()
        told.people({**ANA, "title": "Nurse", "until": "2025-12"})
        take()
        (job,) = net.contact("ana").positions
        assert str(job.end) == "2025-12"


def test_an_exchange_is_checked_when_it_is_stored(net, told, take):
    told.people(ANA)
    told.talks(talk(ANA, channel="smoke"))
    (problem,) = take().problems
    assert (problem.kind, "smoke" in problem.reason) == ("rejected", True)


class TestAsked:
    """What a source was told, wants to say, and wants to know again."""

    class Source:
        def __init__(self, path, *, options, remembered):
            self.said = (path, dict(options), {name: dict(one) for name, one in remembered.items()})

        def batches(self):
            path, options, remembered = self.said
            yield Batch(
                sightings=(Sighting(line=2, said=ANA),),
                notes=(f"{path} {options} {remembered}",),
                remember={path: options} if options else {},
            )

    @pytest.fixture
    def net(self, opens):
        class Plugin:
            @netcrm.hookimpl
            def netcrm_sources(self):
                asking = netcrm.SourceProvider(
                    name="asking", summary="", open=TestAsked.Source, options="any"
                )
                return [asking, netcrm.SourceProvider(name="plain", summary="", open=str)]

        with opens(plugins=[Plugin()]) as network:
            yield network

    def test_it_is_remembered_by_name_until_undone(self, net):
        first = net.import_from("asking", "a", options={"x": "1"})
        assert first.notes == ("a {'x': '1'} {}",)
        second = net.import_from("asking", "b", options={"y": "2"})
        assert second.notes == ("b {'y': '2'} {'a': {'x': '1'}}",)
        net.undo()
        assert net.import_from("asking", "c").notes == ("c {} {'a': {'x': '1'}}",)
        assert net.verify().faults == ()

    def test_the_same_again_is_no_change(self, net):
        net.import_from("asking", "a", options={"x": "1"})
        assert net.import_from("asking", "a", options={"x": "1"}).commit is None
        assert net.import_from("asking", "a", options={"x": "2"}).commit is not None
        assert net.counts()["remembered"] == 1

    def test_a_source_that_asks_for_nothing_is_told_nothing(self, net):
        with pytest.raises(netcrm.InvalidError, match="plain takes no options"):
            net.import_from("plain", "a", options={"x": "1"})


WORLD = [
    {
        "name": name, "url": f"https://www.linkedin.com/in/{slug}", "email": f"{slug}@example.org",
        "phone": phone, "title": "Nurse", "location": "Rome", "tags": slug,
    }
    for name, slug, phone in (
        ("Ana Ruiz", "ana-1", "+12025550101"),
        ("Ana Ruiz", "ana-2", "+12025550102"),
        ("Ben Okafor", "ben", "+12025550101"),  # he shares a telephone
        ("Cara Diaz", "cara", "+12025550103"),
    )
]  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(WORLD),
        st.sets(st.sampled_from(["phone", "title", "location", "tags"])),
        st.sets(st.sampled_from(["url", "email"]), min_size=1),
    ),
    max_size=4,
    unique_by=lambda row: row[0]["email"],
)


@settings(deadline=None)
@given(ROWS, ROWS, st.sampled_from(["url", "email"]))
def test_in_whatever_order_files_are_imported_the_same_people_come_of_it(first, second, known_by):
    """Those who can be known by one kind of address in either file, whatever else is said."""
    files = [
        [{key: row[key] for key in ("name", known_by, *keys, *more)} for row, keys, more in file]
        for file in (first, second)
    ]
    people = []
    for order in (files, files[::-1], [*files, *files]):
        told = Told()
        with netcrm.open(plugins=[told], clock=networks.Clock()) as net:
            for file in filter(None, order):
                told.people(*file)
                net.import_from("told", "x")
            people.append(
                sorted(
                    (one.name, sorted(p.value for p in one.points), sorted(one.tags), one.location)
                    for one in net.contacts()
                )
            )
    assert people[0] == people[1] == people[2]
    assert len(people[0]) == len({row["email"] for file in (first, second) for row, _, _ in file})
