"""dupes, merge and distinct as people type them."""

from __future__ import annotations

import gzip
import json
import re
import shlex

import pytest

from tests.networks import everything, terminal

__all__ = ["terminal"]


@pytest.fixture
def twice(terminal):
    """A network in which Bob stands twice."""
    with terminal.open() as net:
        net.add("Bob Smith", phone="+1 555 010 0123", location="Boston")
        net.add("Robert Smith", phone="(555) 010-0123", location="Paris")
        net.add("Carol Stein")
        net.log("robert", "coffee", "asked about nursing")
    return terminal


def test_pairs_are_shown_with_what_speaks_for_and_against_them(twice):
    ran = twice("dupes")
    assert ran.code == 0
    first, *signs = ran.out.splitlines()
    assert "Bob Smith (bob-smith) and Robert Smith (robert-smith)" in first
    assert "      + bob and robert are short for one name" in signs
    assert "      - other places" in signs
    assert signs[-1] == (
        "One person? netcrm merge bob-smith robert-smith   "
        "Two? netcrm distinct bob-smith robert-smith"
    )


def test_a_script_gets_ids_handles_and_bits(twice):
    (item,) = twice("dupes", "--json").json["items"]
    assert item["a"]["handle"] == "bob-smith"
    assert item["b"]["name"] == "Robert Smith"
    assert 0.9 < item["score"] <= 1
    assert {"code", "text", "bits"} == set(item["signs"][0])


def test_no_more_than_asked_for_are_shown(twice):
    ran = twice("dupes", "--least", "0", "--limit", "0")
    assert "more pair" in ran.out
    assert twice("dupes", "carol").out == "Nobody seems to stand here twice.\n"
    assert twice("dupes", "bob", "--json").json["found"] == 1


@pytest.mark.parametrize("least", ["2", "-1", "much"])
def test_a_score_is_from_0_to_1(twice, least):
    assert twice("dupes", "--least", least).code == 2


def test_a_merge_says_what_it_did_and_undo_takes_it_back(twice):
    with twice.open() as net:
        before = everything(net)
    planned = twice("merge", "bob", "robert", "--dry-run")
    assert "Would merge Robert Smith (robert-smith) into Bob Smith (bob-smith)" in planned.out
    ran = twice("merge", "bob", "robert", "--take", "location")
    assert ran.out.splitlines() == [
        "name: Bob Smith stays, Robert Smith is set aside",
        "location: Paris stays, Boston is set aside",
        "1 interaction of Robert Smith is about Bob Smith now",
        "Merged Robert Smith (robert-smith) into Bob Smith (bob-smith). "
        "(#5; to take it back: netcrm undo)",
    ]
    assert "asked about nursing" in twice("show", "robert-smith").out
    assert twice("undo").code == 0
    with twice.open() as net:
        assert everything(net) == before


def test_somebody_merged_with_themselves_stays(twice):
    assert twice("merge", "bob", "bob-smith").out == "Nothing to change.\n"


def test_a_field_that_cannot_be_taken_is_one_line(twice):
    ran = twice("merge", "bob", "robert", "--take", "points")
    assert ran.code == 1
    assert ran.err.startswith("netcrm: 'points' cannot be chosen; choose from name,")
    assert ran.err.count("\n") == 1


def test_who_was_told_apart_is_merged_only_if_one_insists(twice):
    told = twice("distinct", "bob", "robert", "--reason", "cousins")
    assert told.out == "Told bob-smith and robert-smith apart. (#5; to take it back: netcrm undo)\n"
    assert twice("distinct", "robert", "bob").out == "Nothing to change.\n"
    assert twice("dupes").out == "Nobody seems to stand here twice.\n"
    ran = twice("merge", "bob", "robert")
    assert (ran.code, ran.err) == (
        5,
        "netcrm: bob-smith and robert-smith were told apart. To merge them all the same, insist: "
        "--insist\n",
    )
    assert twice("merge", "bob", "robert", "--insist").code == 0


def test_a_name_that_fits_two_is_never_guessed(twice):
    ran = twice("merge", "smith", "carol")
    assert ran.code == 3
    assert "Bob Smith (bob-smith), Robert Smith (robert-smith)" in ran.err


def test_who_is_removed_is_in_the_trash_until_wanted_back(twice):
    assert twice("trash").out == "Nobody is in the trash.\n"
    assert twice("remove", "robert").out.splitlines() == [
        "1 interaction with Robert Smith",
        "Removed Robert Smith (robert-smith). (#5; to take it back: netcrm undo)",
    ]
    first, second = twice("trash").out.splitlines()
    assert first.split()[:4] == ["#5", "Robert", "Smith", "robert-smith"]
    assert second == "To bring the first one back: netcrm undo 5"
    (item,) = twice("trash", "--json").json["items"]
    assert (item["seq"], item["about"]) == (5, {"interaction": 1})
    assert twice("undo", "5").code == 0
    assert twice("show", "robert").code == 0


def test_what_forgetting_says_to_type_works_for_a_name_of_several_words(twice):
    asked = twice("forget", "Robert Smith")
    assert asked.code == 5
    see, do = re.findall(r": netcrm (forget .+? --dry-run|forget .+? --yes)", asked.err)
    assert [twice(*shlex.split(command)).code for command in (see, do)] == [0, 0]
    assert twice("show", "Robert Smith").code == 1


def test_forgetting_asks_twice_and_says_where_else_to_look(twice):
    twice("edit", "carol", "--note", "a friend of Robert Smith")
    twice("backup")
    ran = twice("forget", "robert")
    assert (ran.code, ran.out) == (5, "")
    assert ran.err == (
        "netcrm: Robert Smith, and all that is about nobody else, would be gone for good. To see "
        "what that is: netcrm forget robert --dry-run. To do it: netcrm forget robert --yes\n"
    )
    would = twice("forget", "robert", "--dry-run").out.splitlines()
    assert would[:2] == [
        "1 interaction with them",
        "Would forget Robert Smith (robert-smith) for good. Nothing was changed.",
    ]
    assert twice("show", "robert").code == 0
    done = twice("forget", "robert", "--yes").out.splitlines()
    assert done[1:4] == [
        "Forgot Robert Smith (robert-smith). This cannot be taken back.",
        "Still named in the record of Carol Stein (carol-stein)",
        "These copies may still hold them:",
    ]
    assert [line[-5:] for line in done[4:]] == [".json"]
    assert (twice("show", "robert").code, twice("undo").code) == (1, 5)


def test_the_trash_is_emptied_for_good(twice):
    twice("remove", "robert")
    twice("backup")
    assert twice("forget", "--trash").code == 5
    ran = twice("forget", "--trash", "--yes", "--copies", "--json").json
    assert [contact["handle"] for contact in ran["contacts"]] == ["robert-smith"]
    assert len(twice("backup", "--list", "--json").json["backups"]) == 1
    assert twice("trash").out == "Nobody is in the trash.\n"
    assert twice("forget", "--trash").out == "Nobody is in the trash.\n"
    twice("backup")
    assert twice("forget", "--trash", "--copies", "--yes").out == "Nobody is in the trash.\n"
    assert len(twice("backup", "--list", "--json").json["backups"]) == 2
    assert (twice("forget").code, twice("forget", "bob", "--trash").code) == (2, 2)
    assert twice("forget", "--scrub").out == "What was deleted is written over.\n"
    assert twice("forget", "--scrub", "--json").json["advice"] == ""


def test_what_is_known_about_one_person_is_exported(twice):
    file = twice.home / "robert.json"
    assert twice("export", "--person", "robert", str(file)).code == 0
    known = json.loads(file.read_text("utf-8"))
    assert known["person"]["handle"] == "robert-smith"
    assert len(known["about"]["interaction"]) == 1
    assert known["commits"][0]["reason"] == "add"
    assert file.stat().st_mode & 0o077 == 0
    assert twice("export", "--person", "robert", str(file)).code == 5
    assert json.loads(twice("export", "--person", "robert", "-").out) == known
    packed = twice.home / "robert.json.gz"
    twice("export", "--person", "robert", str(packed))
    assert json.loads(gzip.decompress(packed.read_bytes())) == known
