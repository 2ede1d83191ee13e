"""Maya's eight weeks of interviews, with numbers: what she owes whom, and what came of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

import netcrm
import netcrm_linkedin
import netcrm_tables
from netcrm.kinds import KINDS
from netcrm.storage.memory import MemoryStorage
from tests.acceptance import story
from tests.acceptance.test_maya import lists
from tests.networks import HOME, STORAGES, Clock, opener

KNOWN = {
    "family", "neighbour", "family_friend", "faculty", "campus_staff", "friend",
    "chamber_of_commerce", "professional_association",
}  # fmt: skip
MORNINGS = (
    "2026-02-23T09:00", "2026-03-05T09:00", "2026-03-06T09:00", "2026-03-24T09:00",
    "2026-04-10T09:00",
)  # fmt: skip
NORTHSIDE = "Front desk, Northside Counseling Center"
TO_DO = {  # step 5: what she is told on five mornings, and for how many working days it is late
    "2026-02-23T09:00": {("try_another", "Ben Ortiz", "2026-02-23", 0)},
    "2026-03-05T09:00": {
        ("report_back", "Janet Kim", "2026-03-03", 2),
        ("report_back", "Janet Kim", "2026-03-05", 0),
        ("thank_you", "Hannah Wu", "2026-03-05T18:30", 0),
        ("debrief", "Hannah Wu", "2026-03-05", 0),
        ("follow_up", "Amy Fox", "2026-03-05", 0),
        ("follow_up", "Marcus Bell", "2026-03-05", 0),
        ("interview", "Ben Ortiz", "2026-03-05T12:00", 0),
    },
    "2026-03-06T09:00": {
        ("try_another", NORTHSIDE, "2026-03-06", 0),
        ("try_another", "Omar Haddad", "2026-03-06", 0),
        ("try_another", "Paul Greene", "2026-03-06", 0),
    },
    "2026-03-24T09:00": {
        ("report_back", "Maria Lopez", "2026-03-23", 1),
        ("interview", "Tom Okafor", "2026-03-24T12:00", 0),
    },
    "2026-04-10T09:00": set(),
}
DUE = {  # step 11
    "Anita Rao": "2026-04-15", "Ben Ortiz": "2026-06-05", "Hannah Wu": "2026-06-08",
    "Sofia Rossi": "2026-06-09", "Marcus Bell": "2026-06-12", "Nina Patel": "2026-06-22",
    "Tom Okafor": "2026-06-24", "Maria Lopez": "2026-07-01", "Janet Kim": "2026-07-06",
    "Carol Stein": "2026-07-06", "Elena Marsh": "2026-07-06", "Priya Nair": "2026-07-06",
}  # fmt: skip
FUNNEL = {  # step 9: requested, replied, accepted, held, declined, deferred, silent, cancelled
    "inner circle": (5, 5, 5, 5, 0, 0, 0, 0, "5 of 5, 100 % [57, 100]"),
    "referral": (5, 5, 4, 4, 1, 0, 0, 0, "5 of 5, 100 % [57, 100]"),
    "alumni": (6, 4, 3, 3, 1, 0, 2, 0, "4 of 6, 67 % [30, 90]"),
    "social media": (4, 2, 1, 0, 0, 1, 2, 1, "2 of 4, 50 % [15, 85]"),
    "cold": (2, 0, 0, 0, 0, 0, 2, 0, "0 of 2, 0 % [0, 66]"),
}
ALL = (22, 16, 13, 12, 2, 1, 6, 1, "16 of 22, 73 % [52, 87]")


class Maya:
    """Lives through the story with the library; each fact is told when it happens."""

    def __init__(self, net: netcrm.Network, clock: Clock, folder: Path) -> None:
        self.net = net
        self.clock = clock
        self.alumni = folder / "alumni.csv"
        self.shown: dict[str, set[tuple[str, str, str, int]]] = {}
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

    def _begin(self, folder: Path) -> None:
        """Steps 0 and 1, and what she says of those she found."""
        net, clock = self.net, self.clock
        clock.set("2026-02-15T09:00")
        net.add("Maya Rao", is_me=True)
        net.describe(
            stage="college", interests=["psychiatry"], links=["https://linkedin.com/in/maya"],
            holidays=[date.fromisoformat(day) for day in story.HOLIDAYS],
        )  # fmt: skip
        net.pitch(education="Psychology, second year", activities="peer line", interests="minds")
        net.practise(5)
        net.objective("What is the day-to-day work really like?", fields=["psychiatry"])
        net.objective("What training does it take, and what do I lack?", focus="career_path")
        net.objective("Which field fits me?", focus="industry")
        net.relate("psychiatry", "clinical-psychology", "social-work", "counseling")
        net.campaign("Spring", aims=dict.fromkeys(story.FIELDS, 3), end="2026-04-12",
                     organisations=["Mercy General"])  # fmt: skip
        net.rule("interview:held", "3 months", grace="4 months")
        net.rule("circle:family", "monthly")
        clock.set("2026-02-16T08:00")
        for source, path in lists(folder):
            report = net.import_from(source, path)
            if path.endswith("alumni.csv"):
                new = [one for one in net.contacts() if one.source not in KNOWN and not one.is_me]
                for person in new:
                    net.edit(person, source="alumni_database")
        for one in report.review:
            net.merge(one.like[0], one.handle)
        for field, people in story.FIELDS.items():
            net.tag(*people, add=[field], kind="fields")
        net.tag("Anita Rao", add=["family"], kind="circles")

    def to_do(self, as_of: str | None = None) -> set[tuple[str, str, str, int]]:
        """Return what there is to do: action, person, when and how late."""
        moment = datetime.fromisoformat(as_of) if as_of else None
        items = self.net.agenda(as_of=moment)
        names = self.net.names(item.contact for item in items)
        return {
            (item.action, names[item.contact].name, when(item), item.days_late) for item in items
        }

    def _look(self, at: str) -> None:
        self.clock.set(at)
        self.shown[at] = self.to_do()

    # --- what happens

    def ask(self, who: str, channel: str) -> None:
        self.net.ask(who, channel, objectives=["What is the day"])

    def log(self, who: str, channel: str, until: str = "", **fields: Any) -> None:
        if until:
            fields["until"] = date.fromisoformat(until)
        self.net.log(who, channel, **fields)

    def plan(self, who: str, to: str, **fields: Any) -> None:
        start: Any = to if "[" in to else datetime.fromisoformat(to)
        self.net.plan(who, start, confirmed_on=self.net.moment(None), **fields)

    def prepare(self, who: str) -> None:
        self.net.prepare(who)
        self.net.research(who, "read their page")

    def call_off(self, who: str) -> None:
        (meeting,) = self.net.meetings(who)
        self.net.end(meeting, "called_off")

    def hold(self, who: str, channel: str, began: str, minutes: int) -> None:
        logged = self.net.log(who, channel, at=datetime.fromisoformat(began), minutes=minutes)
        assert (logged.kind, self.net.interview(who).now.stage) == ("meeting", "held")

    def evaluate(self, who: str, ratings: dict[str, int]) -> None:
        self.net.evaluate(who, ratings=ratings)

    def nobody_else(self, who: str) -> None:
        self.net.step(who, "no_referrals")

    def refer(self, by: str, to: str, mode: str, field: str, place: str) -> None:
        self.net.refer(by, to, mode=mode)
        if field:
            self.net.tag(to, add=[field], kind="fields")
        if place:
            self.net.edit(to, organisation=place)

    def resolve(self, placeholder: str, person: str) -> None:
        self.net.resolve(placeholder, person)

    def introduce(self, by: str, to: str) -> None:
        self.net.log(by, "email", kind="introduction", direction="inbound", cc=[to])
        (owed,) = [one for one in self.net.obligations(who=to) if one.kind == "ack_introduction"]
        assert (str(owed.due), owed.is_open) == ("2026-02-24", True)

    def decide(self, text: str, sources: list[str]) -> None:
        behind = [self.net.learn(f"what {name} told me", who=name) for name in sources]
        self.net.decide(text, because=behind, goal=True)


def when(item: Any) -> str:
    """Return a moment as short as it can be: a day, or a day and a time."""
    return f"{item.when.local:%Y-%m-%dT%H:%M}" if item.when.local else str(item.when)


def counts(one: netcrm.Funnel) -> tuple[Any, ...]:
    """Return what step 9 counts."""
    return (
        one.requested, one.replied, one.accepted, one.held, one.declined, one.deferred,
        one.no_response, one.cancelled, str(one.reply_rate),
    )  # fmt: skip


Lives = Callable[[str], Maya]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    """Live the story once in each storage."""
    lived: dict[str, Maya] = {}

    def live(storage: str) -> Maya:
        if storage not in lived:
            folder, clock = tmp_path_factory.mktemp(storage), Clock()
            plugins = [netcrm_linkedin, netcrm_tables]
            lived[storage] = Maya(opener(storage, folder, clock)(plugins=plugins), clock, folder)
        return lived[storage]

    yield live
    for maya in lived.values():
        maya.net.close()


@pytest.fixture(params=STORAGES)
def maya(request: pytest.FixtureRequest, lives: Lives) -> Maya:
    return lives(request.param)


def test_step_0_she_is_ready(maya):
    assert maya.net.ready(as_of="2026-02-16") == []
    assert len(maya.net.objectives()) == 3


@pytest.mark.parametrize("morning", MORNINGS)
def test_step_5_what_she_is_told_to_do(maya, morning):
    assert maya.shown[morning] == TO_DO[morning]


@pytest.mark.parametrize("morning", MORNINGS)
def test_step_12_looking_back_shows_what_was_shown_then(maya, morning):
    assert maya.to_do(morning) == TO_DO[morning]


def test_step_5_whom_to_try_instead(maya):
    said = {
        item.because
        for item in maya.net.agenda(as_of="2026-03-06 09:00")
        if item.action == "try_another"
    }
    assert said == {
        "asked on 3 Mar, no answer; you also know Dana White there",
        "asked on 3 Mar, no answer; nobody else known there",
    }


def test_step_5_a_message_at_midnight_was_late(maya):
    (owed,) = [one for one in maya.net.obligations(who="hannah") if one.kind == "thank_you"]
    assert owed.in_time is False
    (held,) = [talk for talk in maya.net.timeline("hannah") if talk.kind == "meeting"]
    end = held.occurred.instant + timedelta(minutes=held.minutes)
    assert owed.done.instant - end == timedelta(hours=30)


def test_step_2_who_there_is_to_talk_to(maya):
    found = maya.net.prospects("psychiatry", as_of="2026-02-16")
    assert {one.person.name for one in found} == {
        "Ben Ortiz", "Front desk, Riverbend Clinic", "Hannah Wu", "Amy Fox", "Ruth Adler",
        "Ivan Petrov",
    }  # fmt: skip
    wide = maya.net.prospects("psychiatry", broaden=True, as_of="2026-02-16")
    extra = [one for one in wide if one not in found]
    assert (len(wide), len(extra)) == (20, 14)
    assert all("broadened from psychiatry" in one.match.because for one in extra)


def test_step_2_whom_to_ask_first(maya):
    found = maya.net.next_best(5, as_of="2026-02-16 09:00")
    assert [(one.person.name, one.score) for one in found.people] == [
        (name, 1.0)
        for name in ("Anita Rao", "Ben Ortiz", "Carol Stein", "Elena Marsh", "Janet Kim")
    ]


def test_step_6_whom_to_ask_next(maya):
    found = maya.net.next_best(7, as_of="2026-03-06")
    assert [(one.person.name, round(one.score, 3)) for one in found.people] == [
        ("Kofi Mensah", 0.762), ("Ruth Adler", 0.762), ("Ivan Petrov", 0.667),
        ("Zoë Müller", 0.667), ("Front desk, Riverbend Clinic", 0.667), ("Leah Stone", 0.5),
        ("Gwen Hall", 0.24),
    ]  # fmt: skip
    assert {one.field: one.missing for one in found.aims.wishes} == {
        "social-work": 0, "clinical-psychology": 0, "psychiatry": 1, "counseling": 1,
    }  # fmt: skip
    codes: dict[str, set[str]] = {}
    for one in found.excluded:
        codes.setdefault(one.code, set()).add(one.person.name)
    assert codes["cool_off"] == {"Derek Chan", "Luis Ortega"}
    assert codes["open"] == {
        "Amy Fox", "Paul Greene", "Omar Haddad", NORTHSIDE, "Tom Okafor", "Grace Liu",
        "Marcus Bell", "Maria Lopez", "Sofia Rossi",
    }  # fmt: skip
    assert codes["relevance"] == {
        "Gómez, Lucia", "Dana White", "Jean-Luc O'Neill", "Sam Ortiz", "Dev Rao", "Rob Lang",
    }  # fmt: skip
    assert len(codes["held"]) == 7
    assert codes.keys() == {"cool_off", "open", "relevance", "held"}


def test_step_6_in_the_morning_tom_leads(maya):
    first = maya.net.next_best(1, as_of="2026-03-06 09:00").people[0]
    assert (first.person.name, round(first.score, 3)) == ("Tom Okafor", 1.067)


def test_step_3_where_each_request_ended(maya):
    stages = {one.names: one.now.stage for one in maya.net.interviews()}
    expected = {one.who: one.outcome for one in story.REQUESTS}
    assert stages == expected


def test_step_3_the_routine_of_following_up(maya):
    def waiting(who: str, day: str) -> Any:
        return maya.net.interview(who, as_of=day).now.waiting

    asked_on_a_holiday, asked_after = waiting("carol", "2026-02-16"), waiting("ben", "2026-02-18")
    assert asked_on_a_holiday is None  # she answered on the same day
    assert (str(asked_after.try_another), str(asked_after.follow_up)) == (
        "2026-02-23", "2026-02-27",
    )  # fmt: skip
    assert str(waiting("amy", "2026-03-04").follow_up) == "2026-03-05"
    assert str(waiting("amy", "2026-03-05").close) == "2026-03-16"
    for who, closed in (("amy", "03-16"), ("paul", "03-23"), ("leah", "03-30")):
        assert str(maya.net.interview(who).now.since) == f"2026-{closed}"


def test_step_4_after_the_first_interview(maya):
    owed = {
        one.kind: str(one.due)[:16]
        for one in maya.net.obligations(who="janet", as_of="2026-02-20 16:00")
        if one.is_open
    }
    assert owed == {
        "thank_you": "2026-02-21T15:30", "debrief": "2026-02-23",
        "ask_referrals": "2026-02-21T15:30",
    }  # fmt: skip


def test_step_7_the_warmest_way_to_a_clinic(maya):
    routes = maya.net.paths("South London Clinic", as_of="2026-03-04")
    (path,) = routes.paths
    assert routes.line(path) == "you > Priya Nair > Tom Okafor"
    assert [round(hop.chance, 3) for hop in path.hops] == [0.829, 0.9]
    assert round(path.chance, 3) == 0.746
    assert [hop.because for hop in path.hops] == [
        "talked yesterday; as if every 24 days",
        "offered to introduce you yesterday",
    ]
    assert path.likelihood == "likely"
    assert routes.direct.chance is None


def test_step_8_who_came_from_whom(maya):
    tree = maya.net.tree()
    names = {one.id: one.name for one in tree.members}
    came = {one.name: names[one.by] for one in tree.members if one.by}
    assert came == {
        "Priya Nair": "Janet Kim", "Luis Ortega": "Janet Kim", "Maria Lopez": "Carol Stein",
        "Gwen Hall": "Anita Rao", "Tom Okafor": "Priya Nair", "Nina Patel": "Maria Lopez",
        "Aisha Bello": "Tom Okafor",
    }  # fmt: skip
    assert len(tree.members) == 33
    assert tree.counted(lambda one: one.degree) == {1: 26, 2: 4, 3: 2, 4: 1}
    held = netcrm.Tree(tuple(one for one in tree.members if one.held))
    assert held.counted(lambda one: one.degree) == {1: 8, 2: 2, 3: 2}
    assert sum(one.named > 0 for one in held.members) == 8
    assert [names[id_] for id_ in tree.pending] == ["Aisha Bello", "Gwen Hall", "Omar Haddad"]
    assert maya.net.reproduction() == (12, 7, 5, 4, 3)
    assert len(maya.net.traced()) == 10


def test_step_8_the_placeholder_is_resolved_and_can_be_undone(lives, tmp_path):
    clock = Clock()
    with opener("memory", tmp_path, clock)(plugins=[netcrm_linkedin, netcrm_tables]) as net:
        maya = Maya(net, clock, tmp_path)
        (edge,) = net.referrals("gwen")
        assert str(edge.made_on) == "2026-02-24"
        (resolved,) = [one.commit for one in net.history(None) if one.commit.reason == "resolve"]
        assert maya.net.contact("someone-in-hr-at-mercy-general").name == "Gwen Hall"
        net.undo(resolved.seq)
        (edge,) = net.referrals("Someone in HR at Mercy General")
        assert net.contact(edge.referred).is_placeholder


def test_step_9_the_funnel(maya):
    whole = maya.net.funnel()
    assert counts(whole) == ALL
    assert {name: counts(one) for name, one in maya.net.funnels("origin").items()} == FUNNEL
    assert str(whole.held_rate) == "12 of 22, 55 % [35, 73]"
    assert (whole.median_wait, whole.follow_ups, whole.gained) == (2, 8, 2)
    assert str(whole.thanked) == "11 of 12, 92 % [65, 99]"
    assert {name: one.held for name, one in maya.net.funnels("degree").items()} == {
        "1": 8, "2": 2, "3": 2,
    }  # fmt: skip


def test_step_6_rates_while_running(maya):
    rates = maya.net.reply_rates(as_of="2026-03-06 09:00")
    assert {name: (rate.k, rate.n) for name, rate in rates.items()} == {
        "inner circle": (4, 5), "alumni": (3, 5), "referral": (3, 3), "social media": (0, 0),
        "cold": (0, 0),
    }  # fmt: skip
    assert round(rates["alumni"].shrunk, 3) == 0.571


def test_step_7_how_close_she_is_to_priya(maya):
    tie = maya.net.tie("priya", as_of="2026-03-04")
    assert (round(tie.strength, 2), tie.touches, round(tie.rhythm)) == (4.85, 4, 24)


def test_step_11_how_close_she_is_to_janet(maya):
    tie = maya.net.tie("janet", as_of="2026-04-10")
    assert (round(tie.strength, 2), tie.touches, round(tie.rhythm)) == (5.83, 6, 21)


def test_step_10_careers_side_by_side(maya):
    compared = maya.net.compare(weights=story.WEIGHTS)
    found = [
        (one.field, one.n, round(one.mean, 3), round(one.low, 2), round(one.high, 2), one.firsts)
        for one in compared.careers
    ]
    assert found == [
        ("counseling", 3, 4.167, 4.05, 4.35, 443),
        ("social-work", 3, 3.917, 3.80, 4.10, 244),
        ("clinical-psychology", 3, 3.867, 3.75, 4.00, 78),
        ("psychiatry", 3, 3.450, 2.95, 3.70, 170),
    ]
    assert (compared.ties, compared.weightings, compared.dominance) == (66, 1001, ())
    assert "716 of 1001" in compared.verdict


def test_step_10_those_who_helped_to_decide_were_told(maya):
    told = [one for one in maya.net.obligations() if one.kind == "tell_outcome"]
    assert len(told) == 4
    assert all(one.in_time for one in told)


def test_step_11_whom_she_will_get_back_to(maya):
    answers = maya.net.due(as_of="2026-04-10", within="4 months")
    assert {one.person.name: str(one.due) for one in answers} == DUE
    assert [one.person.name for one in maya.net.due(as_of="2026-04-15")] == ["Anita Rao"]
    (again,) = [
        item
        for item in maya.net.agenda(as_of="2026-04-10", within="2 months")
        if item.action == "ask_again"
    ]
    assert str(again.when) == "2026-06-01"
    assert round(maya.net.capacity(as_of="2026-04-10").promised, 2) == 1.07


def test_step_11_who_is_forgotten_is_still_counted(lives, tmp_path):
    clock = Clock()
    plugins = [netcrm_linkedin, netcrm_tables]
    with opener("memory", tmp_path, clock)(plugins=plugins) as net:
        maya = Maya(net, clock, tmp_path)
        before = [net.funnel(), net.funnels("origin"), net.funnels("field")]
        net.forget("derek")
        assert [net.funnel(), net.funnels("origin"), net.funnels("field")] == before
        again = net.import_from("table", str(maya.alumni))
        assert (again.created, again.skipped) == (0, 1)
        assert "Derek" not in str([attrs.asdict(one) for one in net._marks()])


def told(net: netcrm.Network, clock: Clock) -> list[object]:
    """Return the answers of step 12: what to do on five mornings, who is due, and the numbers."""
    clock.set("2026-04-12T20:00")
    return [
        *(net.agenda(as_of=datetime.fromisoformat(morning)) for morning in MORNINGS),
        *(net.due(as_of=day) for day in ("2026-03-05", "2026-04-10", "2026-07-06")),
        net.funnels("origin"),
        net.compare(weights=story.WEIGHTS),
        net.review("2026-W10"),
        net.tree(),
        net.ledgers(),
        net.paths("South London Clinic", as_of="2026-03-04"),
        net.next_best(7, as_of="2026-03-06 20:00"),
        net.ties(),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_step_12_the_order_of_the_facts_does_not_matter(lives, tmp_path, seed):
    maya = lives("memory")
    with maya.net._storage.begin(write=False) as view:
        records = [record for kind in KINDS for record in view.scan(kind)]
    random.Random(seed).shuffle(records)
    storage, clock = MemoryStorage(KINDS), Clock()
    with storage.begin(write=True) as view:
        for record in records:
            view.put([(record, 0)])
    with netcrm.open(storage, tz=HOME, clock=clock) as net:
        assert told(net, clock) == told(maya.net, maya.clock)


@pytest.mark.parametrize("storage", STORAGES)
def test_step_12_exported_and_imported_it_answers_the_same(lives, tmp_path, storage):
    maya = lives("sqlite")
    file = tmp_path / "everything.jsonl"
    maya.net.export(file)
    clock = Clock()
    with opener(storage, tmp_path, clock)() as net:
        netcrm.copy(file, net._storage)
        assert told(net, clock) == told(maya.net, maya.clock)
        assert net.verify().faults == ()
