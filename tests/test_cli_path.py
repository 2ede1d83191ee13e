"""The way to somebody, as it is typed and printed."""

from __future__ import annotations

import pytest

from tests import networks
from tests.networks import Terminal

cli, terminal = networks.cli, networks.terminal


@pytest.fixture
def known(cli: Terminal) -> Terminal:
    """Ana, with whom I talked yesterday, offered to introduce me to Tom of the clinic."""
    cli("add", "Tom Okafor", "--org", "South London Clinic", "--source", "alumni_database")
    cli("log", "ana", "coffee", "--at", "yesterday")
    cli("refer", "ana", "tom", "--mode", "offered")
    return cli


def test_it_prints_the_way_the_reasons_and_what_to_do_next(known: Terminal) -> None:
    ran = known("path", "South London Clinic")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "likely  you > Ana Ruiz > Tom Okafor",
        "  you > Ana Ruiz: talked yesterday; as if every 38 days",
        "  Ana Ruiz > Tom Okafor: offered to introduce you today",
        "  next: netcrm draft introduction_request ana-ruiz --about tom-okafor",
        "Directly: somebody pointed you to Tom Okafor; how likely an answer is depends on the way "
        "over whoever did.",
    ]


def test_numbers_are_only_shown_when_asked_for(known: Terminal) -> None:
    assert not any(char.isdigit() for char in known("path", "tom").out.replace("38 days", ""))
    first, tie, offered, *_ = known("path", "tom", "--why").out.splitlines()
    assert first == "likely (0.67)  you > Ana Ruiz > Tom Okafor"
    assert tie == "  you > Ana Ruiz (0.75): talked yesterday; as if every 38 days"
    assert offered == "  Ana Ruiz > Tom Okafor (0.90): offered to introduce you today"


def test_the_command_that_it_names_works(known: Terminal) -> None:
    (line,) = [one for one in known("path", "tom").out.splitlines() if "next: netcrm" in one]
    drafted = known(*line.partition("netcrm ")[2].split())
    assert drafted.code == 0
    assert drafted.out == known("path", "tom", "--ask").out
    assert drafted.out.startswith("Subject: Would you introduce me to Tom Okafor?\n\nDear Ana,")


def test_what_the_letter_lacks_is_said_apart_from_it(known: Terminal) -> None:
    ran = known("path", "tom", "--ask")
    assert "Still to fill in: " in ran.err
    assert "Still to fill in" not in ran.out


def test_json_says_all_of_it(known: Terminal) -> None:
    said = known("path", "tom", "--json").json
    assert said["to"] == {"kind": "person", "name": "Tom Okafor"}
    (path,) = said["paths"]
    assert (path["likelihood"], path["chance"], path["is_guess"]) == ("likely", 0.6737, False)
    assert path["ask"] == "netcrm draft introduction_request ana-ruiz --about tom-okafor"
    tie, offered = path["hops"]
    assert tie["source"] is None
    assert tie["target"]["handle"] == offered["source"]["handle"] == "ana-ruiz"
    assert (offered["kind"], offered["chance"]) == ("introduced", 0.9)
    assert said["direct"]["origin"] == "referral"
    assert said["direct"]["chance"] is None
    assert said["avoided"] == []


def test_how_many_ways_is_up_to_who_asks(known: Terminal) -> None:
    known("log", "luis", "call", "--at", "yesterday")
    known("knows", "luis", "tom")
    assert len(known("path", "tom", "--json").json["paths"]) == 2
    assert len(known("path", "tom", "--k", "1", "--json").json["paths"]) == 1
    assert known("path", "tom", "--k", "0").code == 2


def test_where_there_is_no_way_it_says_what_to_note(known: Terminal) -> None:
    known("add", "Ines Roth", "--source", "referral")
    assert known("path", "ines").out.splitlines() == [
        "No way to Ines Roth is known: nobody you are in touch with leads there.",
        'To note who knows them: netcrm knows WHO WHOM, or netcrm refer WHO "WHOM"',
        "Directly: somebody pointed you to Ines Roth; how likely an answer is depends on the way "
        "over whoever did.",
    ]
    assert known("path", "ines", "--ask").out == known("path", "ines").out


def test_who_is_avoided_is_named_with_the_day_to_ask_again(known: Terminal) -> None:
    known("log", "ana", "email", "--kind", "introduction_request", "--at", "yesterday")
    out = known("path", "tom").out.splitlines()
    assert out[0] == "No way to Tom Okafor is open now."
    (line,) = [one for one in out if one.startswith("Not asked now")]
    assert line.startswith("Not asked now: Ana Ruiz, as you asked them for an introduction ")
    assert "; again from " in line


def test_a_target_that_declined_has_a_note(known: Terminal) -> None:
    known("ask", "tom", "email", "--at", "yesterday 9:00")
    known("log", "tom", "email", "--kind", "decline", "--in", "--at", "yesterday 10:00")
    assert "Mind that of Tom Okafor: they declined yesterday.\n" in known("path", "tom").out


def test_who_never_answered_is_avoided_with_the_reason(known: Terminal) -> None:
    known("log", "luis", "email", "--at", "yesterday")
    known("add", "Ines Roth")
    known("knows", "luis", "ines")
    assert known("path", "ines").out.splitlines()[:2] == [
        "No way to Ines Roth is open now.",
        "Not asked now: Luis Ortega, as you wrote yesterday, and they have never answered.",
    ]
    assert "you > Luis Ortega: you wrote yesterday, no answer yet; as" in known("path", "luis").out


def test_a_target_that_was_interviewed_or_is_asked_has_a_note(known: Terminal) -> None:
    known("ask", "tom", "email", "--at", "yesterday 9:00")
    asked = "Mind that of Tom Okafor: you asked yesterday, you wait for their answer.\n"
    assert asked in known("path", "tom").out
    known("log", "tom", "video", "--kind", "meeting", "--at", "yesterday 10:00")
    held = "Mind that of Tom Okafor: you had an interview with them yesterday.\n"
    assert held in known("path", "tom").out


def test_going_directly_is_compared(known: Terminal) -> None:
    for name, answers in (
        ("Bea Lund", True),
        ("Cem Kaya", True),
        ("Dan Moor", False),
        ("Ed Wu", False),
    ):
        known("add", name, "--source", "alumni_database")
        known("ask", name, "email", "--at", "6 weeks ago")
        if answers:
            known("log", name, "email", "--kind", "accept", "--in", "--at", "5 weeks ago")
    known("add", "Ines Roth", "--source", "alumni_database")
    known("knows", "ana", "ines")
    out = known("path", "ines", "--why").out
    assert out.endswith(
        "Directly: fair (0.50: 2 of 4 alumni answered), so writing to Ines Roth yourself is at "
        "least as good.\n"
    )
    known("log", "ines", "coffee", "--at", "yesterday")
    out = known("path", "ines").out
    assert out.endswith("Directly: fair, by how alumni answered you.\n")
    known("add", "Eva Holm", "--source", "alumni_database")
    assert known("path", "eva").out.endswith("so writing to Eva Holm yourself is possible.\n")
    known("add", "Finn Berg", "--source", "linkedin")
    assert known("path", "finn").out.endswith(
        "nothing known, as no request to people from social media is old enough to tell.\n"
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (["path", "nobody"], 1, "no organisation where somebody is"),
        (["path", "org:South London"], 1, "Did you mean South London Clinic?"),
        (["path", "field:physics"], 1, "Nobody here is in the field “physics”."),
        (["path", "maya"], 1, "that is you"),
        (["path"], 2, "Missing argument"),
        (["path", "tom", "--ask", "--json"], 2, "give one of --ask and --json"),
        (["path", "tom", "--as-of", "blue"], 1, "blue"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    known: Terminal, line: list[str], code: int, said: str
) -> None:
    ran = known(*line)
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_name_of_two_sorts_says_how_to_say_which(known: Terminal) -> None:
    known("add", "Mercy Jones", "--org", "Mercy")
    ran = known("path", "mercy")
    assert ran.code == 3
    assert "Mercy Jones (mercy-jones), the organisation (org:mercy)" in ran.err
    assert known("path", "org:mercy").code == 0


def test_names_that_a_terminal_would_obey_are_shown(known: Terminal) -> None:
    known("add", "Evil \x1b[2J Name", "--org", "Evil\x1b[2J Corp")
    known("log", "evil", "coffee", "--at", "yesterday")
    assert "\x1b" not in known("path", "evil").out
    assert "\x1b" not in known("path", "org:evil 2j corp").out
