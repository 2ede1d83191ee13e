"""The network as a picture, and as a graph for others."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from netcrm.errors import InvalidError, NotFoundError
from netcrm.model.base import label
from netcrm.network.conversations import When
from netcrm.network.prospecting import Prospecting

if TYPE_CHECKING:
    from networkx import MultiDiGraph

    from netcrm.rules.picture import Picture
    from netcrm.rules.webpage import Parts

_KINDS: Final = ("referrals", "acquaintances", "introductions")


class Picturing(Prospecting):
    """Pictures of a network."""

    def picture(self, *, field: str = "", as_of: When = None) -> Picture:
        """Return everybody I know and how they are connected, as a picture shows it.

        Why somebody is not to be contacted is not in it, nor the words of a referral that was made
        in a confidential talk.

        Args:
            field: only people of this career field, and those through whom I know them.
            as_of: the moment; now without it.

        Raises:
            NotFoundError: nobody is of that field.
        """
        from netcrm.network.facts import known
        from netcrm.network.portraits import links, portraits
        from netcrm.network.traces import traces
        from netcrm.rules.picture import Picture

        when = self.moment_of(as_of)
        with self._reading() as view:
            facts = known(view, when, self.routine())
            referrals = traces(view, facts)
            people = portraits(view, facts, self._tree(view, facts, referrals))
            found = links(view, when, referrals, people)
            me = self.me
        whole = Picture(when, me.name if me else "", tuple(people.values()), tuple(found))
        return _part(whole, field) if field else whole

    def map(self, form: str = "html", *, field: str = "", as_of: When = None) -> str:
        """Return a picture of who introduced whom, to be written to a file.

        Args:
            form: html is a page to look around in, svg a drawing; dot is read by Graphviz, graphml
                by programs that work with graphs.
            field: only people of this career field, and those through whom I know them.
            as_of: the moment; now without it.

        Raises:
            InvalidError: there is no such form; the message names those there are.
        """
        return drawn(self.picture(field=field, as_of=as_of), form)

    def to_networkx(
        self, kind: str = "referrals", *, field: str = "", as_of: When = None
    ) -> MultiDiGraph[str]:
        """Return the network as a graph of networkx, people by handle; I am not in it.

        Edges have the id of their record as key. A referral goes from who pointed me to somebody;
        an acquaintance or an introduction is two edges, one each way.

        Args:
            kind: referrals, acquaintances, introductions or all.
            field: only people of this career field, and those through whom I know them.
            as_of: the moment; now without it.

        Raises:
            InvalidError: there is no such kind; the message names those there are.
            NotFoundError: networkx is not installed; the message says how to get it.
        """
        from netcrm.rules.graphs import edges, of_person

        if kind != "all" and kind not in _KINDS:
            raise InvalidError(f"{kind!r} are no links; choose from {', '.join(_KINDS)}, all")
        try:
            from networkx import MultiDiGraph
        except ImportError as error:
            raise NotFoundError(
                "networkx is not installed. To have it: uv add networkx, or pip install networkx"
            ) from error
        picture = self.picture(field=field, as_of=as_of)
        graph: MultiDiGraph[str] = MultiDiGraph()
        graph.add_nodes_from((one.handle, of_person(one)) for one in picture.people)
        for source, target, key, said in edges(picture):
            if kind in ("all", f"{said['kind']}s"):
                graph.add_edge(source, target, key, **said)
        return graph


def drawn(picture: Picture, form: str) -> str:
    """Return a picture in a form, as `Picturing.map` does."""
    from netcrm.rules.drawing import drawing
    from netcrm.rules.graphs import dot, graphml
    from netcrm.rules.webpage import webpage

    writers: dict[str, Callable[[Picture], str]] = {
        "html": lambda picture: webpage(picture, _parts()),
        "svg": drawing,
        "dot": dot,
        "graphml": graphml,
    }
    if form not in writers:
        raise InvalidError(f"{form!r} is no form of a map; choose from {', '.join(writers)}")
    return writers[form](picture)


@cache
def _parts() -> Parts:
    from netcrm.rules.webpage import Parts

    folder = resources.files("netcrm").joinpath("text")
    texts = {
        name: folder.joinpath(name).read_text("utf-8")
        for name in ("map.html", "map.css", "map-canvas.js", "map.js")
    }
    script = texts["map-canvas.js"] + texts["map.js"]
    return Parts(texts["map.html"], texts["map.css"], f'"use strict";\n{script}')


def _part(whole: Picture, field: str) -> Picture:
    part = whole.only(label(field))
    if not part.people:
        raise NotFoundError(f"Nobody here is of the field “{field}”.")
    return part
