"""netcrm map: who introduced whom, into a file."""

from __future__ import annotations

import json
import os
import stat

import pytest

from tests import networks
from tests.networks import Terminal
from tests.pictured import HOSTILE

terminal, cli = networks.terminal, networks.cli


@pytest.fixture
def known(cli: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Ana pointed me to Luis and to Priya; we are in a folder of our own."""
    with cli.open() as net:
        net.refer("ana", "Priya Nair", on="2026-02-20")
        net.tag("priya", add=["nursing"], kind="fields")
        net.knows("ana", "luis")
    monkeypatch.chdir(cli.home)
    return cli


def test_it_says_what_it_drew_and_how_to_look_at_it(known):
    ran = known("map", "network.html")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Drew 3 people, 1 referral, 1 acquaintance in network.html, which only you can read.",
        "To look at it, open it in a browser. Search for somebody, or click on them.",
    ]
    assert known.home.joinpath("network.html").read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "start", "advice"),
    [
        ("a.htm", "<!DOCTYPE", "browser"),
        ("A.SVG", "<svg", "browser"),
        ("two words.dot", "digraph", "dot -Tsvg 'two words.dot' > picture.svg"),
        ("a.b.gv", "digraph", "dot -Tsvg a.b.gv"),
        ("a.graphml", "<?xml", "Gephi"),
    ],
)
def test_the_ending_says_what_it_becomes(known, name, start, advice):
    ran = known("map", name)
    assert ran.code == 0
    assert advice in ran.out
    assert known.home.joinpath(name).read_text("utf-8").startswith(start)


@pytest.mark.parametrize("name", ["network.png", "network", ".html", "network.html.gz", "-"])
def test_another_ending_is_told_what_there_is(known, name):
    ran = known("map", name)
    assert (ran.code, ran.out) == (2, "")
    assert "should end in .html, .svg, .dot or .graphml" in ran.err
    assert not known.home.joinpath(name).exists()


def test_only_i_can_read_it(known):
    before = os.umask(0)
    try:
        known("map", "network.svg")
    finally:
        os.umask(before)
    assert stat.S_IMODE(known.home.joinpath("network.svg").stat().st_mode) == 0o600


def test_a_file_that_is_there_stays(known):
    file = known.home / "network.svg"
    file.write_text("mine")
    ran = known("map", "network.svg")
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.endswith(
        "network.svg: is there already. Name another file, or insist: --replace\n"
    )
    assert file.read_text() == "mine"
    assert known("map", "network.svg", "--replace").code == 0
    assert file.read_text().startswith("<svg")


def test_a_folder_is_no_file_to_replace(known):
    known.home.joinpath("a.svg").mkdir()
    assert "--replace" not in known("map", "a.svg").err
    assert known("map", "a.svg", "--replace").code == 4


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a thing of POSIX")
def test_a_pipe_is_written_to(known):
    pipe = known.home / "a.svg"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert known("map", "a.svg").code == 0
        assert os.read(reader, 4) == b"<svg"
    finally:
        os.close(reader)


def test_one_field_and_another_day(known):
    assert "2 people, 1 referral in" in known("map", "a.svg", "--field", "Nursing").out
    assert "Luis" not in known.home.joinpath("a.svg").read_text("utf-8")
    ran = known("map", "b.svg", "--as-of", "2026-02-21")
    assert "2 people, 1 referral in" in ran.out  # who was added since is not in it
    ran = known("map", "c.svg", "--field", "law")
    assert (ran.code, ran.err) == (1, "netcrm: Nobody here is of the field “law”.\n")
    assert not known.home.joinpath("c.svg").exists()


def test_json(known):
    said = known("map", "network.graphml", "--json").json
    assert said.pop("as_of")
    assert said == {
        "netcrm": 1,
        "file": "network.graphml",
        "form": "graphml",
        "people": 3,
        "links": {"referrals": 1, "acquaintances": 1, "introductions": 0},
    }


def test_nobody_is_in_it_yet(terminal):
    terminal("init")
    ran = terminal("map", terminal.home / "network.html")
    assert "Drew 0 people, 0 referrals" in ran.out
    assert ran.err == 'Nobody is in it yet. To add somebody: netcrm add "Ana Ruiz"\n'


def test_where_no_file_can_be(known):
    ran = known("map", "nowhere/network.svg")
    assert ran.code == 4
    assert "cannot be written" in ran.err


def test_names_that_mean_harm_are_drawn(known):
    with known.open() as net, net.transaction():
        for name in HOSTILE:
            if name.strip():
                net.add(name, organisation=name.strip())
    for name in ("a.html", "a.svg", "a.dot", "a.graphml"):
        assert known("map", name).code == 0
    page = known.home.joinpath("a.html").read_text("utf-8")
    island = page.partition('id="data">')[2].partition("</script>")[0]
    names = {one["name"] for one in json.loads(island)["people"]}
    assert "<script>window.hit=1</script>" in names
    assert page.count("</script>") == 2
