"""Made-up data to measure with: the same each time, but for its ids, and for days up to today."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

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


def _day(today: datetime, chance: random.Random) -> date:
    return today.date() - timedelta(days=int(chance.random() * 365 * _YEARS))
