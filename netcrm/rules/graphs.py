"""A picture of a network as a graph for other programs: Graphviz, GraphML, networkx."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from netcrm.rules.picture import Link, Picture, Portrait

Attributes = dict[str, str | int | bool]

_ME: Final = "(me)"
"""No handle has brackets."""
# What XML 1.0 cannot hold, even escaped.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What a program that draws may obey: control codes, and marks that turn text around.
_OBEYED: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LONGEST: Final = 1000
"""Of longer texts the beginning stands in DOT (our choice).

Graphviz takes no string of more than 16,384 bytes; a letter takes five at most.
"""
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")
_MINE: Final = {"shape": "circle", "fillcolor": "#23272e", "fontcolor": "#ffffff"}
_FILLS: Final = {"held": "#2c66a8", "open": "#9fc0e4", "none": "#ffffff", "gone": "#c9c9c9"}
_STYLES: Final = {"referral": "dashed", "acquaintance": "dotted", "introduction": "dashed"}
_TYPES: Final = {bool: "boolean", int: "int", str: "string"}


def of_person(one: Portrait) -> Attributes:
    """Return what is said of somebody in a graph: plain values, all of them always."""
    return {
        "id": one.id,
        "name": one.name,
        "organisation": one.organisation,
        "title": one.title,
        "fields": ", ".join(one.fields),
        "circles": ", ".join(one.circles),
        "degree": one.degree,
        "through": one.through,
        "since": str(one.since or ""),
        "status": one.status,
        "placeholder": one.is_placeholder,
        "talks": one.talks,
        "last": str(one.last or ""),
        "interviews": one.interviews,
    }


def of_link(one: Link) -> Attributes:
    """Return what is said of a link in a graph."""
    return {
        "kind": one.kind,
        "on": str(one.on or ""),
        "status": one.status,
        "context": one.context,
        "credited": one.credited,
        "told_by": one.told_by,
    }


def edges(picture: Picture) -> Iterator[tuple[str, str, str, Attributes]]:
    """Yield source, target, name and attributes of each edge; what goes both ways is two edges."""
    for one in picture.links:
        yield one.source, one.target, one.id, of_link(one)
        if one.kind != "referral":
            yield one.target, one.source, f"{one.id}-back", of_link(one)


def graphml(picture: Picture) -> str:
    """Return GraphML: people by handle, and an edge for each link. I am not in it."""
    nodes = [(one.handle, of_person(one)) for one in picture.people]
    links = list(edges(picture))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *_keys("node", of_person(Portrait("", "", ""))),
        *_keys("edge", of_link(Link("referral", "", "", ""))),
        '<graph id="network" edgedefault="directed">',
    ]
    for handle, said in nodes:
        lines += [f"<node id={_attribute(handle)}>", *_data("node", said), "</node>"]
    for source, target, name, said in links:
        ends = f"source={_attribute(source)} target={_attribute(target)}"
        lines += [f"<edge id={_attribute(name)} {ends}>", *_data("edge", said), "</edge>"]
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def _keys(of: str, said: Mapping[str, str | int | bool]) -> Iterator[str]:
    for name, value in said.items():
        kind = _TYPES[type(value)]
        yield f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>'


def _data(of: str, said: Mapping[str, str | int | bool]) -> Iterator[str]:
    for name, value in said.items():
        text = str(value).lower() if isinstance(value, bool) else escape(xml_text(str(value)))
        yield f'<data key="{of}-{name}">{text}</data>'


def _attribute(text: str) -> str:
    return quoteattr(xml_text(text))


def xml_text(text: str) -> str:
    """Return text without what no XML file can hold."""
    return _NOT_XML.sub("", text)


def shown(text: str) -> str:
    """Return text as it is drawn: without what would be obeyed instead, as by a terminal."""
    return _OBEYED.sub("", text)


def dot(picture: Picture) -> str:
    """Return a graph for Graphviz, with me in the middle: `dot -Tsvg` draws it."""
    lines = [
        "digraph network {",
        f"  graph [layout=twopi, root={_quoted(_ME)}, ranksep=1.6, overlap=false, splines=line];",
        '  node [shape=ellipse, style=filled, fontname="Helvetica", fontsize=10, color="#5b626d"];',
        '  edge [color="#8b8577", arrowsize=0.6];',
        f"  {_quoted(_ME)} [{_list({'label': picture.me or 'Me', **_MINE})}];",
    ]
    for one in picture.people:
        lines.append(f"  {_quoted(one.handle)} [{_list(_drawn(one))}];")
        if not one.through:
            lines.append(
                f'  {_quoted(_ME)} -> {_quoted(one.handle)} [color="#d9d4c8", arrowhead=none];'
            )
    for link in picture.links:
        ends = f"{_quoted(link.source)} -> {_quoted(link.target)}"
        lines.append(f"  {ends} [{_list(_line(link))}];")
    return "\n".join([*lines, "}", ""])


def _drawn(one: Portrait) -> dict[str, str]:
    known = one.work or ", ".join(one.fields)
    dark = {"fontcolor": "#ffffff"} if one.mark == "held" else {}
    return {
        "label": one.name,
        "tooltip": " - ".join(filter(None, (one.name, known, one.status))),
        "fillcolor": _FILLS[one.mark],
        **dark,
    }


def _line(link: Link) -> dict[str, str]:
    """Return how a link is drawn; only those by which I know somebody shape the picture."""
    said = {"tooltip": " - ".join(filter(None, (link.kind, str(link.on or ""), link.status)))}
    if link.credited:
        return said
    loose = {"style": _STYLES[link.kind], "constraint": "false", "weight": "0"}
    return said | loose | ({} if link.kind == "referral" else {"dir": "none"})


def _list(said: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={_quoted(_clipped(value))}" for name, value in said.items())


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _quoted(text: str) -> str:
    r"""Return a string of the DOT language: `\` and `&...;` stand for themselves, `"` too."""
    plain = _ENTITY.sub("&amp;", shown(text)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
