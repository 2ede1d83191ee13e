"""suggestions, and show --sources, as people type them."""

from __future__ import annotations

import pytest

from netcrm import hookimpl
from netcrm.rules.sightings import Sighting
from netcrm.source import Batch, SourceProvider
from tests.networks import cli, commits, everything, terminal

__all__ = ["cli", "terminal"]

ANA = {"name": "Ana Ruiz", "email": "ana@example.org"}


class Told:
    """Two sources of what the test gives them."""

    rows: tuple[dict[str, str], ...] = ()

    def batches(self):
        yield Batch(sightings=tuple(Sighting(line=2, said=said) for said in self.rows))

    @hookimpl
    def netcrm_sources(self):
        return [
            SourceProvider(name=name, summary="", open=lambda path: self, source="event")
            for name in ("cards", "lists")
        ]


def imports(terminal, source, *rows):
    told = Told()
    told.rows = rows
    with terminal.open(plugins=[told]) as net:
        return net.import_from(source, "x")


def state(terminal):
    with terminal.open() as net:
        return everything(net), commits(net)


@pytest.fixture
def told(cli):
    """Ana lives elsewhere than her source says, and does something else."""
    cli("edit", "ana", "--location", "Home", "--title", "Clerk")
    imports(cli, "cards", {**ANA, "location": "Paris", "title": "Nurse", "organisation": "Mercy"})
    return cli


@pytest.fixture
def both(told):
    """Another source says yet another thing."""
    imports(told, "lists", {**ANA, "location": "Rome"})
    return told


class TestList:
    def test_in_words(self, told):
        ran = told("suggestions")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.splitlines() == [
            "Ana Ruiz (ana-ruiz)",
            "  location: Home; cards says Paris",
            "Ana Ruiz (ana-ruiz)",
            "  position: Clerk; cards says Nurse @ Mercy",
            "To take the first one: netcrm suggestions ana-ruiz --accept location",
        ]

    def test_what_it_says_to_type_works(self, told):
        hint = told("suggestions").out.splitlines()[-1].partition("netcrm ")[2]
        assert told(*hint.split()).code == 0

    def test_of_one_person(self, told):
        assert told("suggestions", "ana").out == told("suggestions").out
        assert told("suggestions", "luis").out == "Nothing is suggested.\n"

    def test_nothing_of_ours(self, cli):
        imports(cli, "cards", {**ANA, "title": "Dean"})
        cli("edit", "ana", "--title", "Clerk")
        with cli.open() as net:
            net.edit("ana", positions=())
        assert "  position: nothing; cards says Dean" in cli("suggestions").out.splitlines()

    def test_none(self, cli):
        assert cli("suggestions").out == "Nothing is suggested.\n"
        said = cli("suggestions", "--json").json
        assert (said["items"], said["commit"], said["dry_run"]) == ([], None, False)

    def test_in_json(self, told):
        said = told("suggestions", "--json").json
        with told.open() as net:
            ana = net.contact("ana").id
        assert said["items"] == [
            {
                "handle": "ana-ruiz", "contact": ana, "name": "Ana Ruiz", "field": field,
                "ours": ours, "theirs": theirs, "source": "cards",
            }
            for field, ours, theirs in (
                ("location", "Home", "Paris"), ("position", "Clerk", "Nurse @ Mercy"),
            )
        ]  # fmt: skip
        assert told("suggestions", "luis", "--json").json["items"] == []

    def test_many(self, cli):
        """Twenty are shown, and all in JSON."""
        rows = [
            {"name": f"Person {n:02}", "email": f"p{n}@example.org", "location": "Here"}
            for n in range(23)
        ]
        imports(cli, "cards", *rows)
        imports(cli, "lists", *({**row, "location": "There"} for row in rows))
        lines = cli("suggestions").out.splitlines()
        assert len(lines) == 2 * 20 + 2
        assert lines[-2] == "3 more: --json lists all."
        assert len(cli("suggestions", "--json").json["items"]) == 23

    def test_looking_changes_nothing(self, told):
        before = state(told)
        for more in ((), ("ana",), ("--json",), ("ana", "--dry-run")):
            assert told("suggestions", *more).code == 0
        assert state(told) == before

    def test_what_a_source_says_does_not_move_the_cursor(self, cli):
        cli("edit", "ana", "--location", "Home")
        imports(cli, "cards", {**ANA, "location": "\x1b[2JParis"})
        for command in (("suggestions",), ("show", "ana", "--sources")):
            assert "\x1b" not in cli(*command).out.replace("\x1b[1m", "").replace("\x1b[0m", "")


class TestAccept:
    def test_it_says_what_it_took_and_how_to_take_it_back(self, told):
        before = state(told)
        ran = told("suggestions", "ana", "--accept", "location")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.splitlines() == [
            "Took location. (#6; to take it back: netcrm undo)",
            "Ana Ruiz (ana-ruiz)",
            "  position: Clerk; cards says Nurse @ Mercy",
        ]
        with told.open() as net:
            assert net.contact("ana").location == "Paris"
        assert told("undo").code == 0
        assert state(told)[0] == before[0]

    def test_a_job_stands_beside_ours(self, told):
        told("suggestions", "ana", "--accept", "position")
        with told.open() as net:
            jobs = net.contact("ana").positions
        assert [job.title for job in jobs] == ["Clerk", "Nurse"]

    def test_the_last_one(self, told):
        told("suggestions", "ana", "--accept", "position")
        ran = told("suggestions", "ana", "--accept", "location")
        assert ran.out == "Took location. (#7; to take it back: netcrm undo)\n"
        assert told("suggestions").out == "Nothing is suggested.\n"

    def test_in_json(self, told):
        said = told("suggestions", "ana", "--accept", "location", "--json").json
        assert (said["dry_run"], said["commit"]["seq"], said["commit"]["reason"]) == (
            False, 6, "accept",
        )  # fmt: skip
        assert said["commit"]["detail"] == "ana location"
        assert [one["field"] for one in said["items"]] == ["position"]

    def test_a_new_name_still_shows_what_is_left(self, cli):
        cli("edit", "ana", "--name", "Zoe Stein")
        imports(cli, "cards", {**ANA, "pronouns": "she/her"})
        cli("edit", "zoe", "--location", "Home")
        imports(cli, "cards", {**ANA, "pronouns": "she/her", "location": "Paris"})
        ran = cli("suggestions", "Zoe Stein", "--accept", "name")
        assert ran.code == 0
        assert "  location: Home; cards says Paris" in ran.out.splitlines()


class TestDecline:
    def test_it_says_what_it_kept_and_does_not_suggest_it_again(self, told):
        ran = told("suggestions", "ana", "--decline", "location")
        assert ran.out.splitlines() == [
            "Kept ours in location. (#6; to take it back: netcrm undo)",
            "Ana Ruiz (ana-ruiz)",
            "  position: Clerk; cards says Nurse @ Mercy",
        ]
        with told.open() as net:
            assert net.contact("ana").location == "Home"
        row = {**ANA, "location": "Paris", "title": "Nurse", "organisation": "Mercy"}
        assert imports(told, "cards", row).commit is None
        assert "location" not in told("suggestions").out

    def test_in_json(self, told):
        said = told("suggestions", "ana", "--decline", "location", "--json").json
        assert (said["commit"]["reason"], [one["field"] for one in said["items"]]) == (
            "decline", ["position"],
        )  # fmt: skip


class TestDryRun:
    @pytest.mark.parametrize(
        ("verb", "would"),
        [("--accept", "Would take location."), ("--decline", "Would keep ours in location.")],
    )
    def test_it_only_says_what_it_would_do(self, told, verb, would):
        before = state(told)
        ran = told("suggestions", "ana", verb, "location", "--dry-run")
        assert ran.code == 0
        assert ran.out.splitlines()[0] == f"{would} Nothing was changed."
        said = told("suggestions", "ana", verb, "location", "--dry-run", "--json").json
        assert said["dry_run"] is True
        assert state(told) == before

    def test_what_cannot_be_done_cannot_be_tried(self, told):
        assert told("suggestions", "ana", "--accept", "language", "--dry-run").code == 1


class TestSource:
    def test_between_two_it_has_to_be_named(self, both):
        before = state(both)
        ran = both("suggestions", "ana", "--accept", "location")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == (
            "netcrm: location: 'Paris' by cards, 'Rome' by lists are suggested. Name the source, "
            "or edit it by hand.\n"
        )
        assert state(both) == before

    def test_named(self, both):
        assert both("suggestions", "ana", "--accept", "location", "--source", "lists").code == 0
        with both.open() as net:
            assert net.contact("ana").location == "Rome"

    def test_declined_by_one_only(self, both):
        both("suggestions", "ana", "--decline", "location", "--source", "cards")
        items = both("suggestions", "--json").json["items"]
        assert [(one["source"], one["field"]) for one in items] == [
            ("cards", "position"), ("lists", "location"),
        ]  # fmt: skip

    def test_declined_by_all(self, both):
        both("suggestions", "ana", "--decline", "location")
        items = both("suggestions", "--json").json["items"]
        assert [one["field"] for one in items] == ["position"]


class TestWrong:
    @pytest.mark.parametrize(
        ("more", "code", "said"),
        [
            (("nobody",), 1, "netcrm: Nobody here is called “nobody”."),
            (("ana", "--accept", "language"), 1, "Nothing is suggested for the language of Ana"),
            (("ana", "--decline", "shoe-size"), 1, "Nothing is suggested for the shoe_size of"),
            (("luis", "--accept", "location"), 1, "Nothing is suggested for the location of Luis"),
            (("ana", "--accept", "location", "--source", "x"), 1, "Nothing is suggested for the"),
            (("ana", "--accept", "location", "--decline", "name"), 2, "one of them"),
            (("--accept", "location"), 2, "name the person too"),
            (("--decline", "location"), 2, "name the person too"),
            (("ana", "luis"), 2, "unexpected extra argument"),
        ],
    )
    def test_it_is_said_and_nothing_is_changed(self, told, more, code, said):
        before = state(told)
        ran = told("suggestions", *more)
        assert (ran.code, ran.out) == (code, "")
        assert said in ran.err
        assert state(told) == before

    def test_a_name_that_fits_two_is_never_guessed(self, told):
        told("add", "Ana Stein")
        assert told("suggestions", "ana", "--accept", "location").code == 3


class TestReferredBy:
    def test_taken_when_they_are_here(self, cli):
        imports(cli, "cards", {**ANA, "referred_by": "Cara Diaz"})
        assert "  referred_by: nothing; cards says Cara Diaz" in cli("suggestions").out.splitlines()
        assert cli("suggestions", "ana", "--accept", "referred_by").code == 1
        cli("add", "Cara Diaz")
        assert cli("suggestions", "ana", "--accept", "referred_by").code == 0
        assert "Cara Diaz pointed you to Ana Ruiz" in cli("show", "ana").out
        assert cli("suggestions").out == "Nothing is suggested.\n"


class TestSources:
    """netcrm show --sources."""

    @pytest.fixture
    def known(self, both):
        row = {**ANA, "location": "Rome", "column Class Year": "2019", "language": "en"}
        imports(both, "lists", row)
        return both

    def test_in_words(self, known):
        ran = known("show", "ana", "--sources")
        assert (ran.code, ran.err) == (0, "")
        rows = [line.split(maxsplit=1) for line in ran.out.splitlines()]
        assert [(field, " ".join(rest.split())) for field, rest in rows[1:]] == [
            ("name", "Ana Ruiz cards, lists"),
            ("location", "Home by hand"),
            ("language", "en lists"),
            ("position", "Clerk by hand"),
            ("email", "ana@example.org cards, lists"),
            ("circles", "inner by hand"),
            ("tags", "mentor by hand"),
            ("Class", "Year 2019 lists"),
        ]
        assert rows[0] == ["Ana", "Ruiz (ana-ruiz)"]

    def test_in_json(self, known):
        said = known("show", "ana", "--sources", "--json").json
        assert said["contact"]["handle"] == "ana-ruiz"
        assert said["sources"][0] == {
            "field": "name", "value": "Ana Ruiz", "sources": ["cards", "lists"],
        }  # fmt: skip
        assert said["sources"][1] == {"field": "location", "value": "Home", "sources": []}
        assert said["sources"][-1] == {
            "field": "Class Year", "value": "2019", "sources": ["lists"],
        }  # fmt: skip
        assert "sources" not in known("show", "ana", "--json").json

    def test_all_by_hand(self, cli):
        lines = cli("show", "luis", "--sources").out.splitlines()
        assert lines[0] == "Luis Ortega (luis-ortega)"
        assert [line.endswith("by hand") for line in lines[1:]] == [True, True]

    def test_what_was_taken_has_the_source(self, known):
        known("suggestions", "ana", "--accept", "position")
        found = known("show", "ana", "--sources", "--json").json["sources"]
        assert [(one["value"], one["sources"]) for one in found if one["field"] == "position"] == [
            ("Clerk", []), ("Nurse @ Mercy", ["cards"]),
        ]  # fmt: skip

    def test_nothing_changes_and_nobody_is_guessed(self, known):
        before = state(known)
        assert known("show", "nobody", "--sources").code == 1
        known("show", "ana", "--sources")
        assert state(known) == before


def test_a_list_is_imported_edited_and_imported_again(cli):
    """From a file, as it is told in the documentation."""
    file = cli.home / "alumni.csv"
    head = "Name,Email,City,Class Year\n"
    file.write_text(f"{head}Cara Diaz,cara@example.org,Boston,2019\n", "utf-8")
    assert cli("import", "table", file).code == 0
    cli("edit", "cara", "--location", "Home")
    assert cli("suggestions", "cara", "--decline", "location").code == 0
    again = cli("import", "table", file)
    assert (again.code, cli("suggestions").out) == (0, "Nothing is suggested.\n")
    file.write_text(f"{head}Cara Diaz,cara@example.org,Paris,2019\n", "utf-8")
    assert "Paris" in cli("import", "table", file).out
    assert "location: Home; table alumni says Paris" in cli("suggestions").out
    assert cli("suggestions", "cara", "--accept", "location").code == 0
    said = cli("import", "table", file, "--json").json
    assert (said["updated"], said["commit"]) == (0, None)
    sources = cli("show", "cara", "--sources").out
    assert "Class Year" in sources
    assert "table alumni" in sources
    with cli.open() as net:
        assert net.contact("cara").location == "Paris"
