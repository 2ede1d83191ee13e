"""Imports: rows are data. Each is counted, none is guessed, nothing edited by hand is lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import (
    Batch,
    InvalidError,
    NotFoundError,
    PluginError,
    Problem,
    Sighting,
    SourceProvider,
)
from tests import networks
from tests.networks import commits, everything

clock, opens = networks.clock, networks.opens

SLUG = "https://www.linkedin.com/in/"


class Rows:
    """A source of what the test gives it: a list of rows, or a function that yields batches."""

    def __init__(self, source="linkedin", name="rows"):
        self.source = source
        self.name = name
        self.batches = lambda: iter(())

    def give(self, *rows, problems=()):
        """Give these rows from now on, each a dict of what is said."""
        sightings = tuple(Sighting(line=line, said=said) for line, said in enumerate(rows, start=2))
        self.batches = lambda: iter([Batch(sightings=sightings, problems=tuple(problems))])

    @netcrm.hookimpl
    def netcrm_sources(self):
        return [
            SourceProvider(
                name=self.name, summary="", open=lambda argument: self, source=self.source
            )
        ]


@pytest.fixture
def rows():
    return Rows()


@pytest.fixture
def net(opens, rows):
    with opens(plugins=[rows]) as network:
        yield network


@pytest.fixture
def take(net, rows):
    """Import these rows and check that they add up."""

    def take_in(*given, **options):
        rows.give(*given)
        report = net.import_from("rows", "a file", **options)
        assert report.read == len(given)
        assert _sum(report) == report.read
        return report

    return take_in


def _sum(report):
    return report.created + report.updated + report.unchanged + report.skipped + report.rejected


def counts(report):
    """Return how many rows were created, updated, unchanged, skipped and rejected."""
    return (report.created, report.updated, report.unchanged, report.skipped, report.rejected)


ANA = {
    "given": "Ana", "family": "Ruiz", "url": SLUG + "ana", "email": "ana@example.org",
    "organisation": "Mercy General", "title": "Nurse", "connected_on": "2025-09-14",
}  # fmt: skip
ANA_2 = {**ANA, "url": SLUG + "ana-2", "email": "a.ruiz@example.org", "title": "Doctor"}


class TestOneImport:
    """What a row says becomes a person; one import is one commit."""

    def test_a_row_becomes_a_person(self, net, take):
        """Name, addresses, job, place and day of connection; and what the source said is kept."""
        report = take({**ANA, "location": "New York", "phone": "+1 212 555 0101"})
        ana = net.contact("ana")
        assert counts(report) == (1, 0, 0, 0, 0)
        assert (ana.name, ana.given, ana.family, ana.handle) == (
            "Ana Ruiz",
            "Ana",
            "Ruiz",
            "ana-ruiz",
        )
        assert (ana.source, ana.location, str(ana.connected_on)) == (
            "linkedin",
            "New York",
            "2025-09-14",
        )
        assert {point.kind: point.value for point in ana.points} == {
            "email": "ana@example.org", "phone": "+1 212 555 0101", "url": SLUG + "ana",
        }  # fmt: skip
        assert [(p.organisation, p.title, p.seen_on) for p in ana.positions] == [
            ("Mercy General", "Nurse", date(2026, 3, 5))
        ]
        assert ana.origin("rows").said["title"] == "Nurse"

    def test_it_is_one_commit_named_after_the_source(self, net, take):
        """Its number is in the report, for taking it back."""
        before = everything(net)
        report = take(ANA, {"given": "Ben", "email": "ben@example.org"})
        commit = net.history()[0].commit
        assert (commit.seq, commit.reason, commit.detail) == (
            report.commit.seq,
            "import rows",
            "a file",
        )
        assert commit.count("created") == 2
        net.undo(report.commit.seq)
        assert everything(net) == before

    def test_again_changes_nothing_and_makes_no_commit(self, net, take):
        """The same file a second time is safe."""
        given = [
            ANA,
            {"given": "Ben", "connected_on": "2025-01-01"},
            {"given": "X", "email": "x@y.z"},
        ]
        take(*given)
        before, count = everything(net), commits(net)
        again = take(*given)
        assert counts(again) == (0, 0, 3, 0, 0)
        assert (again.commit, again.news, again.suggestions) == (None, (), ())
        assert (everything(net), commits(net)) == (before, count)

    def test_a_trial_reports_the_same_and_changes_nothing(self, net, take):
        """What it would do is what it then does."""
        before = everything(net)
        trial = take(ANA, ANA, {"family": ""}, dry_run=True)
        assert everything(net) == before
        real = take(ANA, ANA, {"family": ""})
        assert (counts(trial), trial.problems) == (counts(real), real.problems)

    def test_namesakes_get_handles_of_their_own(self, net, take):
        """Also beside those who are here already."""
        net.add("Ana Ruiz")
        take(*({"given": "Ana", "family": "Ruiz", "email": f"{n}@example.org"} for n in range(3)))
        assert list(net.handles()) == ["ana-ruiz", "ana-ruiz-2", "ana-ruiz-3", "ana-ruiz-4"]

    def test_handles_of_odd_names(self, net, take):
        """Names in any script or in none give words to type."""
        take({"name": "🦆", "email": "a@b.c"}, {"name": "Иван", "email": "d@e.f"})
        assert list(net.handles()) == ["contact", "иван"]

    def test_in_many_batches_it_is_still_one_commit(self, net, rows):
        """A source may give its rows piece by piece; a person seen in two of them is seen once."""
        ben = {"given": "Ben", "email": "ben@example.org"}
        pieces = [[ANA], [], [ben, ANA]]
        rows.batches = lambda: (
            Batch(
                sightings=tuple(Sighting(line=10 * n + i, said=one) for i, one in enumerate(piece))
            )
            for n, piece in enumerate(pieces)
        )
        report = net.import_from("rows", "x")
        assert counts(report) == (2, 0, 0, 1, 0)
        assert commits(net) == 1


class TestProblems:
    """Each row that became nobody is listed with its line and the reason."""

    def test_what_the_source_found_wrong_is_passed_on_in_order(self, net, rows):
        """Skipped and rejected rows are counted apart, and sorted by line."""
        bad = Problem(line=9, reason="damaged")
        hidden = Problem(line=1, reason="a hidden member", kind="skipped")
        rows.give(ANA, problems=[bad, hidden])
        report = net.import_from("rows", "x")
        assert counts(report) == (1, 0, 0, 1, 1)
        assert report.problems == (hidden, bad)
        assert report.read == 3

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"email": "ana@example.org"}, "needs a name"),
            ({"given": "Ana", "title": "Nurse"}, "nothing to know this person by next time"),
            ({"given": "Ana", "email": "nonsense"}, "not an e-mail address"),
            ({"given": "Ana", "url": "two words"}, "not a web address"),
            ({"given": "A\0na", "email": "a@b.c"}, "NUL"),
            ({"given": "A\ud800na", "email": "a@b.c"}, "half a character"),
            ({"given": "Ana", "connected_on": "yesterday"}, "is not a day"),
        ],
    )
    def test_a_row_that_cannot_be_stored_is_rejected_alone(self, net, take, said, why):
        """The others come in."""
        report = take(said, {"given": "Ben", "email": "ben@example.org"})
        assert counts(report) == (1, 0, 0, 0, 1)
        assert report.problems[0].line == 2
        assert why in report.problems[0].reason
        assert [one.name for one in net.contacts()] == ["Ben"]

    def test_a_known_person_with_a_row_that_cannot_be_stored_stays_as_they_were(self, net, take):
        """Half of a bad row is not taken either."""
        take(ANA)
        before = everything(net)
        report = take({**ANA, "title": "Head nurse", "phone": "none"})
        assert counts(report) == (0, 0, 0, 0, 1)
        assert everything(net) == before

    @pytest.mark.parametrize(
        "again", [{}, {"email": "", "title": "Head nurse"}, {"url": SLUG + "ANA/"}]
    )
    def test_the_same_person_twice_in_one_file_is_one(self, net, take, again):
        """The second row is skipped, and says which the first one was."""
        report = take(ANA, {**ANA, **again})
        assert counts(report) == (1, 0, 0, 1, 0)
        assert report.problems[0].reason == "the same person as line 2"
        assert len(net.contacts()) == 1

    def test_a_faulty_row_does_not_stand_in_for_a_good_one(self, net, take):
        """Where the first of two rows about somebody cannot be stored, the second is taken."""
        assert counts(take({**ANA, "email": "nonsense"}, ANA)) == (1, 0, 0, 0, 1)
        report = take({"email": "b@example.org"}, {"given": "Ben", "email": "b@example.org"})
        assert counts(report) == (1, 0, 0, 1, 0)

    def test_a_faulty_row_takes_nobodys_place(self, net, take):
        """Where it could be somebody by name and day only, the good row below is them."""
        good = {"given": "Ben", "connected_on": "2025-01-01"}
        for expected in ((1, 0, 0, 0, 1), (0, 0, 1, 0, 1)):
            assert counts(take({**good, "email": "nonsense"}, good)) == expected

    def test_a_row_that_says_little_takes_nobodys_place(self, net, take):
        """A row with only a shared address does not become the person whose profile comes below."""
        take(ANA)
        report = take({"given": "Ben", "email": "ana@example.org"}, ANA)
        assert counts(report) == (1, 0, 1, 0, 0)
        assert [one.name for one in net.contacts()] == ["Ana Ruiz", "Ben"]

    def test_a_source_that_fails_in_the_middle_leaves_nothing(self, net, rows):
        """All rows or none; the message names the source."""

        def half():
            yield Batch(sightings=(Sighting(line=2, said=ANA),))
            raise KeyError("column")

        rows.batches = half
        with pytest.raises(PluginError, match="source rows failed: KeyError: 'column'"):
            net.import_from("rows", "x")
        assert (everything(net), commits(net)) == ({}, 0)

    def test_a_source_in_which_nothing_is_new_says_so(self, net, rows):
        """That is no mistake, and changes nothing; one without a word is not what was meant."""
        rows.batches = lambda: iter([Batch(notes=("nothing new since Monday",))])
        report = net.import_from("rows", "x")
        assert (report.notes, report.read) == (("nothing new since Monday",), 0)
        assert (report.commit, everything(net)) == (None, {})

    def test_what_a_source_says_itself_is_passed_on(self, net, rows):
        """An error of ours with a message for the user stays as it is."""

        def nothing():
            raise InvalidError("x is empty; download it again")
            yield

        rows.batches = nothing
        with pytest.raises(InvalidError, match="x is empty; download it again"):
            net.import_from("rows", "x")

    @pytest.mark.parametrize("given", [None, 5, ["not a batch"], [None], [Batch(sightings=(ANA,))]])
    def test_a_source_that_gives_something_else_is_named(self, net, rows, given):
        """Whatever comes out of a plugin, what is stored are sightings."""
        rows.batches = lambda: given
        if given == [None]:
            with pytest.raises(InvalidError, match="there is nothing in it to import"):
                net.import_from("rows", "x")
            return
        with pytest.raises(PluginError, match="source rows failed: TypeError"):
            net.import_from("rows", "x")
        assert everything(net) == {}

    def test_a_source_that_nobody_offers(self, net):
        """The message lists those there are."""
        with pytest.raises(NotFoundError, match=r"no source called xing\. There are: rows\."):
            net.import_from("xing", "x")

    def test_a_path_that_is_no_text(self, net, rows):
        """File names may be any bytes; the history shows what it can of them."""
        rows.give(ANA)
        assert net.import_from("rows", "/home/z\udceb/Connections.csv").created == 1
        assert net.history()[0].commit.detail == r"/home/z\udceb/Connections.csv"


class TestWhoIsIt:
    """A person is known again by profile, then e-mail, then name and day; else they are new."""

    def test_the_profile_before_the_address(self, net, take):
        """Where the two point to different people, the profile decides."""
        take(ANA, {"given": "Ben", "url": SLUG + "ben", "email": "ben@example.org"})
        take({"given": "Ana", "family": "Ruiz", "url": SLUG + "ana", "email": "ben@example.org"})
        assert len(net.contacts()) == 2
        assert [p.value for p in net.contact("ana").points if p.kind == "email"] == [
            "ana@example.org",
            "ben@example.org",
        ]

    def test_the_address_before_name_and_day(self, net, take):
        """Where a namesake was met the same day, the address decides."""
        first = {"given": "Ana", "family": "Ruiz", "connected_on": "2025-09-14", "title": "Nurse"}
        second = {**first, "email": "ana@example.org", "title": "Doctor"}
        take(first)
        net.add("Other Person", email="ana@example.org")
        report = take(second)
        assert counts(report) == (0, 1, 0, 0, 0)
        assert net.contact("other").origin("rows").said["title"] == "Doctor"

    def test_name_and_day_where_there_is_nothing_better(self, net, take):
        """They survive a new employer, which is why they are used."""
        row = {"given": "Ana", "family": "Ruiz", "connected_on": "2025-09-14", "title": "Nurse"}
        take(row)
        assert counts(take({**row, "title": "Head nurse"})) == (0, 1, 0, 0, 0)
        assert counts(take({**row, "connected_on": "2025-09-15"})) == (1, 0, 0, 0, 0)

    def test_a_name_alone_is_nobody(self, net, take):
        """Two people may have one name: a row with nothing else is somebody new."""
        net.add("Ana Ruiz", organisation="Mercy General")
        take(
            {"given": "Ana", "family": "Ruiz", "url": SLUG + "ana", "organisation": "Mercy General"}
        )
        assert len(net.contacts()) == 2

    def test_somebody_added_by_hand_is_known_by_their_address(self, net, take):
        """Their name and what else was written by hand stays."""
        net.add("Anita", email="Ana@Example.org", circles=["inner"], note="aunt")
        report = take(ANA)
        ana = net.contact("anita")
        assert counts(report) == (0, 1, 0, 0, 0)
        assert (ana.name, ana.circles, ana.note) == ("Anita", ("inner",), "aunt")
        assert [(s.field, s.ours, s.theirs) for s in report.suggestions] == [
            ("name", "Anita", "Ana Ruiz")
        ]
        assert {p.kind for p in ana.points} == {"email", "url"}

    def test_a_shared_mailbox_is_two_people(self, net, take):
        """Two profiles with one address are two people, now and the next time."""
        ben = {"given": "Ben", "url": SLUG + "ben", "email": "ana@example.org"}
        assert counts(take(ANA, ben)) == (2, 0, 0, 0, 0)
        before = everything(net)
        assert counts(take(ben, ANA)) == (0, 0, 2, 0, 0)
        assert everything(net) == before

    def test_it_never_guesses_between_two(self, net, take):
        """A row that fits two people is rejected, with both handles."""
        take(
            {"given": "Cem", "url": SLUG + "cem", "email": "shared@example.org"},
            {"given": "Dan", "url": SLUG + "dan", "email": "shared@example.org"},
        )
        before = everything(net)
        report = take({"given": "Eve", "email": "shared@example.org"})
        assert counts(report) == (0, 0, 0, 0, 1)
        assert report.problems[0].reason == "fits several people: cem, dan"
        assert everything(net) == before

    def test_a_renamed_profile_is_known_by_address_and_name(self, net, take):
        """People rename their profile; the same name with the same address is the same person."""
        take(ANA)
        report = take({**ANA, "url": SLUG + "ana-ruiz-rn"})
        assert counts(report) == (0, 1, 0, 0, 0)
        assert [p.value for p in net.contact("ana").points if p.kind == "url"] == [
            SLUG + "ana",
            SLUG + "ana-ruiz-rn",
        ]
        assert counts(take({**ANA, "url": SLUG + "ana-ruiz-rn"})) == (0, 0, 1, 0, 0)

    def test_an_undone_import_forgets_whom_it_met(self, net, take):
        """After undo the same file creates the same people again."""
        take(ANA)
        net.undo()
        assert counts(take(ANA)) == (1, 0, 0, 0, 0)

    def test_a_profile_on_another_site_is_no_other_person(self, net, take):
        """Whom we know by GitHub may have the profile and the address of a row."""
        net.add("Anita", email="ana@example.org", url="https://github.com/ana")
        assert counts(take(ANA)) == (0, 1, 0, 0, 0)


class TestTwoProfiles:
    """Two rows of one source may be one person, once somebody said so."""

    @pytest.fixture
    def merged(self, net, take):
        take(ANA, ANA_2)
        net.merge("ana-ruiz", "ana-ruiz-2")
        return net

    @pytest.mark.parametrize("swapped", [False, True])
    def test_both_rows_again_change_nothing(self, merged, take, swapped):
        """Neither is a problem, and nothing of either is lost."""
        before = everything(merged)
        report = take(*((ANA_2, ANA) if swapped else (ANA, ANA_2)))
        assert counts(report) == (0, 0, 2, 0, 0)
        assert (report.problems, report.news, report.review, report.commit) == ((), (), (), None)
        assert everything(merged) == before

    def test_each_row_revises_its_own_origin(self, merged, take):
        """What one profile says does not end the job that the other says."""
        report = take({**ANA, "title": "Head nurse"}, {**ANA_2, "title": "Dean"})
        assert counts(report) == (0, 2, 0, 0, 0)
        assert {(news.before, news.after) for news in report.news} == {
            ("Nurse @ Mercy General", "Head nurse @ Mercy General"),
            ("Doctor @ Mercy General", "Dean @ Mercy General"),
        }
        ana = merged.contact("ana-ruiz")
        assert [p.title for p in ana.positions if p.end is None] == ["Head nurse", "Dean"]
        assert [origin.said["title"] for origin in ana.origins] == ["Head nurse", "Dean"]
        assert report.commit.count("changed") == 1
        merged.undo()
        assert [o.said["title"] for o in merged.contact("ana").origins] == ["Nurse", "Doctor"]

    def test_a_faulty_row_leaves_the_other_alone(self, merged, take):
        """It is rejected; the row of the other profile is taken."""
        report = take({**ANA, "phone": "none"}, {**ANA_2, "title": "Dean"})
        assert counts(report) == (0, 1, 0, 0, 1)
        assert [o.said["title"] for o in merged.contact("ana").origins] == ["Nurse", "Dean"]

    def test_the_same_profile_twice_is_skipped_still(self, merged, take):
        """With the line of the row that is the same, not of the other profile."""
        report = take(ANA, ANA_2, {**ANA_2, "title": "Dean"}, ANA)
        assert counts(report) == (0, 1, 1, 2, 0)  # what it says besides is taken too
        assert [(problem.line, problem.reason) for problem in report.problems] == [
            (4, "the same person as line 3"),
            (5, "the same person as line 2"),
        ]

    def test_rows_far_apart(self, merged, take):
        """A large file is taken in piece by piece; it makes no difference."""
        many = [{"given": "X", "email": f"{n}@example.org"} for n in range(1_100)]
        for number, row in enumerate(many):
            row["url"] = f"{SLUG}x-{number}"
        assert counts(take(ANA, *many, ANA_2)) == (1_100, 0, 2, 0, 0)

    def test_a_merge_that_was_taken_back(self, merged, take):
        """They are two again, each with a row."""
        merged.undo()
        assert counts(take(ANA, ANA_2)) == (0, 0, 2, 0, 0)
        assert len(merged.contacts()) == 2


class TestReview:
    """Who is new and has somebody's name may be that one: it is said, and nobody is merged."""

    def test_somebody_of_that_name_is_here(self, net, take):
        """By hand, without an address; titles, pronouns and case do not matter."""
        there = net.add("Ana Ruiz")
        report = take({**ANA, "family": "RUIZ, PhD (she/her)"})
        new = next(one for one in net.contacts() if one.id != there.id)
        assert report.review == (
            netcrm.Review(
                line=2, contact=new.id, handle=new.handle, name=new.name, like=("ana-ruiz",)
            ),
        )
        assert take({**ANA, "family": "RUIZ, PhD (she/her)"}).review == ()

    def test_in_one_file(self, net, take):
        """Who comes later is like all who came before, and what is said first is said first."""
        rows = [{"name": "Ana Ruiz", "email": f"{n}@example.org"} for n in range(3)]
        report = take(rows[0], {"given": "Ben", "email": "b@example.org"}, *rows[1:])
        assert [(one.line, one.handle, one.like) for one in report.review] == [
            (4, "ana-ruiz-2", ("ana-ruiz",)),
            (5, "ana-ruiz-3", ("ana-ruiz", "ana-ruiz-2")),
        ]

    def test_it_names_ten_at_most(self, net, take):
        """A name that all have says nothing."""
        report = take(*({"name": "Ana", "email": f"{n}@example.org"} for n in range(14)))
        assert [len(one.like) for one in report.review] == [*range(1, 11), 10, 10, 10]

    def test_others_are_not_listed(self, net, take):
        """Who is known, who has another name, and names that have no letters."""
        net.add("Ana Ruiz", email="ana@example.org")
        net.add("🦆")
        take(ANA)
        report = take(
            {**ANA, "title": "Dean"},
            {"name": "Ana Ruiz Soto", "email": "a@example.org"},
            {"name": "🦆", "email": "d@example.org"},
        )
        assert (counts(report), report.review) == ((2, 1, 0, 0, 0), ())

    def test_a_trial_says_it_too(self, net, take):
        """With the handle that the new one would get."""
        net.add("Ana Ruiz")
        (trial,) = take(ANA, dry_run=True).review
        (real,) = take(ANA).review
        assert (trial.handle, trial.like) == (real.handle, real.like)


class TestWhatChanges:
    """Before, ours, theirs: who changed a field decides who wins."""

    def test_what_they_changed_is_taken(self, net, take):
        """Nobody here touched it, so the newer value is theirs."""
        take(ANA)
        report = take({**ANA, "family": "Ruiz Soto", "location": "Boston"})
        ana = net.contact("ana")
        assert counts(report) == (0, 1, 0, 0, 0)
        assert (ana.name, ana.family, ana.location) == ("Ana Ruiz Soto", "Ruiz Soto", "Boston")
        assert report.suggestions == ()

    def test_what_was_edited_by_hand_stays_and_theirs_is_suggested_once(self, net, take):
        """The newer value is kept beside it, and told when it is new."""
        take(ANA)
        net.edit("ana", name="Ana María Ruiz", given="Ana María")
        report = take({**ANA, "given": "Anna"})
        assert {(s.field, s.ours, s.theirs) for s in report.suggestions} == {
            ("name", "Ana María Ruiz", "Anna Ruiz"),
            ("given", "Ana María", "Anna"),
        }
        assert net.contact("ana").name == "Ana María Ruiz"
        assert counts(take({**ANA, "given": "Anna"})) == (0, 0, 1, 0, 0)

    def test_what_was_edited_by_hand_stays_when_they_say_nothing_new(self, net, take):
        """A hand edit alone is no reason for anything."""
        take(ANA)
        net.edit("ana", name="Ana María Ruiz", location="here")
        assert counts(take(ANA)) == (0, 0, 1, 0, 0)
        assert net.contact("ana").name == "Ana María Ruiz"

    def test_both_to_the_same_is_agreement(self, net, take):
        """Whoever wrote by hand what they say now gets no suggestion."""
        take(ANA)
        net.edit("ana", location="Boston")
        report = take({**ANA, "location": "Boston"})
        assert report.suggestions == ()

    def test_what_they_no_longer_say_is_not_erased(self, net, take):
        """An empty cell is no news."""
        take({**ANA, "location": "Boston"})
        before = everything(net)
        kept = ("given", "family", "url", "organisation", "title")
        assert counts(take({key: ANA[key] for key in kept})) == (0, 0, 1, 0, 0)
        assert everything(net) == before

    def test_an_address_is_added_and_none_removed(self, net, take):
        """A new address comes to those there are; one that was taken away by hand stays away."""
        take(ANA)
        take({**ANA, "email": "new@example.org"})
        assert len([p for p in net.contact("ana").points if p.kind == "email"]) == 2
        net.edit("ana", points=[])
        assert counts(take({**ANA, "email": "new@example.org"})) == (0, 0, 1, 0, 0)
        assert net.contact("ana").points == ()

    def test_tags_notes_and_circles_are_never_touched(self, net, take):
        """An import knows nothing of them."""
        take(ANA)
        net.edit("ana", tags=["x"], circles=["inner"], note="mine", birthday="1990")
        take({**ANA, "title": "Head nurse", "given": "Anna"})
        ana = net.contact("anna")
        assert (ana.tags, ana.circles, ana.note, len(ana.occasions)) == (
            {"x"},
            ("inner",),
            "mine",
            1,
        )


class TestNews:
    """A job change is news: the old position is closed, the new one opened, the change listed."""

    def jobs(self, net):
        return [(p.title, p.organisation, str(p.end or "")) for p in net.contact("ana").positions]

    @pytest.mark.parametrize(
        ("change", "kind", "after"),
        [
            ({"organisation": "City Hospital"}, "moved", "Nurse @ City Hospital"),
            ({"title": "Head nurse"}, "promoted", "Head nurse @ Mercy General"),
            ({"organisation": "City", "title": "Doctor"}, "moved", "Doctor @ City"),
        ],
    )
    def test_a_new_job(self, net, take, clock, change, kind, after):
        """The old one ends on the day it was seen, the new one begins to be known."""
        take(ANA)
        clock.set("2026-06-01")
        report = take({**ANA, **change})
        (news,) = report.news
        assert (news.kind, news.name, news.before, news.after) == (
            kind, "Ana Ruiz", "Nurse @ Mercy General", after,
        )  # fmt: skip
        assert news.contact == net.contact("ana").id
        first, second = self.jobs(net)
        assert first == ("Nurse", "Mercy General", "2026-06-01")
        assert second[2] == ""
        assert take({**ANA, **change}).news == ()

    def test_a_first_job_is_joined(self, net, take):
        """Who had none and has one now."""
        bare = {key: value for key, value in ANA.items() if key not in ("title", "organisation")}
        take(bare)
        (news,) = take(ANA).news
        assert (news.kind, news.before, news.after) == ("joined", "", "Nurse @ Mercy General")

    def test_a_job_that_is_gone_is_left(self, net, take):
        """Leaving out the whole job means that it has ended."""
        take(ANA)
        report = take({**ANA, "title": "", "organisation": ""})
        assert [news.kind for news in report.news] in ([], ["left"])

    def test_a_job_written_by_hand_stays_and_theirs_is_suggested(self, net, take):
        """Somebody who knows better than the profile keeps what they wrote."""
        take(ANA)
        mine = netcrm.Position(organisation="Own Practice", title="Owner")
        net.edit("ana", positions=[mine])
        report = take({**ANA, "title": "Head nurse"})
        assert net.contact("ana").positions == (mine,)
        assert [(s.field, s.ours, s.theirs) for s in report.suggestions] == [
            ("position", "Owner @ Own Practice", "Head nurse @ Mercy General")
        ]
        assert report.news == ()


def _of_somebody(row):
    """A profile and an address are of one name, which may have several; a mailbox is shared.

    Whoever has only that, and takes it over from somebody else, is in tests of their own.
    """
    name = f"{row['given']}-{row.get('family', '')}"
    row = {**row, "url": f"{SLUG}{name}-{row['url']}"} if "url" in row else row
    if row.get("email") in ("a", "b"):
        return {**row, "email": f"{name}-{row['email']}@example.org"}
    return row if "url" in row else {**row, "email": ""}


rows_of_a_file = st.lists(
    st.fixed_dictionaries(
        {"given": st.sampled_from(["Ana", "Ben", "Cem", ""])},
        optional={
            "family": st.sampled_from(["Ruiz", "O"]),
            "url": st.sampled_from("ab"),
            "email": st.sampled_from(["a", "b", "bad", "team@example.org"]),
            "connected_on": st.sampled_from(["2025-01-01", "2025-01-02"]),
            "title": st.sampled_from(["Nurse", "Doctor"]),
            "organisation": st.sampled_from(["Mercy", "City"]),
        },
    ).map(_of_somebody),
    min_size=1,
    max_size=8,
)
few = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_profile_that_is_learned_counts_for_the_next_row(take):
    mail = {"given": "Ben", "family": "Ruiz", "email": "ben@example.org"}
    take(mail)
    rows = [{**mail, "url": f"{SLUG}{name}"} for name in ("ben-a", "ben-b")]
    assert counts(take(*rows)) == (1, 1, 0, 0, 0)
    assert counts(take(*rows)) == (0, 0, 2, 0, 0)


@pytest.mark.parametrize("kind", networks.STORAGES)
class TestAnyFile:
    """Whatever rows there are."""

    def fresh(self, tmp_path_factory, kind):
        rows = Rows()
        return rows, networks.opener(kind, tmp_path_factory.mktemp("n"))(plugins=[rows])

    @few
    @given(first=rows_of_a_file, second=rows_of_a_file)
    def test_they_add_up_and_again_changes_nothing_and_undo_is_exact(
        self, tmp_path_factory, kind, first, second
    ):
        """Read is the sum; again changes nothing where all was clear; undo is exact."""
        rows, net = self.fresh(tmp_path_factory, kind)
        states = [everything(net)]
        for given_rows in (first, second):
            rows.give(*given_rows)
            report = net.import_from("rows", "x")
            assert report.read == _sum(report) == len(given_rows)
            assert len(report.problems) == report.skipped + report.rejected
            assert {problem.line for problem in report.problems} <= set(range(2, 10))
            states.append(everything(net))
            again = net.import_from("rows", "x")
            if not any("fits several" in problem.reason for problem in report.problems):
                assert (again.created, again.updated, again.commit) == (0, 0, None)
                assert everything(net) == states[-1]
            elif again.commit:  # with what came below it, a row may be clear the second time
                net.undo()
            handles = [one.handle for one in net.contacts()]
            assert len(set(handles)) == len(handles)
        for before in (states[1], states[0]):
            if everything(net) != before:
                net.undo()
            assert everything(net) == before

    @few
    @given(given_rows=rows_of_a_file)
    def test_the_order_of_disjoint_imports_does_not_matter_for_who_exists(
        self, tmp_path_factory, kind, given_rows
    ):
        """Two files about different people give the same people in either order."""
        other = [
            {**row, "given": f"Other {row['given']}", "url": f"{SLUG}other-{number}", "email": ""}
            for number, row in enumerate(given_rows)
        ]
        seen = []
        for order in ((given_rows, other), (other, given_rows)):
            rows, net = self.fresh(tmp_path_factory, kind)
            for given_file in order:
                rows.give(*given_file)
                net.import_from("rows", "x")
            seen.append(
                sorted((one.name, str(one.points), str(one.positions)) for one in net.contacts())
            )
        assert seen[0] == seen[1]


def test_two_sources_keep_apart_what_each_of_them_said(opens):
    """A person known from two sources has an origin for each; each compares with its own."""
    linkedin, alumni = Rows("linkedin", "linkedin"), Rows("alumni_database", "alumni")
    linkedin.__name__, alumni.__name__ = "one", "two"
    net = opens(plugins=[linkedin, alumni])
    linkedin.give(ANA)
    alumni.give({"name": "Ana Ruiz", "email": "ana@example.org", "location": "Boston"})
    net.import_from("linkedin", "x")
    report = net.import_from("alumni", "y")
    assert counts(report) == (0, 1, 0, 0, 0)
    ana = net.contact("ana")
    assert (ana.source, ana.location, len(ana.origins)) == ("linkedin", "Boston", 2)
    assert len(ana.positions) == 1
    for source in ("linkedin", "alumni"):
        assert net.import_from(source, "z").commit is None
