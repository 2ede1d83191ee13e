"""Made-up data to measure with: the same each time, but for its ids, and for days up to today."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from measure import Command

import netcrm

_GIVEN = ("Ana", "Chidi", "Emil", "Farah", "Goran", "Hana", "Ivo", "Kofi", "Lena", "Noor", "Pia")
_FAMILY = ("Abe", "Brandt", "Diaz", "Eze", "Fischer", "Gupta", "Haddad", "Ito", "Kaya", "Nagy")
_TITLES = ("Nurse", "Analyst", "Engineer", "Teacher", "Product manager", "Researcher", "Director")
_CHANNELS = ("in_person", "video", "phone", "email", "email", "linkedin_message")
_WORDS = ("asked", "about", "the", "path", "and", "thanked", "them", "for", "an", "hour", "given")
_HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
_YEARS = 3


def people(count: int, seed: int = 1) -> Iterator[tuple[str, str, str, str]]:
    """Yield given name, family name, employer and title of made-up people."""
    chance = random.Random(seed)
    for number in range(count):
        family = f"{chance.choice(_FAMILY)}-{chance.choice(_FAMILY)} {number:x}"
        yield chance.choice(_GIVEN), family, f"Company {number % 997}", chance.choice(_TITLES)


def fill(location: Path, contacts: int, interactions: int, seed: int = 1) -> None:
    """Make a network with rules, where few people have most of the interactions, as in life."""
    chance = random.Random(seed)
    today = datetime.now(UTC)
    known = [
        netcrm.Contact(
            id=netcrm.new_id(),
            name=f"{given} {family}",
            handle=f"person-{number}",
            added_on=_day(today, chance),
            points=(netcrm.ContactPoint(kind="email", value=f"person-{number}@example.org"),),
            positions=(netcrm.Position(organisation=employer, title=title),),
            source=chance.choice(("linkedin", "linkedin", "event", "referral")),
            circles=("inner",) if number < contacts // 40 else (),
            tags=frozenset(tag for tag in ("mentor", "alumni") if chance.random() < 0.1),
        )
        for number, (given, family, employer, title) in enumerate(people(contacts, seed))
    ]
    happened = []
    for _ in range(interactions):
        person = known[int(contacts * chance.random() ** 3)]
        happened.append(
            netcrm.Interaction(
                id=netcrm.new_id(),
                occurred=netcrm.LocalMoment.on(_day(today, chance)),
                logged_at=today,
                participants=(netcrm.Participant(contact=person.id),),
                channel=chance.choice(_CHANNELS),
                direction=chance.choice(("outbound", "inbound", "mutual")),
                text=" ".join(chance.choices(_WORDS, k=12)),
            )
        )
    with netcrm.open(location) as net, net.transaction("made up"):
        net.put(*known, *happened)
        net.rule("circle:inner", "2 weeks", grace="3 weeks")
        net.rule("tag:mentor", "2 months")
        net.rule("source:linkedin", "6 months")


def records(contacts: int, interactions: int, seed: int = 1) -> Iterator[netcrm.Record]:
    """Yield the records of a network as they are stored, without having them all in memory.

    One in sixty people is under a rule; each talk is with one to three; one in ten was introduced.
    """
    chance = random.Random(seed)
    today = datetime.now(UTC)
    commit = {"seq": 1, "at": today.isoformat(), "reason": "made up"}
    yield netcrm.Record("commit", "000000000001", commit, 1)
    for number, (given, family, employer, title) in enumerate(people(contacts, seed)):
        doc = {
            "name": f"{given} {family}",
            "handle": f"person-{number}",
            "added_on": str(_day(today, chance)),
            "points": [{"kind": "email", "value": f"person-{number}@example.org"}],
            "positions": [{"organisation": employer, "title": title}],
            "source": chance.choice(("linkedin", "event", "referral")),
            "circles": ["inner"] if number % 240 == 0 else [],
            "tags": ["mentor"] if number % 80 == 0 else ["alumni"],
        }
        yield netcrm.Record("contact", _id("contact", number), doc, 1)
    for number in range(1, contacts, 10):
        ends = {"referrer": _id("contact", number // 2), "referred": _id("contact", number)}
        yield netcrm.Record(
            "referral", _id("referral", number), {**ends, "made_on": "2026-01-02"}, 1
        )
    for number in range(interactions):
        who = {int(contacts * chance.random() ** 3) for _ in range(chance.choice((1, 1, 1, 2, 3)))}
        said = " ".join(chance.choices(_WORDS, k=12))
        doc = {
            "occurred": f"{_day(today, chance)}T{number % 24:02}:30:00+00:00[Etc/UTC]",
            "logged_at": today.isoformat(),
            "participants": [{"contact": _id("contact", one)} for one in sorted(who)],
            "channel": chance.choice(_CHANNELS),
            "direction": chance.choice(("outbound", "inbound", "mutual")),
            "text": f"{said} rare{number % (interactions // 5 or 1)}",
        }
        yield netcrm.Record("interaction", _id("interaction", number), doc, 1)
    for number, (selector, every) in enumerate(
        (("circle:inner", "2 weeks"), ("tag:mentor", "2 months"))
    ):
        doc = {"selector": selector, "every": every, "since": "2020-01-01"}
        yield netcrm.Record("cadence", _id("cadence", number), doc, 1)


def ids(kind: str, numbers: Iterable[int]) -> Iterator[str]:
    """Yield the ids of some of the records."""
    return (_id(kind, number) for number in numbers)


def _id(kind: str, number: int) -> str:
    return f"01m80y{kind[:4]:0<6}{number:014}"


def write_export(path: Path, rows: int, seed: int = 1) -> None:
    """Write a Connections.csv as LinkedIn gives it."""
    chance = random.Random(seed)
    today = datetime.now(UTC)
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write('Notes:\n"Made up to measure with; nobody in it exists."\n\n')
        writer = csv.writer(file)
        writer.writerow(
            [
                "First Name",
                "Last Name",
                "URL",
                "Email Address",
                "Company",
                "Position",
                "Connected On",
            ]
        )
        for number, (given, family, employer, title) in enumerate(people(rows, seed)):
            url = f"https://www.linkedin.com/in/person-{number}"
            email = f"person-{number}@example.org" if chance.random() < 0.03 else ""
            connected = f"{_day(today, chance):%d %b %Y}"
            writer.writerow([given, family, url, email, employer, title, connected])


def khard_list(khard: Path, folder: Path) -> Command:
    """Return the command by which khard lists the one contact that it has."""
    contacts = folder / "contacts"
    contacts.mkdir()
    card = "BEGIN:VCARD\nVERSION:3.0\nUID:ana\nFN:Ana Ruiz\nN:Ruiz;Ana;;;\nEND:VCARD\n"
    (contacts / "ana.vcf").write_text(card, "utf-8")
    settings = folder / "khard.conf"
    settings.write_text(f"[addressbooks]\n[[main]]\npath = {contacts}\n", "utf-8")
    return lambda: [khard, "-c", settings, "list"]


def _day(today: datetime, chance: random.Random) -> date:
    return today.date() - timedelta(days=int(chance.random() * 365 * _YEARS))
