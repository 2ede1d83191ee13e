"""The plugin as netcrm sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import netcrm
import netcrm_linkedin

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
ROWS = (
    "Ana,Reyes,https://www.linkedin.com/in/ana-reyes,,Mercy General,Nurse,14 Sep 2025\n"
    ",,,,,,07 Jun 2022\n"
    "Bo,Berg,,,Acme,Chef,12 Sep 2025\n"
    "Bo,Berg,,,Bistro,Cook,12 Sep 2025\n"
    "Cy,Clark,,cy@example.org,,,never\n"
    "Di,Dorn,,,,,\n"
)


def test_it_offers_an_export_and_its_address_book() -> None:
    export, book = netcrm_linkedin.netcrm_sources()
    assert (export.name, export.source) == ("linkedin", "linkedin")
    assert export.open is netcrm_linkedin.LinkedInExport
    assert (book.name, book.source) == ("linkedin-contacts", "linkedin")
    assert book.open is netcrm_linkedin.LinkedInContacts


def test_looking_at_it_loads_nothing_that_only_reading_needs() -> None:
    program = (
        "import sys, netcrm_linkedin; netcrm_linkedin.netcrm_sources(); "
        "print([name for name in ('csv', 'zipfile', 'hashlib', 'tinydb') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_import_adds_up_and_a_second_one_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "Connections.csv"
    path.write_text(HEADER + ROWS)
    with netcrm.open(plugins=[netcrm_linkedin]) as net:
        first = net.import_from("linkedin", str(path))
        again = net.import_from("linkedin", str(path))
    assert (first.read, first.created, first.skipped, first.rejected) == (6, 3, 1, 2)
    assert (again.read, again.unchanged, again.skipped, again.rejected) == (6, 3, 1, 2)
    assert again.created == again.updated == 0
