"""The best way to somebody by networkx or rustworkx, from a file of netcrm: what one would write.

    python graphs_peer.py networkx FILE person-7
    python graphs_peer.py rustworkx FILE "company 5"

It reads the whole graph, as these libraries need it, but the interactions only of those around.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

ME = ""
WEIGHTS = {"in_person": 3, "video": 2, "phone": 2}
OFFERED = ("offered", "double_opt_in", "direct")
Edge = tuple[str, str, float]


def edges(database: sqlite3.Connection) -> Iterator[Edge]:
    """Yield who leads to whom, and how likely."""
    for (text,) in database.execute("SELECT doc FROM referral"):
        doc = json.loads(text)
        yield doc["referrer"], doc["referred"], 0.9 if doc["mode"] in OFFERED else 0.6
    for (text,) in database.execute("SELECT doc FROM acquaintance"):
        one, other = json.loads(text)["contacts"]
        yield one, other, 0.4
        yield other, one, 0.4
    there = defaultdict(list)
    for person, text in database.execute("SELECT id, doc FROM contact"):
        for job in json.loads(text)["positions"]:
            end = int(job["end"][:4]) if "end" in job else date.max.year
            there[job["organisation"]].append((person, int(job["start"][:4]), end))
    for people in there.values():
        for (one, *a), (other, *b) in itertools.permutations(people, 2):
            if max(a[0], b[0]) <= min(a[1], b[1]):
                yield one, other, 0.15


def ties(database: sqlite3.Connection, people: Iterable[str]) -> dict[str, float]:
    """Return how likely each of some people answers me."""
    rows = database.execute(
        'SELECT s.member, r."on", r.channel FROM interaction_touched AS s '
        "JOIN interaction AS r ON r.id = s.id WHERE s.member IN (SELECT value FROM json_each(?))",
        [json.dumps(list(people))],
    )
    today, strengths = date.today(), defaultdict(float)  # noqa: DTZ011
    for person, on, channel in rows:
        age = (today - date.fromisoformat(on)).days
        strengths[person] += WEIGHTS.get(channel, 1) * 2 ** (-age / 90)
    return {person: s / (1 + s) for person, s in strengths.items()}


def wanted(database: sqlite3.Connection, to: str) -> set[str]:
    """Return the ids of a person by handle, or of those at an organisation."""
    rows = database.execute(
        "SELECT id FROM contact WHERE handle = ? UNION "
        "SELECT id FROM contact_organisations WHERE member = ?",
        [to, to],
    )
    return {id_ for (id_,) in rows}


def by_networkx(database: sqlite3.Connection, targets: set[str]) -> list[tuple[float, list[str]]]:
    import networkx

    graph = networkx.DiGraph()
    for one, other, chance in edges(database):
        known = graph.get_edge_data(one, other, {"chance": 0})["chance"]
        graph.add_edge(one, other, chance=max(chance, known))
    graph.add_nodes_from(targets)
    near = set(targets)
    for _ in range(2):
        near |= {one for person in near for one in graph.predecessors(person)}
    for person, chance in ties(database, near).items():
        graph.add_edge(ME, person, chance=chance)
    around = graph.subgraph({ME, *near})
    paths = networkx.all_simple_paths(around, ME, targets, cutoff=3) if ME in around else ()
    found = []
    for path in paths:
        chance = 1.0
        for pair in itertools.pairwise(path):
            chance *= graph.edges[pair]["chance"]
        found.append((chance, path))
    return sorted(found, reverse=True)


def by_rustworkx(database: sqlite3.Connection, targets: set[str]) -> list[tuple[float, list[str]]]:
    import rustworkx

    best: dict[tuple[str, str], float] = {}
    for one, other, chance in edges(database):
        best[one, other] = max(chance, best.get((one, other), 0))
    graph = rustworkx.PyDiGraph(multigraph=False)
    names = list({ME: None, **dict.fromkeys(id_ for pair in best for id_ in pair)})
    names += [id_ for id_ in targets if id_ not in set(names)]
    number = dict(zip(names, graph.add_nodes_from(names), strict=True))
    graph.add_edges_from([(number[a], number[b], chance) for (a, b), chance in best.items()])
    near = {number[id_] for id_ in targets}
    for _ in range(2):
        near |= {one for person in near for one in graph.predecessor_indices(person)}
    tied = ties(database, [names[one] for one in near])
    graph.add_edges_from([(number[ME], number[id_], chance) for id_, chance in tied.items()])
    around, kept = graph.subgraph_with_nodemap([number[ME], *near])
    place = {kept[node]: node for node in kept.keys()}  # noqa: SIM118
    found = []
    for target in targets:
        paths = rustworkx.all_simple_paths(
            around, place[number[ME]], place[number[target]], cutoff=4
        )
        for path in paths:
            chance = 1.0
            for pair in itertools.pairwise(path):
                chance *= around.get_edge_data(*pair)
            found.append((chance, [around[node] for node in path]))
    return sorted(found, reverse=True)


def main() -> None:
    library, file, to = sys.argv[1:]
    database = sqlite3.connect(file)
    find = {"networkx": by_networkx, "rustworkx": by_rustworkx}[library]
    for chance, path in find(database, wanted(database, to))[:3]:
        print(f"{chance:.4f}", *path[1:])


if __name__ == "__main__":
    main()
