"""Reading a mailbox beside a bare loop of Google's own client: `uvx nox -s bench`.

A Google of the tests serves made-up mail over HTTP, without a quota. Each reader is a process of
its own. What counts is its processor time and memory: at Google's pace the rest is waiting.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import netcrm

ME = "me@example.org"
CONTACTS = 500
SCOPES = ["https://www.googleapis.com/auth/gmail.metadata"]
LONG_AGO = date(2000, 1, 1)


def main() -> None:
    """Print what each reader took, for a mailbox and one four times as big."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000, help="in the bigger mailbox")
    parser.add_argument("--read", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--khard", help=argparse.SUPPRESS)  # that is for the others
    options = parser.parse_args()
    if options.read:
        print(json.dumps(read(*options.read)))
        return
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.google import GoogleServer

    for messages in (options.messages // 4, options.messages):
        print(f"\n{messages:,} messages, {CONTACTS} contacts")
        print(f"{'':30}{'CPU a message':>16}{'memory':>10}{'calls':>9}{'units':>11}{'/ bare':>9}")
        bare = 0.0
        for how in ("bare loop of batches", "netcrm, SQLite", "netcrm, nothing new"):
            with (
                tempfile.TemporaryDirectory() as folder,
                GoogleServer(ME, messages=messages) as google,
            ):
                place = f"sqlite:{folder}/network.db"
                token = google.token(SCOPES)["token"]
                if "nothing" in how:
                    _run("netcrm", google.url, token, place)
                    google.reset_accounts()
                said = _run("bare" if "bare" in how else "netcrm", google.url, token, place)
                bare = bare or said["cpu"]
                print(
                    f"{how:30}{said['cpu'] / messages * 1e6:>13,.0f} us{said['memory']:>7,.0f} MB"
                    f"{google.calls:>9,}{google.units:>11,}{said['cpu'] / bare:>9.2f}"
                )


def _run(*how: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--read", *how]
    found: dict[str, Any] = json.loads(subprocess.check_output(command))
    return found


def read(how: str, root: str, token: str, place: str) -> dict[str, float]:
    """Read the whole mailbox in this process; return seconds of the processor, and megabytes."""
    from google.oauth2.credentials import Credentials

    from netcrm_google.caller import Caller, Means
    from netcrm_google.clients import client
    from netcrm_google.gmail import Gmail
    from netcrm_google.quota import NEW, Pace

    net = None
    if how == "netcrm":
        net = netcrm.open(place, tz="America/New_York", backups=0)
        if not net.counts().get("contact"):
            net.put(*_contacts())
    service = client("gmail", Credentials(token), root)
    means = Means(lambda: 0.0, time.time, lambda seconds: None, random.random)
    before = _used()
    if net is None:
        _bare(service)
    else:
        with net:
            net.sync(
                Gmail(
                    Caller(service, Pace(NEW, *means[:1], means.sleep), means), ME, since=LONG_AGO
                )
            )
    return {"cpu": _used() - before, "memory": _memory()}


def _contacts() -> list[netcrm.Contact]:
    """Return those who write most, as the server makes them up."""
    return [
        netcrm.Contact(
            id=netcrm.new_id(),
            handle=f"person-{number}",
            name=f"Person {number}",
            added_on=date(2026, 1, 1),
            points=[netcrm.ContactPoint(kind="email", value=f"p{number}@c{number % 311}.example")],
        )
        for number in range(CONTACTS)
    ]


def _bare(service: Any) -> None:
    """Ask for everything in batches, and keep nothing."""
    messages, more = service.users().messages(), {}
    while True:
        page = messages.list(
            userId="me", maxResults=500, fields="messages/id,nextPageToken", **more
        ).execute()
        ids = [one["id"] for one in page.get("messages", ())]
        for start in range(0, len(ids), 25):
            batch = service.new_batch_http_request(callback=lambda *answer: None)
            for id_ in ids[start : start + 25]:
                batch.add(
                    messages.get(
                        userId="me", id=id_, format="metadata", fields="id,payload/headers"
                    )
                )
            batch.execute()
        if "nextPageToken" not in page:
            return
        more = {"pageToken": page["nextPageToken"]}


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _memory() -> float:
    """Return the most that was used, in megabytes; what the parent used is none of it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
