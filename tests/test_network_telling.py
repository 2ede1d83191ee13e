"""News of people: worked out from what imports have changed, and gone when these are undone."""

from __future__ import annotations

import pytest

import netcrm
from netcrm import Batch, Sighting
from tests import networks
from tests.networks import everything

clock, opens = networks.clock, networks.opens


def person(name: str, title: str = "Nurse", **said: str) -> dict[str, str]:
    slug = name.split()[0].lower()
    return {
        "name": name, "url": f"https://www.linkedin.com/in/{slug}", "title": title,
        "organisation": "Mercy", "connected_on": "2024-01-02", **said,
    }  # fmt: skip


ALL = [person(f"{name} Okafor") for name in ("Ana", "Ben", "Cara", "Dan", "Eve")]


class Whole:
    """A source of everybody it knows."""

    rows: tuple[dict[str, str], ...] = ()
    is_whole = True

    def batches(self):
        rows = enumerate(self.rows, start=2)
        sightings = tuple(Sighting(line=line, said=said) for line, said in rows)
        yield Batch(sightings=sightings, is_whole=self.is_whole)

    @netcrm.hookimpl
    def netcrm_sources(self):
        return [netcrm.SourceProvider(name="whole", summary="", open=lambda path: self)]


@pytest.fixture
def source():
    return Whole()


@pytest.fixture
def net(opens, source):
    with opens(plugins=[source]) as network:
        yield network


@pytest.fixture
def take(net, source):
    def take_in(*rows):
        source.rows = rows
        return net.import_from("whole", "x")

    return take_in


def told(net, *args, **options):
    return [(one.kind, one.name.split()[0], str(one.on)) for one in net.news(*args, **options)]


def test_what_imports_have_changed_the_latest_first(net, take, clock):
    clock.set("2026-01-10")
    take(*ALL)
    clock.set("2026-02-01")
    take(person("Ana Okafor", "Head nurse"), *ALL[1:])
    clock.set("2026-02-10")
    take(person("Ana Okafor", "Head nurse"), person("Ben Okafor", organisation="City"), *ALL[2:])
    clock.set("2026-03-05")
    net.edit("cara", tags={"night"})
    assert told(net) == [("moved", "Ben", "2026-02-10")]
    assert told(net, "2026-02-01") == [
        ("moved", "Ben", "2026-02-10"), ("promoted", "Ana", "2026-02-01"),
    ]  # fmt: skip
    assert told(net, "1 year", who="ana") == [("promoted", "Ana", "2026-02-01")]
    assert told(net, "2 weeks") == []


def test_new_connections_are_those_of_that_time(net, take, clock):
    take(*ALL, person("Flo Berg", connected_on="2026-03-01"))
    assert told(net) == [("connected", "Flo", "2026-03-05")]
    assert len(told(net, "5 years")) == 6


def test_what_was_undone_is_no_news(net, take):
    take(*ALL)
    take(person("Ana Okafor", "Head nurse"), *ALL[1:])
    net.undo()
    assert told(net) == []
    take(person("Ana Okafor", "Doctor"), *ALL[1:])
    (one,) = net.news()
    assert (one.before, one.after) == ("Nurse @ Mercy", "Doctor @ Mercy")


def test_it_is_still_told_of_who_was_merged_or_removed_since(net, take):
    take(*ALL)
    take(person("Ana Okafor", "Head nurse"), person("Ben Okafor", "Doctor"), *ALL[2:])
    net.remove("ana")
    net.merge("cara", "ben")
    assert {(kind, name) for kind, name, _ in told(net)} >= {("promoted", "Ana")}


class TestGone:
    def test_who_is_missing_from_a_list_of_everybody_is_gone_from_it(self, net, take):
        take(*ALL)
        report = take(*ALL[1:])
        assert [(one.kind, one.name) for one in report.news] == [("gone", "Ana Okafor")]
        assert told(net) == [("gone", "Ana", "2026-03-05")]
        assert net.contact("ana").job.title == "Nurse"
        assert str(net.contact("ana").origins[0].gone_on) == "2026-03-05"
        before = everything(net)
        assert take(*ALL[1:]).commit is None
        assert everything(net) == before

    def test_who_is_back_is_not_gone(self, net, take):
        take(*ALL)
        take(*ALL[1:])
        take(*ALL)
        assert net.contact("ana").origins[0].gone_on is None

    def test_undo_brings_them_back(self, net, take):
        take(*ALL)
        before = everything(net)
        take(*ALL[1:])
        net.undo()
        assert everything(net) == before

    def test_from_a_part_nobody_is_gone(self, net, take, source):
        take(*ALL)
        source.is_whole = False
        assert take(*ALL[1:]).commit is None

    def test_where_a_row_is_faulty_it_may_be_theirs(self, net, take):
        take(*ALL)
        report = take({**ALL[0], "birthday": "soon"}, *ALL[2:])
        assert (report.rejected, report.news, report.commit) == (1, (), None)
        assert "nobody is taken to be gone" in report.notes[0]

    def test_too_many_at_once_are_an_older_file_or_a_part(self, net, take):
        many = [person(f"P{number} Okafor") for number in range(20)]
        take(*many)
        report = take(*many[:9])
        assert report.commit is None
        assert report.notes[0].startswith("11 of 20 people who were in whole before")
        assert len(take(*many[:10]).news) == 10

    def test_i_and_those_of_other_sources_are_not_missed(self, net, take):
        net.add("Maya Rao", is_me=True)
        net.add("Gil Stone")
        take(*ALL)
        assert take(*ALL).news == ()
