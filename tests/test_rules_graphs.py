"""A picture as a graph for other programs: Graphviz, GraphML."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.graphs import dot, edges, graphml, of_link, of_person, shown, xml_text
from netcrm.rules.picture import Link, Picture
from tests.pictured import DAY, hostile, many, picture, portrait, referral

TEXTS = st.text(st.characters(), max_size=20)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
LINE = re.compile(rf"  {STRING.pattern}(?: -> {STRING.pattern})? \[(.*)\];")
SAID = re.compile(rf"(\w+)=(?:{STRING.pattern}|(\w+))(?:, |$)")


def read_graphml(text: str) -> Any:
    """Return what networkx makes of GraphML."""
    return networkx.parse_graphml(text, force_multigraph=True)


def read_dot(text: str) -> tuple[dict[str, dict[str, str]], list[tuple[str, str, dict[str, str]]]]:
    """Return nodes and edges of a graph, line by line; each line must be one as is written here."""
    nodes, found = {}, []
    lines = text.splitlines()
    assert lines[0] == "digraph network {"
    assert lines[-1] == "}"
    for line in lines[4:-1]:
        whole = LINE.fullmatch(line)
        assert whole, line
        said = {name: plain(quoted or bare) for name, quoted, bare in SAID.findall(whole[3])}
        assert len(SAID.sub("", whole[3])) == 0, line
        if whole[2] is None:
            nodes[plain(whole[1])] = said
        else:
            found.append((plain(whole[1]), plain(whole[2]), said))
    return nodes, found


def plain(quoted: str) -> str:
    """Return what a string of the DOT language shows as a label."""
    return re.sub(r"\\(.)", r"\1", quoted).replace("&amp;", "&")


@pytest.mark.parametrize("drawn", [many(40, others=12), hostile(), picture()])
def test_what_is_in_graphml_is_what_is_in_the_picture(drawn: Picture) -> None:
    """Every person and every link, with all that is said of them."""
    graph = read_graphml(graphml(drawn))
    people = {one.handle: of_person(one) for one in drawn.people}
    assert dict(graph.nodes(data=True)) == {
        handle: {key: clean(value) for key, value in said.items()}
        for handle, said in people.items()
    }
    assert set(graph.edges(keys=True)) == {one[:3] for one in edges(drawn)}
    for source, target, key, said in edges(drawn):
        there = graph[source][target][key]
        assert {name: there[name] for name in said} == {n: clean(one) for n, one in said.items()}


def clean(value: Any) -> Any:
    """Return a value as it comes back from XML."""
    return xml_text(value) if isinstance(value, str) else value


@given(st.lists(TEXTS, min_size=8, max_size=8))
def test_graphml_holds_any_text(texts: list[str]) -> None:
    """What no XML can hold is left out; all else comes back as it was."""
    name, organisation, title, status, context, key, handle, me = texts
    one = portrait(name, handle, organisation=organisation, title=title, status=status)
    link = Link("referral", key, handle, handle, None, status, context)
    root = ET.fromstring(graphml(picture(one, links=(link,), me=me)))
    said = {
        (data.get("key") or ""): data.text or ""
        for data in root.iter()
        if data.tag.endswith("}data")
    }
    assert said["node-name"] == as_read(name)
    assert said["node-organisation"] == as_read(organisation)
    assert said["edge-context"] == as_read(context)


def as_read(text: str) -> str:
    return xml_text(text).replace("\r\n", "\n").replace("\r", "\n")


def test_a_link_that_goes_both_ways_is_two_edges() -> None:
    """A referral goes one way only."""
    both = Link("acquaintance", "k", "ana", "bo", DAY, context="studied", told_by="cy")
    people = [portrait(name) for name in ("ana", "bo", "cy")]
    found = list(edges(picture(*people, links=(both, referral("ana", "cy")))))
    assert [one[:3] for one in found] == [
        ("ana", "bo", "k"),
        ("bo", "ana", "k-back"),
        ("ana", "cy", "ana-cy"),
    ]
    assert found[0][3] == found[1][3] == of_link(both)
    assert found[0][3]["told_by"] == "cy"


@pytest.mark.parametrize("drawn", [many(40, others=12), hostile(), picture()])
def test_dot_has_everybody_and_me_in_the_middle(drawn: Picture) -> None:
    """Labels are the names; a line from me leads to each whom I know by myself."""
    nodes, lines = read_dot(dot(drawn))
    assert nodes.pop("(me)")["label"] == shown(drawn.me)
    assert {handle: said["label"] for handle, said in nodes.items()} == {
        one.handle: shown(begun(one.name)) for one in drawn.people
    }
    mine = [target for source, target, _ in lines if source == "(me)"]
    assert mine == [one.handle for one in drawn.people if not one.through]
    assert len(lines) - len(mine) == len(drawn.links)
    shaping = [one[:2] for one in lines if "constraint" not in one[2] and one[0] != "(me)"]
    assert shaping == [(one.source, one.target) for one in drawn.links if one.credited]


def begun(text: str) -> str:
    """Return as much of a text as stands in DOT."""
    return text if len(text) <= 1000 else f"{text[:999]}…"


@pytest.mark.parametrize("letter", ["a", "\\", '"', "&lt;", "é", "名", "👩"])
def test_no_string_is_too_long_for_graphviz(letter: str, tmp_path: Path) -> None:
    """It takes 16,384 bytes; what is cut off is whole letters, and one sees that there was more."""
    long = letter * 9000
    text = dot(picture(portrait(long, "a", organisation=long, title=long), me=long))
    assert max(len(one.encode()) for one in STRING.findall(text)) < 16_000
    nodes, _ = read_dot(text)
    for said in (nodes["a"]["label"], nodes["a"]["tooltip"], nodes["(me)"]["label"]):
        assert (said[:-1], said[-1]) == (long[:999], "…")
    if shutil.which("dot"):
        (tmp_path / "network.dot").write_text(text, "utf-8")
        subprocess.run(
            ["dot", "-Tdot", "network.dot"], cwd=tmp_path, capture_output=True, check=True
        )


@given(TEXTS, st.text(st.characters(), min_size=1))
def test_no_text_gets_out_of_its_quotes(name: str, handle: str) -> None:
    """Whatever somebody is called, it is a label: backslashes, quotes, braces and entities."""
    nodes, lines = read_dot(dot(picture(portrait(name, handle), me=name)))
    assert nodes[shown(handle)]["label"] == shown(name)
    assert nodes["(me)"]["label"] == shown(name or "Me")
    assert [one[:2] for one in lines] == [("(me)", shown(handle))]


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
@pytest.mark.parametrize("drawn", [many(40, others=12), hostile(), picture()])
def test_graphviz_draws_it(drawn: Picture, tmp_path: Path) -> None:
    """Without a word of complaint, and with the names as they are."""
    (tmp_path / "network.dot").write_text(dot(drawn), "utf-8")
    done = subprocess.run(
        ["dot", "-Tsvg", "network.dot"], cwd=tmp_path, capture_output=True, check=True
    )
    drawing = ET.fromstring(done.stdout)
    words = {"".join(text.itertext()) for text in drawing.iter() if text.tag.endswith("}text")}
    for one in drawn.people:
        if len(one.name) < 60 and one.name.strip() and not re.search(r"\s\s", one.name):
            assert shown(one.name).strip() in {word.strip().replace("\xa0", " ") for word in words}


def test_what_would_be_obeyed_is_not_drawn() -> None:
    """Escape codes, marks that turn text around, halves of characters; all other letters are."""
    assert shown("a\x1b[31m\u202eb\u2066c\ud800\x00\u200e\u200f\u061c\x9f") == "a[31mbc"
    assert shown("شريف 名前 👩🏽‍⚕️ é") == "شريف 名前 👩🏽‍⚕️ é"
    assert xml_text("a\x1b\u202eb\ud800\x00\ufffe\tc\n") == "a\u202eb\tc\n"
