"""The same eight weeks as a person would type them: the same answers, the same bytes of JSON."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import netcrm
from netcrm.model import ids
from netcrm.network.core import Core
from tests.acceptance import story
from tests.acceptance.test_interviews import DUE, FUNNEL, KNOWN, MORNINGS, TO_DO
from tests.acceptance.test_maya import lists
from tests.networks import PERSISTENT, Clock, Ran, Terminal, place, terminal

__all__ = ["terminal"]


class Typed:
    """Lives through the story at a terminal; each command is typed when it happens."""

    def __init__(self, run: Callable[..., Ran], clock: Clock, folder: Path) -> None:
        self.run = run
        self.clock = clock
        self.shown: dict[str, str] = {}
        self._begin(folder)
        left = list(MORNINGS)
        for fact in story.facts():
            while left and fact.at > left[0]:
                self._look(left.pop(0))
            clock.set(fact.at)
            getattr(self, fact.verb)(**fact.said)
        while left:
            self._look(left.pop(0))
        clock.set("2026-04-12T20:00")

    def __call__(self, *command: object) -> Any:
        """Type a command; return its JSON."""
        ran = self.run(*command, "--json")
        assert (ran.code, ran.err) == (0, ""), command
        return ran.json

    def _begin(self, folder: Path) -> None:
        self.clock.set("2026-02-15T09:00")
        self("init", "--name", "Maya Rao")
        free = itertools.chain.from_iterable(("--holiday", day) for day in story.HOLIDAYS)
        self("me", "--stage", "college", "--interest", "psychiatry", *free,
             "--link", "https://linkedin.com/in/maya")  # fmt: skip
        self("pitch", "--education", "Psychology", "--activities", "peer line", "--interests",
             "minds", "--practised", "5")  # fmt: skip
        self("objective", "What is the day-to-day work really like?", "--field", "psychiatry")
        fields = itertools.chain.from_iterable(("--related", name) for name in story.FIELDS)
        self("field", "psychiatry", *[one for one in fields if one != "psychiatry"][1:])
        aims = itertools.chain.from_iterable(("--aim", f"{name}=3") for name in story.FIELDS)
        self("campaign", "Spring", *aims, "--end", "2026-04-12", "--org", "Mercy General")
        self("rule", "interview:held", "3 months", "--grace", "4 months")
        self("rule", "circle:family", "monthly")
        self.clock.set("2026-02-16T08:00")
        for source, path in lists(folder):
            report = self("import", source, path)
            if path.endswith("alumni.csv"):
                for person in self("list")["contacts"]:
                    if person.get("source", "other") not in KNOWN and not person.get("is_me"):
                        self("edit", person["handle"], "--source", "alumni_database")
        for one in report["review"]:
            self("merge", one["like"][0], one["handle"])
        for field, people in story.FIELDS.items():
            self("tag", field, *people, "--field")
        self("tag", "family", "Anita Rao", "--circle")

    def _look(self, at: str) -> None:
        self.clock.set(at)
        self.shown[at] = self.run("today", "--json").out

    def to_do(self, shown: str) -> set[tuple[str, str, str, int]]:
        """Return what a listing says: action, person, when and how late."""
        items = json.loads(shown)["items"]
        return {
            (one["action"], one["person"]["name"], when(one["when"]), one["days_late"])
            for one in items
        }

    # --- what happens

    def ask(self, who: str, channel: str) -> None:
        self("ask", who, channel, "--for", "What is the day")

    def log(self, who: str, channel: str, kind: str, until: str = "") -> None:
        more = ["--until", until] if until else ["--out"] if kind == "reply" else []
        self("log", who, channel, "--kind", kind, *more)

    def plan(self, who: str, to: str, minutes: int, format: str) -> None:  # noqa: A002
        how = format.replace("_", "-")
        self("plan", who, to, "--min", minutes, "--format", how, "--confirmed")

    def prepare(self, who: str) -> None:
        self("prepare", who)
        self("research", who, "read their page")

    def call_off(self, who: str) -> None:
        self("meeting", who, "called-off")

    def hold(self, who: str, channel: str, began: str, minutes: int) -> None:
        said = self("log", who, channel, "--at", began, "--min", minutes)
        assert said["interaction"]["kind"] == "meeting"
        assert {"thank_you", "debrief"} <= {one["kind"] for one in said["opened"]}

    def evaluate(self, who: str, ratings: dict[str, int]) -> None:
        given = itertools.chain.from_iterable(
            ("--rate", f"{name}={stars}") for name, stars in ratings.items()
        )
        self("debrief", who, *given)

    def nobody_else(self, who: str) -> None:
        self("step", who, "no-referrals")

    def refer(self, by: str, to: str, mode: str, field: str, place: str) -> None:
        self("refer", by, to, "--mode", mode)
        if field:
            self("tag", field, to, "--field")
        if place:
            self("edit", to, "--org", place)

    def resolve(self, placeholder: str, person: str) -> None:
        self("resolve", placeholder, person)

    def introduce(self, by: str, to: str) -> None:
        self("log", by, "email", "--kind", "introduction", "--in", "--cc", to)

    def decide(self, text: str, sources: list[str]) -> None:
        behind: list[str] = []
        for name in sources:
            self("learn", f"what {name} told me", "--from", name)
            behind += ["--because", f"what {name}"]
        self("decide", text, *behind, "--goal")


def when(moment: str) -> str:
    """Return a moment as short as it can be: a day, or a day and a time."""
    return moment[:16]


@pytest.fixture
def live(
    terminal: Terminal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], Typed]:
    """Live the story at a terminal, in a storage of some kind."""
    clock = Clock()
    monkeypatch.setattr(Core, "now", lambda self: clock().astimezone(self._setting.zone))

    def lived(storage: str) -> Typed:
        number = itertools.count()
        monkeypatch.setattr(ids.os, "urandom", lambda n: next(number).to_bytes(n))
        monkeypatch.setattr(ids.time, "time_ns", lambda: 1_772_000_000_000_000_000)
        monkeypatch.setattr(ids, "_last", 0)
        folder = tmp_path / storage
        folder.mkdir()
        location = place(storage, folder)
        if storage == "postgres":
            netcrm.open(location).close()

        def run(*command: object) -> Ran:
            return terminal("--network", location, *command)

        return Typed(run, clock, folder)

    return lived


QUESTIONS = (
    *(("today", "--as-of", morning.replace("T", " ")) for morning in MORNINGS),
    *(("due", "--as-of", day, "--within", "4 months") for day in ("2026-03-05", "2026-04-10")),
    ("due", "--as-of", "2026-04-15"),
    ("funnel", "--by", "origin"),
    ("compare", *itertools.chain.from_iterable(
        ("--weight", f"{name}={share}") for name, share in story.WEIGHTS.items()
    )),
    ("review", "2026-W10"),
    ("interviews",),
    ("tree",),
    ("referrals",),
    ("path", "South London Clinic", "--why", "--as-of", "2026-03-04"),
    ("prospects", "--field", "psychiatry", "--broaden", "--as-of", "2026-02-16"),
    ("next", "7", "--excluded", "--as-of", "2026-03-06 20:00"),
    ("growth",),
    ("dormant", "--after", "1 day"),
    ("tie", "janet", "--as-of", "2026-04-10"),
)  # fmt: skip


def answers(maya: Typed) -> dict[tuple[str, ...], str]:
    """Return what every question is answered at the end, byte for byte."""
    return {question: maya.run(*question, "--json").out for question in QUESTIONS}


def test_the_story_as_it_is_typed(live):
    maya = live("tinydb")
    assert maya("doctor")["hints"] == []  # step 0: she was ready, and every request has an aim
    for morning in MORNINGS:
        assert maya.to_do(maya.shown[morning]) == TO_DO[morning]
        again = maya.run("today", "--as-of", morning.replace("T", " "), "--json").out
        assert json.loads(again)["items"] == json.loads(maya.shown[morning])["items"]
    due = maya("due", "--as-of", "2026-04-10", "--within", "4 months")["items"]
    assert {one["person"]["name"]: one["due"] for one in due} == DUE
    funnel = maya("funnel", "--by", "origin")
    groups = {
        one["name"]: tuple(
            one[key]
            for key in (
                "requested", "replied", "accepted", "held", "declined", "deferred", "no_response",
                "cancelled",
            )
        )
        for one in funnel["groups"]
    }  # fmt: skip
    assert groups == {name: counted[:-1] for name, counted in FUNNEL.items()}
    assert funnel["funnel"]["thanked"] | {"value": 0} == {
        "k": 11, "n": 12, "value": 0, "low": 0.6461, "high": 0.9851,
    }  # fmt: skip
    compared = maya(*QUESTIONS[9])
    assert [(one["field"], round(one["mean"], 3)) for one in compared["careers"]] == [
        ("counseling", 4.167), ("social-work", 3.917), ("clinical-psychology", 3.867),
        ("psychiatry", 3.45),
    ]  # fmt: skip
    maya("forget", "derek", "--yes")
    assert maya("funnel", "--by", "origin") == funnel


def test_every_storage_gives_the_same_bytes(live):
    first, *others = PERSISTENT
    expected = answers(live(first))
    for storage in others:
        for question, answer in answers(live(storage)).items():
            assert answer == expected[question], (storage, question)
