"""Pictures to test with: of many people, and of people whose names mean harm."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, Final

from netcrm.model.time import LocalMoment
from netcrm.rules.lineage import degree
from netcrm.rules.picture import Link, LinkKind, Picture, Portrait

DAY: Final = date(2026, 4, 12)
HOSTILE: Final = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<!-- <script> -->",
    "]]></title><svg onload=window.hit=1>",
    "';window.hit=1;//",
    '"quoted" \\ back\\\\slash\\',
    "ends in a backslash\\",
    "{{script}} {{data}} ${1}",
    "javascript:window.hit=1",
    "AT&amp;T &lt;b&gt; &#65; & Söhne",
    "label\\nnew\\lline\\G\\N",
    "\u202eright to left\u202c",
    "\u2066isolated\u2069 \u200fmark",
    "شريف حنا",
    "two\u2028lines\u2029three",
    "👩🏽‍⚕️ Dr. Emoji 🙂",
    "bell\x07 escape\x1b[31m null-free",
    "\x7f\x85\x9f control",
    "\ufffe\uffff not characters",
    "Zoë Müller",
    "Łukasz Ørsted-Æble",
    "名前 なまえ",
    "a" * 3000,
    "wide " * 400,
    "__proto__",
    "constructor",
    "0",
    " ",
    "A } ] ; digraph { x -> y",
    "\u2069\u202egets out of its element",
)
_GIVEN: Final = ("Ana", "Luis", "Zoë", "Priya", "Tom", "Nina", "Omar", "Ines", "Tomás", "Aisha")
_FAMILY: Final = ("Ruiz", "Ortega", "Müller", "Nair", "Okafor", "Patel", "Haddad", "Falk", "Bello")
_FIELDS: Final = (
    "social-work", "psychiatry", "counselling", "nursing", "clinical-psychology", "teaching", "law",
    "design", "medicine", "research", "",
)  # fmt: skip
_STATUSES: Final = (
    "not asked", "interviewed", "asked", "no answer", "meeting planned", "do not contact",
)  # fmt: skip
_KINDS: Final[tuple[LinkKind, ...]] = ("referral", "acquaintance", "introduction")


def portrait(name: str, handle: str = "", **said: Any) -> Portrait:
    """Return somebody; without a handle, their name serves."""
    return Portrait(handle or name, f"id-{handle or name}", name, **said)


def referral(source: str, target: str, **said: Any) -> Link:
    """Return a referral by which I know somebody."""
    link = Link("referral", f"{source}-{target}", source, target, date(2026, 2, 20), "met")
    return link._replace(**{"credited": True, **said})


def picture(*people: Portrait, links: tuple[Link, ...] = (), me: str = "Maya Rao") -> Picture:
    """Return a picture of some people."""
    return Picture(LocalMoment.on(DAY), me, people, links)


def hostile() -> Picture:
    """Return a picture in which every text that people can choose means harm."""
    people = [
        portrait(
            name,
            f"h{number:02}",
            organisation=name,
            title=name,
            fields=(f"field-{number}",),
            status="do not contact" if number % 7 == 3 else "interviewed",
            interviews=1,
            degree=1 + number % 2,
            through=f"h{number - 1:02}" if number % 2 else "",
        )
        for number, name in enumerate(HOSTILE)
    ]
    links = [referral(one.through, one.handle, context=one.name) for one in people if one.through]
    links += [
        Link("acquaintance", f"a{number}", "h00", f"h{number:02}", DAY, "", HOSTILE[number])
        for number in range(2, 8)
    ]
    return picture(*people, links=tuple(links), me=HOSTILE[1])


def many(people: int, *, branches: int = 0, others: int = 0, seed: int = 1) -> Picture:
    """Return a picture of many people, five in six of whom I know by myself.

    Args:
        people: how many.
        branches: how many of those led me to others; without it one in twenty.
        others: how many links there are beside the tree.
        seed: for another one.
    """
    draw = random.Random(seed)
    handles = [f"p{number:05}" for number in range(people)]
    own = max(people * 5 // 6, 1)  # nobody leads to themselves
    ends = handles[: branches or max(own // 20, 1)]
    forest: dict[str, str] = {}
    for handle in handles[own:]:
        forest[handle] = draw.choice(ends)
        ends += [handle] if draw.random() < 0.3 else []
    found = []
    for number, handle in enumerate(handles):
        field, status = draw.choice(_FIELDS), draw.choices(_STATUSES, (60, 15, 8, 8, 4, 2))[0]
        found.append(
            portrait(
                f"{draw.choice(_GIVEN)} {draw.choice(_FAMILY)}",
                handle,
                organisation=draw.choice(("Mercy General", "City Hospital", "Lakeside")),
                title=draw.choice(("Nurse", "Social worker", "Professor")),
                fields=(field,) if field else (),
                degree=degree(handle, forest),
                through=forest.get(handle, ""),
                since=DAY - timedelta(days=number % 90),
                status=status,
                interviews=int(status == "interviewed"),
                talks=number % 7,
                last=DAY - timedelta(days=number % 30) if number % 7 else None,
            )
        )
    links = [referral(by, handle) for handle, by in forest.items()]
    for number in range(others):
        source, target = draw.sample(handles, 2)
        links.append(Link(draw.choice(_KINDS), f"x{number}", source, target, DAY, "met"))
    return picture(*found, links=tuple(links))
